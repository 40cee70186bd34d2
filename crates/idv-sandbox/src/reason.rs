//! Decline reasons, in the simulation's own words.

use std::fmt;

use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use crate::error::Error;

const MAX_LENGTH: usize = 64;

/// The words that have a Veriff code, the code, and what Veriff says (Veriff documentation, reason codes).
const VERIFF: [(&str, &str, &str); 13] = [
    ("document_unreadable", "204", "Poor image quality"),
    ("document_expired", "511", "Document expired"),
    ("document_unsupported", "510", "Document type not supported"),
    ("document_tampered", "102", "Suspected document tampering"),
    ("document_missing", "201", "Video or photos missing"),
    ("face_mismatch", "103", "Face and document photo differ"),
    ("liveness_failed", "526", "Photos streamed"),
    ("data_mismatch", "104", "Name does not match"),
    ("fraud_suspected", "106", "Known fraud"),
    ("duplicate", "108", "Duplicated end-user"),
    ("watchlist", "127", "Face is on a blocklist"),
    ("underage", "532", "Under the age of 16"),
    ("attempts_exhausted", "539", "Resubmission limit reached"),
];

/// A reason: a word of lower-case letters, digits and `_`, at most 64 long. [`Reason::words`] lists those that have a
/// Veriff code. Any other word may be used too, since vendors add reasons; a number stands for the Veriff code itself.
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

    /// The words that have a Veriff code.
    pub fn words() -> impl Iterator<Item = &'static str> {
        VERIFF.iter().map(|(word, ..)| *word)
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Veriff reason code; the word itself where Veriff has none for it.
    #[must_use]
    pub fn veriff_code(&self) -> &str {
        VERIFF.iter().find(|(word, ..)| *word == self.0).map_or(&self.0, |(_, code, _)| code)
    }
}

/// Veriff's text for one of its codes.
pub(crate) fn veriff_text(code: &str) -> &'static str {
    VERIFF.iter().find(|(_, known, _)| *known == code).map_or("Verification declined", |(.., text)| text)
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
    fn words_and_numbers_name_veriff_codes() -> Result<(), Error> {
        assert_eq!(Reason::new("document_expired")?.veriff_code(), "511");
        assert_eq!(Reason::new("204")?.veriff_code(), "204");
        assert_eq!(Reason::new("something_new")?.veriff_code(), "something_new");
        assert_eq!(veriff_text("511"), "Document expired");
        assert_eq!(veriff_text("999"), "Verification declined");
        Ok(())
    }

    #[test]
    fn other_texts_are_no_reasons() {
        for bad in ["", "Document expired", "a\n", "ä", &"x".repeat(65)] {
            assert!(matches!(Reason::new(bad), Err(Error::BadReason)), "{bad:?}");
        }
    }
}
