//! The applicant is back. A return URL is a hint of the browser: it is never a decision.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use idv::{CheckRequest, ErrorKind, Redirect, RedirectClaim};
use idv_tracker::TrackerError;
use tower_sessions::Session;
use url::Url;

use crate::app::App;
use crate::failure::Failure;
use crate::owned::Owned;
use crate::page::{Frame, Page};
use crate::user::User;
use crate::{nonces, signed_in, verify};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/return", get(back))
}

#[derive(Template)]
#[template(path = "return.html")]
struct Back {
    frame: Frame,
    heading: &'static str,
    text: &'static str,
    /// The verification that it is about, where that is known.
    id: Option<i64>,
}

async fn back(State(app): State<App>, session: Session, uri: Uri) -> Result<Response, Failure> {
    let Some(user) = signed_in::user_of(&session).await? else { return Ok(elsewhere()) };
    let mut url = app.addresses.return_url.clone();
    url.set_query(uri.query());
    let known = match nonces::verification(&session, &url).await? {
        Some(id) => Owned::find(&app, user, id).await?,
        None if uri.query().is_some() => return Ok(unexpected(user)),
        // Some vendors have one return address for all applicants, without a nonce: it says no more than a visit of this user does.
        None => match verify::newest(&app, &user).await? {
            Some(verification) => Owned { user, verification },
            None => return Ok(unexpected(user)),
        },
    };
    match claim(&app, &known, &url).await {
        Ok(claim) => Ok(known_return(known, claim).into_response()),
        Err(TrackerError::Vendor(error)) if error.kind() == ErrorKind::RedirectRejected => {
            tracing::warn!(%error, "a return URL was not believed");
            Ok(unexpected(known.user))
        }
        Err(error) => Err(error.into()),
    }
}

/// The claim of the URL, where the vendor puts one into it. Either way the vendor is asked at once.
async fn claim(app: &App, owned: &Owned, url: &Url) -> Result<Option<RedirectClaim>, TrackerError> {
    let Some(session) = &owned.verification.session else { return Ok(None) };
    let provider = app.registry().provider(session.provider())?;
    if provider.profile().capabilities.redirect && url.query().is_some() {
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
            "It seems that you have submitted your documents. They are checked now: that is no decision yet.",
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
    Page(Back { id: Some(owned.verification.id.get()), frame: owned.user.into(), heading, text })
}

/// An address that we gave nobody here, or that was changed on its way: it tells nothing, and changes nothing.
fn unexpected(user: User) -> Response {
    let text = "We do not know this address, so it says nothing about your verification. The true state is among your verifications.";
    let page = Back { frame: user.into(), heading: "Nothing new", text, id: None };
    (StatusCode::BAD_REQUEST, Page(page)).into_response()
}

/// A browser in which no user has signed in: mostly the phone that scanned the code.
fn elsewhere() -> Response {
    let text = "Please go on where you began, such as on your computer: the page there knows what happens next. \
                You can close this one.";
    Page(Back { frame: None.into(), heading: "Go on where you began", text, id: None }).into_response()
}
