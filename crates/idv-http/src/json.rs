//! A vendor's JSON, read where it lies: only the members that are asked for are decoded, and no other member can spoil them.
//!
//! The whole text must be JSON in UTF-8; a byte-order mark before it is passed over. Everything that is wrong is a
//! [`JsonError`], which says where and never repeats a value. One rule holds for every document: a name that stands twice
//! has no value.
//!
//! ```
//! use idv_http::json::{Found, Object};
//!
//! let answer = Object::parse(r#"{"id": 7, "status": "DONE", "status": "FAILED", "unread": "\ud83d"}"#)?;
//! assert_eq!(answer.word("id").given().as_deref(), Some("7"));
//! assert!(matches!(answer.word("status"), Found::Unreadable(_)));
//! assert!(matches!(answer.word("absent"), Found::Absent));
//! # Ok::<(), idv_http::json::JsonError>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use idv_core::Error;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::unusable;

/// More members than most objects have, so that room for them is asked for once.
const USUAL: usize = 16;

/// Why a document, or a member of it, cannot be read. `Display` names the place and never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// There is no text at all.
    #[error("empty")]
    Empty,
    /// JSON is UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// The text is no JSON.
    #[error("not JSON at line {line}, column {column}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, in bytes from 1.
        column: usize,
    },
    /// The text ends before the document does.
    #[error("cut off at line {line}, column {column}")]
    CutOff {
        /// The line, from 1.
        line: usize,
        /// The column, in bytes from 1.
        column: usize,
    },
    /// The document is of another kind.
    #[error("{found} where {wanted} is expected")]
    Kind {
        /// What stands there.
        found: Kind,
        /// What was expected.
        wanted: Kind,
    },
    /// A member is not there.
    #[error("`{0}` is missing")]
    Missing(String),
    /// A member is of another kind.
    #[error("`{name}` is {found} where {wanted} is expected")]
    Member {
        /// The name of the member, as it was asked for.
        name: String,
        /// What stands there.
        found: Kind,
        /// What was expected.
        wanted: Kind,
    },
    /// A name stands twice, so it has no value.
    #[error("`{0}` stands twice")]
    Twice(String),
    /// A text has half a surrogate pair.
    #[error("`{0}` has half of a character")]
    HalfCharacter(String),
    /// Several places hold the same fact, and what they say differs.
    #[error("`{0}` and `{1}` disagree")]
    Disagree(String, String),
}

impl From<JsonError> for Error {
    /// The error of an answer that says that it worked and cannot be used.
    fn from(error: JsonError) -> Self {
        unusable(format!("the vendor's answer cannot be read: {error}"))
    }
}

/// The kinds of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

/// What a document says at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<T> {
    /// Nothing, or `null`.
    Absent,
    /// A value.
    Given(T),
    /// Something that cannot be read as what was asked for.
    Unreadable(JsonError),
}

impl<T> Found<T> {
    /// The value, where there is one that can be read.
    pub fn given(self) -> Option<T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Unreadable(_) => None,
        }
    }

    /// The value, `None` where nothing stands there.
    ///
    /// # Errors
    /// When something stands there that cannot be read.
    pub fn optional(self) -> Result<Option<T>, JsonError> {
        match self {
            Self::Given(value) => Ok(Some(value)),
            Self::Absent => Ok(None),
            Self::Unreadable(error) => Err(error),
        }
    }

    /// Reads the value further.
    pub fn and_then<U>(self, read: impl FnOnce(T) -> Found<U>) -> Found<U> {
        match self {
            Self::Given(value) => read(value),
            Self::Absent => Found::Absent,
            Self::Unreadable(error) => Found::Unreadable(error),
        }
    }

    /// Leaves out a value that counts as none, such as an empty text.
    #[must_use]
    pub fn filter(self, keep: impl FnOnce(&T) -> bool) -> Self {
        match self {
            Self::Given(value) if !keep(&value) => Self::Absent,
            other => other,
        }
    }
}

