//! A serde deserializer over the tree whose errors know their path and never repeat a value.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::value::Row;
use super::value::{OptionEntry, OptionValue};

/// Shorter values may be words that a message has of itself, and no secret is that short.
const SHORTEST_ECHO: usize = 12;

/// Placeholders that satisfy most types that a configuration holds: text, URL and secret; path and JSON pointer; duration.
pub(super) const STAND_INS: [&str; 3] = ["https://stand-in.invalid", "/stand-in/{id}", "1s"];

/// The value or key that would have been right.
#[derive(Debug)]
pub(super) enum Expected {
    /// Another key; this one is unknown.
    KnownKey { key: String, known: &'static [&'static str] },
    /// A key that is not there.
    Key(&'static str),
    /// Another value.
    Value(String),
}

/// Why a tree does not read into a type.
#[derive(Debug)]
pub(super) struct Failure {
    /// From the innermost key outwards, while it travels up.
    reversed_path: Vec<String>,
    pub(super) expected: Expected,
}

impl Failure {
    fn new(expected: Expected) -> Self {
        Self { reversed_path: Vec::new(), expected }
    }

    fn below(mut self, key: &str) -> Self {
        self.reversed_path.push(key.to_owned());
        self
    }

    /// The keys from the root to the table or value in question.
    pub(super) fn path(&self) -> Vec<String> {
        self.reversed_path.iter().rev().cloned().collect()
    }

    /// The keys from the root to the problem, the unknown or missing key included.
    pub(super) fn place(&self) -> Vec<String> {
        let mut place = self.path();
        match &self.expected {
            Expected::KnownKey { key, .. } => place.push(key.clone()),
            Expected::Key(key) => place.push((*key).to_owned()),
            Expected::Value(_) => {}
        }
        place
    }

    /// The message of the problem. `known_keys` are further keys that are known where the failure is.
    pub(super) fn message(&self, known_keys: &[&'static str]) -> String {
        match &self.expected {
            Expected::Key(_) => "is required".to_owned(),
            Expected::Value(message) => message.clone(),
            Expected::KnownKey { key, known, .. } => {
                let known = [*known, known_keys].concat();
                let hint = match crate::did_you_mean(key, &known) {
                    Some(similar) => format!("; did you mean `{similar}`?"),
                    None => ".".to_owned(),
                };
                format!("unknown key{hint} Known keys: {}", known.join(", "))
            }
        }
    }

    /// Takes the value out of a message: types from elsewhere may repeat what they could not read.
    fn without(mut self, value: &OptionValue) -> Self {
        if let (true, Expected::Value(message), OptionValue::Text(text)) =
            (self.reversed_path.is_empty(), &mut self.expected, value)
        {
            let escaped = text.escape_debug().to_string();
            let repeats = |part: &str| !part.trim().is_empty() && message.contains(part.trim());
            if text.chars().count() >= SHORTEST_ECHO && (repeats(text) || repeats(&escaped)) {
                "this value cannot be used here".clone_into(message);
            }
        }
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(&[]))
    }
}

impl std::error::Error for Failure {}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Expected::Value(message.to_string()))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Expected::Value(format!("expected {}", plain(&expected.to_string()))))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Expected::Value(format!("expected {}", plain(&expected.to_string()))))
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Self {
        Self::new(Expected::Value(format!("expected {}", plain(&expected.to_string()))))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::new(Expected::Value(format!("expected one of {}", known.join(", "))))
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(Expected::KnownKey { key: key.to_owned(), known })
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(Expected::Key(key))
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::new(Expected::Value(format!("`{key}` is given twice")))
    }
}

/// Serde's own names of types, in the words of a configuration file.
fn plain(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" | "string" | "str" => "a text",
        "a boolean" | "bool" => "true or false",
        "a sequence" => "a list",
        "a map" => "a table",
        "path string" => "a path",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "a nonzero u32" => "a whole number from 1 to 4294967295",
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        text if text.starts_with("struct ") => "a table",
        text => text,
    }
}

