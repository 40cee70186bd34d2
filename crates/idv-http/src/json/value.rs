//! A value that is decoded when it is asked for.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

use super::{Found, JsonError, Kind};

/// A value, not yet decoded. What is inside an object or a list is looked at when it is asked for.
#[derive(Clone, Copy)]
pub struct Value<'a>(Written<'a>);

#[derive(Clone, Copy)]
enum Written<'a> {
    /// Any value, as it is written.
    Json(&'a str),
    /// A text without escapes, without its quotes.
    Plain(&'a str),
}

impl<'a> Value<'a> {
    /// A whole text. A byte-order mark before it is passed over.
    ///
    /// # Errors
    /// When no value begins there. That an object or a list is whole is known once it is read.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match kind(text) {
            Some(Kind::Object | Kind::List) => Ok(Self(Written::Json(text))),
            None if text.trim_ascii().is_empty() => Err(JsonError::Empty),
            _ => Ok(Self(Written::Json(serde_json::from_str::<&RawValue>(text)?.get()))),
        }
    }

    /// A text without escapes, or `null`.
    pub(super) fn plain(text: Option<&'a str>) -> Self {
        Self(text.map_or(Written::Json("null"), Written::Plain))
    }

    /// The text as it is written there; of a text without escapes perhaps without its quotes.
    pub(super) fn written(self) -> &'a str {
        let (Written::Json(text) | Written::Plain(text)) = self.0;
        text
    }

    /// Whether the value is a text that says nothing, `null`, `false`, or an object or list with nothing in it.
    pub(super) fn says_nothing(self) -> bool {
        match self.0 {
            Written::Json(text) => matches!(text, "null" | "false" | "\"\"" | "[]" | "{}"),
            Written::Plain(text) => text.is_empty(),
        }
    }

    /// The kind of the value.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.0 {
            Written::Json(text) => kind(text).unwrap_or(Kind::Number),
            Written::Plain(_) => Kind::Text,
        }
    }

    /// Whether the value is `""`.
    #[must_use]
    pub fn is_empty_text(self) -> bool {
        matches!(self.0, Written::Json("\"\"") | Written::Plain(""))
    }

    /// The elements of a list. `name` is for the error.
    pub fn list(self, name: &str) -> Found<Vec<Value<'a>>> {
        match self.kind() {
            Kind::Null => Found::Absent,
            Kind::List => match serde_json::from_str(self.written()) {
                Ok(list) => Found::Given(list),
                Err(error) => Found::unreadable(error),
            },
            found => Found::unfit(name, found, Kind::List),
        }
    }

    /// The text, copied only where it has escapes. `name` is for the error.
    pub fn text(self, name: &str) -> Found<Cow<'a, str>> {
        if let Written::Plain(text) = self.0 {
            return Found::Given(Cow::Borrowed(text));
        }
        match self.kind() {
            Kind::Null => Found::Absent,
            Kind::Text => match decoded(self.written()) {
                Some(text) => Found::Given(text),
                None => Found::unreadable(JsonError::HalfCharacter(name.to_owned())),
            },
            found => Found::unfit(name, found, Kind::Text),
        }
    }

    /// The text, with U+FFFD for each half of a character: for what people read, and for nothing that is compared.
    #[must_use]
    pub fn lossy_text(self) -> Option<Cow<'a, str>> {
        if let Found::Given(text) = self.text("") {
            return Some(text);
        }
        // Only as bytes does serde_json decode half a character.
        let ByteBuf(bytes) = serde_json::from_str(self.written()).ok()?;
        (self.kind() == Kind::Text).then(|| Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The number. One that is too large is infinite.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        if self.kind() == Kind::Number { self.written().parse().ok() } else { None }
    }

    /// The text; of a number or a boolean, what is written there. `name` is for the error.
    pub fn word(self, name: &str) -> Found<Cow<'a, str>> {
        match self.kind() {
            Kind::Number | Kind::Boolean => Found::Given(Cow::Borrowed(self.written())),
            _ => self.text(name),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(Written::Json(raw.get())))
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.kind()).finish()
    }
}

/// The kind of a value by its first character; `None` where no value begins so.
pub(super) fn kind(text: &str) -> Option<Kind> {
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

/// The text that a quoted text stands for, with its escapes decoded.
pub(super) fn decoded(quoted: &str) -> Option<Cow<'_, str>> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    // Without an escape a text is what stands between its quotes. All bytes are looked at, which is done for many at a time.
    if inner.bytes().fold(false, |escaped, byte| escaped | (byte == b'\\')) {
        return serde_json::from_str(quoted).ok().map(|Text(text)| text);
    }
    Some(Cow::Borrowed(inner))
}

/// A text that is copied only where it has escapes.
#[derive(serde::Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The text of a document that is an object; of nothing else.
pub(super) fn object_text(text: &str) -> Result<&str, JsonError> {
    let value = Value::parse(text)?;
    match value.kind() {
        Kind::Object => Ok(value.written()),
        found => {
            // Only what is JSON is said to be of another kind.
            serde_json::from_str::<&RawValue>(value.written())?;
            Err(JsonError::Kind { found, wanted: Kind::Object })
        }
    }
}

/// The bytes of a text.
struct ByteBuf(Vec<u8>);

impl<'de> Deserialize<'de> for ByteBuf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = ByteBuf;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<ByteBuf, E> {
                Ok(ByteBuf(bytes.to_vec()))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}
