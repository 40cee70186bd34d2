//! Base URLs of vendors.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use url::Url;

use crate::UrlRule;
use crate::model::is_loopback;

/// Why a text is not a [`BaseUrl`]. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// Not an absolute URL.
    #[error("expected an absolute URL such as \"https://api.example.com\"")]
    NotAUrl,
    /// Plain `http` to another machine, or another scheme.
    #[error("expected an `https` URL (`http` is accepted on loopback only)")]
    NotHttps,
    /// User name, password, query or fragment.
    #[error("a base URL must not have a user name, a password, a query or a fragment")]
    ForbiddenPart,
}

/// The base URL of a vendor's API: `https`, or `http` on loopback, without credentials, query and fragment.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The URL of an endpoint below this base. Each segment is percent-encoded, so that none can leave its place.
    ///
    /// A segment `.` or `..` would vanish under the rules of URLs; callers refuse such keys before they get here.
    #[must_use]
    pub fn endpoint<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// Which URLs a vendor at this base may send applicants to.
    #[must_use]
    pub fn url_rule(&self) -> UrlRule {
        if is_loopback(&self.0) { UrlRule::HttpsOrLoopback } else { UrlRule::Https }
    }

    /// Host and port, which tell one system of a vendor from another one.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.authority()
    }

    /// The base as a URL.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text).map_err(|_| BaseUrlError::NotAUrl)?;
        if url.cannot_be_a_base() {
            return Err(BaseUrlError::NotAUrl);
        }
        if !UrlRule::HttpsOrLoopback.admits(&url) {
            return Err(BaseUrlError::NotHttps);
        }
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if bare { Ok(Self(url)) } else { Err(BaseUrlError::ForbiddenPart) }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

impl Serialize for BaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn base(text: &str) -> BaseUrl {
        text.parse().unwrap()
    }

    #[test]
    fn plain_http_is_for_loopback() {
        for good in
            ["https://api.nxos.io", "http://127.9.9.9:80", "http://[::1]:1", "http://localhost:8080/x/"]
        {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
        for (bad, error) in [
            ("http://example.com", BaseUrlError::NotHttps),
            ("http://localhost.example.com", BaseUrlError::NotHttps),
            ("http://128.0.0.1", BaseUrlError::NotHttps),
            ("ftp://127.0.0.1", BaseUrlError::NotHttps),
            ("api.nxos.io", BaseUrlError::NotAUrl),
            ("https://u:p@example.com", BaseUrlError::ForbiddenPart),
            ("https://example.com/?a=1", BaseUrlError::ForbiddenPart),
        ] {
            assert_eq!(bad.parse::<BaseUrl>(), Err(error), "{bad}");
        }
    }

    #[test]
    fn a_base_path_is_kept() {
        let url = base("https://gateway.example/idv/").endpoint(["v1", "sessions", "a"]);
        assert_eq!(url.as_str(), "https://gateway.example/idv/v1/sessions/a");
    }

    proptest! {
        #[test]
        fn no_segment_leaves_its_place(segment in ".{1,40}") {
            prop_assume!(segment != "." && segment != "..");
            let url = base("https://api.example").endpoint(["v1", "sessions", &segment]);
            prop_assert_eq!(url.path_segments().unwrap().count(), 3);
            prop_assert!(url.path().starts_with("/v1/sessions/"));
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
