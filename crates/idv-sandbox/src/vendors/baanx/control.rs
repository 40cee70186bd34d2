//! The control routes of Baanx. An id of a user may be that of an onboarding, unless `token` or `suspend` follows.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use url::Url;

use crate::json_routes::{
    Documented, Done, Input, Outcome, Refusal, Refusals, Route, Webhook, done, webhook,
};
use crate::vendors::baanx::{Baanx, BaanxEventShape, BaanxUser, Region};

pub(super) static DOCUMENTED: Documented<Baanx> = LazyLock::new(|| documented().split_for_parts());

fn documented() -> OpenApiRouter<Baanx> {
    OpenApiRouter::new()
        .routes(routes!(add_user))
        .routes(routes!(look))
        .routes(routes!(set_state))
        .routes(routes!(submit))
        .routes(routes!(abandon))
        .routes(routes!(external_id))
        .routes(routes!(token))
        .routes(routes!(suspend))
        .routes(routes!(guide_event))
        .routes(routes!(legacy_event))
        .routes(routes!(add_onboarding))
        .routes(routes!(complete))
        .routes(routes!(client_key))
        .routes(routes!(rotate))
        .routes(routes!(event_shape))
        .routes(routes!(return_url))
}

/// A new user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    first_name: String,
    last_name: String,
    #[serde(default)]
    region: Region,
}

/// A verification state.
#[derive(Debug, Serialize, ToSchema)]
struct UserState {
    /// The vendor's word.
    state: String,
}

/// A verification state.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewState {
    /// Any word, documented or not.
    state: String,
}

/// The application's own id of a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExternalId {
    external_id: String,
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
struct Token {
    token: String,
}

/// An event in the shape of the webhooks guide.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GuideEvent {
    /// Any word; `pending`, `completed` and `failed` are documented.
    status: String,
    failure_code: Option<String>,
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// An event in the shape of the older page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LegacyEvent {
    /// Any word.
    state: String,
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// A new registration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOnboarding {
    #[serde(default)]
    region: Region,
    /// An id of the caller's choice; an onboarding that is there already starts anew.
    id: Option<String>,
}

/// A registration.
#[derive(Debug, Serialize, ToSchema)]
struct Onboarding {
    onboarding_id: String,
    /// The id of the user, now and after the registration.
    user_id: Option<String>,
}

/// The names that complete a registration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Names {
    first_name: String,
    last_name: String,
}

/// A client key.
#[derive(Debug, Serialize, ToSchema)]
struct ClientKey {
    client_key: String,
}

/// A signing key.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookKey {
    webhook_key: String,
}

/// The return URL of hosted pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnUrl {
    /// An `http` or `https` URL; null for none. An omitted field is refused, so that it cannot reset the URL by
    /// mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    url: Option<String>,
}

/// Adds a registered user
#[utoipa::path(post, path = "/baanx/users", tag = "baanx", request_body = NewUser, responses((status = 200, body = BaanxUser), Refusals))]
async fn add_user(State(baanx): State<Baanx>, Input(new): Input<NewUser>) -> Outcome<BaanxUser> {
    let mut added = None;
    baanx.among_created(|baanx| {
        let user = baanx.add_user_in(new.region, &new.first_name, &new.last_name);
        added.insert(user).user_id.clone()
    });
    added.map(Json).ok_or_else(Refusal::full)
}

/// Returns the verification state
#[utoipa::path(get, path = "/baanx/users/{id}", tag = "baanx", params(("id" = String, Path)), responses((status = 200, body = UserState), Refusals))]
async fn look(State(baanx): State<Baanx>, Route(id): Route<String>) -> Outcome<UserState> {
    let state = baanx.state(&id).ok_or_else(|| Refusal::unknown("user or onboarding", &id))?;
    Ok(Json(UserState { state }))
}

/// Sets the verification state to any word
#[utoipa::path(post, path = "/baanx/users/{id}/state", tag = "baanx", params(("id" = String, Path)), request_body = NewState, responses((status = 200, body = Done), Refusals))]
async fn set_state(
    State(baanx): State<Baanx>,
    Route(id): Route<String>,
    Input(new): Input<NewState>,
) -> Outcome<Done> {
    baanx.set_state(&id, &new.state)?;
    done()
}

/// Submits the newest open hosted session
#[utoipa::path(post, path = "/baanx/users/{id}/submit", tag = "baanx", params(("id" = String, Path)), responses((status = 200, body = UserState), Refusals))]
async fn submit(State(baanx): State<Baanx>, Route(id): Route<String>) -> Outcome<UserState> {
    Ok(Json(UserState { state: baanx.submit(&id)? }))
}

/// Leaves the newest open hosted session
#[utoipa::path(post, path = "/baanx/users/{id}/abandon", tag = "baanx", params(("id" = String, Path)), responses((status = 200, body = Done), Refusals))]
async fn abandon(State(baanx): State<Baanx>, Route(id): Route<String>) -> Outcome<Done> {
    baanx.abandon(&id)?;
    done()
}

