//! The adapter passes the kit. Everything here is written from the vendor's pages: devdocs.veriff.com, "HMAC authentication and
//! endpoint security", the API pages of `/v1/sessions`, "Verification session status codes", "Decision webhook".
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod reasons;

use std::sync::Arc;

use idv_conformance::{
    Call, DocumentedError, Event, Received, Reply, ReplySigner, StartCost, Step, Subject, Webhooks,
    hmac_sha256_hex,
};
use idv_core::{
    CredentialOwner, DocumentKind, ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory,
    StartRequest, Surface, VerificationStatus as Status, VerifiedDocument, VerifiedIdentity,
};
use serde_json::{Value, json};

const KEY: &str = "veriff-api-key-canary";
const SECRETS: [&str; 3] =
    ["veriff-shared-canary-one", "veriff-shared-canary-two", "veriff-shared-canary-three"];

/// States of a session without a decision (devdocs.veriff.com, "Verification session status codes").
const UNDECIDED: [&str; 4] = ["created", "started", "submitted", "inflow_completed"];
const ATTEMPT: &str = "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a";

struct Veriff;

/// Lower-case hex of HMAC-SHA256 with the shared secret as text.
fn sign(secret: &str, text: &[u8]) -> String {
    hmac_sha256_hex(secret, &[text])
}

fn signed_reply(_: &Received, body: &[u8]) -> Vec<(&'static str, String)> {
    vec![("x-auth-client", KEY.to_owned()), ("x-hmac-signature", sign(SECRETS[0], body))]
}

