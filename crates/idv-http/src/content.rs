//! A description of an answer by its headers, its first bytes and its length, which repeats nothing of its text.

use std::fmt;

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use idv_core::VendorWord;

/// The byte-order mark in UTF-8: some servers begin a document with it, though JSON must not (RFC 8259, section 8.1).
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The media types of pages.
const PAGES: &[&str] = &["text/html", "application/xhtml+xml"];

/// The codings that make a text unreadable, by their names in `Content-Encoding`.
const COMPRESSIONS: &[&str] = &["gzip", "x-gzip", "deflate", "br", "zstd", "compress"];

/// The first bytes of a coding, where a server does not name it.
const MAGIC: &[(&[u8], &str)] = &[(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")];

/// How long an answer is.
#[derive(Clone, Copy)]
pub(crate) enum Length {
    /// All of it was read.
    Whole(usize),
    /// Reading stopped here.
    MoreThan(usize),
}

/// The description of an answer. `Display` writes it for an error: content type, length, and whether it looks like an HTML
/// page.
pub(crate) struct Content<'a> {
    headers: &'a HeaderMap,
    body: &'a [u8],
    length: Length,
}

impl<'a> Content<'a> {
    /// An answer that was read.
    pub(crate) fn whole(headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        Self { headers, body, length: Length::Whole(body.len()) }
    }

    /// An answer that is larger than allowed.
    pub(crate) fn larger_than(headers: &'a HeaderMap, limit: usize) -> Self {
        Self { headers, body: &[], length: Length::MoreThan(limit) }
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self.length, Length::Whole(0))
    }

    /// Whether it is an HTML page, by its content type or its first bytes.
    pub(crate) fn is_page(&self) -> bool {
        let labelled = self.header_parts().next();
        labelled.is_some_and(|label| is_any_of(label, PAGES)) || begins_a_page(self.body)
    }

    /// The coding that hides the text, by the header or the first bytes.
    pub(crate) fn compression(&self) -> Option<&'static str> {
        let named = self.headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let mut codings = named.flat_map(|list| list.split(',')).map(str::trim);
        let known = |coding: &str| COMPRESSIONS.iter().find(|known| coding.eq_ignore_ascii_case(known));
        let magic = || MAGIC.iter().find(|(magic, _)| self.body.starts_with(magic)).map(|(_, name)| *name);
        codings.find_map(known).copied().or_else(magic)
    }

    /// Media type and parameters, as far as the header is text.
    fn header_parts(&self) -> impl Iterator<Item = &'a str> {
        let value =
            self.headers.get(CONTENT_TYPE).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        value.unwrap_or_default().split(';').map(str::trim).filter(|part| !part.is_empty())
    }

    /// The media type with its charset: other parameters can be URLs, which stand in no error.
    fn content_type(&self) -> Option<String> {
        if !self.headers.contains_key(CONTENT_TYPE) {
            return None;
        }
        let mut parts = self.header_parts();
        let mut kept = parts.next().unwrap_or_default().to_owned();
        let is_charset =
            |part: &&str| part.get(..8).is_some_and(|name| name.eq_ignore_ascii_case("charset="));
        if let Some(charset) = parts.find(is_charset) {
            kept = format!("{kept}; {charset}");
        }
        let is_sound = !kept.is_empty() && !kept.contains("://");
        Some(if is_sound { VendorWord::new(&kept).to_string() } else { "unreadable".to_owned() })
    }
}

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content_type() {
            Some(content_type) => write!(f, "content type {content_type}")?,
            None => f.write_str("no content type")?,
        }
        match self.length {
            Length::Whole(1) => f.write_str(", 1 byte")?,
            Length::Whole(length) => write!(f, ", {length} bytes")?,
            Length::MoreThan(limit) => write!(f, ", more than {limit} bytes")?,
        }
        if self.is_page() { f.write_str(", looks like an HTML page") } else { Ok(()) }
    }
}

