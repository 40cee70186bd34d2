//! The outcome of a webhook.

use crate::Tracked;

/// The outcome of a webhook. All of them are answered with 200.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Receipt {
    /// It was stored with its verification.
    Recorded(Box<Tracked>),
    /// It was stored, and waits for a session that is not known yet.
    Parked,
    /// The same event was stored before.
    Duplicate,
    /// It is not about a verification.
    Ignored,
}