#[derive(Clone, Copy)]
pub(super) struct TreeDeserializer<'a> {
    entry: &'a OptionEntry,
}

impl<'a> TreeDeserializer<'a> {
    pub(super) fn new(entry: &'a OptionEntry) -> Self {
        Self { entry }
    }

    fn placeholder<'de, V: Visitor<'de>>(number: usize, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_str(STAND_INS.get(number).copied().unwrap_or_default())
    }
}

macro_rules! stand_in_for {
    ($($method:ident => $visit:ident($value:expr)),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            match self.entry.value {
                OptionValue::Placeholder(_) => visitor.$visit($value),
                _ => self.deserialize_any(visitor),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for TreeDeserializer<'_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match &self.entry.value {
            OptionValue::Null => visitor.visit_unit(),
            OptionValue::Bool(value) => visitor.visit_bool(*value),
            OptionValue::Integer(value) => visitor.visit_i64(*value),
            OptionValue::Float(value) => visitor.visit_f64(*value),
            OptionValue::Text(text) => visitor.visit_str(text),
            OptionValue::List(entries) => visitor.visit_seq(List { entries, next: 0 }),
            OptionValue::Table(table) => visitor.visit_map(Rows { rows: &table.0, next: 0 }),
            OptionValue::Placeholder(number) => Self::placeholder(*number, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.entry.value {
            OptionValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match &self.entry.value {
            OptionValue::Text(text) => visitor.visit_enum(Variant(text)),
            OptionValue::Placeholder(_) => visitor.visit_enum(Variant(variants.first().unwrap_or(&name))),
            _ => Err(Failure::custom(format_args!("expected one of {}", variants.join(", ")))),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.entry.value {
            OptionValue::Placeholder(_) => visitor.visit_seq(SeqDeserializer::new(std::iter::empty::<u8>())),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.entry.value {
            OptionValue::Placeholder(_) => {
                visitor.visit_map(MapDeserializer::new(std::iter::empty::<(u8, u8)>()))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_map(visitor)
    }

    stand_in_for! {
        deserialize_bool => visit_bool(false),
        deserialize_u8 => visit_u8(1),
        deserialize_u16 => visit_u16(1),
        deserialize_u32 => visit_u32(1),
        deserialize_u64 => visit_u64(1),
        deserialize_i8 => visit_i8(1),
        deserialize_i16 => visit_i16(1),
        deserialize_i32 => visit_i32(1),
        deserialize_i64 => visit_i64(1),
        deserialize_f32 => visit_f32(1.0),
        deserialize_f64 => visit_f64(1.0),
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

struct List<'a> {
    entries: &'a [OptionEntry],
    next: usize,
}

impl<'de> SeqAccess<'de> for List<'_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        let Some(entry) = self.entries.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        let element = seed.deserialize(TreeDeserializer::new(entry)).map(Some);
        element.map_err(|failure| failure.without(&entry.value).below(&index.to_string()))
    }
}

struct Rows<'a> {
    rows: &'a [Row],
    next: usize,
}

impl<'de> MapAccess<'de> for Rows<'_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        let Some((key, ..)) = self.rows.get(self.next) else { return Ok(None) };
        let key: StrDeserializer<'_, Failure> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let Some((key, _, entry)) = self.rows.get(self.next) else {
            return Err(Failure::custom("a value without a key"));
        };
        self.next += 1;
        let value = seed.deserialize(TreeDeserializer::new(entry));
        value.map_err(|failure| failure.without(&entry.value).below(key))
    }
}

struct Variant<'a>(&'a str);

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Failure;
    type Variant = UnitOnly;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, UnitOnly), Failure> {
        let name: StrDeserializer<'_, Failure> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, UnitOnly))
    }
}

struct UnitOnly;

impl<'de> de::VariantAccess<'de> for UnitOnly {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Failure> {
        Err(Failure::custom("expected a plain word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Failure> {
        Err(Failure::custom("expected a plain word"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Failure> {
        Err(Failure::custom("expected a plain word"))
    }
}
