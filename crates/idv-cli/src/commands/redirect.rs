//! `idv redirect`.

use idv::Operation;

use super::arguments::{registry, session_ref};
use crate::args::{Args, Redirect};
use crate::failure::Failure;
use crate::output::Document;

pub(super) async fn run(args: &Args, redirect: &Redirect) -> Result<(), Failure> {
    let session = session_ref(Operation::Redirect, &redirect.session)?;
    let returned = idv::Redirect::new(&session, &redirect.url);
    #[cfg(feature = "tracker")]
    if redirect.track {
        let tracker = crate::store::open(args).await?;
        if tracker.by_session(&session).await?.is_none() {
            return Err(idv_tracker::TrackerError::UnknownSession(session).into());
        }
        let outcome = tracker.redirect(&returned).await?;
        return args.output().show(&Document::Redirect(&outcome));
    }
    let outcome = registry(args)?.parse_redirect(&returned)?;
    args.output().show(&Document::Redirect(&outcome))
}
