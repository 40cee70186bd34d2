//! The adapter passes the kit. Everything here is written from the vendor's pages: docs.stripe.com, the API reference of
//! verification sessions, "How sessions work", "Errors", "Idempotent requests", "Types of events", "Verify webhook signatures manually".
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod words;

use std::sync::Arc;

use idv_conformance::{
    Call, DocumentedError, Event, Received, Reply, StartCost, Step, Subject, Webhooks, hmac_sha256_hex,
};
use idv_core::{
    CredentialOwner, DocumentKind, ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory,
    VerifiedDocument, VerifiedIdentity,
};
use serde_json::{Value, json};

const KEY: &str = "rk_live_canary0000000000000001";
const SECRETS: [&str; 3] =
    ["whsec_canary00000000000001", "whsec_canary00000000000002", "whsec_canary00000000000003"];

struct Stripe;

/// The id of a session of the kit.
fn id(session: &str) -> String {
    if session.starts_with("vs_") { session.to_owned() } else { format!("vs_{session}") }
}

/// A session without its link (docs.stripe.com, the VerificationSession object).
fn session(session: &str, word: &str) -> Value {
    let (status, last_error) = words::state(word);
    json!({
        "id": id(session), "object": "identity.verification_session", "client_reference_id": null,
        "client_secret": null, "created": 1_783_000_000, "last_error": last_error,
        "last_verification_report": null, "livemode": true, "metadata": {}, "options": {"document": {}},
        "provided_details": null, "redaction": null, "status": status, "type": "document",
        "url": null, "verification_flow": null,
    })
}

fn redaction(session_id: &str, status: &str) -> Value {
    let mut session = session(session_id, "verified");
    session["redaction"] = json!({"status": status});
    session
}

