//! Fresh links and tokens.

use idv::{RefreshRequest, VerificationSession};

use crate::app::App;
use crate::failure::Failure;
use crate::owned::Owned;

/// Asks the vendor for a fresh hand-off, which some vendors count against a quota.
pub(crate) async fn refresh(app: &App, owned: &Owned) -> Result<VerificationSession, Failure> {
    app.start_limit.take(&owned.user.name).map_err(Failure::TooManyStarts)?;
    let session = owned.session()?;
    let known = app.accounts.at_vendor(&owned.verification.reference, session.provider());
    let fresh = app.registry().refresh(&known.refresh(RefreshRequest::new(session.clone()))).await?;
    app.links.keep(owned.verification.id, fresh.clone(), app.clock.now());
    Ok(fresh)
}
