//! Arguments that several commands read: the configuration, providers and references.

use idv::{CheckRequest, Operation, ProviderId, Registry, Result, SessionRef};

use crate::args::{Args, Existing};
use crate::{failure, input};

/// The configured providers. Warnings about the configuration are logged.
pub(super) fn registry(args: &Args) -> Result<Registry> {
    Registry::from_toml_file(&args.config)
}

pub(super) fn provider_id(text: &str) -> Result<ProviderId> {
    text.parse().map_err(|error| failure::usage(format!("--provider: {error}")))
}

pub(super) fn session_ref(operation: Operation, text: &str) -> Result<SessionRef> {
    text.parse().map_err(|error| failure::malformed_reference(operation, &error))
}

/// The reference of a verification in the store.
#[cfg(feature = "tracker")]
pub(super) fn session_text(text: &str) -> Result<SessionRef> {
    session_ref(Operation::Check, text)
}

pub(super) fn check_request(existing: &Existing) -> Result<CheckRequest> {
    let mut request = CheckRequest::new(session_ref(Operation::Check, &existing.session)?);
    (request.user_token, request.onboarding_id) = input::credentials(&existing.credentials)?;
    Ok(request)
}
