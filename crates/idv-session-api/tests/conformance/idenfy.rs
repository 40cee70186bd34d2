//! iDenfy. Everything here is written from the vendor's pages: documentation.idenfy.com, "Generate token", "Data retrieval", "Status
//! handling", "Error messages", "Webhooks", "Callback signing".

use std::sync::Arc;

use idv_conformance::{
    DocumentedError, Event, Received, Reply, StartCost, Subject, Webhooks, hmac_sha256_hex,
};
use idv_core::{
    CredentialOwner, DocumentKind, ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory,
    StartRequest, Surface, Timestamp, VerificationReason as Reason, VerificationStatus as Status,
    VerifiedDocument, VerifiedIdentity,
};
use serde_json::{Value, json};

const KEY: &str = "idenfy-api-key-canary";
const SECRET: &str = "idenfy-api-secret-canary";
/// `idenfy-api-key-canary:idenfy-api-secret-canary` in base64.
const BASIC: &str = "Basic aWRlbmZ5LWFwaS1rZXktY2FuYXJ5OmlkZW5meS1hcGktc2VjcmV0LWNhbmFyeQ==";

pub(crate) struct Idenfy;

impl Subject for Idenfy {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_session_api::SessionApiFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({
            "preset": "idenfy", "base_url": base_url, "api_key": {"env": "IDENFY_API_SECRET"},
            "secrets": {"api_key": {"env": "IDENFY_API_KEY"}},
        })
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("IDENFY_API_SECRET", SECRET), ("IDENFY_API_KEY", KEY)]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/api/v2/token") => Some(Operation::Start),
            ("POST", "/api/v2/status" | "/api/v2/data") => Some(Operation::Check),
            ("POST", "/api/v2/delete") => Some(Operation::Erase),
            _ => None,
        }
    }

    fn authentic(&self, request: &Received) -> Result<(), String> {
        match request.header("authorization") == Some(BASIC) {
            true => Ok(()),
            false => Err("the request is not authorized".to_owned()),
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let common = [
            ("ACTIVE", Status::InProgress),
            ("REVIEWING", Status::InReview),
            ("SUSPECTED", Status::OnHold),
            ("EXPIRED", Status::Expired),
            ("EXPIRED-DELETED", Status::Expired),
            ("DELETED", Status::Cancelled),
            ("ARCHIVED", Status::Cancelled),
        ];
        let asked = [("APPROVED", Status::Approved), ("DENIED", Status::Rejected)];
        let told = [
            ("APPROVED", Status::InReview),
            ("APPROVED with final true", Status::Approved),
            ("DENIED", Status::InReview),
            ("DENIED with final true", Status::Rejected),
        ];
        let row = |surface: Surface| move |(word, status)| MappingRow::status(surface, word, status);
        let mut rows: Vec<MappingRow> =
            common.into_iter().chain(asked).map(row(Surface::CheckStatus)).collect();
        rows.extend(common.into_iter().chain(told).map(row(Surface::WebhookStatus)));
        for (code, reason) in [
            ("FACE_MISMATCH", Reason::FaceMismatch),
            ("FAKE_FACE", Reason::LivenessFailed),
            ("FACE_SUSPECTED", Reason::FraudSuspected),
            ("NO_FACE_FOUND", Reason::LivenessFailed),
            ("DOC_EXPIRED", Reason::DocumentExpired),
            ("DOC_NOT_SUPPORTED", Reason::DocumentUnsupported),
            ("DOC_TOO_BLURRY", Reason::DocumentUnreadable),
            ("DOC_NOT_FULLY_VISIBLE", Reason::DocumentUnreadable),
            ("DOC_INFO_MISMATCH", Reason::DataMismatch),
            ("COUNTRY_MISMATCH", Reason::DataMismatch),
            ("DOC_FAKE", Reason::DocumentTampered),
            ("DOC_MOBILE_PHOTO", Reason::DocumentTampered),
            ("DOC_PRINT_SPOOFED", Reason::DocumentTampered),
            ("AML_SUSPECTION", Reason::Watchlist),
        ] {
            rows.push(MappingRow::reason(Surface::CheckReason, code, reason));
        }
        rows
    }

    fn started(&self, session: &str) -> Value {
        json!({
            "message": "Token created successfully", "authToken": format!("token-{session}"), "scanRef": session,
            "redirectUrl": format!("https://ivs.idenfy.com/api/v2/redirect?authToken=token-{session}"),
        })
    }

    fn expiring(&self, session: &str, now: Timestamp, at: Timestamp) -> Option<Value> {
        let mut started = self.started(session);
        started["expiryTime"] = (at.unix_seconds() - now.unix_seconds()).into();
        Some(started)
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"status": word, "fraudTags": [], "mismatchTags": [], "autoDocument": "DOC_VALIDATED", "scanRef": session, "clientId": "user-42"})
    }

    fn identified(&self, session: &str) -> Option<(Value, VerifiedIdentity)> {
        let mut answer = self.state(session, "APPROVED");
        for (name, fact) in [
            ("docFirstName", "Ottoline"),
            ("docLastName", "Featherquill"),
            ("fullName", "Ottoline Violet Featherquill"),
            ("docDob", "1873-06-16"),
            ("docNationality", "GB"),
            ("address", "44 Bedford Square, London"),
            ("docType", "DRIVER_LICENSE"),
            ("docNumber", "P-1873061"),
            ("docIssuingCountry", "GB"),
            ("docExpiry", "2031-04-21"),
        ] {
            answer[name] = fact.into();
        }
        let mut identity = VerifiedIdentity::default();
        identity.first_name = Some("Ottoline".into());
        identity.last_name = Some("Featherquill".into());
        identity.full_name = Some("Ottoline Violet Featherquill".into());
        identity.date_of_birth = Some("1873-06-16".into());
        identity.nationality = Some("GB".into());
        identity.address = Some("44 Bedford Square, London".into());
        let mut document = VerifiedDocument::default();
        document.kind = Some(DocumentKind::DriversLicense);
        document.number = Some("P-1873061".into());
        document.issuing_country = Some("GB".into());
        document.expires_on = Some("2031-04-21".into());
        identity.document = Some(document);
        Some((answer, identity))
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/clientId"]
    }

    fn erased(&self, _: &str) -> Vec<(Reply, ErasureState)> {
        vec![(Reply::bytes(200, "application/json", ""), ErasureState::Done)]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let said = |code: &'static str| {
            Reply::json(400, &json!({"message": "canary", "identifier": code, "severity": "ERROR"}))
        };
        vec![
            DocumentedError::new("key", Operation::Check, said("UNAUTHORIZED"), ErrorKind::Unauthenticated)
                .credential(CredentialOwner::Application)
                .code("UNAUTHORIZED"),
            DocumentedError::new(
                "permission",
                Operation::Start,
                said("PERMISSIONS_ERROR"),
                ErrorKind::Forbidden,
            )
            .code("PERMISSIONS_ERROR"),
            DocumentedError::new(
                "limit",
                Operation::Start,
                said("TOO_MANY_REQUESTS"),
                ErrorKind::RateLimited,
            )
            .repeatable(None)
            .code("TOO_MANY_REQUESTS"),
            DocumentedError::new("value", Operation::Start, said("BAD_VALUE"), ErrorKind::InvalidRequest)
                .code("BAD_VALUE"),
            DocumentedError::new("alive", Operation::Erase, said("PARTNER_ERROR"), ErrorKind::InvalidRequest)
                .code("PARTNER_ERROR"),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn applicant(&self, request: StartRequest) -> StartRequest {
        request.attribute("externalRef", "ref-blue-canary")
    }
}

impl Webhooks for Idenfy {
    /// The name of an event stands nowhere. `final` is a flag.
    fn event(&self, event: &Event<'_>) -> Value {
        let mut body = json!({"platform": "PC", "scanRef": event.session, "clientId": "user-42",
            "finishTime": event.at.unix_seconds()});
        let Some(status) = event.status else { return body };
        let split = status.to_ascii_lowercase().find(" with final ");
        let word = split.map_or(status, |start| &status[..start]);
        body["status"] = json!({"overall": word, "fraudTags": [], "mismatchTags": []});
        if let Some(start) = split {
            let told = &status[start + " with final ".len()..];
            body["final"] =
                told.to_ascii_lowercase().parse::<bool>().map_or_else(|_| told.into(), Value::from);
        }
        body
    }

    fn sign(&self, secret: &str, _: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        vec![("idenfy-signature", hmac_sha256_hex(secret, &[body]))]
    }
}
