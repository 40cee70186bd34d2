//! A nonce in the return URL, against forged returns: a user who never left cannot be sent back.

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
    MissingInUrl,
    /// The application kept no state for this user.
    #[error("no state was kept for this user")]
    MissingExpected,
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

    /// The URL with this state in it, in place of any earlier one. All other parameters stay as they are, byte for byte: they are
    /// the application's, which may have signed them.
    #[must_use]
    pub fn bind(&self, url: &Url) -> Url {
        let own =
            url.query().filter(|query| !query.is_empty()).into_iter().flat_map(|query| query.split('&'));
        let others = own.filter(|parameter| !is_state(parameter));
        let state = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(PARAMETER, self.0.expose_secret())
            .finish();
        let query: Vec<&str> = others.chain([state.as_str()]).collect();
        let mut bound = url.clone();
        bound.set_query(Some(&query.join("&")));
        bound
    }

    /// Checks that a return URL carries this state, in constant time.
    ///
    /// # Errors
    /// When either side lacks the state, or they differ.
    pub fn verify(&self, url: &Url) -> Result<(), ReturnStateError> {
        let kept = self.0.expose_secret();
        if kept.is_empty() {
            return Err(ReturnStateError::MissingExpected);
        }
        let mut states = url.query_pairs().filter(|(name, _)| name == PARAMETER).map(|(_, value)| value);
        match (states.next(), states.next()) {
            (Some(state), None) if !state.is_empty() => {
                let same = bool::from(state.as_bytes().ct_eq(kept.as_bytes()));
                if same { Ok(()) } else { Err(ReturnStateError::Mismatch) }
            }
            _ => Err(ReturnStateError::MissingInUrl),
        }
    }
}

/// Whether a parameter, as it stands in a query, is a state.
fn is_state(parameter: &str) -> bool {
    url::form_urlencoded::parse(parameter.as_bytes()).any(|(name, _)| name == PARAMETER)
}

impl fmt::Debug for ReturnState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnState([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn fails_when_either_side_lacks_the_state() {
        let state = ReturnState::generate();
        assert_eq!(state.verify(&url("https://a.example/")), Err(ReturnStateError::MissingInUrl));
        assert_eq!(state.verify(&url("https://a.example/?idv_state=")), Err(ReturnStateError::MissingInUrl));
        assert_eq!(state.verify(&url("https://a.example/?idv_state=x")), Err(ReturnStateError::Mismatch));
        let twice = format!("{}&idv_state=x", state.bind(&url("https://a.example/")));
        assert_eq!(state.verify(&url(&twice)), Err(ReturnStateError::MissingInUrl));
        let empty: ReturnState = serde_json::from_str("\"\"").unwrap();
        assert_eq!(
            empty.verify(&url("https://a.example/?idv_state=")),
            Err(ReturnStateError::MissingExpected)
        );
    }

    #[test]
    fn survives_storage_and_rebinding_and_prints_nothing() {
        let state = ReturnState::generate();
        let json = serde_json::to_string(&state).unwrap();
        let restored: ReturnState = serde_json::from_str(&json).unwrap();
        let bound = ReturnState::generate().bind(&url("https://a.example/?case=a%20b&idv_state=old"));
        assert!(restored.verify(&state.bind(&bound)).is_ok());
        assert!(state.bind(&bound).as_str().contains("case=a%20b"));
        assert!(!format!("{state:?}").contains(json.trim_matches('"')));
    }

    /// The URL bound to a state, with a dot in place of the state.
    fn bound(text: &str) -> String {
        let state: ReturnState = serde_json::from_str("\".\"").unwrap();
        state.bind(&url(text)).into()
    }

    #[test]
    fn parameters_of_the_application_stay_byte_for_byte() {
        for (given, expected) in [
            ("https://a.example/", "https://a.example/?idv_state=."),
            ("https://a.example/?", "https://a.example/?idv_state=."),
            (
                "https://a.example/b?sig=a%2Fb~c%20d&flag#top",
                "https://a.example/b?sig=a%2Fb~c%20d&flag&idv_state=.#top",
            ),
            ("https://a.example/?name=Jos%E9", "https://a.example/?name=Jos%E9&idv_state=."),
            ("https://a.example/?a=b+c&&=&a=d&", "https://a.example/?a=b+c&&=&a=d&&idv_state=."),
            (
                "https://a.example/?idv_state=1&a&idv%5Fstate=2&b&idv_state",
                "https://a.example/?a&b&idv_state=.",
            ),
            ("https://a.example/?idv_state", "https://a.example/?idv_state=."),
            (
                "https://a.example/?idv_states=1&IDV_STATE=2",
                "https://a.example/?idv_states=1&IDV_STATE=2&idv_state=.",
            ),
        ] {
            assert_eq!(bound(given), expected, "{given}");
        }
    }

    proptest! {
        #[test]
        fn any_query_survives(query in "(\\PC|[&=+%;#'\"<>~]|%[0-9A-F]{2}|idv_state|&idv%5Fstate=a&){0,20}", fragment in "(#.{0,5})?") {
            let given = url(&format!("https://a.example/back?{query}{fragment}"));
            let state = ReturnState::generate();
            let bound = state.bind(&given);
            prop_assert!(state.verify(&bound).is_ok());
            prop_assert_eq!(bound.fragment(), given.fragment());
            prop_assert_eq!(bound.path(), given.path());
            let own = |url: &Url| -> Vec<String> {
                let parameters = url.query().unwrap_or_default().split('&').map(str::to_owned);
                parameters.filter(|one| !is_state(one)).collect()
            };
            let before = own(&given);
            // An empty query has no parameter, and not one without a name.
            let expected = if given.query() == Some("") { Vec::new() } else { before };
            prop_assert_eq!(own(&bound), expected);
            let again = ReturnState::generate();
            prop_assert!(again.verify(&again.bind(&bound)).is_ok());
            prop_assert_eq!(again.bind(&bound).as_str().len(), bound.as_str().len());
        }
    }
}
