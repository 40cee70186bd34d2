//! The members of an object.

use std::borrow::Cow;
use std::fmt;

use idv_core::Error;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::value::{Text, decoded, object_text};
use super::{Found, JsonError, Kind, Value, text_of};
use crate::invalid_response;

/// More members than most objects have, so that room for them is asked for once.
const USUAL: usize = 16;

/// The members of an object. `Debug` shows how many there are.
pub struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// Reads a text that is an object. A byte-order mark before it is passed over.
    ///
    /// # Errors
    /// When the text is no JSON, or another value than an object.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        Self::read(object_text(text)?)
    }

    /// Reads the bytes of a body that is an object.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse), and when the body is not UTF-8.
    pub fn of_body(body: &'a [u8]) -> Result<Self, JsonError> {
        Self::parse(text_of(body)?)
    }

    pub(super) fn read(text: &'a str) -> Result<Self, JsonError> {
        // Names are texts, as a rule, and to read them as such takes half the time.
        read(text, Members).or_else(|_| Ok(read(text, OddMembers)?))
    }

    /// The value of a name; `Absent` for `null` too.
    pub fn get(&self, name: &str) -> Found<Value<'a>> {
        match self.entry(name) {
            Some(Found::Given(value)) if value.kind() == Kind::Null => Found::Absent,
            found => found.unwrap_or(Found::Absent),
        }
    }

    /// Whether the name is there at all, be its value `null`: some vendors say "none yet" by that.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// The value of a name that is there, which can be `null`.
    pub(super) fn entry(&self, name: &str) -> Option<Found<Value<'a>>> {
        let mut values = self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| *value);
        let first = values.next()?;
        Some(match values.next() {
            None => Found::Given(first),
            Some(_) => Found::unreadable(JsonError::Twice(name.to_owned())),
        })
    }

    /// The text of a name.
    pub fn text(&self, name: &str) -> Found<Cow<'a, str>> {
        self.get(name).and_then(|value| value.text(name))
    }

    /// The text of a name; of a number or a boolean, what is written there.
    pub fn word(&self, name: &str) -> Found<Cow<'a, str>> {
        self.get(name).and_then(|value| value.word(name))
    }

    /// The object of a name.
    pub fn object(&self, name: &str) -> Found<Object<'a>> {
        self.get(name).and_then(|value| value.object(name))
    }

    /// The text of a name that must have one.
    ///
    /// # Errors
    /// When there is none that can be read.
    pub fn required_text(&self, name: &str) -> Result<Cow<'a, str>, JsonError> {
        self.text(name).optional()?.ok_or_else(|| self.lacks(name))
    }

    /// Why a name that needs a text has no value.
    #[must_use]
    pub fn lacks(&self, name: &str) -> JsonError {
        let name = name.to_owned();
        match self.0.iter().any(|(own, _)| *own == name) {
            true => JsonError::Member { name, found: Kind::Null, wanted: Kind::Text },
            false => JsonError::Missing(name),
        }
    }

    /// Refuses an error envelope: vendors and gateways send some with HTTP 200, and a status in one is no state.
    ///
    /// # Errors
    /// When there is a member `error` or `errors` that says something, or the `object` is an `error`.
    pub fn refuse_error_envelope(&self) -> Result<(), Error> {
        refuse_error_envelope(self.is_error_envelope())
    }

    pub(super) fn is_error_envelope(&self) -> bool {
        self.0.iter().any(|(name, value)| tells_of_error(name, *value))
    }

    /// The members in their order, those that stand twice and those that are `null` included.
    pub fn members(&self) -> impl Iterator<Item = (&str, Value<'a>)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }
}

impl<'a> Value<'a> {
    /// The members of an object. `name` is for the error.
    pub fn object(self, name: &str) -> Found<Object<'a>> {
        match self.kind() {
            Kind::Null => Found::Absent,
            Kind::Object => Object::read(self.written()).map_or_else(Found::unreadable, Found::Given),
            found => Found::unfit(name, found, Kind::Object),
        }
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("members", &self.0.len()).finish()
    }
}

/// The names that make an error envelope.
pub(super) const ERROR_NAMES: [&str; 3] = ["error", "errors", "object"];

/// Whether a member of a document makes it an error envelope.
pub(super) fn tells_of_error(name: &str, value: Value<'_>) -> bool {
    match name {
        "error" | "errors" => !value.says_nothing(),
        "object" => value.text(name).given().is_some_and(|text| text == "error"),
        _ => false,
    }
}

pub(super) fn refuse_error_envelope(is_error: bool) -> Result<(), Error> {
    match is_error {
        true => Err(invalid_response("the vendor's answer is an error envelope, which is no state")),
        false => Ok(()),
    }
}

fn read<'a>(text: &'a str, members: impl Visitor<'a, Value = Object<'a>>) -> serde_json::Result<Object<'a>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let object = deserializer.deserialize_map(members)?;
    deserializer.end()?;
    Ok(object)
}

/// Reads members whose names are texts.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::with_capacity(USUAL);
        while let Some((Text(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(Object(members))
    }
}

/// Reads members of which some have names that are no texts (`"\ud83d"`). No adapter asks for these, so they are left out.
struct OddMembers;

impl<'de> Visitor<'de> for OddMembers {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<&RawValue, _>()? {
            members.extend(decoded(name.get()).map(|name| (name, value)));
        }
        Ok(Object(members))
    }
}
