//! The applicant is back. A return URL is a hint of the browser: it is never a decision.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use idv::{CheckRequest, ErrorKind, Redirect, RedirectClaim, ReturnState};
use idv_tracker::{TrackerError, VerificationId};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use url::Url;

use crate::app::App;
use crate::failure::Failure;
use crate::owned::Owned;
use crate::page::{Frame, Page};
use crate::user::User;

/// The key of the nonces in a session.
const KEY: &str = "returns";

/// How many returns of one browser are expected at a time; the oldest is forgotten.
const LIMIT: usize = 20;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/return", get(back))
}

/// A return that is expected in this browser: the nonce belongs to the user's own session, so nobody else's link counts here.
#[derive(Debug, Serialize, Deserialize)]
struct Expected {
    verification: VerificationId,
    nonce: ReturnState,
}

/// Expects a return, when a session was opened.
pub(crate) async fn expect(
    session: &Session,
    verification: VerificationId,
    nonce: ReturnState,
) -> Result<(), Failure> {
    let mut all: Vec<Expected> = session.get(KEY).await?.unwrap_or_default();
    if all.len() == LIMIT {
        all.remove(0);
    }
    all.push(Expected { verification, nonce });
    Ok(session.insert(KEY, all).await?)
}

#[derive(Template)]
#[template(path = "return.html")]
struct Back {
    frame: Frame,
    heading: &'static str,
    text: String,
    /// The verification that it is about, where that is known.
    id: Option<i64>,
}

async fn back(State(app): State<App>, session: Session, uri: Uri) -> Result<Response, Failure> {
    let Some(user) = User::of(&session).await? else { return Ok(elsewhere()) };
    let mut url = app.site.return_url.clone();
    url.set_query(uri.query());
    let expected: Vec<Expected> = session.get(KEY).await?.unwrap_or_default();
    // Newest first: the applicant comes back from the latest session.
    let Some(known) = expected.iter().rev().find(|known| known.nonce.verify(&url).is_ok()) else {
        return Ok(unexpected(user));
    };
    let owned = Owned::find(&app, user, known.verification).await?;
    match claim(&app, &owned, &url).await {
        Ok(claim) => Ok(known_return(owned, claim).into_response()),
        Err(TrackerError::Vendor(error)) if error.kind() == ErrorKind::RedirectRejected => {
            tracing::warn!(%error, "a return URL was not believed");
            Ok(unexpected(owned.user))
        }
        Err(error) => Err(error.into()),
    }
}

/// The claim of the URL, where the vendor puts one into it. Either way the vendor is asked at once.
async fn claim(app: &App, owned: &Owned, url: &Url) -> Result<Option<RedirectClaim>, TrackerError> {
    let Some(session) = &owned.verification.session else { return Ok(None) };
    let provider = app.registry().provider(session.provider())?;
    if provider.profile().capabilities.redirect {
        // Compared with the session that this user is known to have, and kept as a hint.
        return Ok(Some(app.tracker.redirect(&Redirect::new(session, url.as_str())).await?.claim));
    }
    let known = app.accounts.at_vendor(&owned.verification.reference, session.provider());
    if let Err(error) = app.tracker.check(&known.check(CheckRequest::new(session.clone()))).await {
        tracing::warn!(%error, "the vendor could not be asked after a return; it is polled later");
    }
    Ok(None)
}

fn known_return(owned: Owned, claim: Option<RedirectClaim>) -> Page<Back> {
    let (heading, text) = match claim {
        Some(RedirectClaim::Submitted) => (
            "Thank you",
            "You have submitted your documents, as it seems. Now they are checked: that is no decision yet.",
        ),
        Some(RedirectClaim::Abandoned | RedirectClaim::Cancelled) => {
            ("You left before the end", "You can go on where you stopped, as long as the link is valid.")
        }
        Some(RedirectClaim::Expired) => ("The time ran out", "The link has expired before you finished."),
        Some(RedirectClaim::Failed) => {
            ("Something went wrong", "The verification was not finished. Nothing was decided about you.")
        }
        _ => ("You are back", "The address that brought you back does not say how it went. We are asking."),
    };
    let id = Some(owned.verification.id.get());
    Page(Back { frame: owned.user.into(), heading, text: text.to_owned(), id })
}

/// An address that we gave nobody here, or that was changed on its way: it tells nothing, and changes nothing.
fn unexpected(user: User) -> Response {
    let text = "We do not know this address, so it says nothing about your verification. Its true state is among your verifications.";
    let page = Back { frame: user.into(), heading: "Nothing new", text: text.to_owned(), id: None };
    (StatusCode::BAD_REQUEST, Page(page)).into_response()
}

/// A browser in which no user has signed in: mostly the phone that scanned the code.
fn elsewhere() -> Response {
    let text = "Please go on where you began, such as on your computer: the page there knows what happens next. You can close this one.";
    Page(Back { frame: None.into(), heading: "Go on where you began", text: text.to_owned(), id: None })
        .into_response()
}
