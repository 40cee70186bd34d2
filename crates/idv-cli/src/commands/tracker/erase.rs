//! `idv tracker erase`.

use idv::{Error, Operation};
use idv_tracker::{Tracked, TrackerError};

use crate::args::{Args, EraseTracked};
use crate::commands::arguments::session_text;
use crate::commands::erase::confirm;
use crate::failure::{Failure, usage};
use crate::output::{Document, Stored};
use crate::stop::seen_through;
use crate::store;

pub(super) async fn run(args: &Args, erase: &EraseTracked) -> Result<(), Failure> {
    let session = erase.which.session.as_deref().map(session_text).transpose()?;
    let tracker = store::open(args).await?;
    let found = match (&session, erase.which.id) {
        (Some(session), _) => {
            let found = tracker.by_session(session).await?;
            found.ok_or_else(|| TrackerError::UnknownSession(session.clone()))?
        }
        (None, Some(id)) => tracker.get(id).await?.ok_or(TrackerError::NotFound(id))?,
        (None, None) => return Err(usage("name a verification").into()),
    };
    if !erase.yes {
        confirm(&name(&found))?;
    }
    let erasure = async { tracker.erase(found.id).await.map_err(Error::from) };
    let erased = seen_through(Operation::Erase, erasure).await?;
    args.output().show(&Document::Stored(Stored::Erased { verification: &found, erased: &erased }))
}

/// The text that is typed to confirm: the reference of the session, or the number of a verification without one.
fn name(verification: &Tracked) -> String {
    verification.session.as_ref().map_or_else(|| verification.id.to_string(), ToString::to_string)
}
