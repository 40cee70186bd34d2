//! Handing the applicant over to the vendor: a link, a new window, a phone, or a component in a page of ours.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use idv::VerificationSession;
use qrcode::QrCode;
use qrcode::render::svg;

use crate::app::App;
use crate::failure::Failure;
use crate::owned::Owned;
use crate::page::{Frame, Page};
use crate::{embedded, refresh, wording};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/verifications/{id}/hand-off", get(show))
        .route("/verifications/{id}/link", post(fresh_link))
}

#[derive(Template)]
#[template(path = "handoff.html")]
struct HandOff<'a> {
    frame: Frame,
    id: i64,
    vendor: String,
    /// The link, in this page and nowhere else.
    url: Option<&'a str>,
    qr: Option<String>,
    embeds: bool,
    single_use: bool,
    expires_in: Option<String>,
    refreshes: bool,
    simulated: bool,
}

async fn show(State(app): State<App>, owned: Owned) -> Result<Response, Failure> {
    let id = owned.verification.id;
    if !app.is_open(&owned.verification) {
        return Ok(Redirect::to(&format!("/verifications/{id}")).into_response());
    }
    let provider = app.registry().provider(owned.session()?.provider())?;
    let (profile, now) = (provider.profile(), app.clock.now());
    let session = app.link(&owned.verification);
    let url = session.as_ref().and_then(VerificationSession::url).map(|url| url.expose());
    let expiry = session.as_ref().and_then(|session| session.expires_at);
    let page = HandOff {
        frame: owned.user.into(),
        id: id.get(),
        vendor: profile.vendor.to_string(),
        url,
        qr: url.and_then(qr),
        embeds: session.as_ref().is_some_and(|session| embedded::can_embed(profile, session)),
        single_use: session.as_ref().is_some_and(|session| session.single_use),
        expires_in: expiry.map(|expiry| wording::duration(expiry.at.saturating_since(now))),
        refreshes: profile.capabilities.refresh,
        simulated: app.addresses.simulation.is_some(),
    };
    Ok(Page(page).into_response())
}

/// A picture of the link, drawn here: no service of others learns it.
fn qr(url: &str) -> Option<String> {
    let code = QrCode::new(url).ok()?;
    let picture = code.render::<svg::Color>().min_dimensions(240, 240).build();
    // Inside of a page there is no XML declaration.
    picture.find("<svg").map(|start| picture[start..].to_owned())
}

/// A fresh link for the same verification: after a resubmission was asked for, or where the old link is used up or lost.
async fn fresh_link(State(app): State<App>, owned: Owned) -> Result<Redirect, Failure> {
    refresh::refresh(&app, &owned).await?;
    Ok(Redirect::to(&format!("/verifications/{}/hand-off", owned.verification.id)))
}
