//! `idv route`.

use idv::adapter::{RequestValidator, UrlRule};
use idv::routing::{Decision, RouteRequest};
use idv::{Error, Operation, Problem, ProviderId, Registry, Result, StartRequest};

use super::arguments;
use crate::args::{Args, Route};
use crate::failure::{self, Failure};
use crate::output::Document;

pub(super) fn run(args: &Args, route: &Route) -> Result<(), Failure> {
    let registry = arguments::registry(args)?;
    let mut request = RouteRequest::new(&route.reference);
    request.country = route.country.map(|country| country.to_string());
    request.subject = route.subject.map(Into::into);
    request.workflow.clone_from(&route.workflow);
    request.attributes = route.attribute.iter().cloned().collect();
    request.needs = route.need.iter().copied().collect();
    for id in &route.exclude {
        let id: ProviderId = id.parse().map_err(|error| failure::usage(format!("--exclude: {error}")))?;
        registry.provider(&id)?;
        request = request.exclude(id);
    }
    let decision = registry.router().decide(&request);
    refuse_malformed(&registry, &request, &decision)?;
    let document = Document::Route { registry: &registry, request: &request, decision: &decision };
    args.output().show(&document)
}

/// Refuses a request whose form the start of its provider would refuse.
fn refuse_malformed(registry: &Registry, request: &RouteRequest, decision: &Decision) -> Result<()> {
    let provider = registry.provider(&decision.provider.clone().unwrap_or_else(|| registry.active()))?;
    let mut start = StartRequest::new(&request.reference);
    start.workflow.clone_from(&request.workflow);
    let validator = RequestValidator::start(provider.profile(), provider.id(), &start, UrlRule::Https);
    let Err(error) = validator.finish() else { return Ok(()) };
    // What else a start needs, a question about its way need not have.
    let malformed = error.input_problems().iter().filter(|problem| problem.problem == Problem::Invalid);
    let malformed: Vec<_> = malformed.cloned().collect();
    if malformed.is_empty() {
        return Ok(());
    }
    Err(Error::inputs(Operation::Start, malformed).with_provider(provider.id().clone()))
}
