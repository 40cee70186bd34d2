//! A vendor's JSON, read where it lies: only the members that are asked for are decoded, and no other member can spoil them.
//!
//! The whole text must be JSON in UTF-8; a byte-order mark before it is passed over. Everything that is wrong is a
//! [`JsonError`], which says where and never repeats a value. One rule holds for every document: a name that is given twice
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

mod error;
mod facts;
mod found;
mod object;
mod pointer;
mod value;

pub use error::{JsonError, Kind};
pub use facts::{Facts, Path, Places};
pub use found::{Found, agreed};
pub use object::Object;
pub use pointer::{Node, Pointer};
pub use value::Value;

/// The text of a body.
///
/// # Errors
/// When it is not UTF-8.
pub fn text_of(body: &[u8]) -> Result<&str, JsonError> {
    std::str::from_utf8(body).map_err(|_| JsonError::NotUtf8)
}

#[cfg(test)]
mod tests;
