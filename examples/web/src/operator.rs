//! The operator's pages: all verifications, the history of each, and the provider of new sessions.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Form, Router};
use idv::ProviderId;
use idv_tracker::{Concern, Health, History, Tracked, VerificationId};
use serde::Deserialize;

use crate::app::App;
use crate::failure::Failure;
use crate::page::{Frame, Page};
use crate::signed_in::Operator;
use crate::wording;

/// How many verifications the list shows.
const NEWEST: usize = 100;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/operator", get(list))
        .route("/operator/active", post(switch))
        .route("/operator/verifications/{id}", get(history))
}

#[derive(Template)]
#[template(path = "operator.html")]
struct List {
    frame: Frame,
    providers: Vec<Provider>,
    lines: Vec<Line>,
    health: Health,
    /// Backlogs, in words.
    concerns: String,
    simulation: Option<String>,
}

/// A configured provider.
struct Provider {
    id: ProviderId,
    vendor: String,
    is_active: bool,
    is_retired: bool,
}

/// A verification in the list.
struct Line {
    id: i64,
    reference: String,
    provider: String,
    status: &'static str,
    begun: String,
}

impl Line {
    fn new(tracked: &Tracked) -> Self {
        let status = tracked.state.as_ref().map(|state| state.status.as_str());
        Self {
            id: tracked.id.get(),
            reference: tracked.reference.clone(),
            provider: tracked.provider.as_ref().map(ToString::to_string).unwrap_or_default(),
            status: status.unwrap_or(tracked.phase.as_str()),
            begun: wording::moment(tracked.created_at),
        }
    }
}

async fn list(State(app): State<App>, operator: Operator) -> Result<Page<List>, Failure> {
    let registry = app.registry();
    let active = registry.active();
    let providers = registry.providers().map(|provider| Provider {
        id: provider.id().clone(),
        vendor: provider.profile().vendor.to_string(),
        is_active: *provider.id() == active,
        is_retired: registry.is_retired(provider.id()),
    });
    let health = app.tracker.health().await?;
    Ok(Page(List {
        frame: operator.0.into(),
        providers: providers.collect(),
        lines: app.tracker.newest(None, NEWEST).await?.iter().map(Line::new).collect(),
        concerns: health.concerns.iter().copied().map(concern).collect::<Vec<_>>().join(", "),
        health,
        simulation: app.addresses.simulation.clone(),
    }))
}

fn concern(concern: Concern) -> &'static str {
    match concern {
        Concern::Overdue => "polls are late",
        Concern::UncertainStarts => "starts lost their answers",
        Concern::WaitingForOperator => "a vendor refuses to say more",
        Concern::DeadLetters => "transitions were not delivered",
        _ => "a backlog",
    }
}

#[derive(Deserialize)]
struct Choice {
    provider: ProviderId,
}

/// Sends new sessions elsewhere. Those in flight stay where they are.
async fn switch(
    State(app): State<App>,
    _: Operator,
    Form(choice): Form<Choice>,
) -> Result<Redirect, Failure> {
    let changes = app.configuration.switch(app.registry(), choice.provider).await?;
    tracing::info!(%changes, "the operator changed the provider of new sessions");
    Ok(Redirect::to("/operator"))
}

#[derive(Template)]
#[template(path = "history.html")]
struct OneHistory {
    frame: Frame,
    line: Line,
    session: String,
    observations: Vec<Observed>,
    transitions: Vec<Changed>,
}

/// An observation.
struct Observed {
    at: String,
    source: &'static str,
    status: &'static str,
    word: String,
    reasons: String,
}

/// A change of the state, as the application was told of it.
struct Changed {
    at: String,
    status: &'static str,
    cause: &'static str,
    action: &'static str,
}

async fn history(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<String>,
) -> Result<Page<OneHistory>, Failure> {
    let id: VerificationId = id.parse().map_err(|_| Failure::NotFound)?;
    let history = app.tracker.history(id).await?.ok_or(Failure::NotFound)?;
    Ok(Page(OneHistory {
        frame: operator.0.into(),
        line: Line::new(&history.verification),
        session: history.verification.session.as_ref().map(ToString::to_string).unwrap_or_default(),
        observations: observations(&history),
        transitions: transitions(&history),
    }))
}

fn observations(history: &History) -> Vec<Observed> {
    let observed = history.observations.iter().map(|entry| &entry.observation).map(|seen| Observed {
        at: wording::moment(seen.observed_at),
        source: seen.source.as_str(),
        status: seen.status.map_or("", |status| status.as_str()),
        word: seen.provider_status.as_ref().map(|word| word.as_str().to_owned()).unwrap_or_default(),
        reasons: seen.reasons.iter().map(|reported| reported.reason.as_str()).collect::<Vec<_>>().join(", "),
    });
    observed.collect()
}

fn transitions(history: &History) -> Vec<Changed> {
    let changed = history.transitions.iter().map(|transition| Changed {
        at: wording::moment(transition.at),
        status: transition.state.status.as_str(),
        cause: transition.cause.as_str(),
        action: transition.state.next_action.as_str(),
    });
    changed.collect()
}
