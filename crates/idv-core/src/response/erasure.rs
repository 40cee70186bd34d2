//! The answer of a vendor to the deletion of an applicant's data.

use crate::SessionRef;
use crate::string_enum::string_enum;

string_enum! {
    /// How far the deletion of an applicant's data has come.
    pub enum ErasureState {
        /// The vendor has taken the request and deletes later: most vendors need hours or days.
        Accepted = "accepted",
        /// The data is deleted.
        Done = "done",
        /// The vendor does not know the applicant, or not any more.
        AlreadyGone = "already_gone",
    }
}

/// The answer of a vendor to the deletion of an applicant's data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Erasure {
    /// The verification that was named.
    pub reference: SessionRef,
    /// How far the deletion has come.
    pub state: ErasureState,
}

impl Erasure {
    /// An answer, with the verification that was named and the state of the deletion.
    #[must_use]
    pub fn new(reference: SessionRef, state: ErasureState) -> Self {
        Self { reference, state }
    }
}
