//! `idv tracker history`.

use idv::{Error, ErrorKind};
use idv_tracker::{Phase, Tracked, Tracker, TrackerError};

use crate::args::{Args, TrackedHistory};
use crate::commands::arguments::session_text;
use crate::failure::Failure;
use crate::output::{Document, Stored};
use crate::store;

pub(super) async fn run(args: &Args, which: &TrackedHistory) -> Result<(), Failure> {
    let session = which.session.as_deref().map(session_text).transpose()?;
    let tracker = store::open(args).await?;
    let (shown, others) = match (&session, &which.reference, which.id) {
        (Some(session), ..) => {
            let found = tracker.by_session(session).await?;
            (found.ok_or_else(|| TrackerError::UnknownSession(session.clone()))?.id, Vec::new())
        }
        (None, Some(reference), _) => of_reference(&tracker, reference).await?,
        (None, None, Some(id)) => (id, Vec::new()),
        (None, None, None) => return Err(crate::failure::usage("name a verification").into()),
    };
    let history = tracker.history(shown).await?.ok_or(TrackerError::NotFound(shown))?;
    args.output().show(&Document::Stored(Stored::History { history: &history, others: &others }))
}

/// The newest verification of the application's own reference, and the others. One that an older verification goes on for has
/// no history of its own.
async fn of_reference(
    tracker: &Tracker,
    reference: &str,
) -> Result<(idv_tracker::VerificationId, Vec<Tracked>), Failure> {
    let mut found = tracker.by_reference(reference).await?;
    if found.is_empty() {
        let message = "no verification of the store has this reference";
        return Err(Error::new(ErrorKind::NotFound, message).into());
    }
    let newest = found.iter().position(|one| one.phase != Phase::Joined).unwrap_or(0);
    let newest = found.remove(newest).id;
    Ok((newest, found))
}
