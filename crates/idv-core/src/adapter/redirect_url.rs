//! The redirect URL of a start, as it is sent to a vendor.

use std::fmt;

use url::Url;

use crate::UrlRule;
use crate::model::is_plain_https;

/// The redirect URL of a start, known to be usable, in the one form in which it is sent: as the parser of URLs writes it, so
/// that the vendor, the browser and the application mean the same.
///
/// It may hold a [`ReturnState`](crate::ReturnState), so `Debug` shows nothing of it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct RedirectUrl(String);

/// Why a text is no [`RedirectUrl`]. It never repeats the text, and goes on after the input's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectUrlError {
    /// The parser of URLs drops these, so the application would compare with another text than comes back.
    #[error("must not begin or end with a blank, or have line breaks or other control characters in it")]
    Blanks,
    /// Not an absolute URL, or one that breaks the rule.
    #[error("must be an absolute `https` URL (`http` only on loopback, with a provider on loopback)")]
    NotHttps,
    /// They would be told to the vendor, and to everybody who sees the link.
    #[error("must not have a user name or a password in it")]
    Credentials,
}

impl RedirectUrl {
    /// Reads a redirect URL. A blank inside is no error: it is sent as `%20`.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn parse(text: &str, rule: UrlRule) -> Result<Self, RedirectUrlError> {
        if is_written_so(text) {
            return Ok(Self(text.to_owned()));
        }
        let has_blank_end = text.starts_with(' ') || text.ends_with(' ');
        if has_blank_end || text.contains(|one: char| one.is_ascii_control()) {
            return Err(RedirectUrlError::Blanks);
        }
        let url = Url::parse(text).map_err(|_| RedirectUrlError::NotHttps)?;
        if !rule.admits(&url) {
            return Err(RedirectUrlError::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectUrlError::Credentials);
        }
        Ok(Self(url.into()))
    }

    /// The URL as it is sent.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedirectUrl([redacted])")
    }
}

/// Whether a text is an `https` URL as almost all are, which the parser of URLs writes as it stands: to have it parsed takes
/// ten times as long.
fn is_written_so(text: &str) -> bool {
    let is_kept = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/' | b'?' | b'=' | b'&' | b'+' | b',')
            || matches!(byte, b';' | b':' | b'@' | b'!' | b'$' | b'*' | b'(' | b')' | b'#')
    };
    // What ends the host: without a path, the parser adds one.
    let end = text.bytes().skip("https://".len()).find(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let has_dots = || text.as_bytes().windows(2).any(|pair| pair == b"/.");
    end == Some(b'/') && text.bytes().all(is_kept) && !has_dots() && is_plain_https(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn sent(text: &str) -> Result<String, RedirectUrlError> {
        RedirectUrl::parse(text, UrlRule::Https).map(|url| url.expose().to_owned())
    }

    #[test]
    fn a_url_is_sent_as_the_parser_writes_it() {
        for (given, expected) in [
            ("https://shop.example/back?case=7&x=%E9", "https://shop.example/back?case=7&x=%E9"),
            ("https://shop.example/back here", "https://shop.example/back%20here"),
            ("https://shop.example?q=a b", "https://shop.example/?q=a%20b"),
            ("https://shop.example/a/../b", "https://shop.example/b"),
            ("HTTPS://Shop.Example:443/é", "https://shop.example/%C3%A9"),
            ("https:\\\\shop.example\\back", "https://shop.example/back"),
        ] {
            assert_eq!(sent(given).as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn what_the_parser_would_drop_or_tell_others_is_refused() {
        use RedirectUrlError::{Blanks, Credentials, NotHttps};
        for (given, error) in [
            (" https://shop.example/back", Blanks),
            ("https://shop.example/back ", Blanks),
            ("https://shop.example/ba\nck", Blanks),
            ("https://shop.example/back\r\n", Blanks),
            ("https://shop\t.example/back", Blanks),
            ("https://shop.example/\0", Blanks),
            ("https://ada@shop.example/", Credentials),
            ("https://ada:secret@shop.example/", Credentials),
            ("https://:secret@shop.example/", Credentials),
            ("http://shop.example/", NotHttps),
            ("http://127.0.0.1/", NotHttps),
            ("shop.example/back", NotHttps),
            ("javascript:alert(1)", NotHttps),
            ("", NotHttps),
        ] {
            assert_eq!(sent(given), Err(error), "{given:?}");
        }
        assert!(RedirectUrl::parse("http://127.0.0.1/", UrlRule::HttpsOrLoopback).is_ok());
    }

    #[test]
    fn nothing_of_it_is_printed() {
        let url = RedirectUrl::parse("https://shop.example/canary", UrlRule::Https).unwrap();
        assert_eq!(format!("{url:?}"), "RedirectUrl([redacted])");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn what_needs_no_parser_is_what_the_parser_writes(
            host in "[a-c0-2.-]{1,9}", tail in "([/?#][-_.~/?=&+,;:@!$*()#a%2e]{0,12})?",
        ) {
            let text = format!("https://{host}{tail}");
            if is_written_so(&text) {
                let url = Url::parse(&text).unwrap();
                prop_assert_eq!(url.as_str(), &text);
                prop_assert!(UrlRule::Https.admits(&url) && url.username().is_empty() && url.password().is_none());
            }
        }

        #[test]
        fn what_is_sent_stays_as_it_is(text in "https://[a-c.@:]{0,5}/.{0,20}") {
            if let Ok(once) = sent(&text) {
                prop_assert_eq!(sent(&once).unwrap(), once);
            }
        }
    }

    #[test]
    fn a_usual_url_needs_no_parser() {
        for usual in ["https://app.example/", "https://app.example.com/kyc/back?case=7&idv_state=0a1b#done"] {
            assert!(is_written_so(usual), "{usual}");
        }
    }
}
