//! Facts of a JSON document that is read for what it has, and not for what is wrong with it: an error of a vendor.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::content::BYTE_ORDER_MARK;

/// The text of a body, whatever its bytes: without a byte-order mark, with U+FFFD for what is not UTF-8, and with blanks for
/// line breaks and other control characters, which JSON allows in no text.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(body);
    let has_mark = text.starts_with(BYTE_ORDER_MARK);
    if !has_mark && !text.contains(|one: char| one.is_ascii_control()) {
        return text;
    }
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    Cow::Owned(text.replace(|one: char| one.is_ascii_control(), " "))
}

/// A document of which only that is decoded which is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Document<'a>(&'a RawValue);

impl<'a> Document<'a> {
    /// A document, where the text is one: texts in it that are none, such as half a character (`"\ud83d"`), spoil nothing
    /// else.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// Whether it is an object.
    pub(crate) fn is_object(self) -> bool {
        self.0.get().starts_with('{')
    }

    /// The value at a JSON pointer (RFC 6901). Of a name that is repeated, the last counts.
    pub(crate) fn at(self, pointer: &str) -> Option<Self> {
        pointer.split('/').skip(1).try_fold(self, |value, name| match value.0.get().as_bytes() {
            [b'{', ..] => {
                let name = name.replace("~1", "/").replace("~0", "~");
                let Members(members) = value.decoded()?;
                let found =
                    members.iter().rev().find(|(own, _)| own.text().is_some_and(|own| own == name))?;
                Some(found.1)
            }
            [b'[', ..] => {
                let entries: Vec<&'a RawValue> = value.decoded()?;
                entries.get(name.parse::<usize>().ok()?).copied().map(Self)
            }
            _ => None,
        })
    }

    /// The text, where the value is one; with U+FFFD for half a character.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let quoted = self.0.get().strip_prefix('"')?.strip_suffix('"')?;
        if !quoted.contains('\\') {
            return Some(Cow::Borrowed(quoted));
        }
        let Bytes(bytes) = self.decoded()?;
        Some(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The number, where the value is one. One that is too large is infinite.
    pub(crate) fn number(self) -> Option<f64> {
        self.0.get().parse().ok()
    }

    fn decoded<T: Deserialize<'a>>(self) -> Option<T> {
        serde_json::from_str(self.0.get()).ok()
    }
}

/// The members of an object, with their names as they are written: a name that is no text must not spoil the others.
struct Members<'a>(Vec<(Document<'a>, Document<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry()? {
                    members.push((Document(name), Document(value)));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A text as bytes: only so serde_json decodes half a character.
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }

        deserializer.deserialize_bytes(Text)
    }
}

#[cfg(test)]
mod tests {
    use idv_tests::json_texts;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn read(body: &[u8], pointer: &str) -> Option<String> {
        let text = text_of(body);
        Document::parse(&text)?.at(pointer)?.text().map(Cow::into_owned)
    }

    #[test]
    fn what_is_not_read_spoils_nothing() {
        let latin_1 = b"{\"name\":\"Jos\xe9\",\"code\":\"x\"}";
        let broken_line = b"\xef\xbb\xbf{\r\n\t\"note\":\"a\nb\x01\",\n\"code\":\"x\"}";
        for body in [
            &latin_1[..],
            broken_line,
            br#"{"note":"\ud83d","code":"x"}"#,
            br#"{"\ud83d":1,"code":"x"}"#,
            br#"{"n":1e999,"code":"x"}"#,
        ] {
            assert_eq!(read(body, "/code").as_deref(), Some("x"), "{body:?}");
        }
        let deep = format!("{{\"a\":{}{},\"code\":\"x\"}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(deep.as_bytes(), "/code").as_deref(), Some("x"));
    }

    #[test]
    fn what_is_read_is_read_as_far_as_it_goes() {
        assert_eq!(read(b"{\"name\":\"Jos\xe9!\"}", "/name").as_deref(), Some("Jos\u{fffd}!"));
        let half = read(br#"{"name":"a\ud83d b"}"#, "/name").unwrap();
        assert!(half.starts_with('a') && half.ends_with(" b"), "{half}");
        assert_eq!(read(br#"{"name":"\ud83d\ude00\n"}"#, "/name").as_deref(), Some("😀\n"));
    }

    const NAMES: &[&str] = &[r#""a""#, r#""\u0061""#, r#""b/c""#, r#""~""#, r#""0""#];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

        #[test]
        fn a_pointer_finds_what_it_finds_in_a_tree(text in json_texts(NAMES)) {
            let Ok(tree) = serde_json::from_str::<Value>(&text) else { return Ok(()) };
            let document = Document::parse(&text).unwrap();
            for pointer in ["", "/a", "/a/a", "/b~1c/a", "/~0", "/0", "/a/0", "/a/1/b~1c"] {
                let (found, expected) = (document.at(pointer), tree.pointer(pointer));
                prop_assert_eq!(found.is_some(), expected.is_some(), "{} {}", pointer, text);
                let (Some(found), Some(expected)) = (found, expected) else { continue };
                prop_assert_eq!(found.text(), expected.as_str().map(Cow::Borrowed));
                prop_assert_eq!(found.number(), expected.as_f64());
                prop_assert_eq!(found.is_object(), expected.is_object());
            }
        }

        #[test]
        fn no_body_makes_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let text = text_of(&body);
            if let Some(document) = Document::parse(&text) {
                let _ = (document.at("/a").and_then(Document::text), document.number());
            }
        }
    }
}
