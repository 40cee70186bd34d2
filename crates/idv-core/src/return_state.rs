//! A nonce in the return URL, so that nobody can send a user back who never left.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use url::Url;
use uuid::Uuid;

/// The name of the parameter.
const PARAMETER: &str = "idv_state";

/// Why a return URL does not carry the expected state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReturnStateError {
    /// The URL has no state, an empty one or several.
    #[error("the return URL carries no state, or more than one")]
    Absent,
    /// The application kept no state for this user.
    #[error("no state was kept for this user")]
    NotKept,
    /// The states differ.
    #[error("the state in the return URL is not the one that was kept")]
    Mismatch,
}

/// A nonce that goes into the return URL and comes back with the browser.
///
/// Keep it with the user's own session (it serializes for that), put it into the redirect URL with [`bind`](Self::bind)
/// and check what comes back with [`verify`](Self::verify).
///
/// ```
/// # use idv_core::ReturnState;
/// # use url::Url;
/// let state = ReturnState::generate();
/// let mut back: Url = state.bind(&Url::parse("https://app.example/back?case=7")?);
/// back.query_pairs_mut().append_pair("session_id", "6b1d").append_pair("status", "success");
/// assert!(state.verify(&back).is_ok());
/// assert!(ReturnState::generate().verify(&back).is_err());
/// # Ok::<(), url::ParseError>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReturnState(#[serde(serialize_with = "expose")] SecretString);

fn expose<S: serde::Serializer>(nonce: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(nonce.expose_secret())
}

impl ReturnState {
    /// A fresh nonce of 122 random bits from the operating system.
    #[must_use]
    pub fn generate() -> Self {
        Self(SecretString::from(Uuid::new_v4().simple().to_string()))
    }

    /// The URL with this state in it, in place of any earlier one.
    #[must_use]
    pub fn bind(&self, url: &Url) -> Url {
        let others: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != PARAMETER)
            .map(|(n, v)| (n.into(), v.into()))
            .collect();
        let mut bound = url.clone();
        bound.query_pairs_mut().clear().extend_pairs(others).append_pair(PARAMETER, self.0.expose_secret());
        bound
    }

    /// Checks that a return URL carries this state, in constant time.
    ///
    /// # Errors
    /// When either side lacks the state, or they differ.
    pub fn verify(&self, url: &Url) -> Result<(), ReturnStateError> {
        let kept = self.0.expose_secret();
        if kept.is_empty() {
            return Err(ReturnStateError::NotKept);
        }
        let mut states = url.query_pairs().filter(|(name, _)| name == PARAMETER).map(|(_, value)| value);
        match (states.next(), states.next()) {
            (Some(state), None) if !state.is_empty() => {
                let same = bool::from(state.as_bytes().ct_eq(kept.as_bytes()));
                if same { Ok(()) } else { Err(ReturnStateError::Mismatch) }
            }
            _ => Err(ReturnStateError::Absent),
        }
    }
}

impl fmt::Debug for ReturnState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnState([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn fails_when_either_side_lacks_the_state() {
        let state = ReturnState::generate();
        assert_eq!(state.verify(&url("https://a.example/")), Err(ReturnStateError::Absent));
        assert_eq!(state.verify(&url("https://a.example/?idv_state=")), Err(ReturnStateError::Absent));
        assert_eq!(state.verify(&url("https://a.example/?idv_state=x")), Err(ReturnStateError::Mismatch));
        let twice = format!("{}&idv_state=x", state.bind(&url("https://a.example/")));
        assert_eq!(state.verify(&url(&twice)), Err(ReturnStateError::Absent));
        let empty: ReturnState = serde_json::from_str("\"\"").unwrap();
        assert_eq!(empty.verify(&url("https://a.example/?idv_state=")), Err(ReturnStateError::NotKept));
    }

    #[test]
    fn survives_storage_and_rebinding_and_prints_nothing() {
        let state = ReturnState::generate();
        let json = serde_json::to_string(&state).unwrap();
        let restored: ReturnState = serde_json::from_str(&json).unwrap();
        let bound = ReturnState::generate().bind(&url("https://a.example/?case=a%20b&idv_state=old"));
        assert!(restored.verify(&state.bind(&bound)).is_ok());
        assert!(state.bind(&bound).as_str().contains("case=a+b"));
        assert!(!format!("{state:?}").contains(json.trim_matches('"')));
    }
}
