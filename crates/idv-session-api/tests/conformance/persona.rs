//! Persona. Everything here is written from the vendor's pages: docs.withpersona.com, "Create an Inquiry", "Inquiry model lifecycle",
//! "One-time links", "Resuming inquiries", "Errors", "Idempotence", "Webhooks best practices".

use std::sync::Arc;

use idv_conformance::{
    Call, DocumentedError, Event, Received, Reply, StartCost, Step, Subject, Webhooks, hmac_sha256_hex,
};
use idv_core::{
    CredentialOwner, DocumentKind, ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory,
    StartRequest, Surface, Timestamp, VerificationReason as Reason, VerificationStatus as Status,
    VerifiedDocument, VerifiedIdentity,
};
use serde_json::{Value, json};

const KEY: &str = "persona_sandbox_canary_0001";

pub(crate) struct Persona;

fn attributes(word: Option<&str>) -> Value {
    let mut attributes = json!({"reference-id": "user-42", "created-at": "2026-07-01T09:00:00.000Z",
        "updated-at": "2026-07-01T09:12:44.000Z", "expires-at": null, "redacted-at": null});
    if let Some(word) = word {
        attributes["status"] = word.into();
    }
    attributes
}

fn link(session: &str) -> Value {
    json!({"one-time-link": format!("https://withpersona.com/verify?code=us1-{session}"), "session-token": null})
}

