//! The subject of a call, for layers and logs: a session, a reference of the caller, or nothing.

use crate::SessionRef;

/// The target of a call, known before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target<'a> {
    /// Nothing that has a name yet.
    Nothing,
    /// A verification.
    Session(&'a SessionRef),
    /// The caller's own reference of a case.
    Reference(&'a str),
}