impl Subject for Veriff {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_veriff::VeriffFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "base_url": base_url, "api_key": {"env": "VERIFF_API_KEY"},
            "shared_secrets": [{"env": "VERIFF_SHARED_SECRET"}],
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("VERIFF_API_KEY", KEY), ("VERIFF_SHARED_SECRET", SECRETS[0])]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["v1", "sessions"]) => Some(Operation::Start),
            ("GET", ["v1", "sessions", _, "decision"]) => Some(Operation::Check),
            ("DELETE", ["v1", "sessions", _]) => Some(Operation::Erase),
            _ => None,
        }
    }

    /// The list of attempts, which says how far the applicant is where the decision is not the last word.
    fn step(&self, call: &Call<'_>, request: &Received) -> Option<Step> {
        let is_list = request.method == "GET" && request.path.ends_with("/attempts");
        let attempt = json!({"id": ATTEMPT, "status": call.word, "createdTime": "2026-07-01T09:00:00Z"});
        let list = json!({"status": "success", "verifications": [attempt]});
        (is_list && call.operation == Operation::Check).then(|| Step::new(Reply::json(200, &list)))
    }

    /// The body of a POST; the id of the session for everything else.
    fn authentic(&self, request: &Received) -> Result<(), String> {
        let signed = match request.method.as_str() {
            "POST" => request.body.as_slice(),
            _ => request.path.split('/').nth(3).unwrap_or_default().as_bytes(),
        };
        let is_signed = request.header("x-hmac-signature") == Some(&sign(SECRETS[0], signed));
        match is_signed && request.header("x-auth-client") == Some(KEY) {
            true => Ok(()),
            false => Err(format!("{} {} is not signed", request.method, request.path)),
        }
    }

    fn reply_signer(&self) -> Option<ReplySigner> {
        Some(signed_reply)
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let states = [
            ("approved", Status::Approved),
            ("declined", Status::Rejected),
            ("resubmission_requested", Status::ResubmissionRequired),
            ("review", Status::InReview),
            ("expired", Status::Expired),
            ("abandoned", Status::Abandoned),
            ("created", Status::NotStarted),
            ("started", Status::InProgress),
            ("submitted", Status::InReview),
            ("inflow_completed", Status::InReview),
        ];
        let row = |surface| states.map(|(word, status)| MappingRow::status(surface, word, status)).to_vec();
        let reasons = |surface| {
            reasons::reasons()
                .into_iter()
                .map(|(code, reason)| MappingRow::reason(surface, code, reason))
                .collect::<Vec<_>>()
        };
        [
            row(Surface::CheckStatus),
            reasons(Surface::CheckReason),
            row(Surface::WebhookStatus),
            reasons(Surface::WebhookReason),
        ]
        .concat()
    }

    fn applicant(&self, request: StartRequest) -> StartRequest {
        request.attribute("endUserId", ATTEMPT)
    }

    /// Without `vendorData`, as older answers are: the kit does not say here which reference was asked about.
    fn started(&self, session: &str) -> Value {
        json!({"status": "success", "verification": {
            "id": session, "url": format!("https://alchemy.veriff.com/v/{session}"), "host": "https://alchemy.veriff.com",
            "status": "created", "sessionToken": format!("token-{session}"),
        }})
    }

    /// The decision. Before there is one, the attempts alone have a state.
    fn state(&self, session: &str, word: &str) -> Value {
        if UNDECIDED.contains(&&*word.to_ascii_lowercase()) {
            return json!({"status": "success", "verification": null});
        }
        json!({"status": "success", "verification": {
            "id": session, "attemptId": ATTEMPT, "vendorData": "case-7", "status": word,
            "code": 9001, "reason": null, "reasonCode": null, "acceptanceTime": "2026-07-01T09:00:10.000Z",
            "decisionTime": "2026-07-01T09:03:44.476108Z",
            "person": {"firstName": "Adaline", "lastName": "Quillfeather"}, "document": {"type": "PASSPORT"},
        }, "technicalData": {"ip": "0.0.0.0"}})
    }

    fn identified(&self, session: &str) -> Option<(Value, VerifiedIdentity)> {
        let mut answer = self.state(session, "approved");
        answer["verification"]["person"] = json!({
            "firstName": "Ottoline", "lastName": "Featherquill", "fullName": "Ottoline Violet Featherquill",
            "dateOfBirth": "1873-06-16", "nationality": "GB", "addresses": [{"fullAddress": "44 Bedford Square, London"}],
        });
        answer["verification"]["document"] =
            json!({"type": "ID_CARD", "number": "P-1873061", "country": "GB", "validUntil": "2031-04-21"});
        let mut identity = VerifiedIdentity::default();
        identity.first_name = Some("Ottoline".into());
        identity.last_name = Some("Featherquill".into());
        identity.full_name = Some("Ottoline Violet Featherquill".into());
        identity.date_of_birth = Some("1873-06-16".into());
        identity.nationality = Some("GB".into());
        identity.address = Some("44 Bedford Square, London".into());
        let mut document = VerifiedDocument::default();
        document.kind = Some(DocumentKind::IdCard);
        document.number = Some("P-1873061".into());
        document.issuing_country = Some("GB".into());
        document.expires_on = Some("2031-04-21".into());
        identity.document = Some(document);
        Some((answer, identity))
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/verification/decisionTime", "/verification/vendorData"]
    }

    fn erased(&self, session: &str) -> Vec<(Reply, ErasureState)> {
        vec![
            (
                Reply::json(200, &json!({"status": "success", "verification": {"id": session}})),
                ErasureState::Accepted,
            ),
            (Reply::json(404, &json!({"status": "fail", "code": "1104"})), ErasureState::AlreadyGone),
        ]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let error = |operation, status, code: &'static str, kind| {
            let reply = Reply::json(status, &json!({"status": "fail", "code": code, "message": "canary"}));
            DocumentedError::new(code, operation, reply, kind).code(code)
        };
        vec![
            error(Operation::Start, 401, "1815", ErrorKind::Unauthenticated)
                .credential(CredentialOwner::Application),
            error(Operation::Check, 401, "1818", ErrorKind::Unauthenticated)
                .credential(CredentialOwner::Application),
            error(Operation::Start, 400, "1302", ErrorKind::InvalidRequest),
            error(Operation::Check, 404, "1104", ErrorKind::NotFound),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

impl Webhooks for Veriff {
    fn secrets(&self) -> [&'static str; 3] {
        SECRETS
    }

    fn option(&self) -> &'static str {
        "shared_secrets"
    }

    fn event(&self, event: &Event<'_>) -> Value {
        if let Some(other) = event.event_type {
            return json!({"eventType": other, "data": {"verification": {"id": event.session}}, "time": event.at.to_string()});
        }
        // A decision has a status. An event about an address has none that is modelled.
        let Some(status) = event.status else {
            return json!({
                "id": event.session, "attemptId": event.id, "feature": "selfid", "code": 7005, "action": "address",
                "vendorData": "case-7",
            });
        };
        let mut verification = json!({
            "id": event.session, "attemptId": event.id, "vendorData": "case-7", "status": status, "code": 9001,
            "decisionTime": event.at.to_string(),
        });
        if let Some(reason) = event.reason {
            verification["reasonCode"] = reason.into();
        }
        json!({"status": "success", "verification": verification})
    }

    fn sign(&self, secret: &str, _: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        vec![("x-auth-client", KEY.to_owned()), ("x-hmac-signature", sign(secret, body))]
    }
}

idv_conformance::suite!(Veriff);
