//! Starting a verification.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use idv::routing::RouteRequest;
use idv::{NextAction, ProviderId, ReturnState, SessionRef, StartRequest};
use idv_tracker::{Opening, Tracked, TrackedStart, TrackerError, VerificationId};
use serde::Deserialize;
use std::sync::Arc;
use tower_sessions::Session;

use crate::app::App;
use crate::failure::Failure;
use crate::inputs::{Field, Values, explain, fields, request};
use crate::page::{Frame, Page};
use crate::signed_in::SignedIn;
use crate::user::User;
use crate::{nonces, wording};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/verify", get(show).post(start))
}

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    frame: Frame,
    vendor: String,
    provider: ProviderId,
    fields: Vec<Field>,
    documents: Vec<String>,
    times: Vec<String>,
    /// The questions are other ones than those that were answered.
    changed: bool,
    /// Another session in place of one whose link is lost.
    anew: bool,
}

/// Where the next session of a user goes, and what the user is asked for it.
struct Plan {
    provider: Arc<dyn idv::VerificationProvider>,
    /// The vendor sends the applicant to this provider, whatever the configuration says.
    via: Option<ProviderId>,
    fields: Vec<Field>,
}

impl Plan {
    fn of(app: &App, user: &User, before: Option<&Tracked>, values: &Values) -> Result<Self, Failure> {
        let via = before.and_then(|before| match &before.state.as_ref()?.next_action {
            NextAction::RetryWithNewSession { via, .. } => via.clone(),
            _ => None,
        });
        let chosen = via.clone().or_else(|| app.registry().router().decide(&route(user)).provider);
        let provider = app.registry().provider(&chosen.ok_or(Failure::NoVendor)?)?;
        let known = app.accounts.at_vendor(&user.reference(), provider.id());
        let fields = fields(provider.profile(), &known, values);
        Ok(Self { provider, via, fields })
    }

    fn start(&self, app: &App, user: &User, values: &Values) -> StartRequest {
        let known = app.accounts.at_vendor(&user.reference(), self.provider.id());
        known.start(request(user.reference(), &self.fields, values))
    }

    fn page(self, user: User, anew: bool, changed: bool) -> Page<Verify> {
        let profile = self.provider.profile();
        Page(Verify {
            frame: user.into(),
            vendor: profile.vendor.to_string(),
            provider: self.provider.id().clone(),
            documents: profile.documents.iter().map(|note| note.text.to_string()).collect(),
            times: profile.decision_times.iter().map(|note| note.text.to_string()).collect(),
            fields: self.fields,
            changed,
            anew,
        })
    }
}

/// The questions and the start are routed alike, so the vendor that asks is the one that is started.
fn route(user: &User) -> RouteRequest {
    RouteRequest::new(user.reference())
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    anew: bool,
}

async fn show(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Query(wish): Query<Wish>,
) -> Result<Response, Failure> {
    let before = newest(&app, &user).await?;
    let anew = wish.anew && before.as_ref().is_some_and(|before| is_stranded(&app, before));
    if let Some(open) = before.as_ref().filter(|before| app.is_open(before) && !anew) {
        return Ok(Redirect::to(&format!("/verifications/{}", open.id)).into_response());
    }
    let plan = Plan::of(&app, &user, before.as_ref(), &Values::new())?;
    Ok(plan.page(user, anew, false).into_response())
}

/// A POST, so no link, prefetch or reload starts anything; the rest of the protection is that of the router.
async fn start(
    State(app): State<App>,
    session: Session,
    SignedIn(user): SignedIn,
    Form(values): Form<Values>,
) -> Result<Response, Failure> {
    app.start_limit.take(&user.name).map_err(Failure::TooManyStarts)?;
    let before = newest(&app, &user).await?;
    if let Some(wait) = before.as_ref().and_then(|before| wording::cooldown(before, app.clock.now())) {
        return Err(Failure::TooManyStarts(wait));
    }
    let anew = values.contains_key("anew") && before.as_ref().is_some_and(|before| is_stranded(&app, before));
    // One open session for each applicant: a form that was sent before leads to the session that it opened.
    if let Some(open) = before.as_ref().filter(|before| app.is_open(before) && !anew) {
        return Ok(hand_off(open.id));
    }
    let mut plan = Plan::of(&app, &user, before.as_ref(), &values)?;
    // The operator may have chosen another vendor since the form was shown: it has questions of its own.
    if values.get("provider").is_some_and(|asked| asked != plan.provider.id().as_str()) {
        return Ok((StatusCode::CONFLICT, plan.page(user, anew, true)).into_response());
    }
    let state = ReturnState::generate();
    let request = plan.start(&app, &user, &values).redirect_url(state.bind(&app.addresses.return_url));
    let mut tracked = TrackedStart::new(request).route(route(&user));
    tracked.provider.clone_from(&plan.via);
    if let Some(stranded) = before.filter(|_| anew) {
        tracked.purpose = format!("in place of {}", stranded.id);
    }
    // The same at the same moment: a double click, a second tab and another process share one start.
    match app.tracker.start(tracked).await {
        Ok(started) => {
            let id = started.verification.id;
            if started.opening == Opening::Opened {
                nonces::expect(&session, id, state).await?;
            }
            if let Some(opened) = started.session {
                app.links.keep(id, opened, app.clock.now());
            }
            Ok(hand_off(id))
        }
        Err(TrackerError::Vendor(error)) if explain(&mut plan.fields, &error) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, plan.page(user, anew, false)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn hand_off(id: VerificationId) -> Response {
    Redirect::to(&format!("/verifications/{id}/hand-off")).into_response()
}

/// Whether it is open, and its applicant has no way to the vendor: the link is gone, such as after a restart, and there is no second one.
fn is_stranded(app: &App, verification: &Tracked) -> bool {
    let refreshes = |session: &SessionRef| {
        let provider = app.registry().provider(session.provider());
        provider.is_ok_and(|provider| provider.profile().capabilities.refresh)
    };
    app.is_open(verification)
        && app.link(verification).is_none()
        && !verification.session.as_ref().is_some_and(refreshes)
}

/// The newest verification of a user.
pub(crate) async fn newest(app: &App, user: &User) -> Result<Option<Tracked>, Failure> {
    Ok(app.tracker.by_reference(&user.reference()).await?.into_iter().next())
}
