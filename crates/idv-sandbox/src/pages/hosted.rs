//! The page behind a link that a vendor hands out. It needs no script: every button is a form.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{Form, Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::get;
use serde::Deserialize;

use crate::act::{Act, ActName, Acted};
use crate::error::Error;
use crate::pages::assets;
use crate::pages::closed::Closed;
use crate::pages::html::{Message, page};
use crate::profile::PageTexts;
use crate::reason::Reason;
use crate::runtime::Runtime;
use crate::verification::{SimulatedVerification, Subject};

/// The pages of one vendor.
pub(crate) fn router(runtime: Arc<Runtime>) -> Router {
    Router::new()
        .route("/l/{link}", get(show).post(act))
        .route("/done", get(done))
        .merge(assets::router())
        .with_state(runtime)
}

type Host = State<Arc<Runtime>>;

#[derive(Template)]
#[template(path = "hosted.html")]
struct Hosted {
    texts: &'static PageTexts,
    subject: &'static str,
    leaving: &'static str,
    verification: SimulatedVerification,
}

async fn show(State(host): Host, link: Result<Path<String>, PathRejection>) -> Response<Body> {
    let Ok(Path(link)) = link else { return Closed::Unknown.answer() };
    let verification = match host.page(&link) {
        Ok(verification) => verification,
        Err(closed) => return closed.answer(),
    };
    if !verification.acts.contains(&ActName::Submit) {
        return nothing_to_do();
    }
    // The page was there a moment ago; whoever ended it meanwhile is told by the next click.
    let _ = host.act_on_page(&link, &Act::Open);
    let texts = &host.front.profile.pages;
    let (subject, leaving) = (subject(verification.subject), (texts.leaving)(verification.subject));
    let hosted = Hosted { texts, subject, leaving, verification };
    page(StatusCode::OK, &hosted)
}

/// The fields of the forms.
#[derive(Debug, Deserialize)]
struct Choice {
    act: String,
    reason: Option<String>,
}

impl Choice {
    fn act(self) -> Option<Act> {
        match (self.act.as_str(), self.reason.map(Reason::new)) {
            ("submit", _) => Some(Act::Submit),
            ("leave", _) => Some(Act::Leave),
            ("fail", Some(Ok(reason))) => Some(Act::Fail { reason }),
            _ => None,
        }
    }
}

async fn act(
    State(host): Host,
    link: Result<Path<String>, PathRejection>,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response<Body> {
    let Ok(Path(link)) = link else { return Closed::Unknown.answer() };
    if let Err(closed) = host.page(&link) {
        return closed.answer();
    }
    let Some(act) = choice.ok().and_then(|Form(choice)| choice.act()) else {
        return Message::new("That is not a choice", "Go back and use one of the buttons.")
            .answer(StatusCode::BAD_REQUEST);
    };
    match host.act_on_page(&link, &act) {
        Ok(Acted { redirect_url, .. }) => see_other(redirect_url.as_deref().unwrap_or("/done")),
        Err(Error::NotPossible { .. }) => nothing_to_do(),
        // Somebody else was faster between the look and the act.
        Err(_) => Closed::UsedUp.answer(),
    }
}

fn see_other(target: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_str(target).unwrap_or(HeaderValue::from_static("/done"));
    response.headers_mut().insert(LOCATION, location);
    response
}

async fn done() -> Response<Body> {
    Message::new("Done", "You can close this window. The application learns the rest by itself.")
        .answer(StatusCode::OK)
}

fn nothing_to_do() -> Response<Body> {
    Message::new("Nothing to do", "Nothing is asked of you now.").answer(StatusCode::OK)
}

fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Organization => "Organization",
        Subject::User => "User",
        Subject::Onboarding => "Registration of",
        Subject::Session => "Session",
    }
}
