//! Shufti. Everything here is written from the vendor's pages: developers.shuftipro.com, "General parameters", "Responses", "Fetching
//! request status", "Declined reasons".

use std::sync::Arc;

use idv_conformance::{DocumentedError, Event, NaturalKey, Received, Reply, StartCost, Subject, Webhooks};
use idv_core::{
    CredentialOwner, ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory, StartRequest, Surface,
    VerificationReason as Reason, VerificationStatus as Status,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const CLIENT: &str = "shufti-client-canary";
const SECRET: &str = "shufti-secret-canary";
/// `shufti-client-canary:shufti-secret-canary` in base64.
const BASIC: &str = "Basic c2h1ZnRpLWNsaWVudC1jYW5hcnk6c2h1ZnRpLXNlY3JldC1jYW5hcnk=";

pub(crate) struct Shufti;

/// The session's id is the caller's reference.
fn reference(session: &str) -> String {
    let number: usize = session.rsplit('-').next().and_then(|digits| digits.parse().ok()).unwrap_or_default();
    format!("conformance-case-{number}")
}

fn hex(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    base16ct::lower::encode_string(&digest.finalize())
}

impl Subject for Shufti {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_session_api::SessionApiFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "preset": "shufti", "base_url": base_url, "api_key": {"env": "SHUFTI_SECRET_KEY"},
            "secrets": {"client_id": {"env": "SHUFTI_CLIENT_ID"}},
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("SHUFTI_SECRET_KEY", SECRET), ("SHUFTI_CLIENT_ID", CLIENT)]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/") => Some(Operation::Start),
            ("POST", "/status") => Some(Operation::Check),
            ("POST", "/delete") => Some(Operation::Erase),
            _ => None,
        }
    }

    fn authentic(&self, request: &Received) -> Result<(), String> {
        match request.header("authorization") == Some(BASIC) {
            true => Ok(()),
            false => Err("the request is not authorized".to_owned()),
        }
    }

    /// A second start with a reference is refused.
    fn natural_key(&self) -> Option<NaturalKey> {
        Some(|start| {
            let body: Value = serde_json::from_slice(&start.body).ok()?;
            body["reference"].as_str().map(str::to_owned)
        })
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let words = [
            ("request.pending", Status::InProgress),
            ("request.received", Status::InReview),
            ("review.pending", Status::InReview),
            ("verification.accepted", Status::Approved),
            ("verification.declined", Status::Rejected),
            ("verification.cancelled", Status::Abandoned),
            ("request.timeout", Status::Expired),
            ("request.deleted", Status::Cancelled),
        ];
        let surfaces = [Surface::CheckStatus, Surface::WebhookStatus];
        let row = |surface| move |(word, status)| MappingRow::status(surface, word, status);
        let mut rows: Vec<MappingRow> =
            surfaces.into_iter().flat_map(|surface| words.into_iter().map(row(surface))).collect();
        for (code, reason) in [
            ("SPDR01", Reason::FaceMismatch),
            ("SPDR15", Reason::FaceMismatch),
            ("SPDR38", Reason::FaceMismatch),
            ("SPDR37", Reason::LivenessFailed),
            ("SPDR59", Reason::LivenessFailed),
            ("SPDR03", Reason::DocumentTampered),
            ("SPDR48", Reason::DocumentTampered),
            ("SPDR51", Reason::DocumentTampered),
            ("SPDR75", Reason::DataMismatch),
            ("SPDR287", Reason::Duplicate),
            ("SPDR34", Reason::Watchlist),
            ("SPDR160", Reason::Watchlist),
            ("SPDR163", Reason::Watchlist),
            ("SPDR241", Reason::ApplicantCancelled),
        ] {
            rows.push(MappingRow::reason(Surface::CheckReason, code, reason));
        }
        rows
    }

    fn started(&self, session: &str) -> Value {
        let reference = reference(session);
        json!({
            "reference": reference, "event": "request.pending", "error": "", "email": null, "country": null,
            "verification_url": format!("https://app.shuftipro.com/process/verification/{session}"),
        })
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"reference": reference(session), "event": word, "error": "", "verification_result": {"face": null}})
    }

    fn find_is_a_read(&self) -> bool {
        true
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        match sessions.first() {
            Some(_) => json!({"reference": reference, "event": "request.pending", "error": ""}),
            None => Value::Null,
        }
    }

    fn found_nothing(&self) -> Option<Reply> {
        let error = json!({"service": "", "key": "reference", "message": "Resource not found."});
        Some(Reply::json(404, &json!({"reference": "", "event": "request.invalid", "error": error})))
    }

    fn erased(&self, session: &str) -> Vec<(Reply, ErasureState)> {
        let deleted = json!({"reference": reference(session), "event": "request.deleted"});
        vec![(Reply::json(200, &deleted), ErasureState::Done)]
    }

    fn statuses(&self) -> Vec<(u16, ErrorKind)> {
        vec![(402, ErrorKind::InvalidRequest)]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let said = |status, event: &str, key: &str| {
            let error = json!({"service": "", "key": key, "message": "canary"});
            Reply::json(status, &json!({"reference": "", "event": event, "error": error}))
        };
        vec![
            DocumentedError::new(
                "402",
                Operation::Start,
                said(402, "request.invalid", "country"),
                ErrorKind::InvalidRequest,
            )
            .code("country"),
            DocumentedError::new(
                "invalid with 200",
                Operation::Start,
                said(200, "request.invalid", "document"),
                ErrorKind::InvalidRequest,
            )
            .code("document"),
            DocumentedError::new(
                "unauthorized with 200",
                Operation::Check,
                said(200, "request.unauthorized", "authorization"),
                ErrorKind::Unauthenticated,
            )
            .credential(CredentialOwner::Application)
            .code("authorization"),
            DocumentedError::new(
                "reference exists",
                Operation::Start,
                said(409, "request.invalid", "reference"),
                ErrorKind::Conflict,
            )
            .code("reference"),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn applicant(&self, request: StartRequest) -> StartRequest {
        let callback = "https://app.conformance.example.com/hooks/shufti";
        request.attribute("callback_url", callback).attribute("verification_mode", "any")
    }
}

impl Webhooks for Shufti {
    /// The name of the event is the status, so there are no other types. A body has neither an id nor a time.
    fn event(&self, event: &Event<'_>) -> Value {
        let name = event.status.unwrap_or("request.data.changed");
        json!({"reference": event.session, "event": name, "country": "GB"})
    }

    fn sign(&self, secret: &str, _: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let secret = hex(&[secret.as_bytes()]);
        vec![("signature", hex(&[body, secret.as_bytes()]))]
    }
}
