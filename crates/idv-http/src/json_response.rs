//! The answer of a call that worked.

use std::fmt;

use http::{HeaderMap, HeaderName};

/// A decoded answer and its headers. `Debug` shows neither: they hold links, tokens and whatever the vendor sent.
#[non_exhaustive]
pub struct JsonResponse<T> {
    /// The decoded body.
    pub body: T,
    headers: HeaderMap,
}

impl<T> JsonResponse<T> {
    pub(crate) fn new(body: T, headers: HeaderMap) -> Self {
        Self { body, headers }
    }

    /// Whether a header says `true`.
    #[must_use]
    pub fn header_is_true(&self, name: &HeaderName) -> bool {
        self.headers.get(name).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
    }
}

impl<T> fmt::Debug for JsonResponse<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonResponse").finish_non_exhaustive()
    }
}
