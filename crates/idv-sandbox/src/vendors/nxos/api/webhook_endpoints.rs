//! Management of webhook endpoints (nxos API reference, webhooks). They belong to the API key's own organization.

use axum::Router;
use axum::extract::State as Extract;
use axum::routing::get;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::clock::iso;
use crate::error::Error;
use crate::vendors::nxos::Nxos;
use crate::vendors::nxos::api::call::{Scope, json_object, text, write};
use crate::vendors::nxos::refusal::Refusal;
use crate::webhooks::{Endpoint, Keys};

pub(super) fn router() -> Router<Nxos> {
    Router::new()
        .route("/v1/webhooks/endpoints", get(list).post(create))
        .route("/v1/webhooks/endpoints/{id}", get(look).patch(update).delete(remove))
        .route("/v1/webhooks/endpoints/{id}/secret", get(secret))
        .route("/v1/webhooks/endpoints/{id}/secret/rotate", axum::routing::post(rotate))
}

async fn list(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    nxos.read(&call, |_, scope, _| {
        let endpoints = scope.nxos.front.outbox.all_endpoints();
        let data: Vec<Value> = endpoints.iter().map(describe).collect();
        Ok(json!({ "object": "list", "data": data, "hasMore": false, "nextCursor": null }))
    })
}

async fn look(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    nxos.read(&call, |_, scope, call| named(scope, call).map(|endpoint| describe(&endpoint)))
}

async fn secret(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    nxos.read(&call, |_, scope, call| {
        let endpoint = named(scope, call)?;
        Ok(json!({ "key": endpoint.keys.map_or_else(|| scope.nxos.webhook_secret(), |keys| keys.current) }))
    })
}

async fn create(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, |_, scope, call| {
        let body = json_object(call)?;
        let url = text(&body, "url").ok_or_else(|| invalid("url is required."))?;
        let front = &scope.nxos.front;
        let id = front.new_endpoint_id();
        let mut endpoint = Endpoint::new(id, url.to_owned(), scope.now);
        endpoint.keys = Some(Keys::new(front.new_key()));
        change(&mut endpoint, &body)?;
        let answer = describe(&endpoint);
        scope.nxos.front.outbox.add_endpoint(endpoint).map_err(|why| refused(&why))?;
        Ok(answer)
    })
    .await
}

async fn update(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, |_, scope, call| {
        let mut endpoint = named(scope, call)?;
        change(&mut endpoint, &json_object(call)?)?;
        endpoint.updated_at = scope.now;
        let answer = describe(&endpoint);
        scope.nxos.front.outbox.put_endpoint(endpoint).map_err(|why| refused(&why))?;
        Ok(answer)
    })
    .await
}

async fn remove(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, |_, scope, call| {
        let endpoint = named(scope, call)?;
        scope.nxos.front.outbox.remove_endpoint(&endpoint.id).map_err(|why| refused(&why))?;
        Ok(json!({ "object": "webhook_endpoint", "id": endpoint.id, "deleted": true }))
    })
    .await
}

async fn rotate(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, |_, scope, call| {
        let endpoint = named(scope, call)?;
        let fresh = scope.nxos.front.new_key();
        let rotated = scope.nxos.front.outbox.rotate_endpoint_key(&endpoint.id, fresh.clone(), scope.now);
        rotated.map_err(|why| refused(&why))?;
        Ok(json!({ "key": fresh }))
    })
    .await
}

/// The endpoint that the path names.
fn named(scope: &Scope<'_>, call: &Call) -> Result<Endpoint, Refusal> {
    let id = call.uri.path().split('/').nth(4).unwrap_or_default();
    let found = scope.nxos.front.outbox.endpoint(id);
    found.ok_or_else(|| Refusal::new(404, "not_found", "The webhook endpoint does not exist."))
}

/// Applies the fields of the body; omitted ones stay.
fn change(endpoint: &mut Endpoint, body: &Map<String, Value>) -> Result<(), Refusal> {
    if let Some(url) = text(body, "url") {
        url.clone_into(&mut endpoint.url);
    }
    if let Some(description) = text(body, "description") {
        description.clone_into(&mut endpoint.name);
    }
    match body.get("disabled") {
        None => {}
        Some(Value::Bool(disabled)) => endpoint.enabled = !disabled,
        Some(_) => return Err(invalid("disabled must be a boolean.")),
    }
    if let Some(types) = body.get("eventTypes").filter(|types| !types.is_null()) {
        let words = serde_json::from_value(types.clone());
        endpoint.event_types = words.map_err(|_| invalid("eventTypes must be an array of strings."))?;
    }
    Ok(())
}

fn describe(endpoint: &Endpoint) -> Value {
    json!({
        "object": "webhook_endpoint",
        "id": endpoint.id,
        "url": endpoint.url,
        "description": endpoint.name,
        "disabled": !endpoint.enabled,
        "eventTypes": endpoint.event_types,
        "createdAt": iso(endpoint.created_at),
        "updatedAt": iso(endpoint.updated_at),
    })
}

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "validation_error", message)
}

fn refused(why: &Error) -> Refusal {
    match why {
        Error::NotLoopback => invalid("The simulation sends webhooks to plain http URLs on loopback only."),
        other => Refusal::new(400, "invalid_request", format!("{other}.")),
    }
}
