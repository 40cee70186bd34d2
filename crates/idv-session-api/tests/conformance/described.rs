//! A vendor that is described in configuration alone, `examples-config/acme-verify.toml`, passes the kit as well. What is
//! written here follows the comments of that file.

use std::sync::Arc;

use idv_conformance::{Event, Received, StartCost, Subject, Webhooks};
use idv_core::{Invites, MappingRow, Operation, ProviderFactory, StartRequest, Surface};
use idv_core::{VerificationReason as Reason, VerificationStatus as Status};
use serde_json::{Map, Value, json};

const DESCRIPTION: &str = include_str!("../../examples-config/acme-verify.toml");

pub(crate) struct AcmeVerify;

impl Subject for AcmeVerify {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(idv_session_api::SessionApiFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        let document: toml::Table = toml::from_str(DESCRIPTION).unwrap();
        let mut options = serde_json::to_value(&document["providers"]["acme"]).unwrap();
        let table = options.as_object_mut().unwrap();
        table.remove("kind");
        table.remove("webhook_secrets");
        table.insert("base_url".to_owned(), base_url.into());
        options
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("ACME_API_KEY", "acme-api-key-canary-0001")]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["checks", ""]) => Some(Operation::Start),
            ("GET", ["checks", ""]) => Some(Operation::Find),
            ("GET", ["checks", _, "result"]) => Some(Operation::Check),
            _ => None,
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let states = [
            ("open", Status::NotStarted),
            ("running", Status::InProgress),
            ("done", Status::InReview),
            ("done with outcome pass", Status::Approved),
            ("done with outcome fail", Status::Rejected),
            ("done with outcome retake", Status::ResubmissionRequired),
            ("gone", Status::Expired),
            ("locked", Status::Failed),
        ];
        let row = |surface: Surface| {
            states.map(|(word, status)| {
                let mut row = MappingRow::status(surface, word, status);
                row.reason = (word == "locked").then_some(Reason::AttemptsExhausted);
                row
            })
        };
        let mut rows = [row(Surface::CheckStatus), row(Surface::WebhookStatus)].concat();
        rows.extend([
            MappingRow::reason(Surface::CheckReason, "blurred", Reason::DocumentUnreadable),
            MappingRow::reason(Surface::CheckReason, "other_face", Reason::FaceMismatch),
            MappingRow::status(Surface::RedirectStatus, "finished", Status::InReview),
            MappingRow::status(Surface::RedirectStatus, "left", Status::Abandoned),
            MappingRow::status(Surface::RedirectStatus, "broken", Status::Failed),
            MappingRow::status(Surface::RedirectStatus, "broken with why too_late", Status::Expired),
            MappingRow::reason(Surface::RedirectReason, "too_late", Reason::SessionExpired),
            MappingRow::reason(Surface::RedirectReason, "closed_tab", Reason::ApplicantCancelled),
        ]);
        rows
    }

    fn started(&self, session: &str) -> Value {
        json!({"check": {"ref": session, "link": format!("https://acme-verify.example/c/{session}")}})
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"check": check(session, Some(word))})
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let item = |session: &&str| {
            let mut item = check(session, Some("open"));
            item.insert("case".to_owned(), reference.into());
            item
        };
        json!({"items": sessions.iter().map(item).collect::<Vec<_>>(), "cursor": null})
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        let mut half = self.found(reference, sessions);
        half["cursor"] = "page-2".into();
        Some(half)
    }

    fn redirect(&self, session: &str, status: &str, reason: Option<&str>) -> Option<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("ref", session).append_pair("result", status);
        query.extend_pairs(reason.map(|reason| ("why", reason)));
        Some(format!("https://app.example.com/back?{}", query.finish()))
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn applicant(&self, request: StartRequest) -> StartRequest {
        // The description has a field for letters, and none for texts.
        request.attribute("country", "CA").invites(Invites { email: true, sms: false })
    }
}

/// A check, with the state before ` with outcome ` and the outcome behind it.
fn check(session: &str, word: Option<&str>) -> Map<String, Value> {
    let mut check = Map::new();
    check.insert("ref".to_owned(), session.into());
    if let Some(word) = word {
        let split = word.to_ascii_lowercase().find(" with outcome ");
        let state = split.map_or(word, |start| &word[..start]);
        check.insert("state".to_owned(), state.into());
        let outcome = split.map(|start| &word[start + " with outcome ".len()..]);
        check.extend(outcome.map(|outcome| ("outcome".to_owned(), outcome.into())));
    }
    check
}

impl Webhooks for AcmeVerify {
    fn secrets(&self) -> [&'static str; 3] {
        ["acme-hook-canary-number-one", "acme-hook-canary-number-two", "acme-hook-canary-number-three"]
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let name = event.event_type.unwrap_or("check.changed");
        json!({"event": name, "at": event.at.to_string(), "payload": check(event.session, event.status)})
    }

    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let time = event.at.unix_seconds().to_string();
        let signature = idv_tests::sign_hmac_hex(secret, &time, body);
        vec![("acme-time", time), ("acme-signature", signature)]
    }
}
