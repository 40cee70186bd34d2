//! Links that lead to no open page.

use axum::body::Body;
use axum::http::{Response, StatusCode};

use crate::error::Error;
use crate::pages::html::Message;

/// The reason why a link is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// The link was never given out, or was evicted.
    Unknown,
    /// The applicant has finished, or the vendor has decided.
    UsedUp,
    /// The link has expired.
    Expired,
}

impl Closed {
    /// The same as an error of the Rust API.
    pub(crate) fn error(self, link: &str) -> Error {
        match self {
            Self::Unknown => Error::Unknown { what: "link", id: link.to_owned() },
            Self::UsedUp | Self::Expired => Error::NoOpenSession { id: link.to_owned() },
        }
    }

    pub(crate) fn answer(self) -> Response<Body> {
        let (status, heading, text) = match self {
            Self::Unknown => (StatusCode::NOT_FOUND, "No such link", "Nothing is hosted under this link."),
            Self::UsedUp => (
                StatusCode::GONE,
                "The link is closed",
                "This link was used up. Ask the application for a new one if you have to go on.",
            ),
            Self::Expired => (
                StatusCode::GONE,
                "The link is closed",
                "This link has expired. Ask the application for a new one.",
            ),
        };
        Message::new(heading, text).answer(status)
    }
}
