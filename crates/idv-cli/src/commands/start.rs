//! `idv start`.

use idv::routing::RouteRequest;
use idv::{Operation, Registry, Result, StartRequest, VerificationSession};

use super::arguments::{provider_id, registry};
use crate::args::{Args, Start};
use crate::failure::Failure;
use crate::output::{Document, Output};
use crate::stop::seen_through;
use crate::subject;

pub(super) async fn run(args: &Args, start: &Start) -> Result<(), Failure> {
    #[cfg(feature = "tracker")]
    if start.tracking.track {
        return tracked(args, start).await;
    }
    let (registry, output) = (registry(args)?, args.output());
    let request = subject::start_request(start)?;
    let session = match &start.provider {
        Some(id) => {
            let id = provider_id(id)?;
            seen_through(Operation::Start, registry.start_at(&id, &request)).await?
        }
        None => seen_through(Operation::Start, routed(output, &registry, &request)).await?,
    };
    output.show_made(Operation::Start, &session.reference, &Document::Session(&registry, &session))?;
    if start.qr {
        output.show_qr_code(session.url())?;
    }
    Ok(())
}

/// Starts at the provider that `[routing]` chooses, and reports every provider that failed.
async fn routed(output: Output, registry: &Registry, request: &StartRequest) -> Result<VerificationSession> {
    match registry.start_routed(&RouteRequest::from(request), request).await {
        Ok(routed) => {
            output.failed_starts(&routed.failed);
            Ok(routed.session)
        }
        Err(vain) => {
            output.failed_starts(&vain.failed);
            Err(vain.error)
        }
    }
}

/// Starts a verification that the store keeps, or shares the one that is open.
#[cfg(feature = "tracker")]
async fn tracked(args: &Args, start: &Start) -> Result<(), Failure> {
    let output = args.output();
    let mut asked = idv_tracker::TrackedStart::new(subject::start_request(start)?);
    asked.provider = start.provider.as_deref().map(provider_id).transpose()?;
    asked.purpose = start.tracking.purpose.clone().unwrap_or_default();
    asked.another = start.tracking.another;
    let tracker = crate::store::open(args).await?;
    let running = async { tracker.start(asked).await.map_err(idv::Error::from) };
    let started = seen_through(Operation::Start, running).await?;
    let document = Document::Started(tracker.registry(), &started);
    match &started.session {
        Some(session) => output.show_made(Operation::Start, &session.reference, &document)?,
        None => output.show(&document)?,
    }
    if start.qr {
        output.show_qr_code(started.session.as_ref().and_then(VerificationSession::url))?;
    }
    Ok(())
}
