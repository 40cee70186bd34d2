//! The content of a document at a place, and of several places together.

use std::borrow::Cow;

use super::{JsonError, Kind};

/// The content of a document at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a fourth finding would change what every adapter makes of a document"
)]
pub enum Found<T> {
    /// Nothing, or `null`.
    Absent,
    /// A value.
    Given(T),
    /// Something that cannot be read as what was asked for.
    Unreadable(Box<JsonError>),
}

impl<T> Found<T> {
    /// Something that cannot be read.
    pub fn unreadable(error: impl Into<JsonError>) -> Self {
        Self::Unreadable(Box::new(error.into()))
    }

    /// Something of another kind.
    #[must_use]
    pub fn unfit(name: &str, found: Kind, wanted: Kind) -> Self {
        Self::unreadable(JsonError::Member { name: name.to_owned(), found, wanted })
    }

    /// Whether the name is given twice, so that it is unclear which value was meant.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        matches!(self, Self::Unreadable(error) if matches!(**error, JsonError::Twice(_)))
    }

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
            Self::Unreadable(error) => Err(*error),
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
                return Found::unreadable(JsonError::Disagree((*other).to_owned(), name.to_owned()));
            }
        }
    }
    first.map_or(Found::Absent, |(_, text)| Found::Given(text))
}
