//! Plaid. Everything here is written from the vendor's API document of version 2020-09-14, and its page "Identity Verification: webhooks".

use std::sync::Arc;

use idv_conformance::{
    DocumentedError, Event, NaturalKey, Received, Reply, StartCost, Subject, Webhooks, statuses,
};
use idv_core::{
    CredentialOwner, ErrorKind, MappingRow, Operation, ProviderFactory, Surface, VerificationStatus as Status,
};
use serde_json::{Value, json};

const CLIENT: &str = "plaid-client-canary-0001";
const SECRET: &str = "plaid-secret-canary-0001";

pub(crate) struct Plaid;

fn verification(session: &str, reference: &str, word: &str) -> Value {
    json!({
        "id": session, "client_user_id": reference, "created_at": "2026-07-01T09:00:00Z", "completed_at": null,
        "previous_attempt_id": null, "shareable_url": format!("https://flow.plaid.com/verify/{session}?key=canary"),
        "template": {"id": "wf_conformance", "version": 1}, "status": word, "steps": {"selfie_check": "not_applicable"},
    })
}

impl Subject for Plaid {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_session_api::SessionApiFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "preset": "plaid", "base_url": base_url, "api_key": {"env": "PLAID_SECRET"}, "workflow_id": "wf_conformance",
            "secrets": {"client_id": {"env": "PLAID_CLIENT_ID"}},
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("PLAID_SECRET", SECRET), ("PLAID_CLIENT_ID", CLIENT)]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/identity_verification/create") => Some(Operation::Start),
            ("POST", "/identity_verification/get") => Some(Operation::Check),
            ("POST", "/identity_verification/list") => Some(Operation::Find),
            _ => None,
        }
    }

    fn authentic(&self, request: &Received) -> Result<(), String> {
        let headers =
            [("plaid-client-id", CLIENT), ("plaid-secret", SECRET), ("plaid-version", "2020-09-14")];
        match headers.into_iter().find(|(name, value)| request.header(name) != Some(value)) {
            None => Ok(()),
            Some((name, _)) => Err(format!("the header {name} is not as it should be")),
        }
    }

    /// With `is_idempotent` there is one verification of a reference and a template.
    fn natural_key(&self) -> Option<NaturalKey> {
        Some(|start| {
            let body: Value = serde_json::from_slice(&start.body).ok()?;
            let own = || Some([body["client_user_id"].as_str()?, body["template_id"].as_str()?].join(" "));
            own().filter(|_| body["is_idempotent"] == true)
        })
    }

    fn start_cost(&self) -> StartCost {
        StartCost::Nothing
    }

    fn words(&self) -> Vec<MappingRow> {
        let words = [
            ("active", Status::InProgress),
            ("success", Status::Approved),
            ("failed", Status::Rejected),
            ("expired", Status::Expired),
            ("canceled", Status::Cancelled),
            ("pending_review", Status::InReview),
        ];
        statuses(Surface::CheckStatus, &words)
    }

    fn started(&self, session: &str) -> Value {
        verification(session, "case-of-the-caller", "active")
    }

    fn state(&self, session: &str, word: &str) -> Value {
        verification(session, "case-of-the-caller", word)
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let one = |session: &&str| verification(session, reference, "active");
        json!({
            "identity_verifications": sessions.iter().map(one).collect::<Vec<_>>(), "next_cursor": null,
            "request_id": "saKrIBuEB9qJZng",
        })
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        let mut half = self.found(reference, sessions);
        half["next_cursor"] = "eyJkaXJlY3Rpb24iOiJuZXh0".into();
        Some(half)
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/completed_at", "/client_user_id"]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let said = |status: u16, kind: &str, code: &str| {
            let body = json!({
                "error_type": kind, "error_code": code, "error_message": "canary", "display_message": null,
                "request_id": "HNTDNrA8F1shFEW",
            });
            Reply::json(status, &body)
        };
        vec![
            DocumentedError::new(
                "keys",
                Operation::Check,
                said(400, "INVALID_INPUT", "INVALID_API_KEYS"),
                ErrorKind::Unauthenticated,
            )
            .credential(CredentialOwner::Application)
            .code("INVALID_API_KEYS"),
            DocumentedError::new(
                "environment",
                Operation::Start,
                said(400, "INVALID_INPUT", "UNAUTHORIZED_ENVIRONMENT"),
                ErrorKind::Forbidden,
            )
            .code("UNAUTHORIZED_ENVIRONMENT"),
            DocumentedError::new(
                "field",
                Operation::Start,
                said(400, "INVALID_REQUEST", "INVALID_FIELD"),
                ErrorKind::InvalidRequest,
            )
            .code("INVALID_FIELD"),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

/// Their signature is a JWT under a key that Plaid publishes, which the adapter does not verify: to it they are notices without proof.
impl Webhooks for Plaid {
    fn event(&self, event: &Event<'_>) -> Value {
        json!({
            "webhook_type": "IDENTITY_VERIFICATION", "webhook_code": event.event_type.unwrap_or("STATUS_UPDATED"),
            "identity_verification_id": event.session, "environment": "production",
        })
    }

    fn is_unproved(&self) -> bool {
        true
    }

    fn sign(&self, _: &str, event: &Event<'_>, _: &[u8]) -> Vec<(&'static str, String)> {
        vec![("plaid-verification", format!("eyJhbGciOiJFUzI1NiJ9.{}.c2lnbmF0dXJl", event.id))]
    }
}
