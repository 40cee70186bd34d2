//! What a session can need of its provider.

use std::fmt;
use std::str::FromStr;

use idv_core::Capabilities;
use serde::{Deserialize, Serialize};

/// What a session can need of its provider: one of its [`Capabilities`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Capability {
    /// Fresh links for the same applicant.
    Refresh,
    /// Search by the caller's own reference.
    Find,
    /// Verifications made elsewhere can be taken over.
    Import,
    /// A session that is still open can be withdrawn.
    Cancel,
    /// The vendor deletes the applicant's data when it is told to.
    Erase,
    /// The browser comes back with parameters that can be read.
    Redirect,
    /// Webhooks of any assurance.
    Webhooks,
    /// A token for the vendor's embedded page.
    Embed,
    /// A repeated start with the same idempotency key makes no second session.
    IdempotentStart,
}

impl Capability {
    /// Every capability.
    pub const ALL: &'static [Self] = &[
        Self::Refresh,
        Self::Find,
        Self::Import,
        Self::Cancel,
        Self::Erase,
        Self::Redirect,
        Self::Webhooks,
        Self::Embed,
        Self::IdempotentStart,
    ];

    /// The word used in JSON and configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refresh => "refresh",
            Self::Find => "find",
            Self::Import => "import",
            Self::Cancel => "cancel",
            Self::Erase => "erase",
            Self::Redirect => "redirect",
            Self::Webhooks => "webhooks",
            Self::Embed => "embed",
            Self::IdempotentStart => "idempotent_start",
        }
    }

    /// Whether a provider has it.
    #[must_use]
    pub const fn is_in(self, can: Capabilities) -> bool {
        match self {
            Self::Refresh => can.refresh,
            Self::Find => can.find,
            Self::Import => can.import,
            Self::Cancel => can.cancel,
            Self::Erase => can.erase,
            Self::Redirect => can.redirect,
            Self::Webhooks => can.webhooks.is_some(),
            Self::Embed => can.embed,
            Self::IdempotentStart => can.idempotent_start,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Capability {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or_else(|| {
            let words: Vec<&str> = Self::ALL.iter().map(|known| known.as_str()).collect();
            format!("expected one of {}", words.join(", "))
        })
    }
}
