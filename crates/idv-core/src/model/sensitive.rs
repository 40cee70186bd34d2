//! Types for secrets and personal data: no `Display`, no `Serialize`, a redacted `Debug`, one visible way to read.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::UrlRule;

macro_rules! sensitive {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        ///
        /// `Debug` prints `[redacted]`; there is no `Display` and no `Serialize`. The memory is wiped when it is dropped.
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Takes the text.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(SecretString::from(text.into()))
            }

            /// Reads the text. Every call is a place where it could leak.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<SecretString> for $name {
            fn from(text: SecretString) -> Self {
                Self(text)
            }
        }
    )+};
}

sensitive! {
    /// A short-lived token with which an embedded web page runs the vendor's flow.
    AccessToken;
    /// Baanx's onboarding id. Baanx accepts it *instead of* a bearer token, so it is a credential of the applicant.
    OnboardingId;
    /// Personal data of an applicant, such as a name, an e-mail address or a phone number, with redaction: it is never printed.
    Pii;
    /// Text that a vendor wrote for people. It may hold anything: personal data, internal remarks, secrets.
    SensitiveText;
    /// A single-use token that carries a finished verification from one vendor account to another.
    ShareToken;
    /// The applicant's own access token at the vendor.
    UserToken;
}

/// Personal data is compared as any text is: it is no secret that a comparison could betray.
impl PartialEq for Pii {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Pii {}

/// Why a text that a vendor gave is not a [`SessionUrl`]. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an `https` URL")]
#[non_exhaustive]
pub struct SessionUrlError;

/// The address where the applicant goes on. A holder of it can act as the applicant, so it is a secret.
///
/// `Debug` prints `[redacted]`; there is no `Display` and no `Serialize`.
#[derive(Clone)]
pub struct SessionUrl(SecretString);

impl SessionUrl {
    /// Keeps a URL exactly as the vendor wrote it, if the rule admits it.
    ///
    /// # Errors
    /// When the text is no URL, has another scheme than the rule admits, or has white space or control characters.
    pub fn parse(text: &str, rule: UrlRule) -> Result<Self, SessionUrlError> {
        let clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
        let admitted = clean && rule.is_allowed_str(text);
        admitted.then(|| Self(SecretString::from(text))).ok_or(SessionUrlError)
    }

    /// Reads the URL. Every call is a place where it could leak.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for SessionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionUrl([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing() {
        assert_eq!(format!("{:?}", Pii::new("ada@example.test")), "Pii([redacted])");
        let url = SessionUrl::parse("https://a.example/?t=canary", UrlRule::Https).unwrap();
        assert_eq!(format!("{url:?}"), "SessionUrl([redacted])");
    }

    #[test]
    fn session_urls_are_https_or_on_loopback() {
        let admitted = |text, rule| SessionUrl::parse(text, rule).is_ok();
        assert!(admitted("https://in.sumsub.com/idensic/l/#/sbx_a", UrlRule::Https));
        assert!(admitted("http://127.0.0.1:9/l/x", UrlRule::HttpsOrLoopback));
        for bad in
            ["http://127.0.0.1:9/l/x", "javascript:alert(1)", "https:", "//a.example", "", "https://a.b/\nc"]
        {
            assert!(!admitted(bad, UrlRule::Https), "{bad:?}");
        }
        assert!(!admitted("http://a.example/l", UrlRule::HttpsOrLoopback));
    }

    #[test]
    fn the_vendor_s_spelling_is_kept() {
        let url = SessionUrl::parse("https://app.deepidv.com", UrlRule::Https).unwrap();
        assert_eq!(url.expose(), "https://app.deepidv.com");
    }
}
