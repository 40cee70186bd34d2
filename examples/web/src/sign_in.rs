//! A stand-in for the application's own sign-in: copy the rest without it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Router, routing::get, routing::post};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use tower_sessions::Session;

use crate::app::App;
use crate::failure::Failure;
use crate::page::{Frame, Page};
use crate::user::User;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/sign-in", get(show).post(enter)).route("/sign-out", post(leave))
}

/// Who may sign in: those with a password, or everybody where the vendors are simulated.
#[derive(Debug)]
pub(crate) struct Doors(Option<BTreeMap<String, SecretString>>);

impl Doors {
    pub(crate) fn new(accounts: Option<BTreeMap<String, SecretString>>) -> Self {
        Self(accounts)
    }

    fn admit(&self, form: Credentials) -> Option<User> {
        let is_name = |text: &str| {
            (1..=40).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte))
        };
        let is_known = match &self.0 {
            None => true,
            Some(accounts) => accounts.get(&form.name).is_some_and(|password| {
                password.expose_secret().as_bytes().ct_eq(form.password.expose_secret().as_bytes()).into()
            }),
        };
        (is_known && is_name(&form.name)).then_some(User { name: form.name })
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    asks_password: bool,
    was_refused: bool,
}

#[derive(Deserialize)]
struct Credentials {
    name: String,
    #[serde(default)]
    password: SecretString,
}

async fn show(State(app): State<App>) -> Page<SignIn> {
    Page(SignIn { frame: None.into(), asks_password: app.doors.0.is_some(), was_refused: false })
}

async fn enter(
    State(app): State<App>,
    session: Session,
    Form(form): Form<Credentials>,
) -> Result<Response, Failure> {
    let Some(user) = app.doors.admit(form) else {
        let page = SignIn { frame: None.into(), asks_password: app.doors.0.is_some(), was_refused: true };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    let target = if user.is_operator() { "/operator" } else { "/" };
    user.enter(&session).await?;
    Ok(Redirect::to(target).into_response())
}

async fn leave(session: Session) -> Result<Redirect, Failure> {
    session.flush().await?;
    Ok(Redirect::to("/sign-in"))
}
