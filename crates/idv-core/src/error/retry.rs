//! Whether the call that failed may be repeated.

use std::time::Duration;

/// Whether the same call may be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// Repeating changes nothing.
    Never,
    /// Repeating is safe, not before `after` where the vendor named a wait.
    Allowed {
        /// The wait that the vendor asked for.
        after: Option<Duration>,
    },
    /// A session may exist already: look (check, or find by reference) before repeating.
    AfterCheck,
    /// Retries are used up: the call was repeated as often as allowed.
    Exhausted,
}

impl Retry {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Allowed { .. } => "allowed",
            Self::AfterCheck => "after_check",
            Self::Exhausted => "exhausted",
        }
    }
}
