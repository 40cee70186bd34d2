//! Didit. Everything here is written from the vendor's pages: docs.didit.me, "Create session", "Verification statuses", "Webhooks",
//! "Rate limiting".

use std::sync::Arc;

use idv_conformance::{
    DocumentedError, Event, Received, Reply, StartCost, Subject, Webhooks, hmac_sha256_hex,
};
use idv_core::{
    CredentialOwner, DocumentKind, ErasureState, ErrorKind, Invites, MappingRow, Operation, ProviderFactory,
    StartRequest, Surface, VerificationReason as Reason, VerificationStatus as Status, VerifiedDocument,
    VerifiedIdentity,
};
use serde_json::{Map, Value, json};

const KEY: &str = "didit-api-key-canary-0001";

pub(crate) struct Didit;

fn item(session: &str, word: Option<&str>) -> Map<String, Value> {
    let mut item = Map::new();
    item.insert("session_id".to_owned(), session.into());
    item.insert("session_number".to_owned(), 1234.into());
    item.extend(word.map(|word| ("status".to_owned(), word.into())));
    item
}

impl Subject for Didit {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_session_api::SessionApiFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "preset": "didit", "base_url": base_url, "api_key": {"env": "DIDIT_API_KEY"},
            "workflow_id": "7a7a7a7a-0000-4000-8000-000000000001",
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("DIDIT_API_KEY", KEY)]
    }

    /// Every path ends with a slash. A refresh reads the decision, which has the link.
    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["v3", "session", ""]) => Some(Operation::Start),
            ("GET", ["v3", "sessions", ""]) => Some(Operation::Find),
            ("GET", ["v3", "session", _, "decision", ""]) => Some(Operation::Check),
            ("DELETE", ["v3", "session", _, "delete", ""]) => Some(Operation::Erase),
            _ => None,
        }
    }

    fn refresh_is_a_read(&self) -> bool {
        true
    }

    fn authentic(&self, request: &Received) -> Result<(), String> {
        match request.header("x-api-key") == Some(KEY) {
            true => Ok(()),
            false => Err("the request has no key".to_owned()),
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let states = [
            ("Not Started", Status::NotStarted),
            ("In Progress", Status::InProgress),
            ("Awaiting User", Status::InProgress),
            ("In Review", Status::OnHold),
            ("Approved", Status::Approved),
            ("Declined", Status::Rejected),
            ("Resubmitted", Status::ResubmissionRequired),
            ("Abandoned", Status::Abandoned),
            ("Expired", Status::Expired),
            ("Kyc Expired", Status::Expired),
        ];
        let rows = |surface: Surface| {
            states.map(|(word, status)| {
                let mut row = MappingRow::status(surface, word, status);
                row.reason = (word == "Kyc Expired").then_some(Reason::DocumentExpired);
                row
            })
        };
        let mut all = [rows(Surface::CheckStatus), rows(Surface::WebhookStatus)].concat();
        for (code, reason) in [
            ("ID_DOCUMENT_IN_BLOCKLIST", Reason::Watchlist),
            ("FACE_IN_BLOCKLIST", Reason::Watchlist),
            ("DOCUMENT_EXPIRED", Reason::DocumentExpired),
            ("DOCUMENT_NOT_SUPPORTED_FOR_APPLICATION", Reason::DocumentUnsupported),
            ("PORTRAIT_IMAGE_NOT_DETECTED", Reason::DocumentUnreadable),
            ("PORTRAIT_MANIPULATION_DETECTED", Reason::DocumentTampered),
            ("SCREEN_CAPTURE_DETECTED", Reason::DocumentTampered),
            ("PRINTED_COPY_DETECTED", Reason::DocumentTampered),
            ("DATA_INCONSISTENT", Reason::DataMismatch),
            ("MINIMUM_AGE_NOT_MET", Reason::Underage),
            ("POSSIBLE_DUPLICATED_USER", Reason::Duplicate),
            ("LOW_FACE_MATCH_SIMILARITY", Reason::FaceMismatch),
            ("LOW_LIVENESS_SCORE", Reason::LivenessFailed),
            ("LIVENESS_FACE_ATTACK", Reason::LivenessFailed),
        ] {
            all.push(MappingRow::reason(Surface::CheckReason, code, reason));
        }
        for (word, status) in [
            ("Approved", Status::InReview),
            ("Declined", Status::InReview),
            ("In Review", Status::InReview),
            ("In Progress", Status::Abandoned),
            ("Abandoned", Status::Abandoned),
            ("Expired", Status::Expired),
        ] {
            all.push(MappingRow::status(Surface::RedirectStatus, word, status));
        }
        all
    }

    fn started(&self, session: &str) -> Value {
        let mut started = item(session, Some("Not Started"));
        started.insert("session_token".to_owned(), "aBcDeF123456".into());
        started.insert("url".to_owned(), format!("https://verify.didit.me/session/{session}").into());
        started.into()
    }

    fn refreshed(&self, session: &str) -> Value {
        let mut decision = item(session, Some("Resubmitted"));
        decision
            .insert("session_url".to_owned(), format!("https://verify.didit.me/session/{session}").into());
        decision.into()
    }

    fn state(&self, session: &str, word: &str) -> Value {
        let mut decision = item(session, Some(word));
        decision
            .insert("session_url".to_owned(), format!("https://verify.didit.me/session/{session}").into());
        decision.insert("vendor_data".to_owned(), "user-42".into());
        decision.insert("id_verifications".to_owned(), json!([{"status": "Approved", "warnings": []}]));
        decision.into()
    }

    fn identified(&self, session: &str) -> Option<(Value, VerifiedIdentity)> {
        let mut answer = self.state(session, "Approved");
        answer["id_verifications"] = json!([{
            "status": "Approved", "first_name": "Ottoline", "last_name": "Featherquill",
            "full_name": "Ottoline Violet Featherquill", "date_of_birth": "1873-06-16", "nationality": "GBR",
            "address": "44 Bedford Square, London", "document_type": "Passport", "document_number": "P-1873061",
            "issuing_state": "GBR", "expiration_date": "2031-04-21", "warnings": [],
        }]);
        let mut identity = VerifiedIdentity::default();
        identity.first_name = Some("Ottoline".into());
        identity.last_name = Some("Featherquill".into());
        identity.full_name = Some("Ottoline Violet Featherquill".into());
        identity.date_of_birth = Some("1873-06-16".into());
        identity.nationality = Some("GB".into());
        identity.address = Some("44 Bedford Square, London".into());
        let mut document = VerifiedDocument::default();
        document.kind = Some(DocumentKind::Passport);
        document.number = Some("P-1873061".into());
        document.issuing_country = Some("GB".into());
        document.expires_on = Some("2031-04-21".into());
        identity.document = Some(document);
        Some((answer, identity))
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/vendor_data"]
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let one = |session: &&str| {
            let mut item = item(session, Some("Not Started"));
            item.insert("vendor_data".to_owned(), reference.into());
            item
        };
        let results: Vec<_> = sessions.iter().map(one).collect();
        json!({"count": results.len(), "next": null, "previous": null, "results": results})
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        let mut half = self.found(reference, sessions);
        half["next"] = format!("/v3/sessions/?limit=5&offset=5&vendor_data={reference}").into();
        half["count"] = 41.into();
        Some(half)
    }

    fn erased(&self, _: &str) -> Vec<(Reply, ErasureState)> {
        vec![
            (Reply::bytes(204, "application/json", ""), ErasureState::Done),
            (Reply::json(404, &json!({"detail": "Not found."})), ErasureState::AlreadyGone),
        ]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let said = |status, detail: &str| Reply::json(status, &json!({"detail": detail}));
        let wait = Some(std::time::Duration::from_secs(9));
        vec![
            DocumentedError::new(
                "key",
                Operation::Check,
                said(401, "Invalid key."),
                ErrorKind::Unauthenticated,
            )
            .credential(CredentialOwner::Application),
            DocumentedError::new(
                "credits",
                Operation::Start,
                said(403, "Not enough credits."),
                ErrorKind::Forbidden,
            ),
            DocumentedError::new(
                "field",
                Operation::Start,
                Reply::json(400, &json!({"workflow_id": ["This field is required."]})),
                ErrorKind::InvalidRequest,
            ),
            DocumentedError::new(
                "limit",
                Operation::Start,
                said(429, "Request was throttled.").header("retry-after", "9"),
                ErrorKind::RateLimited,
            )
            .repeatable(wait),
        ]
    }

    fn redirect(&self, session: &str, status: &str, reason: Option<&str>) -> Option<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("verificationSessionId", session).append_pair("status", status);
        query.extend_pairs(reason.map(|reason| ("reason", reason)));
        Some(format!("https://app.example.com/back?{}", query.finish()))
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn applicant(&self, request: StartRequest) -> StartRequest {
        request
            .attribute("metadata", "plan-blue-canary")
            .attribute("callback_method", "initiator")
            // Didit writes e-mails alone.
            .invites(Invites { email: true, sms: false })
    }
}

impl Webhooks for Didit {
    fn event(&self, event: &Event<'_>) -> Value {
        let mut body = item(event.session, event.status);
        body.remove("session_number");
        body.insert("event_id".to_owned(), event.id.into());
        body.insert("webhook_type".to_owned(), event.event_type.unwrap_or("status.updated").into());
        body.insert("timestamp".to_owned(), event.at.unix_seconds().into());
        body.insert("vendor_data".to_owned(), "user-42".into());
        body.into()
    }

    /// The time in a header of its own is signed by nothing.
    fn sign(&self, secret: &str, _: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        vec![("x-signature", hmac_sha256_hex(secret, &[body]))]
    }
}
