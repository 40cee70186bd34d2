//! Management of webhook endpoints (Baanx API reference, webhooks). Requests are written in snake case, answers in camel
//! case.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::clock::iso;
use crate::error::Error;
use crate::vendors::baanx::Baanx;
use crate::vendors::baanx::api::access::{Refusal, authenticate};
use crate::webhooks::{DeliveryState, Endpoint, Keys, WebhookDelivery};

/// "Maximum webhook limit (5) reached for this tenant" (Baanx API reference, Create webhook).
const MAX_ENDPOINTS: usize = 5;
const MAX_NAME: usize = 255;
const MAX_LOGS: usize = 100;
const DEFAULT_LOGS: usize = 50;

pub(super) fn router() -> Router<Baanx> {
    Router::new()
        .route("/v1/webhooks", get(list).post(create))
        .route("/v1/webhooks/events", get(events))
        .route("/v1/webhooks/events/{event}", get(event))
        .route("/v1/webhooks/events/{event}/retry", post(retry))
        .route("/v1/webhooks/{id}", get(look).put(update).delete(remove))
        .route("/v1/webhooks/{id}/rotate-key", post(rotate))
        .route("/v1/webhooks/{id}/logs", get(logs))
}

type Outcome = Result<Answer, Refusal>;

/// Checks the credentials, and turns the outcome into an answer.
fn admitted(baanx: &Baanx, call: &Call, work: impl FnOnce() -> Outcome) -> Answer {
    authenticate(baanx, call).and_then(|()| work()).unwrap_or_else(Answer::from)
}

fn endpoint(baanx: &Baanx, id: &str) -> Result<Endpoint, Refusal> {
    baanx.front.outbox.endpoint(id).ok_or(Refusal(404, "Webhook not found"))
}

async fn list(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        let all: Vec<Value> =
            baanx.front.outbox.all_endpoints().iter().map(|one| describe(one, &masked(one))).collect();
        Ok(Answer::json(200, &Value::Array(all)))
    })
}

async fn create(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        let body = call.json().map_err(|why| Refusal(400, why.message()))?;
        if baanx.front.outbox.all_endpoints().len() >= MAX_ENDPOINTS {
            return Err(Refusal(400, "Maximum webhook limit (5) reached for this tenant"));
        }
        let (now, key) = (baanx.now(), baanx.front.new_key());
        let mut endpoint = Endpoint::new(baanx.front.new_endpoint_id(), String::new(), now);
        // "Inactive by default" (Baanx API reference, Create webhook).
        endpoint.enabled = false;
        endpoint.keys = Some(Keys::new(key.clone()));
        change(&mut endpoint, &body)?;
        complete(&endpoint)?;
        let answer = json!({ "success": true, "data": describe(&endpoint, &key) });
        baanx.front.outbox.add_endpoint(endpoint).map_err(|why| refused(&why))?;
        Ok(Answer::json(201, &answer))
    })
}

async fn look(Extract(baanx): Extract<Baanx>, Path(id): Path<String>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        let endpoint = endpoint(&baanx, &id)?;
        Ok(Answer::json(200, &describe(&endpoint, &masked(&endpoint))))
    })
}

async fn update(Extract(baanx): Extract<Baanx>, Path(id): Path<String>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        let body = call.json().map_err(|why| Refusal(400, why.message()))?;
        let mut endpoint = endpoint(&baanx, &id)?;
        change(&mut endpoint, &body)?;
        complete(&endpoint)?;
        endpoint.updated_at = baanx.now();
        let answer = json!({ "success": true, "data": describe(&endpoint, &masked(&endpoint)) });
        baanx.front.outbox.put_endpoint(endpoint).map_err(|why| refused(&why))?;
        Ok(Answer::json(200, &answer))
    })
}

async fn remove(Extract(baanx): Extract<Baanx>, Path(id): Path<String>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        endpoint(&baanx, &id)?;
        baanx.front.outbox.remove_endpoint(&id).map_err(|why| refused(&why))?;
        Ok(Answer::json(200, &json!({ "success": true })))
    })
}

async fn rotate(Extract(baanx): Extract<Baanx>, Path(id): Path<String>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        endpoint(&baanx, &id)?;
        let fresh = baanx.front.new_key();
        let rotated = baanx.front.outbox.rotate_endpoint_key(&id, fresh.clone(), baanx.now());
        rotated.map_err(|why| refused(&why))?;
        Ok(Answer::json(200, &json!({ "success": true, "data": { "id": id, "apiKey": fresh } })))
    })
}

