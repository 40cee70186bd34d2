//! The vendor's component in a page of ours, and the handler that gives it a fresh token.

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use idv::VerificationSession;
use idv::profile::ProviderProfile;
use serde::Serialize;

use crate::app::App;
use crate::failure::Failure;
use crate::owned::Owned;
use crate::page::{Frame, Page};
use crate::{refresh, security};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/verifications/{id}/embedded", get(show))
        .route("/verifications/{id}/token", post(token))
        .route("/verifications/{id}/token/fresh", post(fresh_token))
}

/// Whether there is a token, and this application has the page for the vendor's component. Other components need other pages.
pub(crate) fn can_embed(profile: &ProviderProfile, session: &VerificationSession) -> bool {
    profile.kind.as_str() == "nxos" && session.access_token().is_some()
}

#[derive(Template)]
#[template(path = "embedded.html")]
struct Embedded {
    frame: Frame,
    id: i64,
    vendor: String,
    websdk: String,
}

async fn show(State(app): State<App>, owned: Owned) -> Result<Response, Failure> {
    let id = owned.verification.id;
    let provider = app.registry().provider(owned.session()?.provider())?;
    let session = app.link(&owned.verification);
    let embeds = session.is_some_and(|session| can_embed(provider.profile(), &session));
    if !app.is_open(&owned.verification) || !embeds {
        return Ok(Redirect::to(&format!("/verifications/{id}/hand-off")).into_response());
    }
    let page = Embedded {
        frame: owned.user.into(),
        id: id.get(),
        vendor: provider.profile().vendor.to_string(),
        websdk: app.addresses.websdk.to_string(),
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, security::policy_with(&app.addresses.websdk)),
        (HeaderName::from_static("permissions-policy"), security::camera_for(&app.addresses.websdk)),
    ];
    Ok((headers, Page(page)).into_response())
}

/// A token for the component's script. It stands in no page, so neither the page's source nor its history has it.
#[derive(Serialize)]
struct Token {
    token: String,
}

/// The token of the start.
async fn token(State(app): State<App>, owned: Owned) -> Result<Json<Token>, Failure> {
    let session = app.link(&owned.verification);
    match session.as_ref().and_then(told) {
        Some(token) => Ok(Json(token)),
        None => fresh(&app, &owned).await,
    }
}

/// The refresh handler: the component asks when its token has run out, and goes on where it was.
async fn fresh_token(State(app): State<App>, owned: Owned) -> Result<Json<Token>, Failure> {
    fresh(&app, &owned).await
}

async fn fresh(app: &App, owned: &Owned) -> Result<Json<Token>, Failure> {
    let session = refresh::refresh(app, owned).await?;
    told(&session).map(Json).ok_or(Failure::NotFound)
}

fn told(session: &VerificationSession) -> Option<Token> {
    session.access_token().map(|token| Token { token: token.expose().to_owned() })
}
