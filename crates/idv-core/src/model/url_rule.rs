//! The rule for URLs that go to a browser.

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
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

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
}
