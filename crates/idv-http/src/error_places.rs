//! Places and meanings of errors that are known when an adapter is configured, and not when it is compiled.

use http::{HeaderName, StatusCode};
use idv_core::{ErrorKind, VendorWord};

use crate::json::Pointer;

/// Where a vendor says what went wrong, and what it means by it. It goes before the [`ErrorRules`](crate::ErrorRules) of the client.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ErrorPlaces {
    /// Where the code stands in the body. Where nothing stands there, the usual places are looked at.
    pub codes: Vec<Pointer>,
    /// Where a sentence stands in the body; then the usual places.
    pub messages: Vec<Pointer>,
    /// Where the id of the request stands in the body; then the usual places and headers.
    pub request_ids: Vec<Pointer>,
    /// Headers with a wait after 429, in seconds or as `Retry-After` has it.
    pub wait_headers: Vec<HeaderName>,
    /// The kinds of answers that mean something else than their status says. The first that fits counts.
    pub kinds: Vec<ErrorMeaning>,
    /// A sentence for people about an HTTP status, such as "the key may lack a permission, or the account may have no credits".
    pub hints: Vec<(u16, String)>,
}

/// The kind of an answer that means something else than its status says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorMeaning {
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code, whatever the case of its letters; `None` for every code.
    pub code: Option<String>,
    /// The kind.
    pub kind: ErrorKind,
}

impl ErrorMeaning {
    /// The kind of answers with a status, and with a code where one is named.
    #[must_use]
    pub const fn new(status: u16, code: Option<String>, kind: ErrorKind) -> Self {
        Self { status, code, kind }
    }
}

impl ErrorPlaces {
    pub(crate) fn kind(&self, status: StatusCode, code: Option<&VendorWord>) -> Option<ErrorKind> {
        let fits = |meaning: &&ErrorMeaning| {
            let same = |own: &String| code.is_some_and(|code| code.as_str().eq_ignore_ascii_case(own));
            meaning.status == status.as_u16() && meaning.code.as_ref().is_none_or(same)
        };
        self.kinds.iter().find(fits).map(|meaning| meaning.kind)
    }

    pub(crate) fn hint(&self, status: StatusCode) -> Option<&str> {
        self.hints.iter().find(|(own, _)| *own == status.as_u16()).map(|(_, hint)| hint.as_str())
    }
}
