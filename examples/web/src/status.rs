//! The state of a verification, for the applicant.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use idv_tracker::Tracked;

use crate::app::App;
use crate::failure::Failure;
use crate::owned::Owned;
use crate::page::{Frame, Page};
use crate::signed_in::SignedIn;
use crate::wording::{self, Step, View};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(overview)).route("/verifications/{id}", get(show))
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
    verifications: Vec<Line>,
    can_start: bool,
}

/// A verification in the list.
struct Line {
    id: i64,
    heading: &'static str,
    begun: String,
}

async fn overview(State(app): State<App>, SignedIn(user): SignedIn) -> Result<Page<Overview>, Failure> {
    let all = app.tracker.by_reference(&user.reference()).await?;
    let can_start = !all.first().is_some_and(|newest| app.is_open(newest));
    let known = all.into_iter().filter(|one| one.session.is_some());
    let verifications = known.map(|one| Line {
        id: one.id.get(),
        heading: wording::heading(one.state.as_ref().map(|state| state.status)),
        begun: wording::moment(one.created_at),
    });
    Ok(Page(Overview { verifications: verifications.collect(), frame: user.into(), can_start }))
}

#[derive(Template)]
#[template(path = "status.html")]
struct Status {
    frame: Frame,
    view: View,
}

async fn show(State(app): State<App>, owned: Owned) -> Result<Page<Status>, Failure> {
    let view = view(&app, &owned.verification)?;
    Ok(Page(Status { frame: owned.user.into(), view }))
}

/// The state as the applicant sees it.
pub(crate) fn view(app: &App, verification: &Tracked) -> Result<View, Failure> {
    let session = verification.session.as_ref().ok_or(Failure::NotFound)?;
    let provider = app.registry().provider(session.provider())?;
    let now = app.clock.now();
    let has_link = app.link(verification).is_some();
    Ok(View::new(verification, provider.profile(), has_link, now))
}