async fn logs(Extract(baanx): Extract<Baanx>, Path(id): Path<String>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        endpoint(&baanx, &id)?;
        let limit = call.query("limit").map_or(Ok(DEFAULT_LOGS), |text| text.parse());
        let limit = limit.ok().filter(|limit| (1..=MAX_LOGS).contains(limit));
        let limit = limit.ok_or(Refusal(400, "limit must be between 1 and 100"))?;
        let deliveries = baanx.webhooks();
        let newest = deliveries.iter().rev().filter(|one| one.endpoint == id).take(limit);
        Ok(Answer::json(200, &Value::Array(newest.flat_map(log_lines).collect())))
    })
}

async fn events(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        let all: Vec<Value> = baanx.webhooks().iter().rev().map(describe_event).collect();
        Ok(Answer::json(200, &Value::Array(all)))
    })
}

async fn event(Extract(baanx): Extract<Baanx>, Path(event): Path<String>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        let deliveries = baanx.webhooks();
        let found = deliveries.iter().find(|one| one.event_id == event);
        found.map(|one| Answer::json(200, &describe_event(one))).ok_or(Refusal(404, "Event not found"))
    })
}

async fn retry(Extract(baanx): Extract<Baanx>, Path(event): Path<String>, call: Call) -> Answer {
    admitted(&baanx, &call, || {
        if !baanx.front.outbox.send_again(&event, baanx.now()) {
            return Err(Refusal(404, "Event not found"));
        }
        Ok(Answer::json(200, &json!({ "success": true })))
    })
}

/// Applies the fields of the body; omitted ones stay.
fn change(endpoint: &mut Endpoint, body: &Map<String, Value>) -> Result<(), Refusal> {
    match body.get("name") {
        None => {}
        Some(Value::String(name)) if name.chars().count() <= MAX_NAME => name.clone_into(&mut endpoint.name),
        Some(_) => return Err(Refusal(400, "name must be a string of up to 255 characters")),
    }
    match body.get("url") {
        None => {}
        Some(Value::String(url)) => url.clone_into(&mut endpoint.url),
        Some(_) => return Err(Refusal(400, "url must be a string")),
    }
    match body.get("is_active") {
        None => {}
        Some(Value::Bool(active)) => endpoint.enabled = *active,
        Some(_) => return Err(Refusal(400, "is_active must be a boolean")),
    }
    match body.get("metadata") {
        None | Some(Value::Null) => {}
        Some(Value::Object(metadata)) => metadata.clone_into(&mut endpoint.metadata),
        Some(_) => return Err(Refusal(400, "metadata must be an object")),
    }
    if let Some(types) = body.get("event_types") {
        let words = serde_json::from_value(types.clone());
        endpoint.event_types = words.map_err(|_| Refusal(400, "event_types must be an array of strings"))?;
    }
    Ok(())
}

fn complete(endpoint: &Endpoint) -> Result<(), Refusal> {
    if endpoint.name.is_empty() {
        return Err(Refusal(400, "name is required"));
    }
    if endpoint.event_types.is_empty() {
        return Err(Refusal(400, "event_types must name at least one type"));
    }
    Ok(())
}

/// The masked key: the whole one is shown only at creation.
fn masked(endpoint: &Endpoint) -> String {
    let key = endpoint.keys.as_ref().map_or("", |keys| &keys.current);
    format!("{}********", key.get(..8).unwrap_or(key))
}

fn describe(endpoint: &Endpoint, key: &str) -> Value {
    json!({
        "id": endpoint.id,
        "tenant": "simulation",
        "name": endpoint.name,
        "url": endpoint.url,
        "apiKey": key,
        "eventTypes": endpoint.event_types,
        "isActive": endpoint.enabled,
        "metadata": endpoint.metadata,
        "createdAt": iso(endpoint.created_at),
        "updatedAt": iso(endpoint.updated_at),
    })
}

fn log_lines(delivery: &WebhookDelivery) -> Vec<Value> {
    let line = |(number, attempt): (usize, &crate::WebhookAttempt)| {
        json!({
            "eventId": delivery.event_id,
            "eventType": delivery.event_type,
            "attempt": number + 1,
            "responseStatus": attempt.status,
            "error": attempt.error,
            "success": attempt.status.is_some_and(|status| (200..300).contains(&status)),
            "createdAt": attempt.at,
        })
    };
    delivery.attempts.iter().enumerate().rev().map(line).collect()
}

fn describe_event(delivery: &WebhookDelivery) -> Value {
    json!({
        "eventId": delivery.event_id,
        "eventType": delivery.event_type,
        "webhookId": delivery.endpoint,
        "userId": delivery.subject,
        "attempts": delivery.attempts.len(),
        "delivered": delivery.state == DeliveryState::Delivered,
    })
}

fn refused(why: &Error) -> Refusal {
    match why {
        Error::NotLoopback => {
            Refusal(400, "The simulation sends webhooks to plain http URLs on loopback only")
        }
        _ => Refusal(400, "The webhook cannot be kept"),
    }
}
