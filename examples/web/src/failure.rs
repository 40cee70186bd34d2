//! Answers to requests that cannot be fulfilled, in words for the user. The log has the details.

use std::time::Duration;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use idv::ErrorKind;
use idv_tracker::{StoreError, TrackerError};

use crate::page::{Frame, Page};
use crate::wording;

/// Why a request is not fulfilled.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such page, or it is somebody else's: both read alike.
    NotFound,
    /// The user has started too often.
    TooManyStarts(Duration),
    /// The vendor, or the store.
    Tracker(TrackerError),
    /// The store of browser sessions.
    Session(tower_sessions::session::Error),
    /// No vendor takes a session at present.
    NoVendor,
}

impl From<TrackerError> for Failure {
    fn from(error: TrackerError) -> Self {
        Self::Tracker(error)
    }
}

impl From<idv::Error> for Failure {
    fn from(error: idv::Error) -> Self {
        Self::Tracker(error.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Tracker(error.into())
    }
}

impl From<tower_sessions::session::Error> for Failure {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Session(error)
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    frame: Frame,
    heading: &'static str,
    text: String,
}

impl Failure {
    fn words(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "Not found", "There is no such page.".to_owned()),
            Self::TooManyStarts(wait) => {
                let text =
                    format!("You have started several times. Please wait {}.", wording::duration(*wait));
                (StatusCode::TOO_MANY_REQUESTS, "Please wait", text)
            }
            Self::NoVendor => of_vendor(ErrorKind::Unavailable, None),
            Self::Session(_) => of_vendor(ErrorKind::Unavailable, None),
            Self::Tracker(TrackerError::Vendor(error)) => of_vendor(error.kind(), error.retry_after()),
            Self::Tracker(TrackerError::NotFound(_) | TrackerError::UnknownSession(_)) => {
                Self::NotFound.words()
            }
            Self::Tracker(TrackerError::Uncertain { .. }) => {
                let text = "We sent your request, and the answer was lost. We are finding out what became of it, so there is \
                            nothing that you have to do twice. Please look at your verifications later.";
                (StatusCode::SERVICE_UNAVAILABLE, "We are finding out", text.to_owned())
            }
            Self::Tracker(TrackerError::StartUnderWay(_)) => {
                let text = "Your verification is being started already. Please look at your verifications in a moment.";
                (StatusCode::CONFLICT, "Already starting", text.to_owned())
            }
            Self::Tracker(_) => of_vendor(ErrorKind::Unavailable, None),
        }
    }
}

/// An error is never a verdict, and says so.
fn of_vendor(kind: ErrorKind, wait: Option<Duration>) -> (StatusCode, &'static str, String) {
    let wait = wait.map_or_else(|| "later".to_owned(), |wait| format!("in {}", wording::duration(wait)));
    let text = format!("Nothing was decided about you. Please try again {wait}.");
    match kind {
        ErrorKind::RateLimited | ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Connection => {
            (StatusCode::SERVICE_UNAVAILABLE, "We cannot verify you right now", text)
        }
        _ => (StatusCode::BAD_GATEWAY, "Something is wrong on our side", text),
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match &self {
            // Display of these errors holds no link, no token and no personal data.
            Self::Tracker(error) => tracing::warn!(%error, "a request failed"),
            Self::Session(error) => tracing::error!(%error, "the store of browser sessions failed"),
            _ => {}
        }
        let (status, heading, text) = self.words();
        let mut response = (status, Page(Message { frame: None.into(), heading, text })).into_response();
        if let Self::TooManyStarts(wait) = self
            && let Ok(seconds) = HeaderValue::from_str(&(wait.as_secs() + 1).to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
