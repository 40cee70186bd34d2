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
        output.show_qr_code(&session)?;
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
