//! The signed-in user. Yours comes from your own sign-in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::app::App;
use crate::failure::Failure;

/// The key of the user in a session.
const KEY: &str = "user";

/// The name that may see all verifications.
const OPERATOR: &str = "operator";

/// A user who has signed in. Handlers that take one are not reached by anybody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) name: String,
}

impl User {
    /// The reference under which vendors know this user: an id that says nothing of the person, in yours.
    pub(crate) fn reference(&self) -> String {
        format!("user-{}", self.name)
    }

    pub(crate) fn is_operator(&self) -> bool {
        self.name == OPERATOR
    }

    /// The user of a browser, if one has signed in there.
    pub(crate) async fn of(session: &Session) -> Result<Option<Self>, Failure> {
        Ok(session.get(KEY).await?)
    }

    /// Signs in, under a new session id: one that was planted in the browser before is worth nothing.
    pub(crate) async fn enter(self, session: &Session) -> Result<(), Failure> {
        session.cycle_id().await?;
        session.insert(KEY, self).await?;
        Ok(())
    }
}

impl FromRequestParts<App> for User {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let session = Session::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let user = Self::of(&session).await.map_err(IntoResponse::into_response)?;
        user.ok_or_else(|| Redirect::to("/sign-in").into_response())
    }
}

/// A user who may see all verifications. For every other one these pages do not exist.
pub(crate) struct Operator(pub(crate) User);

impl FromRequestParts<App> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let user = User::from_request_parts(parts, app).await?;
        if user.is_operator() { Ok(Self(user)) } else { Err(Failure::NotFound.into_response()) }
    }
}
