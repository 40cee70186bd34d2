//! Decline reasons, in the simulation's own words.

use std::fmt;

use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use crate::error::Error;

const MAX_LENGTH: usize = 64;

/// The words that every vendor understands.
const WORDS: [&str; 13] = [
    "document_unreadable",
    "document_expired",
    "document_unsupported",
    "document_tampered",
    "document_missing",
    "face_mismatch",
    "liveness_failed",
    "data_mismatch",
    "fraud_suspected",
    "duplicate",
    "watchlist",
    "underage",
    "attempts_exhausted",
];

/// A reason: a word of lower-case letters, digits and `_`, at most 64 long. [`Reason::words`] lists those that every
/// vendor puts into its own words. Any other may be used too, since vendors add reasons: it is passed on as it is, such as
/// the number of a reason code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[a-z0-9_]{1,64}$")]
pub struct Reason(String);

impl Reason {
    /// Creates a reason from a word.
    ///
    /// # Errors
    /// [`Error::BadReason`] where it is empty, longer than 64, or has other characters.
    pub fn new(word: impl Into<String>) -> Result<Self, Error> {
        let word = word.into();
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if word.is_empty() || word.len() > MAX_LENGTH || !word.bytes().all(allowed) {
            return Err(Error::BadReason);
        }
        Ok(Self(word))
    }

    pub(crate) fn unreadable() -> Self {
        Self("document_unreadable".to_owned())
    }

    /// The words that every vendor puts into its own.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().copied()
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for Reason {
    type Error = Error;

    fn try_from(word: String) -> Result<Self, Error> {
        Self::new(word)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_texts_are_no_reasons() {
        for bad in ["", "Document expired", "a\n", "ä", &"x".repeat(65)] {
            assert!(matches!(Reason::new(bad), Err(Error::BadReason)), "{bad:?}");
        }
    }
}
