//! `idv cancel`.

use idv::{CancelRequest, Operation};

use super::arguments::{registry, session_ref};
use crate::args::{Args, Existing};
use crate::failure::Failure;
use crate::input;
use crate::output::Document;
use crate::stop::seen_through;

pub(super) async fn run(args: &Args, existing: &Existing) -> Result<(), Failure> {
    let mut request = CancelRequest::new(session_ref(Operation::Cancel, &existing.session)?);
    (request.user_token, request.onboarding_id) = input::credentials(&existing.credentials)?;
    let registry = registry(args)?;
    let cancelled = seen_through(Operation::Cancel, registry.cancel(&request)).await?;
    args.output().show(&Document::Verification(&registry, &cancelled))
}
