//! Base URLs of vendors, and the rule for URLs that go to a browser.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use url::{Host, Url};

/// Which URLs may be handed to an applicant's browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlRule {
    /// `https` only.
    Https,
    /// `https`, or `http` on loopback: the vendor itself is on loopback, so this is a test.
    HttpsOrLoopback,
}

impl UrlRule {
    /// Whether a URL keeps the rule.
    #[must_use]
    pub fn admits(self, url: &Url) -> bool {
        match url.scheme() {
            "https" => url.has_host(),
            "http" => self == Self::HttpsOrLoopback && is_loopback(url),
            _ => false,
        }
    }

    /// Whether a text is a URL that keeps the rule.
    #[must_use]
    pub fn is_allowed_str(self, text: &str) -> bool {
        is_plain_https(text) || Url::parse(text).is_ok_and(|url| self.admits(&url))
    }
}

/// Whether a text is an `https` URL as almost all are: a host of lower-case words without port or credentials, then visible
/// ASCII characters. No rule refuses these, and to read them as a URL takes ten times as long.
pub(crate) fn is_plain_https(text: &str) -> bool {
    let is_word = |label: &str| {
        label.starts_with(|first: char| first.is_ascii_lowercase())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.contains("--")
    };
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (host, tail) = rest.split_at(end);
    host.split('.').all(is_word) && tail.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Loopback is 127.0.0.0/8, `[::1]` and `localhost`.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

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
    use proptest::test_runner::RngSeed;

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

    #[test]
    fn a_plain_url_is_told_at_a_glance_and_others_are_read() {
        for plain in ["https://a", "https://in.sumsub.com/l/#/x?y=%zz", "https://a-1.example?u=https://b@c:1"]
        {
            assert!(is_plain_https(plain) && UrlRule::Https.is_allowed_str(plain), "{plain}");
        }
        for read in [
            "https://a.example:8443/",
            "https://1.1.1.1/",
            "https://[::1]/",
            "HTTPS://a.example",
            "https://é.example/é",
        ] {
            assert!(!is_plain_https(read) && UrlRule::Https.is_allowed_str(read), "{read}");
        }
        for refused in
            ["https://", "https://?", "http://a.example", "https://a:b", "https://xn--a", "https://a b/"]
        {
            assert!(!is_plain_https(refused) && !UrlRule::Https.is_allowed_str(refused), "{refused}");
        }
        for doubtful in [
            "https://a..b/",
            "https://a.1/",
            "https://a.0x1/",
            "https://a@b/",
            "https://a/\u{7f}",
            "https://a/ b",
        ] {
            assert!(!is_plain_https(doubtful), "{doubtful}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

        #[test]
        fn what_looks_plain_is_read_the_same(
            host in "[a-c0-2x.-]{1,9}", tail in "([/?#][ -~]{0,12})?",
        ) {
            let text = format!("https://{host}{tail}");
            if is_plain_https(&text) {
                let url = Url::parse(&text).unwrap();
                prop_assert_eq!(url.authority(), &host);
                prop_assert!(UrlRule::Https.admits(&url));
            }
        }
    }

    /// Texts of what makes URLs odd, in any order.
    fn odd_urls() -> impl Strategy<Value = String> {
        const SCHEMES: &[&str] =
            &["https://", "https:", "https:/\\", "https:///", "http://", "HTTPS://", " https://", ""];
        const PARTS: &[&str] = &[
            "a",
            "vendor",
            "example",
            "localhost",
            "127.0.0.1",
            "0x7f",
            "1",
            "08",
            "256",
            "[::1]",
            "[::ffff:7f00:1]",
            "xn--",
            "xn--a",
            "xn--mnchen-3ya",
            "a--b",
            "-",
            ".",
            "..",
            "@",
            ":",
            ":443",
            ":65536",
            "user:pass@",
            "/",
            "\\",
            "?",
            "#",
            "%",
            "%2e",
            "%00",
            "é",
            "\u{fdd0}",
            "\u{3002}",
            "\u{ad}",
            "\t",
            "\n",
            " ",
            "\u{7f}",
            "\0",
            "A",
            "<",
            "|",
            "^",
            "_",
            "~",
            "`",
            "\"",
        ];
        let parts = proptest::collection::vec(proptest::sample::select(PARTS), 0..7);
        (proptest::sample::select(SCHEMES), parts)
            .prop_map(|(scheme, parts)| scheme.to_owned() + &parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn every_text_is_admitted_where_the_url_that_it_is_keeps_the_rule(text in odd_urls()) {
            for rule in [UrlRule::Https, UrlRule::HttpsOrLoopback] {
                let strict = Url::parse(&text).is_ok_and(|url| rule.admits(&url));
                prop_assert_eq!(rule.is_allowed_str(&text), strict, "{:?} of {:?}", rule, text);
            }
        }
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
