//! A JSON object of which only that is decoded which is asked for.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// More members than an object has as a rule, so that room for them is asked for once.
const USUAL: usize = 16;

/// The members of a JSON object whose shape is not wholly known, such as a webhook's. Of a name that is repeated, the last
/// counts.
///
/// The whole is known to be JSON, but nothing is decoded or copied before somebody asks for it.
pub(crate) struct Members<'a>(Vec<(Text<'a>, Member<'a>)>);

/// The value of a member, not yet decoded.
#[derive(Clone, Copy, serde::Deserialize)]
pub(crate) struct Member<'a>(#[serde(borrow)] &'a RawValue);

/// A text that is copied only where it has escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Members<'a> {
    /// Reads a body that is an object in JSON, and so in UTF-8; nothing where it is not.
    pub(crate) fn read(body: &'a [u8]) -> Option<Self> {
        decoded(std::str::from_utf8(body).ok()?)
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<Member<'a>> {
        self.0.iter().rev().find(|(Text(own), _)| own == name).map(|(_, value)| *value)
    }
}

impl<'a> Member<'a> {
    /// The text, where the value is one.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let json = self.0.get();
        let quoted = json.strip_prefix('"')?.strip_suffix('"')?;
        // Without an escape a text is what stands between its quotes.
        if quoted.contains('\\') {
            return decoded(json).map(|Text(text)| text);
        }
        Some(Cow::Borrowed(quoted))
    }

    /// The number as it is written, where the value is one.
    pub(crate) fn number(self) -> Option<&'a str> {
        Some(self.0.get()).filter(|raw| raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()))
    }

    /// The members, where the value is an object.
    pub(crate) fn members(self) -> Option<Members<'a>> {
        decoded(self.0.get())
    }
}

fn decoded<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json::from_str(json).ok()
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(USUAL);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &str) -> Members<'_> {
        Members::read(body.as_bytes()).unwrap()
    }

    #[test]
    fn values_are_what_they_are_and_nothing_else() {
        let body = r#" { "text" : "a\u00e9" , "number" : -1.50e3 , "object":{"inner":"b"},"list":[1],"truth":true,"none":null} "#;
        let members = read(body);
        let told = |name: &str| {
            let member = members.get(name).unwrap();
            let inner = member.members().and_then(|members| members.get("inner")?.text());
            (member.text().map(Cow::into_owned), member.number(), inner.map(Cow::into_owned))
        };
        assert_eq!(told("text"), (Some("aé".to_owned()), None, None));
        assert_eq!(told("number"), (None, Some("-1.50e3"), None));
        assert_eq!(told("object"), (None, None, Some("b".to_owned())));
        for other in ["list", "truth", "none"] {
            assert_eq!(told(other), (None, None, None), "{other}");
        }
        assert!(members.get("absent").is_none());
    }

    #[test]
    fn a_plain_text_is_not_copied() {
        let members = read(r#"{"plain":"as it is","escaped":"\n"}"#);
        let is_copied = |name: &str| matches!(members.get(name).unwrap().text().unwrap(), Cow::Owned(_));
        assert_eq!((is_copied("plain"), is_copied("escaped")), (false, true));
    }

    #[test]
    fn the_last_of_a_repeated_name_counts() {
        for body in [r#"{"a":"1","a":"2"}"#, r#"{"a":"1","\u0061":"2"}"#] {
            assert_eq!(read(body).get("a").unwrap().text().unwrap(), "2");
        }
    }

    #[test]
    fn what_is_no_object_in_utf_8_is_not_read() {
        for body in [&b""[..], b"[]", b"7", b"null", b"{", b"{} {}", b"\xef\xbb\xbf{}", b"{\"a\":\"\xff\"}"] {
            assert!(Members::read(body).is_none(), "{body:?}");
        }
    }

    #[test]
    fn a_text_that_is_none_is_done_without() {
        let members = read(r#"{"half":"\ud800","whole":"b"}"#);
        assert!(members.get("half").unwrap().text().is_none());
        assert_eq!(members.get("whole").unwrap().text().unwrap(), "b");
    }

    proptest! {
        #[test]
        fn any_text_and_number_is_read_as_serde_json_does(name in ".{0,9}", text in ".{0,40}", number: i64) {
            let value = json!({"before": [{}], name.clone(): {"text": text, "number": number}, "~after": "x"});
            let body = value.to_string();
            let inner = read(&body).get(&name).unwrap().members().unwrap();
            prop_assert_eq!(inner.get("text").unwrap().text().unwrap(), text);
            prop_assert_eq!(inner.get("number").unwrap().number().unwrap(), number.to_string());
        }

        #[test]
        fn what_is_read_is_an_object_in_json(body in "\\{(\"a?\":? ?(-?[0-9]{1,2}\\.?|\"[a\t]\"|\\[1?\\]),?){0,2}\\}") {
            let is_object = serde_json::from_str::<serde_json::Map<String, Value>>(&body).is_ok();
            prop_assert_eq!(Members::read(body.as_bytes()).is_some(), is_object);
        }
    }
}
