//! Return URLs: what the browser claims when the applicant comes back.

use idv_core::{
    Error, Operation, Redirect, RedirectClaim, RedirectOutcome, RedirectParameters, RequestValidator, Result,
    VendorWord,
};

use crate::exchange::{Parts, admit};
use crate::mapping;

/// Reads a return URL. It is a hint, and never a decision.
pub(crate) fn read(parts: &Parts, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
    let Some(back) = &parts.spec.redirect else {
        let message = "this vendor's return URLs carry no status: use `check` or webhooks";
        return Err(Error::unsupported(&parts.id, Operation::Redirect, message));
    };
    admit(RequestValidator::redirect(&parts.id, redirect.expected), redirect.expected)?;
    let said = RedirectParameters::read(redirect, &back.names)?;
    let claim = back.claims.meaning(&said.status, said.reason.as_deref());
    let claim = claim.unwrap_or(RedirectClaim::Unrecognized);
    let mut outcome = RedirectOutcome::new(redirect.expected.clone(), claim, VendorWord::new(&said.status));
    outcome.reason = said.reason.as_deref().map(|word| mapping::reason(&back.reasons, word));
    outcome.provider_reason = said.reason.as_deref().map(VendorWord::new);
    Ok(outcome)
}
