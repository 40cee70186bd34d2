//! The result of a start.

use idv::VerificationSession;

use crate::Tracked;

/// How a start came to its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Opening {
    /// The vendor opened one.
    Opened,
    /// One was open already.
    Shared,
    /// An earlier start had lost its answer, and its session was found at the vendor.
    Found,
}

/// A verification that was started.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Started {
    /// The verification as it is kept.
    pub verification: Tracked,
    /// The session with its link. Links are not stored: where a session is shared with an earlier start, or was found after a
    /// lost answer, there is none, and [`Registry::refresh`](idv::Registry::refresh) gets a fresh one where the vendor can.
    pub session: Option<VerificationSession>,
    /// How it came to its session.
    pub opening: Opening,
}
