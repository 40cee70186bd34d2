//! The signed-in user of a browser. Yours comes from your own sign-in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

use crate::app::App;
use crate::failure::Failure;
use crate::user::User;

/// The key of the user in a session.
const KEY: &str = "user";

/// The user of a browser, if one has signed in there.
pub(crate) async fn user_of(session: &Session) -> Result<Option<User>, Failure> {
    Ok(session.get(KEY).await?)
}

/// Signs in, under a new session id: one that was planted in the browser before is worth nothing.
pub(crate) async fn enter(session: &Session, user: User) -> Result<(), Failure> {
    session.cycle_id().await?;
    Ok(session.insert(KEY, user).await?)
}

/// A user who has signed in. Requests without one are led to the sign-in, and reach no handler that takes one.
pub(crate) struct SignedIn(pub(crate) User);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let session = Session::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let user = user_of(&session).await.map_err(IntoResponse::into_response)?;
        user.map(Self).ok_or_else(|| Redirect::to("/sign-in").into_response())
    }
}

/// A user who may see all verifications. For every other one these pages do not exist.
pub(crate) struct Operator(pub(crate) User);

impl FromRequestParts<App> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SignedIn(user) = SignedIn::from_request_parts(parts, app).await?;
        if user.is_operator() { Ok(Self(user)) } else { Err(Failure::NotFound.into_response()) }
    }
}
