//! The embedded flow of nxos: a page that stands for the application, the script that it loads, and the calls that the
//! script makes with the access token.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION,
    ORIGIN, VARY,
};
use axum::http::{HeaderValue, Method, Response, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::act::{Act, ActName, Actor};
use crate::answer::Answer;
use crate::call::Call;
use crate::pages::assets::script;
use crate::pages::html::scripted_page;
use crate::signed::is_local_origin;
use crate::vendors::nxos::Nxos;

/// The script that applications load.
const SDK: &str = include_str!("../../../assets/websdk.js");
/// The script of the page that stands for the application.
const EMBED: &str = include_str!("../../../assets/embed.js");

/// The steps of the flow, in their order.
const STEPS: [(&str, &str); 2] = [("document", "Photo of a document"), ("selfie", "Selfie")];

pub(super) fn router() -> Router<Nxos> {
    let sdk = Router::new()
        .route("/idensic/static/sns-websdk-builder.js", get(async || script(SDK)))
        .route("/sdk/applicant", get(applicant))
        .route("/sdk/steps/{step}", post(finish_step))
        .route("/sdk/submit", post(submit))
        .layer(from_fn(share));
    let application = Router::new()
        .route("/embed", get(embed))
        .route("/embed/token", post(fresh_token))
        .route("/assets/embed.js", get(async || script(EMBED)));
    sdk.merge(application)
}

#[derive(Template)]
#[template(path = "embed.html")]
struct Embed;

async fn embed() -> Response<Body> {
    scripted_page(&Embed)
}

#[derive(Debug, Deserialize)]
struct OldToken {
    token: String,
}

/// A refresh handler, as the application's backend would have it: it starts again for the same organization.
async fn fresh_token(State(nxos): State<Nxos>, Json(old): Json<OldToken>) -> Answer {
    match nxos.token_holder(&old.token) {
        Some((organization, _)) => Answer::json(200, &json!({ "token": nxos.reopen(&organization).1 })),
        None => refuse(404, "No start has handed out this token."),
    }
}

fn refuse(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({ "error": text }))
}

/// The organization whose valid token the call carries.
fn holder(nxos: &Nxos, call: &Call) -> Result<String, Answer> {
    let token = call.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    match token.and_then(|token| nxos.token_holder(token)) {
        Some((organization, true)) => Ok(organization),
        _ => Err(refuse(401, "The access token is unknown or has run out.")),
    }
}

fn describe(nxos: &Nxos, organization: &str) -> Answer {
    let done = nxos.steps_done(organization);
    let step = |(id, title): &(&str, &str)| json!({ "id": id, "title": title, "done": done.contains(id) });
    let steps: Vec<Value> = STEPS.iter().map(step).collect();
    let verification = nxos.verification(organization);
    let open = verification.is_some_and(|found| found.acts.contains(&ActName::Submit));
    Answer::json(200, &json!({ "steps": steps, "open": open }))
}

async fn applicant(State(nxos): State<Nxos>, call: Call) -> Answer {
    holder(&nxos, &call).map_or_else(|refusal| refusal, |organization| describe(&nxos, &organization))
}

async fn finish_step(State(nxos): State<Nxos>, Path(step): Path<String>, call: Call) -> Answer {
    let organization = match holder(&nxos, &call) {
        Ok(organization) => organization,
        Err(refusal) => return refusal,
    };
    let Some((step, _)) = STEPS.iter().find(|(id, _)| *id == step) else {
        return refuse(404, "There is no such step.");
    };
    nxos.finish_step(&organization, step);
    describe(&nxos, &organization)
}

async fn submit(State(nxos): State<Nxos>, call: Call) -> Answer {
    let organization = match holder(&nxos, &call) {
        Ok(organization) => organization,
        Err(refusal) => return refusal,
    };
    match nxos.act_as(&organization, None, &Act::Submit, Actor::Applicant) {
        Ok(_) => describe(&nxos, &organization),
        Err(error) => refuse(409, &error.to_string()),
    }
}

/// Pages of applications on other loopback ports may use the script; others may not.
async fn share(request: Request, next: Next) -> Response<Body> {
    let origin = request.headers().get(ORIGIN).filter(|origin| is_local_origin(origin)).cloned();
    let preflight = request.method() == Method::OPTIONS;
    let mut response = if preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
    }
    response
}
