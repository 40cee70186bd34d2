//! How far two facts agree.

use std::fmt;

use serde::Serialize;

/// How far two facts agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Likeness {
    /// They say the same.
    Match,
    /// They may say the same: for a person to look at.
    Partial,
    /// They say something else.
    Mismatch,
    /// One side does not say it.
    Unknown,
}

impl Likeness {
    /// The word for it: `match`, `partial`, `mismatch`, `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Partial => "partial",
            Self::Mismatch => "mismatch",
            Self::Unknown => "unknown",
        }
    }

    /// The better one of two ways to compare the same fact.
    pub(super) fn or(self, other: Self) -> Self {
        let rank = |likeness| match likeness {
            Self::Match => 0,
            Self::Partial => 1,
            Self::Mismatch => 2,
            Self::Unknown => 3,
        };
        if rank(other) < rank(self) { other } else { self }
    }
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