impl Subject for Persona {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_session_api::SessionApiFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "preset": "persona", "base_url": base_url, "api_key": {"env": "PERSONA_API_KEY"}, "workflow_id": "itmpl_sim1",
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("PERSONA_API_KEY", KEY)]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["inquiries"]) => Some(Operation::Start),
            ("GET", ["inquiries"]) => Some(Operation::Find),
            ("GET", ["inquiries", _]) => Some(Operation::Check),
            ("POST", ["inquiries", _, "generate-one-time-link"]) => Some(Operation::Refresh),
            ("POST", ["inquiries", _, "expire"]) => Some(Operation::Cancel),
            ("DELETE", ["inquiries", _]) => Some(Operation::Erase),
            _ => None,
        }
    }

    /// A refresh looks at the state first: an expired inquiry is resumed before it gets a link.
    fn step(&self, call: &Call<'_>, request: &Received) -> Option<Step> {
        match (call.operation, request.method.as_str(), request.segments().as_slice()) {
            (Operation::Refresh, "GET", ["inquiries", _]) => {
                Some(Step::new(Reply::json(200, &self.state(call.session, call.word))))
            }
            (Operation::Refresh, "POST", ["inquiries", _, "resume"]) => {
                Some(Step::new(Reply::json(200, &self.started(call.session))))
            }
            _ => None,
        }
    }

    /// Every request has the version, the casing and the fields that are asked for; and one that opens a session asks for its link.
    fn authentic(&self, request: &Received) -> Result<(), String> {
        let is = |name: &str, value: &str| request.header(name) == Some(value);
        let sparse =
            request.query.contains("fields%5Binquiry%5D=") || request.query.contains("fields[inquiry]=");
        if !is("authorization", &format!("Bearer {KEY}")) {
            return Err("the request is not authorized".to_owned());
        }
        if !is("persona-version", "2023-01-05") || !is("key-inflection", "kebab") {
            return Err("the settings of the key decide about version and casing".to_owned());
        }
        if !sparse {
            return Err("the answer has everything that is known of the applicant".to_owned());
        }
        if self.operation(request) == Some(Operation::Start) {
            let body: Value = serde_json::from_slice(&request.body).map_err(|error| error.to_string())?;
            if body["meta"]["auto-create-one-time-link"] != true {
                return Err("the request asks for no link where Persona looks for it".to_owned());
            }
        }
        Ok(())
    }

    fn start_cost(&self) -> StartCost {
        StartCost::NothingUnlessAnswered
    }

    fn words(&self) -> Vec<MappingRow> {
        let states = [
            ("created", Status::NotStarted),
            ("pending", Status::InProgress),
            ("completed", Status::InReview),
            ("needs_review", Status::OnHold),
            ("needs review", Status::OnHold),
            ("approved", Status::Approved),
            ("declined", Status::Rejected),
            ("failed", Status::Failed),
            ("expired", Status::Expired),
        ];
        let rows = |surface: Surface| {
            states.map(|(word, status)| {
                let mut row = MappingRow::status(surface, word, status);
                row.reason = (word == "failed").then_some(Reason::AttemptsExhausted);
                row
            })
        };
        let mut all = [rows(Surface::CheckStatus), rows(Surface::WebhookStatus)].concat();
        all.push(MappingRow::status(Surface::RedirectStatus, "completed", Status::InReview));
        all.push(MappingRow::status(Surface::RedirectStatus, "failed", Status::Failed));
        all
    }

    fn started(&self, session: &str) -> Value {
        json!({"data": {"type": "inquiry", "id": session, "attributes": attributes(Some("created"))}, "meta": link(session)})
    }

    fn expiring(&self, session: &str, _: Timestamp, at: Timestamp) -> Option<Value> {
        let mut started = self.started(session);
        started["data"]["attributes"]["expires-at"] = at.to_string().into();
        Some(started)
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"data": {"type": "inquiry", "id": session, "attributes": attributes(Some(word))}})
    }

    fn identified(&self, session: &str) -> Option<(Value, VerifiedIdentity)> {
        let mut answer = self.state(session, "approved");
        let field = |value: &str| json!({"type": "string", "value": value});
        answer["data"]["attributes"]["fields"] = json!({
            "name-first": field("Ottoline"), "name-last": field("Featherquill"), "birthdate": field("1873-06-16"),
            "address-street-1": field("44 Bedford Square"), "address-city": field("London"),
            "identification-class": field("pp"), "identification-number": field("P-1873061"),
        });
        let mut identity = VerifiedIdentity::default();
        identity.first_name = Some("Ottoline".into());
        identity.last_name = Some("Featherquill".into());
        identity.date_of_birth = Some("1873-06-16".into());
        identity.address = Some("44 Bedford Square, London".into());
        let mut document = VerifiedDocument::default();
        document.kind = Some(DocumentKind::Passport);
        document.number = Some("P-1873061".into());
        identity.document = Some(document);
        Some((answer, identity))
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/data/attributes/updated-at", "/data/attributes/reference-id"]
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let inquiries: Vec<Value> = sessions
            .iter()
            .map(|session| {
                let mut data = self.state(session, "created")["data"].take();
                data["attributes"]["reference-id"] = reference.into();
                data
            })
            .collect();
        json!({"data": inquiries, "links": {"prev": null, "next": null}})
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        let mut half = self.found(reference, sessions);
        half["links"]["next"] =
            format!("/inquiries?filter%5Breference-id%5D={reference}&page%5Bafter%5D=inq_1").into();
        Some(half)
    }

    fn cancelled(&self, session: &str) -> Reply {
        Reply::json(200, &self.state(session, "expired"))
    }

    fn cancelled_before(&self, session: &str) -> Option<Reply> {
        Some(Reply::json(200, &self.state(session, "expired")))
    }

    fn erased(&self, session: &str) -> Vec<(Reply, ErasureState)> {
        let said = |status, title: &str, details: &str| {
            Reply::json(status, &json!({"errors": [{"title": title, "details": details}]}))
        };
        vec![
            (Reply::json(200, &self.state(session, "approved")), ErasureState::Accepted),
            (said(409, "Conflict", "Inquiry already redacted"), ErasureState::AlreadyGone),
            (said(404, "Record not found", "no such inquiry"), ErasureState::AlreadyGone),
        ]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let said = |status, title: &str| {
            Reply::json(status, &json!({"errors": [{"title": title, "code": "a_code"}]}))
        };
        let wait = Some(std::time::Duration::from_secs(23));
        let limit = said(429, "Rate limit exceeded").header("ratelimit-reset", "23");
        vec![
            DocumentedError::new(
                "key",
                Operation::Check,
                said(401, "Must be authenticated"),
                ErrorKind::Unauthenticated,
            )
            .credential(CredentialOwner::Application)
            .code("a_code"),
            DocumentedError::new(
                "permission",
                Operation::Start,
                said(403, "Forbidden"),
                ErrorKind::Forbidden,
            )
            .code("a_code"),
            DocumentedError::new(
                "unknown",
                Operation::Check,
                said(404, "Record not found"),
                ErrorKind::NotFound,
            )
            .code("a_code"),
            DocumentedError::new(
                "invalid",
                Operation::Start,
                said(422, "Record invalid"),
                ErrorKind::InvalidRequest,
            )
            .code("a_code"),
            DocumentedError::new("limit", Operation::Start, limit, ErrorKind::RateLimited)
                .repeatable(wait)
                .code("a_code"),
        ]
    }

    fn redirect(&self, session: &str, status: &str, reason: Option<&str>) -> Option<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("inquiry-id", session).append_pair("status", status);
        query.extend_pairs(reason.map(|reason| ("reason", reason)));
        Some(format!("https://app.example.com/back?{}", query.finish()))
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn applicant(&self, request: StartRequest) -> StartRequest {
        request.date_of_birth("1815-12-10")
    }
}

impl Webhooks for Persona {
    fn secrets(&self) -> [&'static str; 3] {
        ["wbhsec_canary-number-one", "wbhsec_canary-number-two", "wbhsec_canary-number-three"]
    }

    /// The key of the reference is the id of the inquiry.
    fn event(&self, event: &Event<'_>) -> Value {
        let payload =
            json!({"data": {"type": "inquiry", "id": event.session, "attributes": attributes(event.status)}});
        let name = event.event_type.unwrap_or("inquiry.transitioned");
        json!({"data": {"type": "event", "id": event.id, "attributes": {
            "name": name, "created-at": event.at.to_string(), "payload": payload,
        }}})
    }

    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let time = event.at.unix_seconds().to_string();
        let signature = hmac_sha256_hex(secret, &[time.as_bytes(), b".", body]);
        vec![("persona-signature", format!("t={time},v1={signature}"))]
    }

    fn signature_separator(&self) -> Option<&'static str> {
        Some(" ")
    }
}