fn is_any_of(word: &str, known: &[&str]) -> bool {
    known.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether bytes begin as an HTML document does, whatever the case, after blanks and a byte-order mark.
fn begins_a_page(body: &[u8]) -> bool {
    let body = body.trim_ascii_start();
    let body = body.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(body).trim_ascii_start();
    match after(body, b"<!doctype") {
        Some(rest) => after(rest.trim_ascii_start(), b"html").is_some(),
        None => after(body, b"<html").is_some(),
    }
}

/// The bytes after a beginning, whatever the case of its ASCII letters.
fn after<'b>(bytes: &'b [u8], beginning: &[u8]) -> Option<&'b [u8]> {
    let (start, rest) = bytes.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then_some(rest)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn typed(value: &[u8]) -> HeaderMap {
        [(CONTENT_TYPE, HeaderValue::from_bytes(value).unwrap())].into_iter().collect()
    }

    fn told(content_type: &str) -> String {
        Content::whole(&typed(content_type.as_bytes()), b"{}").to_string()
    }

    #[test]
    fn a_content_type_is_told_with_its_charset_and_without_the_rest() {
        assert_eq!(told("application/json"), "content type application/json, 2 bytes");
        assert_eq!(
            told("text/plain ; boundary=x; CharSet=latin1"),
            "content type text/plain; CharSet=latin1, 2 bytes"
        );
        assert_eq!(
            told("application/json; profile=\"https://vendor.example/p\""),
            "content type application/json, 2 bytes"
        );
        assert_eq!(told("https://vendor.example/p"), "content type unreadable, 2 bytes");
        assert_eq!(told("text/x\u{202e}y"), "content type text/x\\u{202e}y, 2 bytes");
        assert!(told(&"x".repeat(10_000)).len() < 200);
        assert_eq!(Content::whole(&typed(b"\xff"), b"{}").to_string(), "content type unreadable, 2 bytes");
        assert_eq!(Content::whole(&HeaderMap::new(), b"x").to_string(), "no content type, 1 byte");
    }

    #[test]
    fn a_page_is_known_by_label_or_beginning() {
        let none = HeaderMap::new();
        for page in ["<!DOCTYPE html>", "<!doctype\nHTML PUBLIC>", " \r\n<HTML lang=en>", "\u{feff} <html>"] {
            assert!(Content::whole(&none, page.as_bytes()).is_page(), "{page}");
        }
        for other in
            ["", "<", "<h1>", "<?xml version=\"1.0\"?><Error/>", "<!doctype svg>", "{\"a\":\"<html>\"}"]
        {
            assert!(!Content::whole(&none, other.as_bytes()).is_page(), "{other}");
        }
        for label in ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"] {
            assert!(Content::whole(&typed(label.as_bytes()), b"").is_page(), "{label}");
        }
        assert!(!Content::whole(&typed(b"text/html-like"), b"").is_page());
    }

    #[test]
    fn a_compression_is_known_by_header_or_first_bytes() {
        let compression = |encoding: &str, body: &[u8]| {
            let headers = [(CONTENT_ENCODING, encoding.parse().unwrap())].into_iter().collect();
            Content::whole(&headers, body).compression()
        };
        assert_eq!(compression("GZip", b"{}"), Some("gzip"));
        assert_eq!(compression("identity, br", b"{}"), Some("br"));
        assert_eq!(compression("identity", b"\x1f\x8b\x08"), Some("gzip"));
        assert_eq!(compression("", b"\x28\xb5\x2f\xfd"), Some("zstd"));
        assert_eq!(compression("utf-8", b"{}"), None);
    }

    proptest! {
        #[test]
        fn any_header_and_body_is_told_in_one_short_line(
            header in prop::collection::vec(any::<u8>(), 0..300), body in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let Ok(value) = HeaderValue::from_bytes(&header) else { return Ok(()) };
            let headers = [(CONTENT_TYPE, value)].into_iter().collect();
            let told = Content::whole(&headers, &body).to_string();
            prop_assert!(told.len() < 250 && !told.contains("://"));
            prop_assert!(!told.chars().any(char::is_control), "{:?}", told);
        }
    }
}