/// A value, not yet decoded. What is inside an object or a list is looked at when it is asked for.
#[derive(Clone, Copy)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// A whole text. A byte-order mark before it is passed over.
    ///
    /// # Errors
    /// When no value begins there. That an object or a list is whole is known once it is read.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match kind(text) {
            Some(Kind::Object | Kind::List) => Ok(Self(text)),
            None if text.trim_ascii().is_empty() => Err(JsonError::Empty),
            _ => Ok(Self(serde_json::from_str::<&RawValue>(text)?.get())),
        }
    }

    /// The kind of the value.
    #[must_use]
    pub fn kind(self) -> Kind {
        kind(self.0).unwrap_or(Kind::Number)
    }

    /// Whether the value is `""`.
    #[must_use]
    pub fn is_empty_text(self) -> bool {
        self.0 == "\"\""
    }

    /// The members of an object. `name` is for the error.
    pub fn object(self, name: &str) -> Found<Object<'a>> {
        match self.kind() {
            Kind::Null => Found::Absent,
            Kind::Object => Object::read(self.0, None).map_or_else(Found::Unreadable, Found::Given),
            found => unfit(name, found, Kind::Object),
        }
    }

    /// The elements of a list. `name` is for the error.
    pub fn list(self, name: &str) -> Found<Vec<Value<'a>>> {
        match self.kind() {
            Kind::Null => Found::Absent,
            Kind::List => match serde_json::from_str(self.0) {
                Ok(list) => Found::Given(list),
                Err(error) => Found::Unreadable(error.into()),
            },
            found => unfit(name, found, Kind::List),
        }
    }

    /// The text, copied only where it has escapes. `name` is for the error.
    pub fn text(self, name: &str) -> Found<Cow<'a, str>> {
        match self.kind() {
            Kind::Null => Found::Absent,
            Kind::Text => match decoded(self.0) {
                Some(text) => Found::Given(text),
                None => Found::Unreadable(JsonError::HalfCharacter(name.to_owned())),
            },
            found => unfit(name, found, Kind::Text),
        }
    }

    /// The text; of a number or a boolean, what is written there. `name` is for the error.
    pub fn word(self, name: &str) -> Found<Cow<'a, str>> {
        match self.kind() {
            Kind::Number | Kind::Boolean => Found::Given(Cow::Borrowed(self.0)),
            _ => self.text(name),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(raw.get()))
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.kind()).finish()
    }
}

/// The members of an object. `Debug` shows how many there are.
pub struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// Reads a text that is an object. A byte-order mark before it is passed over.
    ///
    /// # Errors
    /// When the text is no JSON, or another value than an object.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        Self::of(text, None)
    }

    /// Reads a text that is an object, but of its members only those of some names: the others are skipped.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn parse_only(text: &'a str, names: &[&str]) -> Result<Self, JsonError> {
        Self::of(text, Some(names))
    }

    fn of(text: &'a str, names: Option<&[&str]>) -> Result<Self, JsonError> {
        let value = Value::parse(text)?;
        match value.kind() {
            Kind::Object => Self::read(value.0, names),
            found => {
                // Only what is JSON is said to be of another kind.
                serde_json::from_str::<&RawValue>(value.0)?;
                Err(JsonError::Kind { found, wanted: Kind::Object })
            }
        }
    }

    /// Reads the bytes of a body that is an object.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse), and when the body is not UTF-8.
    pub fn of_body(body: &'a [u8]) -> Result<Self, JsonError> {
        Self::parse(text_of(body)?)
    }

    fn read(text: &'a str, names: Option<&[&str]>) -> Result<Self, JsonError> {
        Members { names }.read(text).or_else(|_| {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            let object = deserializer.deserialize_map(OddMembers(Members { names }))?;
            deserializer.end()?;
            Ok(object)
        })
    }

    /// The value of a name; `Absent` for `null` too.
    pub fn get(&self, name: &str) -> Found<Value<'a>> {
        let mut values = self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| *value);
        match (values.next(), values.next()) {
            (None, _) => Found::Absent,
            (Some(value), None) if value.kind() == Kind::Null => Found::Absent,
            (Some(value), None) => Found::Given(value),
            (Some(_), Some(_)) => Found::Unreadable(JsonError::Twice(name.to_owned())),
        }
    }

    /// The text of a name.
    pub fn text(&self, name: &str) -> Found<Cow<'a, str>> {
        self.get(name).and_then(|value| value.text(name))
    }

    /// The text of a name; of a number or a boolean, what is written there.
    pub fn word(&self, name: &str) -> Found<Cow<'a, str>> {
        self.get(name).and_then(|value| value.word(name))
    }

    /// The object of a name, of whose members only those of some names are read.
    pub fn object_only(&self, name: &str, names: &[&str]) -> Found<Object<'a>> {
        self.get(name).and_then(|value| match value.kind() {
            Kind::Object => Object::read(value.0, Some(names)).map_or_else(Found::Unreadable, Found::Given),
            _ => value.object(name),
        })
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
        let says = |(name, value): &&(Cow<'_, str>, Value<'_>)| match &**name {
            "error" | "errors" => !matches!(value.0, "null" | "false" | "\"\"" | "[]" | "{}"),
            "object" => value.0 == "\"error\"",
            _ => false,
        };
        match self.0.iter().find(says) {
            Some(_) => Err(unusable("the vendor's answer is an error envelope, which is no state")),
            None => Ok(()),
        }
    }

    /// The members in their order, those that stand twice and those that are `null` included.
    pub fn members(&self) -> impl Iterator<Item = (&str, Value<'a>)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("members", &self.0.len()).finish()
    }
}

