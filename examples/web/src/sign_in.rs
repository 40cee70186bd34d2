//! A stand-in for the application's own sign-in: copy the rest without it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Router, routing::get, routing::post};
use tower_sessions::Session;

use crate::app::App;
use crate::doors::Credentials;
use crate::failure::Failure;
use crate::page::{Frame, Page};
use crate::signed_in;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/sign-in", get(show).post(enter)).route("/sign-out", post(leave))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    asks_password: bool,
    was_refused: bool,
}

async fn show(State(app): State<App>) -> Page<SignIn> {
    Page(SignIn { frame: None.into(), asks_password: app.doors.ask_password(), was_refused: false })
}

async fn enter(
    State(app): State<App>,
    session: Session,
    Form(form): Form<Credentials>,
) -> Result<Response, Failure> {
    let Some(user) = app.doors.admit(form) else {
        let page = SignIn { frame: None.into(), asks_password: app.doors.ask_password(), was_refused: true };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    let target = if user.is_operator() { "/operator" } else { "/" };
    signed_in::enter(&session, user).await?;
    Ok(Redirect::to(target).into_response())
}

async fn leave(session: Session) -> Result<Redirect, Failure> {
    session.flush().await?;
    Ok(Redirect::to("/sign-in"))
}
