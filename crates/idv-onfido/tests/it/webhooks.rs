//! Webhooks: golden vectors, several tokens, and words of other things in the place of the status.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use idv_core::{
    Correlation, ErrorKind, Result, Timestamp, VerificationReason as Reason, VerificationStatus as Status,
    WebhookEvent, WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{APPLICANT, NOW, RUN, SECRET, built, options, reference};

/// The vendor's own example (github.com/onfido/onfido-python, tests of the classic webhooks).
const CHECK: &str = r#"{"payload":{"resource_type":"check","action":"check.completed","object":{"id":"f2302f45-227d-413d-ad61-09ec077a086a","status":"complete","completed_at_iso8601":"2024-04-04T09:21:21Z","href":"https://api.onfido.com/v3.6/checks/f2302f45-227d-413d-ad61-09ec077a086a"}}}"#;
const CHECK_TOKEN: &str = "wU99mE6jJ7nXOLFwZ0tJymM1lpI15pZh";
const CHECK_SIGNATURE: &str = "77ebc3e418f26be6eebb47f7ebe551321de26734fc273961e075fc9ab163d9c7";

const APPROVED: &str = r#"{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed","object":{"id":"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d","status":"approved","completed_at_iso8601":"2026-07-01T09:00:00Z","href":"https://api.eu.onfido.com/v3.6/workflow_runs/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"}}}"#;
const APPROVED_SIGNATURE: &str = "d17a022886d9f804200215f6df92c533e90cb1c73193bb1f60db9ca08963e85a";
const APPROVED_NEXT_SIGNATURE: &str = "9af0c6de065466a8480ce77b439de6336225b6efd281af50da242b92cf2cde7c";

fn verify_at(more: Value, signature: &str, body: &[u8], at: i64) -> Result<WebhookOutcome> {
    let mut headers = HeaderMap::new();
    headers.insert("X-SHA2-Signature", signature.parse().unwrap());
    let request = WebhookRequest::new(&headers, body, Timestamp::from_unix_seconds(at));
    built(options("https://api.eu.onfido.com", more)).unwrap().provider.verify_webhook(&request)
}

fn verify(more: Value, signature: &str, body: &str) -> Result<WebhookOutcome> {
    verify_at(more, signature, body.as_bytes(), NOW)
}

/// The outcome of a body with a good signature.
fn signed(body: &Value) -> Result<WebhookOutcome> {
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    verify(json!({}), &hex, &body)
}