/// Gives a user the application's own id
#[utoipa::path(post, path = "/baanx/users/{id}/external-id", tag = "baanx", params(("id" = String, Path)), request_body = ExternalId, responses((status = 200, body = Done), Refusals))]
async fn external_id(
    State(baanx): State<Baanx>,
    Route(id): Route<String>,
    Input(new): Input<ExternalId>,
) -> Outcome<Done> {
    baanx.set_external_id(&id, &new.external_id)?;
    done()
}

/// Issues a fresh access token
#[utoipa::path(post, path = "/baanx/users/{id}/token", tag = "baanx", params(("id" = String, Path)), responses((status = 200, body = Token), Refusals))]
async fn token(State(baanx): State<Baanx>, Route(id): Route<String>) -> Outcome<Token> {
    Ok(Json(Token { token: baanx.issue_token(&id)? }))
}

/// Suspends a user
#[utoipa::path(post, path = "/baanx/users/{id}/suspend", tag = "baanx", params(("id" = String, Path)), responses((status = 200, body = Done), Refusals))]
async fn suspend(State(baanx): State<Baanx>, Route(id): Route<String>) -> Outcome<Done> {
    baanx.suspend(&id)?;
    done()
}

/// Signs an event in the shape of the webhooks guide
#[utoipa::path(post, path = "/baanx/users/{id}/webhook", tag = "baanx", params(("id" = String, Path)), request_body = GuideEvent, responses((status = 200, body = Webhook), Refusals))]
async fn guide_event(
    State(baanx): State<Baanx>,
    Route(id): Route<String>,
    Input(wanted): Input<GuideEvent>,
) -> Outcome<Webhook> {
    let event = baanx.webhook_guide(&id, &wanted.status, wanted.failure_code.as_deref());
    webhook(event, wanted.deliver_to).await
}

/// Signs an event in the shape of the older page
#[utoipa::path(post, path = "/baanx/users/{id}/legacy-webhook", tag = "baanx", params(("id" = String, Path)), request_body = LegacyEvent, responses((status = 200, body = Webhook), Refusals))]
async fn legacy_event(
    State(baanx): State<Baanx>,
    Route(id): Route<String>,
    Input(wanted): Input<LegacyEvent>,
) -> Outcome<Webhook> {
    webhook(baanx.webhook_legacy(&id, &wanted.state), wanted.deliver_to).await
}

/// Begins a registration, as far as the verified phone number
#[utoipa::path(post, path = "/baanx/onboardings", tag = "baanx", request_body = NewOnboarding, responses((status = 200, body = Onboarding), Refusals))]
async fn add_onboarding(State(baanx): State<Baanx>, Input(new): Input<NewOnboarding>) -> Outcome<Onboarding> {
    let id = baanx.among_created(|baanx| match new.id {
        Some(id) => {
            baanx.add_onboarding_with_id(new.region, &id);
            id
        }
        None => baanx.add_onboarding_in(new.region),
    });
    let user_id = baanx.onboarding_user(&id);
    Ok(Json(Onboarding { onboarding_id: id, user_id }))
}

/// Finishes a registration
#[utoipa::path(post, path = "/baanx/onboardings/{id}/complete", tag = "baanx", params(("id" = String, Path)), request_body = Names, responses((status = 200, body = BaanxUser), Refusals))]
async fn complete(
    State(baanx): State<Baanx>,
    Route(id): Route<String>,
    Input(new): Input<Names>,
) -> Outcome<BaanxUser> {
    Ok(Json(baanx.complete_registration(&id, &new.first_name, &new.last_name)?))
}

/// Adds a client key to which no user belongs
#[utoipa::path(post, path = "/baanx/client-keys", tag = "baanx", responses((status = 200, body = ClientKey), Refusals))]
async fn client_key(State(baanx): State<Baanx>) -> Outcome<ClientKey> {
    if baanx.is_full() {
        return Err(Refusal::full());
    }
    Ok(Json(ClientKey { client_key: baanx.add_client_key() }))
}

/// Replaces the signing key
#[utoipa::path(post, path = "/baanx/webhook-key/rotate", tag = "baanx", responses((status = 200, body = WebhookKey), Refusals))]
async fn rotate(State(baanx): State<Baanx>) -> Outcome<WebhookKey> {
    Ok(Json(WebhookKey { webhook_key: baanx.rotate_webhook_key() }))
}

/// Sets the return URL of the hosted pages
#[utoipa::path(post, path = "/baanx/return-url", tag = "baanx", request_body = ReturnUrl, responses((status = 200, body = Done), Refusals))]
async fn return_url(State(baanx): State<Baanx>, Input(new): Input<ReturnUrl>) -> Outcome<Done> {
    let url = match new.url.as_deref().map(Url::parse) {
        None => None,
        Some(Ok(url)) if matches!(url.scheme(), "http" | "https") => Some(url),
        Some(_) => return Err(Refusal::new(400, "url must be an http or https URL")),
    };
    baanx.set_return_url(url);
    done()
}

/// The shape of an event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EventShape {
    shape: BaanxEventShape,
}

/// Sets the shape of the events that Baanx sends by itself
#[utoipa::path(post, path = "/baanx/event-shape", tag = "baanx", request_body = EventShape,
    responses((status = 200, body = Done), Refusals))]
async fn event_shape(State(baanx): State<Baanx>, Input(new): Input<EventShape>) -> Outcome<Done> {
    baanx.set_event_shape(new.shape);
    done()
}
