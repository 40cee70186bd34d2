//! The adapter passes the kit. Everything here is written from the vendor's pages: docs.sumsub.com, "Authentication", "Generate WebSDK
//! external link", "Get applicant data", "Applicant statuses", "Error codes", "User verification webhooks".
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod words;

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use idv_conformance::{
    Call, DocumentedError, Event, NaturalKey, Received, Reply, StartCost, Step, Subject, Webhooks,
};
use idv_core::{
    CredentialOwner, DocumentKind, ErrorKind, MappingRow, Operation, ProviderFactory, VerifiedDocument,
    VerifiedIdentity,
};
use serde_json::{Value, json};
use sha2::Sha256;

const TOKEN: &str = "prd:sumsub-token-canary";
const SECRET: &str = "sumsub-secret-key-canary";

struct Sumsub;

fn sign(secret: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The caller's reference of a session of the kit: Sumsub has no session id, its applicants are known by the reference.
fn reference(session: &str) -> String {
    let number = session.rsplit('-').next().and_then(|digits| digits.parse::<u64>().ok());
    number.map_or_else(|| session.to_owned(), |number| format!("conformance-case-{number}"))
}

/// An applicant (docs.sumsub.com, "Get applicant data").
fn applicant(external_id: &str, word: &str) -> Value {
    let (status, result) = words::review(word);
    let mut review = json!({
        "reviewId": "rvA", "attemptId": "atA", "attemptCnt": 1, "levelName": "basic-kyc", "reviewStatus": status,
        "reviewDate": "2026-07-01 09:03:00+0000",
    });
    if !result.is_null() {
        review["reviewResult"] = result;
    }
    json!({
        "id": "66f0a1b2c3d4e5f601234567", "externalUserId": external_id, "type": "individual", "review": review,
        "fixedInfo": {"firstName": "Adaline", "lastName": "Quillfeather"},
    })
}

/// The applicant that a call makes.
fn made(request: &Received) -> Value {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    applicant(body["externalUserId"].as_str().unwrap_or_default(), "init")
}

impl Subject for Sumsub {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_sumsub::SumsubFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "base_url": base_url, "app_token": {"env": "SUMSUB_APP_TOKEN"}, "secret_key": {"env": "SUMSUB_SECRET_KEY"},
            "level": "basic-kyc",
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("SUMSUB_APP_TOKEN", TOKEN), ("SUMSUB_SECRET_KEY", SECRET)]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["resources", "sdkIntegrations", "levels", "-", "websdkLink"]) => Some(Operation::Start),
            ("GET", ["resources", "applicants", matrix, "one"])
                if matrix.starts_with("-;externalUserId=") =>
            {
                Some(Operation::Check)
            }
            ("GET", ["resources", "applicants", "-", "byExternalUserId", _]) => Some(Operation::Find),
            ("PATCH", ["resources", "applicants", _, "presence", "deactivated"]) => Some(Operation::Cancel),
            _ => None,
        }
    }

    /// The level of a refresh and the id of a cancellation are those of the applicant. A start with a name makes the applicant
    /// first.
    fn step(&self, call: &Call<'_>, request: &Received) -> Option<Step> {
        let found = applicant(&reference(call.session), "init");
        match (call.operation, self.operation(request)) {
            (Operation::Refresh, Some(Operation::Check)) => Some(Step::new(Reply::json(200, &found))),
            (Operation::Cancel, Some(Operation::Check)) if call.is_cancelled => {
                Some(Step::new(self.cancelled(call.session)))
            }
            (Operation::Cancel, Some(Operation::Check)) => Some(Step::new(Reply::json(200, &found))),
            (Operation::Start, None) if request.path == "/resources/applicants" => {
                Some(Step::new(Reply::json(201, &made(request))))
            }
            _ => None,
        }
    }

    /// Seconds, method, target and body, without anything between them.
    fn authentic(&self, request: &Received) -> Result<(), String> {
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        let target = format!("{}{query}", request.path);
        let time = request.header("x-app-access-ts").unwrap_or_default();
        let right =
            sign(SECRET, &[time.as_bytes(), request.method.as_bytes(), target.as_bytes(), &request.body]);
        let is_signed = request.header("x-app-access-sig") == Some(&right);
        match is_signed && request.header("x-app-token") == Some(TOKEN) && !time.is_empty() {
            true => Ok(()),
            false => Err(format!("{} {target} is not signed", request.method)),
        }
    }

    fn natural_key(&self) -> Option<NaturalKey> {
        Some(|start| {
            let body: Value = serde_json::from_slice(&start.body).ok()?;
            body["userId"].as_str().or(body["externalUserId"].as_str()).map(str::to_owned)
        })
    }

    fn start_cost(&self) -> StartCost {
        StartCost::Nothing
    }

    fn words(&self) -> Vec<MappingRow> {
        words::words()
    }

    fn started(&self, session: &str) -> Value {
        json!({"url": format!("https://in.sumsub.com/websdk/p/{session}")})
    }

    fn state(&self, session: &str, word: &str) -> Value {
        applicant(&reference(session), word)
    }

    fn identified(&self, session: &str) -> Option<(Value, VerifiedIdentity)> {
        let mut answer = self.state(session, "completed with reviewAnswer GREEN");
        answer["email"] = "ottoline@identity.example.com".into();
        answer["phone"] = "+442079460000".into();
        answer["info"] = json!({
            "firstName": "Ottoline", "lastName": "Featherquill", "dob": "1873-06-16", "nationality": "GBR",
            "addresses": [{"formattedAddress": "44 Bedford Square, London"}],
            "idDocs": [{"idDocType": "PASSPORT", "country": "GBR", "number": "P-1873061", "validUntil": "2031-04-21"}],
        });
        let mut identity = VerifiedIdentity::default();
        identity.first_name = Some("Ottoline".into());
        identity.last_name = Some("Featherquill".into());
        identity.date_of_birth = Some("1873-06-16".into());
        identity.nationality = Some("GB".into());
        identity.address = Some("44 Bedford Square, London".into());
        identity.email = Some("ottoline@identity.example.com".into());
        identity.phone = Some("+442079460000".into());
        let mut document = VerifiedDocument::default();
        document.kind = Some(DocumentKind::Passport);
        document.number = Some("P-1873061".into());
        document.issuing_country = Some("GB".into());
        document.expires_on = Some("2031-04-21".into());
        identity.document = Some(document);
        Some((answer, identity))
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/type", "/review/reviewDate", "/id"]
    }

    fn subject_id_places(&self) -> Vec<&'static str> {
        vec!["/externalUserId"]
    }

    /// There is one applicant of a reference (docs.sumsub.com, "Check applicant existence by externalUserId").
    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        match sessions.first() {
            Some(_) => json!({"exists": true, "applicant": applicant(reference, "init")}),
            None => json!({"exists": false}),
        }
    }

    fn cancelled(&self, session: &str) -> Reply {
        let mut answer = applicant(&reference(session), "init");
        answer["deleted"] = true.into();
        Reply::json(200, &answer)
    }

    fn cancelled_before(&self, session: &str) -> Option<Reply> {
        Some(self.cancelled(session))
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let error = |operation, status: u16, name: &'static str, kind| {
            let body = json!({
                "description": "canary", "code": status, "correlationId": "req-1", "errorCode": 4003, "errorName": name,
            });
            DocumentedError::new(name, operation, Reply::json(status, &body), kind)
        };
        vec![
            error(Operation::Start, 401, "app-token-signature mismatch", ErrorKind::Unauthenticated)
                .credential(CredentialOwner::Application),
            error(Operation::Check, 404, "applicant-not-found", ErrorKind::NotFound)
                .code("applicant-not-found"),
            error(Operation::Start, 409, "applicant-marked-as-deleted", ErrorKind::Conflict)
                .code("applicant-marked-as-deleted"),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

impl Webhooks for Sumsub {
    fn secrets(&self) -> [&'static str; 3] {
        ["sumsub-webhook-canary-one", "sumsub-webhook-canary-two", "sumsub-webhook-canary-three"]
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let external_id = event.session.strip_prefix("id:").unwrap_or(event.session);
        let mut body = json!({
            "applicantId": "66f0a1b2c3d4e5f601234567", "externalUserId": external_id, "correlationId": event.id,
            "type": event.event_type.unwrap_or("applicantReviewed"), "sandboxMode": false, "applicantType": "individual",
            "createdAtMs": event.at.to_string(),
        });
        if let Some(word) = event.status {
            let (status, mut result) = words::review(word);
            if let (Some(reason), true) = (event.reason, result.is_object()) {
                result["rejectLabels"] = json!([reason]);
            }
            body["reviewStatus"] = status.into();
            if !result.is_null() {
                body["reviewResult"] = result;
            }
        }
        body
    }

    fn sign(&self, secret: &str, _: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        // The algorithm stands in a header of its own, which nobody may believe.
        vec![("x-payload-digest", sign(secret, &[body]))]
    }
}

idv_conformance::suite!(Sumsub);