/// Reads members: all of them, or those of some names.
struct Members<'n> {
    names: Option<&'n [&'n str]>,
}

impl Members<'_> {
    fn wants(&self, name: &str) -> bool {
        self.names.is_none_or(|names| names.contains(&name))
    }

    /// Reads an object whose names are texts, as almost all are: that takes half the time.
    fn read<'de>(self, text: &'de str) -> serde_json::Result<Object<'de>> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let object = deserializer.deserialize_map(self)?;
        deserializer.end()?;
        Ok(object)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::with_capacity(self.names.map_or(USUAL, <[_]>::len));
        while let Some(Text(name)) = map.next_key()? {
            if self.wants(&name) {
                members.push((name, Value(map.next_value::<&RawValue>()?.get())));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Object(members))
    }
}

/// Reads members of which some have names that are no texts (`"\ud83d"`). Nobody asks for these, so they are left out.
struct OddMembers<'n>(Members<'n>);

impl<'de> Visitor<'de> for OddMembers<'_> {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<&RawValue, _>()? {
            let name = decoded(name.get()).filter(|name| self.0.wants(name));
            members.extend(name.map(|name| (name, value)));
        }
        Ok(Object(members))
    }
}

/// A text that is copied only where it has escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl From<serde_json::Error> for JsonError {
    /// Only the place is kept: what serde_json says of a text may quote it.
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Eof => Self::CutOff { line, column },
            _ => Self::NotJson { line, column },
        }
    }
}

/// The fact that several places hold, each with its name for the error: the first of them that says something, where all others
/// that do say the same in the eyes of `same`. A place that cannot be read makes the fact unreadable.
pub fn agreed<'n, 'a>(
    places: impl IntoIterator<Item = (&'n str, Found<Cow<'a, str>>)>,
    same: impl Fn(&str, &str) -> bool,
) -> Found<Cow<'a, str>> {
    let mut first: Option<(&str, Cow<'a, str>)> = None;
    for (name, found) in places {
        match (found, &first) {
            (Found::Unreadable(error), _) => return Found::Unreadable(error),
            (Found::Absent, _) => {}
            (Found::Given(text), None) => first = Some((name, text)),
            (Found::Given(text), Some((_, other))) if same(other, &text) => {}
            (Found::Given(_), Some((other, _))) => {
                return Found::Unreadable(JsonError::Disagree((*other).to_owned(), name.to_owned()));
            }
        }
    }
    first.map_or(Found::Absent, |(_, text)| Found::Given(text))
}

/// The text of a body.
///
/// # Errors
/// When it is not UTF-8.
pub fn text_of(body: &[u8]) -> Result<&str, JsonError> {
    std::str::from_utf8(body).map_err(|_| JsonError::NotUtf8)
}

/// The kind of a value by its first character; `None` where no value begins so.
fn kind(text: &str) -> Option<Kind> {
    Some(match text.trim_ascii_start().bytes().next()? {
        b'{' => Kind::Object,
        b'[' => Kind::List,
        b'"' => Kind::Text,
        b't' | b'f' => Kind::Boolean,
        b'n' => Kind::Null,
        b'-' | b'0'..=b'9' => Kind::Number,
        _ => return None,
    })
}

fn unfit<T>(name: &str, found: Kind, wanted: Kind) -> Found<T> {
    Found::Unreadable(JsonError::Member { name: name.to_owned(), found, wanted })
}

/// What a text in quotes says.
fn decoded(quoted: &str) -> Option<Cow<'_, str>> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    // Without an escape a text is what stands between its quotes. All bytes are looked at, which is done for many at a time.
    if inner.bytes().fold(false, |escaped, byte| escaped | (byte == b'\\')) {
        return serde_json::from_str(quoted).ok().map(|Text(text)| text);
    }
    Some(Cow::Borrowed(inner))
}

#[cfg(test)]
mod tests;
