//! `idv route`.

use idv::{ProviderId, Result, RouteRequest};

use crate::args::{Args, Route};
use crate::{commands, failure, json, output, view};

pub(crate) fn run(args: &Args, route: &Route) -> Result<()> {
    let registry = commands::registry(args)?;
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
    output::print(args, json::route(&registry, &request, &decision), || view::route(&decision));
    Ok(())
}