impl Subject for Stripe {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_stripe::StripeFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "base_url": base_url, "secret_key": {"env": "STRIPE_SECRET_KEY"}, "embed": true, "sensitive_results": true,
            "document": {"require_matching_selfie": true},
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("STRIPE_SECRET_KEY", KEY)]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["v1", "identity", "verification_sessions"]) => Some(Operation::Start),
            ("GET", ["v1", "identity", "verification_sessions"]) => Some(Operation::Find),
            ("GET", ["v1", "identity", "verification_sessions", _]) => Some(Operation::Check),
            ("POST", ["v1", "identity", "verification_sessions", _, "cancel"]) => Some(Operation::Cancel),
            ("POST", ["v1", "identity", "verification_sessions", _, "redact"]) => Some(Operation::Erase),
            _ => None,
        }
    }

    /// A session is read before it is cancelled, because that destroys its error, and before its data is deleted.
    fn step(&self, call: &Call<'_>, request: &Received) -> Option<Step> {
        let is_read = self.operation(request) == Some(Operation::Check);
        let word = if call.is_cancelled { "canceled" } else { call.word };
        let changes = matches!(call.operation, Operation::Cancel | Operation::Erase);
        (is_read && changes).then(|| Step::new(Reply::json(200, &session(call.session, word))))
    }

    /// The key as a bearer token, a pinned version, and forms.
    fn authentic(&self, request: &Received) -> Result<(), String> {
        let is_authorized = request.header("authorization") == Some(&format!("Bearer {KEY}"));
        let is_pinned = request.header("stripe-version") == Some("2026-06-24.dahlia");
        let is_form = request.body.is_empty()
            || request.header("content-type") == Some("application/x-www-form-urlencoded");
        match is_authorized && is_pinned && is_form {
            true => Ok(()),
            false => Err(format!("{} {} is not as Stripe wants it", request.method, request.path)),
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::Nothing
    }

    fn words(&self) -> Vec<MappingRow> {
        words::words()
    }

    /// Without `client_reference_id`: the kit does not say here which reference was asked about.
    fn started(&self, id: &str) -> Value {
        let mut started = session(id, "requires_input");
        started["client_secret"] = format!("{}_secret_x", self::id(id)).into();
        started["url"] = format!("https://verify.stripe.com/start/live_{id}").into();
        started
    }

    fn refresh_is_a_read(&self) -> bool {
        true
    }

    fn state(&self, id: &str, word: &str) -> Value {
        session(id, word)
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/client_reference_id", "/created", "/metadata", "/options"]
    }

    fn identified(&self, id: &str) -> Option<(Value, VerifiedIdentity)> {
        let mut answer = session(id, "verified");
        answer["verified_outputs"] = json!({
            "first_name": "Ottoline", "last_name": "Featherquill", "dob": {"day": 16, "month": 6, "year": 1873},
            "address": {"line1": "44 Bedford Square", "line2": null, "city": "London", "postal_code": "WC1B", "state": null, "country": "GB"},
            "email": "ottoline@identity.example.com", "phone": "+442079460000", "id_number": null,
        });
        answer["last_verification_report"] = json!({"id": "vr_1", "document": {
            "status": "verified", "type": "id_card", "number": "P-1873061", "issuing_country": "GB",
            "expiration_date": {"day": 21, "month": 4, "year": 2031},
        }});
        let mut identity = VerifiedIdentity::default();
        identity.first_name = Some("Ottoline".into());
        identity.last_name = Some("Featherquill".into());
        identity.date_of_birth = Some("1873-06-16".into());
        identity.address = Some("44 Bedford Square, London, WC1B, GB".into());
        identity.email = Some("ottoline@identity.example.com".into());
        identity.phone = Some("+442079460000".into());
        let mut document = VerifiedDocument::default();
        document.kind = Some(DocumentKind::IdCard);
        document.number = Some("P-1873061".into());
        document.issuing_country = Some("GB".into());
        document.expires_on = Some("2031-04-21".into());
        identity.document = Some(document);
        Some((answer, identity))
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let data: Vec<Value> = sessions
            .iter()
            .map(|id| {
                let mut session = session(id, "requires_input");
                session["client_reference_id"] = reference.into();
                session
            })
            .collect();
        json!({"object": "list", "data": data, "has_more": false, "url": "/v1/identity/verification_sessions"})
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        let mut page = self.found(reference, sessions);
        page["has_more"] = true.into();
        Some(page)
    }

    fn cancelled(&self, id: &str) -> Reply {
        Reply::json(200, &session(id, "canceled"))
    }

    fn cancelled_before(&self, id: &str) -> Option<Reply> {
        Some(self.cancelled(id))
    }

    fn erased(&self, id: &str) -> Vec<(Reply, ErasureState)> {
        vec![
            (Reply::json(200, &redaction(id, "processing")), ErasureState::Accepted),
            (Reply::json(200, &redaction(id, "validated")), ErasureState::Accepted),
            (Reply::json(200, &redaction(id, "redacted")), ErasureState::Done),
        ]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let error = |operation, status, kind: &str, code: Option<&str>, meaning| {
            let mut error = json!({"type": kind, "message": "canary"});
            if let Some(code) = code {
                error["code"] = code.into();
            }
            let (name, reply) =
                (words::name(code.unwrap_or(kind)), Reply::json(status, &json!({"error": error})));
            DocumentedError::new(name, operation, reply, meaning).code(name)
        };
        let invalid = "invalid_request_error";
        vec![
            error(Operation::Start, 400, invalid, Some("parameter_unknown"), ErrorKind::InvalidRequest),
            error(Operation::Start, 400, "idempotency_error", None, ErrorKind::Conflict),
            error(Operation::Start, 401, invalid, None, ErrorKind::Unauthenticated)
                .credential(CredentialOwner::Application),
            error(Operation::Check, 403, invalid, None, ErrorKind::Forbidden),
            error(Operation::Check, 404, invalid, Some("resource_missing"), ErrorKind::NotFound),
            error(Operation::Start, 409, invalid, Some("idempotency_key_in_use"), ErrorKind::Conflict)
                .repeatable(None),
            error(Operation::Start, 424, "api_error", None, ErrorKind::Unavailable).repeatable(None),
            error(Operation::Start, 429, invalid, Some("rate_limit"), ErrorKind::RateLimited),
            error(Operation::Cancel, 400, invalid, None, ErrorKind::InvalidRequest),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

impl Webhooks for Stripe {
    fn secrets(&self) -> [&'static str; 3] {
        SECRETS
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let (word, last_error) = event.status.map_or(("", Value::Null), words::state);
        let suffix = if word.is_empty() { "created" } else { word };
        let event_type =
            event.event_type.map_or_else(|| format!("identity.verification_session.{suffix}"), str::to_owned);
        let mut session = json!({
            "id": event.session, "object": "identity.verification_session", "client_reference_id": "case-7",
            "client_secret": null, "last_error": last_error, "livemode": true, "url": null,
        });
        if event.status.is_some() {
            session["status"] = word.into();
        }
        json!({
            "id": event.id, "object": "event", "api_version": "2024-04-10", "created": event.at.unix_seconds(),
            "livemode": true, "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null},
            "type": event_type, "data": {"object": session},
        })
    }

    /// The type of an event tells the state too.
    fn contradictions(&self, event: &Event<'_>, other: &str) -> Vec<Value> {
        let mut body = self.event(event);
        body["type"] = format!("identity.verification_session.{}", words::state(other).0).into();
        vec![body]
    }

    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let time = event.at.unix_seconds().to_string();
        let signature = hmac_sha256_hex(secret, &[time.as_bytes(), b".", body]);
        vec![("stripe-signature", format!("t={time},v1={signature}"))]
    }

    fn signature_separator(&self) -> Option<&'static str> {
        Some(",")
    }
}

idv_conformance::suite!(Stripe);
