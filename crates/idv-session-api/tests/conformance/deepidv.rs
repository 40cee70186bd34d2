//! deepidv. Everything here is written from the vendor's pages: "Create session", "Retrieve session", "List sessions",
//! "Webhooks: event object", "Authentication".

use std::sync::Arc;

use idv_conformance::{DocumentedError, Event, Received, Reply, StartCost, Subject, Webhooks};
use idv_core::{CredentialOwner, ErrorKind, MappingRow, Operation, ProviderFactory, Surface};
use idv_core::{VerificationReason as Reason, VerificationStatus as Status};
use serde_json::{Map, Value, json};

const SESSIONS: &str = "/v1/sessions";

pub(crate) struct Deepidv;

impl Subject for Deepidv {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_session_api::SessionApiFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"preset": "deepidv", "base_url": base_url, "api_key": {"env": "DEEPIDV_API_KEY"}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("DEEPIDV_API_KEY", "sk_live_canary_0001")]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        let one = request.path.strip_prefix("/v1/sessions/").is_some_and(|id| !id.contains('/'));
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", SESSIONS) => Some(Operation::Start),
            ("GET", SESSIONS) => Some(Operation::Find),
            ("GET", _) if one => Some(Operation::Check),
            _ => None,
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let mut failed = MappingRow::status(Surface::CheckStatus, "FAILED", Status::Failed);
        failed.reason = Some(Reason::AttemptsExhausted);
        vec![
            MappingRow::status(
                Surface::CheckStatus,
                "PENDING with session_progress PENDING",
                Status::NotStarted,
            ),
            MappingRow::status(Surface::CheckStatus, "PENDING", Status::InProgress),
            MappingRow::status(Surface::CheckStatus, "SUBMITTED", Status::InReview),
            MappingRow::status(Surface::CheckStatus, "VERIFIED", Status::Approved),
            MappingRow::status(Surface::CheckStatus, "REJECTED", Status::Rejected),
            MappingRow::status(Surface::CheckStatus, "VOIDED", Status::Cancelled),
            MappingRow::status(Surface::CheckStatus, "EXPIRED", Status::Expired),
            failed,
            MappingRow::status(Surface::RedirectStatus, "success", Status::InReview),
            MappingRow::status(Surface::RedirectStatus, "failed", Status::Failed),
            MappingRow::status(
                Surface::RedirectStatus,
                "failed with reason session_expired",
                Status::Expired,
            ),
            MappingRow::status(Surface::RedirectStatus, "abandoned", Status::Abandoned),
            MappingRow::reason(Surface::RedirectReason, "document_unreadable", Reason::DocumentUnreadable),
            MappingRow::reason(Surface::RedirectReason, "face_mismatch", Reason::FaceMismatch),
            MappingRow::reason(Surface::RedirectReason, "session_expired", Reason::SessionExpired),
            MappingRow::reason(Surface::RedirectReason, "internal_error", Reason::ProviderError),
            MappingRow::reason(Surface::RedirectReason, "user_cancelled", Reason::ApplicantCancelled),
            MappingRow::reason(Surface::RedirectReason, "unknown", Reason::Unspecified),
        ]
    }

    fn started(&self, session: &str) -> Value {
        json!({"id": session, "session_url": format!("https://app.deepidv.com/s/{session}"), "links": []})
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"session_record": record(session, word)})
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let with_reference = |session: &&str| {
            let mut record = record(session, "PENDING");
            record.insert("external_id".to_owned(), reference.into());
            record
        };
        let sessions: Vec<_> = sessions.iter().map(with_reference).collect();
        json!({"sessions": sessions, "next_token": null})
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        let mut half = self.found(reference, sessions);
        half["next_token"] = "page-2".into();
        Some(half)
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/session_record/updated_at"]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let said = |status, text: &str| Reply::json(status, &json!({"error": text}));
        let balance = Reply::bytes(402, "text/plain", "Insufficient funds or subscription.");
        let limit = said(429, "Rate limit exceeded.").header("retry-after", "3");
        let wait = Some(std::time::Duration::from_secs(3));
        let sandbox_key = "This is a sandbox API key. Use a live API key to create or modify resources.";
        vec![
            DocumentedError::new(
                "input",
                Operation::Start,
                said(400, "Invalid Input."),
                ErrorKind::InvalidRequest,
            ),
            DocumentedError::new(
                "key",
                Operation::Start,
                said(401, "Invalid API key."),
                ErrorKind::Unauthenticated,
            )
            .credential(CredentialOwner::Application),
            DocumentedError::new("balance", Operation::Start, balance, ErrorKind::PaymentRequired),
            DocumentedError::new(
                "sandbox key",
                Operation::Start,
                said(403, sandbox_key),
                ErrorKind::Forbidden,
            ),
            DocumentedError::new("workflow", Operation::Start, said(404, "Not found."), ErrorKind::NotFound),
            DocumentedError::new("limit", Operation::Start, limit, ErrorKind::RateLimited).repeatable(wait),
            DocumentedError::new("session", Operation::Check, said(404, "Not found."), ErrorKind::NotFound),
        ]
    }

    fn redirect(&self, session: &str, status: &str, reason: Option<&str>) -> Option<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("session_id", session).append_pair("status", status);
        query.extend_pairs(reason.map(|reason| ("reason", reason)));
        Some(format!("https://app.example.com/back?{}", query.finish()))
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

/// A record, with the state before ` with session_progress ` and the progress behind it.
fn record(session: &str, word: &str) -> Map<String, Value> {
    let (status, progress) = match word.to_ascii_lowercase().find(" with session_progress ") {
        Some(start) => (&word[..start], &word[start + " with session_progress ".len()..]),
        None => (word, "STARTED"),
    };
    let record = json!({
        "id": session, "organization_id": "org_sim", "user_id": "usr_sim1", "sender_user_id": "usr_sim2",
        "status": status, "type": "verification", "session_progress": progress,
        "created_at": "2026-07-01T09:00:00.000Z", "updated_at": "2026-07-01T09:12:44.000Z",
    });
    record.as_object().cloned().unwrap_or_default()
}

impl Webhooks for Deepidv {
    fn secrets(&self) -> [&'static str; 3] {
        ["whsec_canary_number_one", "whsec_canary_number_two", "whsec_canary_number_three"]
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let mut data = record(event.session, event.status.unwrap_or_default());
        data.insert("updated_at".to_owned(), event.at.to_string().into());
        json!({"type": event.event_type.unwrap_or("session.status.verified"), "data": data})
    }

    /// The time in an event is that of the last change of its session.
    fn is_dated(&self, _: &Event<'_>) -> bool {
        false
    }

    fn sign(&self, secret: &str, _: &Event<'_>, _: &[u8]) -> Vec<(&'static str, String)> {
        vec![("deepidv-signature", secret.to_owned())]
    }
}