fn event(body: &Value) -> WebhookEvent {
    match signed(body).unwrap() {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

/// An event with the object and the resource that are given.
fn of(action: &str, object: Value, resource: Value) -> Value {
    json!({"payload": {"resource_type": "workflow_run", "action": action, "object": object, "resource": resource}})
}

fn completed(status: &str, resource: Value) -> Value {
    of("workflow_run.completed", json!({"id": RUN, "status": status}), resource)
}

#[test]
fn the_golden_vectors_are_authentic_with_the_token_as_text() {
    let classic = json!({"webhook_secrets": [CHECK_TOKEN]});
    let WebhookOutcome::Ignored { provider_event_type, .. } =
        verify(classic, CHECK_SIGNATURE, CHECK).unwrap()
    else {
        panic!("a check is no run");
    };
    assert_eq!(provider_event_type.as_str(), "check.completed");
    assert_eq!(APPROVED.len(), 290);
    let next = json!({"webhook_secrets": [{"env": "NEXT"}]});
    for (more, signature) in [(json!({}), APPROVED_SIGNATURE), (next, APPROVED_NEXT_SIGNATURE)] {
        let WebhookOutcome::Event(found) = verify(more, signature, APPROVED).unwrap() else {
            panic!("it was ignored");
        };
        assert_eq!((found.status(), found.reference.clone()), (Some(Status::Approved), Some(reference(RUN))));
        assert_eq!(found.occurred_at, Some(Timestamp::from_unix_seconds(NOW)));
        assert_eq!((found.next_action.as_str(), found.id.as_str().len()), ("none", 64));
    }
}

/// Each webhook has one token: while a new webhook takes the place of an old one, both are configured.
#[test]
fn any_of_several_tokens_is_enough() {
    let both = || json!({"webhook_secrets": [{"env": "NEXT"}, {"env": "SECRET"}]});
    assert!(verify(both(), APPROVED_SIGNATURE, APPROVED).is_ok());
    assert!(verify(both(), APPROVED_NEXT_SIGNATURE, APPROVED).is_ok());
    let error = verify(json!({}), APPROVED_NEXT_SIGNATURE, APPROVED).unwrap_err();
    assert_eq!((error.kind(), error.webhook_response_status().as_u16()), (ErrorKind::WebhookRejected, 401));
}

/// Nothing in the scheme says when an event was sent, so an old one can be played again: its id stays the same.
#[test]
fn an_old_event_is_authentic_for_ever_and_keeps_its_id() {
    let mut ids = [NOW, NOW + 10 * 365 * 86_400].map(|at| {
        match verify_at(json!({}), APPROVED_SIGNATURE, APPROVED.as_bytes(), at).unwrap() {
            WebhookOutcome::Event(event) => event.id,
            other => panic!("{other:?}"),
        }
    });
    ids.sort_unstable();
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn the_raw_bytes_are_verified() {
    let value: Value = serde_json::from_str(APPROVED).unwrap();
    let pretty = serde_json::to_vec_pretty(&value).unwrap();
    let error = verify_at(json!({}), APPROVED_SIGNATURE, &pretty, NOW).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WebhookRejected);
}

/// `completed` and `approved` of a task, and `complete` of a check, are no states of a run.
#[test]
fn the_action_is_read_before_the_status() {
    let task = json!({"id": "document_check_7", "workflow_run_id": RUN, "status": "approved"});
    let found = event(&of(
        "workflow_task.completed",
        task,
        json!({"id": "document_check_7", "workflow_run_id": RUN}),
    ));
    assert_eq!((found.status(), found.reference), (None, Some(reference(RUN))));
    assert_eq!(found.next_action.as_str(), "check");
    let folder =
        of("workflow_run_evidence_folder.created", json!({"id": RUN, "status": "approved"}), json!({}));
    assert_eq!((event(&folder).status(), event(&folder).reference), (None, None));
    let found = event(&completed("complete", json!({})));
    assert_eq!(found.status(), Some(Status::Unrecognized));
    for action in
        ["check.completed", "report.completed", "audit_log.created", "watchlist_monitor.matches_updated"]
    {
        let body = of(action, json!({"id": RUN, "status": "approved"}), json!({"status": "approved"}));
        assert!(matches!(signed(&body).unwrap(), WebhookOutcome::Ignored { .. }), "{action}");
    }
}

/// The resource depends on the settings of the webhook, and the object is always there.
#[test]
fn the_state_is_that_of_the_object_and_of_no_resource_that_disagrees() {
    let resource = json!({"id": RUN, "applicant_id": APPLICANT, "customer_user_id": "case-7", "status": "declined",
        "reasons": ["Document expired"]});
    let found = event(&completed("declined", resource.clone()));
    assert_eq!((found.status(), found.reasons()[0].reason), (Some(Status::Rejected), Reason::Other));
    assert_eq!(found.next_action.as_str(), "retry_with_new_session");
    assert_eq!(found.correlation.get("applicant_id"), Some(APPLICANT));
    assert_eq!(found.correlation.get(Correlation::EXTERNAL_ID), Some("case-7"));
    let found = event(&completed("approved", resource));
    assert_eq!((found.status(), found.next_action.as_str()), (None, "check"));
    let other = event(&completed("approved", json!({"id": APPLICANT})));
    assert_eq!(other.reference, None, "two ids name no run");
}

#[test]
fn a_technical_end_brings_its_reason() {
    let found = event(&completed("error", json!({"error": {"type": "task_failed", "message": "canary"}})));
    assert_eq!((found.status(), found.reasons()[0].reason), (Some(Status::Failed), Reason::ProviderError));
    assert!(!format!("{found:?}").contains("canary"));
}

#[test]
fn an_authentic_body_without_a_payload_is_unreadable() {
    for body in [json!({}), json!({"payload": {}}), json!({"payload": 7}), json!([])] {
        let error = signed(&body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WebhookRejected, "{body}");
    }
}

#[test]
fn an_instance_without_tokens_verifies_nothing() {
    let error = verify(json!({"webhook_secrets": null}), APPROVED_SIGNATURE, APPROVED).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}
