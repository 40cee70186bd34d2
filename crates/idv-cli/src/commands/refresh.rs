//! `idv refresh`.

use idv::{Operation, RefreshRequest};

use super::arguments::{registry, session_ref};
use crate::args::{Args, Existing};
use crate::failure::Failure;
use crate::input;
use crate::output::Document;
use crate::stop::seen_through;

pub(super) async fn run(args: &Args, existing: &Existing) -> Result<(), Failure> {
    let mut request = RefreshRequest::new(session_ref(Operation::Refresh, &existing.session)?);
    (request.user_token, request.onboarding_id) = input::credentials(&existing.credentials)?;
    let registry = registry(args)?;
    let session = seen_through(Operation::Refresh, registry.refresh(&request)).await?;
    let document = Document::Session(&registry, &session);
    args.output().show_made(Operation::Refresh, &session.reference, &document)
}
