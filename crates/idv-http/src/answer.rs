//! A successful answer: its decoded body and its headers.

use std::fmt;

use http::{HeaderMap, HeaderName};

/// A decoded answer and its headers. `Debug` shows neither: they hold links, tokens and whatever the vendor sent.
#[non_exhaustive]
pub struct Answer<T> {
    /// The decoded body.
    pub body: T,
    headers: HeaderMap,
}

impl<T> Answer<T> {
    pub(crate) fn new(body: T, headers: HeaderMap) -> Self {
        Self { body, headers }
    }

    /// Whether a header says `true`.
    #[must_use]
    pub fn says(&self, name: &HeaderName) -> bool {
        self.headers.get(name).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
    }
}

impl<T> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}
