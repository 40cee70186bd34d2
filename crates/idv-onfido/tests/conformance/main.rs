//! The adapter passes the kit. Everything here is written from the vendor's OpenAPI specification (github.com/onfido/onfido-openapi-spec)
//! and its guides; a fact that only others observed says so.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use idv_conformance::{
    Call, DocumentedError, Event, Received, Reply, StartCost, Step, Subject, Webhooks, hmac_sha256_hex,
};
use idv_core::{
    CredentialOwner, ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory, Surface, Timestamp,
    VerificationReason as Reason, VerificationStatus as Status,
};
use serde_json::{Value, json};

const TOKEN: &str = "api_live.canary000000000000000001";
const SECRETS: [&str; 3] =
    ["canary-webhook-token-one", "canary-webhook-token-two", "canary-webhook-token-three"];

struct Onfido;

/// The id of the applicant of a session.
fn applicant(session: &str) -> String {
    format!("a{}", &session[1..])
}

/// A run as a read gives it. Tags may be `null`, and a list repeats the reference in `customer_user_id`.
fn run(session: &str, word: &str) -> Value {
    let error = (word.eq_ignore_ascii_case("error"))
        .then(|| json!({"type": "workflow_execution_error", "message": "A task of the workflow failed."}));
    json!({
        "id": session, "applicant_id": applicant(session), "workflow_id": "2c3d4e5f-0000-4000-8000-000000000002",
        "workflow_version_id": 7, "status": word, "dashboard_url": "https://dashboard.onfido.com/results/canary",
        "output": {"decision": "canary"}, "reasons": [], "error": error, "sdk_token": null,
        "customer_user_id": null, "tags": null,
        "link": {"url": format!("https://eu.onfido.app/l/{session}"), "completed_redirect_url": null,
            "expired_redirect_url": null, "expires_at": null, "language": null},
        "created_at": "2026-07-01T09:00:00Z", "updated_at": "2026-07-01T09:00:00Z",
    })
}

fn error(kind: &str) -> Value {
    json!({"error": {"type": kind, "message": "canary", "fields": {}}})
}

