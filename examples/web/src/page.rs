//! Pages.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::user::User;

/// A template as an answer.
pub(crate) struct Page<T>(pub(crate) T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(text) => Html(text).into_response(),
            Err(error) => {
                tracing::error!(%error, "a page cannot be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// The head of each page.
pub(crate) struct Frame {
    pub(crate) user: Option<User>,
}

impl From<Option<User>> for Frame {
    fn from(user: Option<User>) -> Self {
        Self { user }
    }
}

impl From<User> for Frame {
    fn from(user: User) -> Self {
        Self { user: Some(user) }
    }
}
