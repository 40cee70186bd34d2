//! Erasure: an applicant's rows are removed here, and the vendor is asked to delete what it has.

use idv::profile::Capability;
use idv::{EraseRequest, ErasureState};
use serde::Serialize;

use super::rows::erase_rows;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::{Tracker, TrackerError, VerificationId};

const BY_ID: Statement = sql!("by_id");

/// The result of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Erased {
    /// The verification: its number stays, so that counts are right.
    pub verification: VerificationId,
    /// How far the vendor's erasure has come; `None` where the vendor has none on request.
    pub at_vendor: Option<ErasureState>,
}

impl Tracker {
    /// Has the vendor delete the applicant's data, where it can, and removes the observations, ids and transitions of a
    /// verification. What is left is its number and that it was erased.
    ///
    /// Nothing is removed here where the vendor's erasure fails, so that it can be tried again.
    ///
    /// # Errors
    /// [`TrackerError::NotFound`], the vendor's error, and [`TrackerError::Store`].
    pub async fn erase(&self, id: VerificationId) -> Result<Erased, TrackerError> {
        let shared = self.shared();
        let row = shared.store.row(BY_ID, values![id]).await?;
        let stored = row.as_ref().map(StoredVerification::read).transpose()?;
        let stored = stored.ok_or(TrackerError::NotFound(id))?;
        let at_vendor = match &stored.tracked.session {
            Some(session) => {
                let provider = shared.registry.provider(session.provider())?;
                match provider.profile().capabilities.has(Capability::Erase) {
                    true => Some(shared.registry.erase(&EraseRequest::new(session.clone())).await?.state),
                    false => None,
                }
            }
            None => None,
        };
        erase_rows(&shared.store, id).await?;
        Ok(Erased { verification: id, at_vendor })
    }
}
