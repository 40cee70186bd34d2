//! The adapter passes the kit. Everything here is written from the vendor's pages: docs.nxos.io, "Start verification",
//! guide "Verification", "Get verification", "Authentication", "Idempotency and rate limits", "Webhooks".
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use idv_conformance::{DocumentedError, Event, Received, Reply, StartCost, Subject, Webhooks};
use idv_core::VerificationStatus as Status;
use idv_core::{CredentialOwner, ErrorKind, MappingRow, Operation, ProviderFactory, Surface};
use serde_json::{Map, Value, json};

const PATH: &str = "/v1/organizations/verification";
const IMPORT: &str = "/v1/organizations/verification/import";

struct Nxos;

impl Subject for Nxos {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_nxos::NxosFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"base_url": base_url, "api_key": {"env": "NXOS_API_KEY"}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("NXOS_API_KEY", "nxos_sk_test_canary_0001")]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", PATH) => Some(Operation::Start),
            ("POST", IMPORT) => Some(Operation::Import),
            ("GET", PATH) => Some(Operation::Check),
            _ => None,
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::Nothing
    }

    fn words(&self) -> Vec<MappingRow> {
        let states = [
            ("NOT_STARTED", Status::NotStarted),
            ("PENDING", Status::InProgress),
            ("ON_HOLD", Status::OnHold),
            ("RESUBMISSION_REQUIRED", Status::ResubmissionRequired),
            ("APPROVED", Status::Approved),
            ("REJECTED", Status::Rejected),
        ];
        let row = |surface| states.map(|(word, status)| MappingRow::status(surface, word, status));
        [row(Surface::CheckStatus), row(Surface::WebhookStatus)].concat()
    }

    fn takes_reference(&self) -> bool {
        false
    }

    fn started(&self, session: &str) -> Value {
        json!({
            "object": "verification_session",
            "url": format!("https://in.sumsub.com/idensic/l/#/sbx_{session}"),
            "accessToken": format!("_act-sbx-jwt-{session}"),
        })
    }

    fn state(&self, _: &str, word: &str) -> Value {
        json!({
            "object": "organization_verification", "status": word, "type": "BUSINESS",
            "updatedAt": "2026-07-01T09:12:44.000Z",
        })
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/type", "/updatedAt"]
    }

    fn imported(&self, _: &str, _: &str) -> Value {
        self.state("", "PENDING")
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let error = |status, code: &str| {
            let message = "Rate limit exceeded: 1000 requests per minute. Retry in 23 seconds.";
            let body =
                json!({"error": {"code": code, "message": message, "requestId": "req_0123456789abcdef"}});
            Reply::json(status, &body)
        };
        let row = |operation, status, code: &'static str, kind| {
            DocumentedError::new(code, operation, error(status, code), kind).code(code)
        };
        let wait = Some(Duration::from_secs(23));
        let key_refused = |code| {
            row(Operation::Start, 401, code, ErrorKind::Unauthenticated)
                .credential(CredentialOwner::Application)
        };
        vec![
            key_refused("missing_api_key"),
            key_refused("invalid_api_key"),
            row(Operation::Check, 401, "authentication_failed", ErrorKind::Unavailable).repeatable(wait),
            row(Operation::Start, 403, "authorization_required", ErrorKind::Forbidden),
            row(Operation::Start, 404, "organization_not_found", ErrorKind::NotFound),
            row(Operation::Start, 409, "idempotency_request_in_flight", ErrorKind::Conflict).repeatable(wait),
            row(Operation::Start, 409, "idempotency_key_in_use", ErrorKind::Conflict),
            row(Operation::Start, 429, "rate_limited", ErrorKind::RateLimited).repeatable(wait),
            row(Operation::Start, 500, "internal_error", ErrorKind::Unavailable).repeatable(wait),
            row(Operation::Import, 400, "share_token_invalid", ErrorKind::InvalidRequest),
            row(Operation::Import, 400, "verification_import_unsupported", ErrorKind::InvalidRequest),
        ]
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }
}

impl Webhooks for Nxos {
    fn secrets(&self) -> [&'static str; 3] {
        [
            "whsec_Y2FuYXJ5LW9uZS1jYW5hcnktb25lLWNhbmFyeQ==",
            "whsec_Y2FuYXJ5LXR3by1jYW5hcnktdHdvLWNhbmFyeQ==",
            "whsec_Y2FuYXJ5LXRocmVlLWNhbmFyeS10aHJlZS1jYW4=",
        ]
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let mut data = Map::new();
        data.insert("organizationId".to_owned(), event.session.into());
        data.extend(event.status.map(|status| ("status".to_owned(), status.into())));
        json!({
            "type": event.event_type.unwrap_or("organization.verification.updated"),
            "timestamp": event.at.to_string(), "data": data,
        })
    }

    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let time = event.at.unix_seconds().to_string();
        vec![
            ("svix-id", event.id.to_owned()),
            ("svix-timestamp", time.clone()),
            ("svix-signature", idv_tests::sign_svix(secret, event.id, &time, body)),
        ]
    }

    fn signature_separator(&self) -> Option<&'static str> {
        Some(" ")
    }
}

idv_conformance::suite!(Nxos);