impl Subject for Onfido {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_onfido::OnfidoFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"base_url": format!("{base_url}/v3.6"), "api_token": {"env": "ONFIDO_API_TOKEN"}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("ONFIDO_API_TOKEN", TOKEN)]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["v3.6", "workflow_runs"]) => Some(Operation::Start),
            ("GET", ["v3.6", "workflow_runs"]) => Some(Operation::Find),
            ("GET", ["v3.6", "workflow_runs", _]) => Some(Operation::Check),
            ("DELETE", ["v3.6", "applicants", _]) => Some(Operation::Erase),
            _ => None,
        }
    }

    /// A start makes the applicant first, an erasure reads whose run it is, and a list ends with an empty page.
    fn step(&self, call: &Call<'_>, request: &Received) -> Option<Step> {
        let segments = request.segments();
        let is_first_page = request.path.contains("page=1") || !request.path.contains("page=");
        match (call.operation, request.method.as_str(), segments.as_slice()) {
            (Operation::Start, "POST", ["v3.6", "applicants"]) => {
                let id = applicant(call.session);
                let made = json!({"id": id, "first_name": "canary", "last_name": "canary", "email": null,
                    "created_at": "2026-07-01T09:00:00Z", "delete_at": null, "sandbox": false,
                    "href": format!("/v3.6/applicants/{id}")});
                Some(Step::new(Reply::json(201, &made)).gives(id))
            }
            (Operation::Erase, "GET", ["v3.6", "workflow_runs", _]) => {
                Some(Step::new(Reply::json(200, &run(call.session, "approved"))))
            }
            (Operation::Find, "GET", ["v3.6", "workflow_runs"]) if !is_first_page => {
                Some(Step::new(Reply::json(200, &json!([]))))
            }
            _ => None,
        }
    }

    /// The token, and the members that an applicant and a run need.
    fn authentic(&self, request: &Received) -> Result<(), String> {
        let is_authorized = request.header("authorization") == Some(&format!("Token token={TOKEN}"));
        let needs: &[&str] = match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["v3.6", "applicants"]) => &["first_name", "last_name"],
            ("POST", ["v3.6", "workflow_runs"]) => {
                &["workflow_id", "applicant_id", "customer_user_id", "tags"]
            }
            _ => &[],
        };
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match is_authorized && needs.iter().all(|name| !body[*name].is_null()) {
            true => Ok(()),
            false => Err(format!("{} {} is not as Onfido wants it", request.method, request.path)),
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let states = |surface: Surface| {
            let plain = [
                ("awaiting_input", Status::InProgress),
                ("awaiting_client_input", Status::OnHold),
                ("processing", Status::InReview),
                ("review", Status::OnHold),
                ("approved", Status::Approved),
                ("declined", Status::Rejected),
                ("abandoned", Status::Abandoned),
            ];
            let mut rows = plain.map(|(word, status)| MappingRow::status(surface, word, status)).to_vec();
            let mut failed = MappingRow::status(surface, "error", Status::Failed);
            failed.reason = Some(Reason::ProviderError);
            rows.push(failed);
            rows
        };
        [states(Surface::CheckStatus), states(Surface::WebhookStatus)].concat()
    }

    fn started(&self, session: &str) -> Value {
        let mut made = run(session, "awaiting_input");
        made["sdk_token"] = format!("sdk-token-{session}").into();
        made
    }

    fn expiring(&self, session: &str, _: Timestamp, at: Timestamp) -> Option<Value> {
        let mut made = self.started(session);
        made["link"]["expires_at"] = at.to_string().into();
        Some(made)
    }

    fn refresh_is_a_read(&self) -> bool {
        true
    }

    fn state(&self, session: &str, word: &str) -> Value {
        run(session, word)
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec![
            "/applicant_id",
            "/customer_user_id",
            "/link",
            "/output",
            "/reasons",
            "/sdk_token",
            "/tags",
            "/updated_at",
        ]
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let found = sessions.iter().map(|session| {
            let mut run = run(session, "awaiting_input");
            run["customer_user_id"] = reference.into();
            run
        });
        found.collect()
    }

    fn erased(&self, _: &str) -> Vec<(Reply, ErasureState)> {
        vec![
            (Reply::bytes(204, "application/json", ""), ErasureState::Accepted),
            (Reply::json(404, &error("resource_not_found")), ErasureState::AlreadyGone),
        ]
    }

    /// Types that clients of the vendor know; the specification has the shape alone.
    fn errors(&self) -> Vec<DocumentedError> {
        let documented = |operation, status, kind: &'static str, meaning| {
            DocumentedError::new(kind, operation, Reply::json(status, &error(kind)), meaning).code(kind)
        };
        vec![
            documented(Operation::Start, 422, "validation_error", ErrorKind::InvalidRequest),
            documented(Operation::Start, 400, "bad_request", ErrorKind::InvalidRequest),
            documented(Operation::Check, 401, "authorization_error", ErrorKind::Unauthenticated)
                .credential(CredentialOwner::Application),
            documented(Operation::Check, 403, "authorization_error", ErrorKind::Forbidden),
            documented(Operation::Check, 404, "resource_not_found", ErrorKind::NotFound),
            documented(Operation::Start, 429, "rate_limit", ErrorKind::RateLimited),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

impl Webhooks for Onfido {
    fn secrets(&self) -> [&'static str; 3] {
        SECRETS
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let action = event.event_type.unwrap_or("workflow_run.completed");
        let mut object = json!({
            "id": event.session, "completed_at_iso8601": event.at.to_string(),
            "href": format!("https://api.eu.onfido.com/v3.6/workflow_runs/{}", event.session),
        });
        let mut resource = json!({
            "id": event.session, "applicant_id": "1b2c3d4e-0000-4000-8000-000000000001", "customer_user_id": "case-7",
            "error": null, "reasons": [], "tags": ["case-7"],
        });
        if let Some(word) = event.status {
            object["status"] = word.into();
            resource["status"] = word.into();
            if word.eq_ignore_ascii_case("error") {
                resource["error"] = json!({"type": "workflow_execution_error", "message": "canary"});
            }
        }
        json!({"payload": {"resource_type": "workflow_run", "action": action, "object": object, "resource": resource}})
    }

    /// The state stands in the object and in the resource.
    fn contradictions(&self, event: &Event<'_>, other: &str) -> Vec<Value> {
        let mut body = self.event(event);
        body["payload"]["resource"]["status"] = other.into();
        vec![body]
    }

    fn sign(&self, secret: &str, _: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        vec![("x-sha2-signature", hmac_sha256_hex(secret, &[body]))]
    }
}

idv_conformance::suite!(Onfido);
