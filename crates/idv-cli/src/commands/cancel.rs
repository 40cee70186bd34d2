//! `idv cancel`.

use idv::{CancelRequest, Operation};

use super::arguments::{registry, session_ref};
use crate::args::{Args, Cancel};
use crate::failure::Failure;
use crate::input;
use crate::output::Document;
use crate::stop::seen_through;

pub(super) async fn run(args: &Args, cancel: &Cancel) -> Result<(), Failure> {
    let existing = &cancel.existing;
    let mut request = CancelRequest::new(session_ref(Operation::Cancel, &existing.session)?);
    (request.user_token, request.onboarding_id) = input::credentials(&existing.credentials)?;
    #[cfg(feature = "tracker")]
    if cancel.track {
        let tracker = crate::store::open(args).await?;
        let asked = async { tracker.cancel(&request).await.map_err(idv::Error::from) };
        let cancelled = seen_through(Operation::Cancel, asked).await?;
        return args.output().show(&Document::Verification(tracker.registry(), &cancelled));
    }
    let registry = registry(args)?;
    let cancelled = seen_through(Operation::Cancel, registry.cancel(&request)).await?;
    args.output().show(&Document::Verification(&registry, &cancelled))
}
