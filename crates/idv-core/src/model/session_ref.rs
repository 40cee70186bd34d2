//! The reference by which an application finds a verification again.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ProviderId;
use crate::model::is_plain;

/// Longest key, in bytes.
const KEY_LIMIT: usize = 512;

/// Why a text is not a [`SessionRef`]. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionRefError {
    /// There is no colon between a provider id and a key.
    #[error("a session reference has the form `provider-id:key`")]
    NoColon,
    /// The text before the first colon is not a provider id.
    #[error("what stands before the first colon of a session reference must be a provider id")]
    Provider,
    /// The key is empty, too long, `.` or `..`, or has a control character.
    #[error("the key of a session reference is 1 to 512 bytes, not `.` or `..`, without control characters")]
    Key,
}

/// `provider-id:key`: which configured provider made a verification, and how that provider finds it again.
///
/// Everything after the first colon is the key, opaque to applications. A reference holds no credential, so it may be
/// stored and logged; it survives restarts, and a switch of the active provider.
///
/// ```
/// let reference: idv_core::SessionRef = "primary:org_1".parse()?;
/// assert_eq!(reference.provider().as_str(), "primary");
/// assert_eq!(reference.key(), "org_1");
/// # Ok::<(), idv_core::SessionRefError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[doc(alias = "session reference")]
pub struct SessionRef {
    provider: ProviderId,
    key: Box<str>,
}

impl SessionRef {
    /// Makes a reference; for adapters.
    ///
    /// # Errors
    /// [`SessionRefError::Key`] when the key is empty, longer than 512 bytes, `.` or `..`, or has control characters.
    pub fn new(provider: ProviderId, key: &str) -> Result<Self, SessionRefError> {
        is_key(key).then(|| Self { provider, key: key.into() }).ok_or(SessionRefError::Key)
    }

    /// The configured instance that made the verification.
    #[must_use]
    pub fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// The adapter's own key. Opaque to applications.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

pub(crate) fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= KEY_LIMIT
        && key != "."
        && key != ".."
        && (is_plain(key) || !key.chars().any(char::is_control))
}

impl FromStr for SessionRef {
    type Err = SessionRefError;

    fn from_str(text: &str) -> Result<Self, SessionRefError> {
        let (provider, key) = text.split_once(':').ok_or(SessionRefError::NoColon)?;
        Self::new(provider.parse().map_err(|_| SessionRefError::Provider)?, key)
    }
}

impl fmt::Display for SessionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.provider, self.key)
    }
}

impl fmt::Debug for SessionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionRef({:?})", self.to_string())
    }
}

impl Serialize for SessionRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn everything_after_the_first_colon_is_the_key() {
        let reference: SessionRef = "eu:a:b:c".parse().unwrap();
        assert_eq!((reference.provider().as_str(), reference.key()), ("eu", "a:b:c"));
    }

    #[test]
    fn malformed_references_are_refused_without_an_echo() {
        for (text, error) in [
            ("", SessionRefError::NoColon),
            ("primary", SessionRefError::NoColon),
            (":key", SessionRefError::Provider),
            ("a b:key", SessionRefError::Provider),
            ("a:", SessionRefError::Key),
            ("a:.", SessionRefError::Key),
            ("a:..", SessionRefError::Key),
            ("a:x\ny", SessionRefError::Key),
            (&format!("a:{}", "k".repeat(513)), SessionRefError::Key),
        ] {
            assert_eq!(text.parse::<SessionRef>(), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn display_and_parse_are_inverse(provider in "[A-Za-z0-9_-]{1,64}", key in "[^\\p{Cc}]{1,60}") {
            prop_assume!(key != "." && key != "..");
            let text = format!("{provider}:{key}");
            let reference: SessionRef = text.parse().unwrap();
            prop_assert_eq!(reference.to_string(), text.clone());
            let json = serde_json::to_string(&reference).unwrap();
            prop_assert_eq!(serde_json::from_str::<SessionRef>(&json).unwrap(), reference);
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".*") {
            let _ = text.parse::<SessionRef>();
        }
    }
}
