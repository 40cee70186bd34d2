//! A JSON document, to look at and drop: what is not escaped in it is not copied either.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A document as far as it is looked at: of numbers and the like only the place is known.
#[derive(Debug)]
pub(crate) enum Json<'a> {
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Json<'a>, Json<'a>)>),
    Other,
}

impl<'a> Json<'a> {
    /// A member of an object. Where a name stands twice, the last one counts.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().rev().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn list(&self) -> Option<&[Json<'a>]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// What the document says, as far as it is kept.
    fn same(json: &Json<'_>, value: &Value) -> bool {
        match (json, value) {
            (Json::Text(text), Value::String(other)) => text == other,
            (Json::List(list), Value::Array(other)) => {
                list.len() == other.len() && list.iter().zip(other).all(|(one, other)| same(one, other))
            }
            (Json::Object(_), Value::Object(other)) => {
                other.iter().all(|(name, other)| json.get(name).is_some_and(|one| same(one, other)))
            }
            (Json::Other, other) => other.is_null() || other.is_boolean() || other.is_number(),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_document_says_what_a_tree_says(text in r#"(\{"a":)?[\[{]?"(a|b\\n|é|\\u00e9)"(:|,)("x"|1e9|-1|2|null|true|\{\}|\[\])(,"a":\["a"\])?[\]}]?\}?"#) {
            let (json, tree) = (serde_json::from_str::<Json<'_>>(&text), serde_json::from_str::<Value>(&text));
            prop_assert_eq!(json.is_ok(), tree.is_ok());
            if let (Ok(json), Ok(tree)) = (json, tree) {
                prop_assert!(same(&json, &tree), "{} is not {}", text, tree);
            }
        }
    }

    #[test]
    fn the_last_of_two_members_counts_and_plain_texts_are_not_copied() {
        let json: Json<'_> = serde_json::from_str(r#"{"a": 1, "a": "plain", "b": "\u00e9"}"#).unwrap();
        assert!(matches!(json.get("a"), Some(Json::Text(Cow::Borrowed("plain")))));
        assert_eq!(json.get("b").and_then(Json::text), Some("é"));
        assert!(json.get("c").is_none() && Json::Other.get("a").is_none());
    }

    #[test]
    fn a_document_that_is_too_deep_is_refused() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(serde_json::from_str::<Json<'_>>(&deep).is_err());
    }
}
