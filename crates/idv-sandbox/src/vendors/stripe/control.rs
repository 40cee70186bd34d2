//! The control routes of Stripe Identity.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json_routes::{Documented, Done, Input, Outcome, Refusals, Route, Webhook, done, webhook};
use crate::vendors::stripe::Stripe;

pub(super) static DOCUMENTED: Documented<Stripe> = LazyLock::new(|| documented().split_for_parts());

fn documented() -> OpenApiRouter<Stripe> {
    OpenApiRouter::new().routes(routes!(sessions)).routes(routes!(event)).routes(routes!(settings))
}

/// A session at Stripe Identity.
#[derive(Debug, Serialize, ToSchema)]
struct StripeSession {
    id: String,
    status: String,
    /// The code of the last failed check.
    last_error: Option<String>,
}

/// All sessions at Stripe Identity.
#[derive(Debug, Serialize, ToSchema)]
struct StripeSessions {
    /// Oldest first.
    sessions: Vec<StripeSession>,
}

/// The form and the receiver of an event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StripeEvent {
    /// Whether it is a thin event; default: a snapshot.
    #[serde(default)]
    thin: bool,
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// The settings of Stripe Identity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StripeSettings {
    /// Whether events are thin.
    thin_events: Option<bool>,
    /// Whether the restricted key may use sessions.
    permitted: Option<bool>,
}

/// Lists the sessions
#[utoipa::path(get, path = "/stripe/sessions", tag = "stripe", responses((status = 200, body = StripeSessions), Refusals))]
async fn sessions(State(stripe): State<Stripe>) -> Outcome<StripeSessions> {
    let describe = |id: String| {
        let (status, last_error) = (stripe.status(&id)?, stripe.last_error(&id));
        Some(StripeSession { id, status, last_error })
    };
    Ok(Json(StripeSessions { sessions: stripe.sessions().into_iter().filter_map(describe).collect() }))
}

/// Creates an event about the current state of a session
#[utoipa::path(post, path = "/stripe/sessions/{id}/event", tag = "stripe", params(("id" = String, Path)), request_body = StripeEvent, responses((status = 200, body = Webhook), Refusals))]
async fn event(
    State(stripe): State<Stripe>,
    Route(id): Route<String>,
    Input(wanted): Input<StripeEvent>,
) -> Outcome<Webhook> {
    let event = if wanted.thin { stripe.thin_event(&id)? } else { stripe.event(&id)? };
    webhook(event, wanted.deliver_to).await
}

/// Sets the form of events and the permission of the restricted key
#[utoipa::path(post, path = "/stripe/settings", tag = "stripe", request_body = StripeSettings, responses((status = 200, body = Done), Refusals))]
async fn settings(State(stripe): State<Stripe>, Input(new): Input<StripeSettings>) -> Outcome<Done> {
    if let Some(thin) = new.thin_events {
        stripe.send_thin_events(thin);
    }
    if let Some(permit) = new.permitted {
        stripe.permit(permit);
    }
    done()
}
