//! Problems of a document, with their places. No value is ever repeated.

use std::fmt;

use idv_core::Error;
use serde_json::error::Category;

use crate::invalid_response;

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
        /// The kind that stands there.
        found: Kind,
        /// The kind that was expected.
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
        /// The kind that stands there.
        found: Kind,
        /// The kind that was expected.
        wanted: Kind,
    },
    /// A name is given twice, so it has no value.
    #[error("`{0}` is given twice")]
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
        invalid_response(format!("the vendor's answer cannot be read: {error}"))
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
