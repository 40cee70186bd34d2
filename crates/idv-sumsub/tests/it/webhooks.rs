//! Webhooks: golden vectors, stale results, and events of the sandbox.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use idv_core::{
    Correlation, ErrorKind, NextAction, Result, Timestamp, VerificationReason as Reason,
    VerificationStatus as Status, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{NOW, WEBHOOK, built, options};

const REVIEWED: &str = r#"{"applicantId":"66f0a1b2c3d4e5f601234567","externalUserId":"user-7","type":"applicantReviewed","reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"},"createdAtMs":"2026-07-01 09:12:44.481"}"#;
const RESET: &str =
    r#"{"type":"applicantReset","externalUserId":"user-7","reviewStatus":"init","note":"café"}"#;

fn sign(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(WEBHOOK.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn verify(more: Value, digest: &str, body: &str) -> Result<WebhookOutcome> {
    let mut headers = HeaderMap::new();
    headers.insert("x-payload-digest", digest.parse().unwrap());
    // A forger may name the weakest: it is not read.
    headers.insert("x-payload-digest-alg", "HMAC_SHA1_HEX".parse().unwrap());
    let mut options = options("https://api.sumsub.com");
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let now = Timestamp::from_unix_seconds(NOW);
    built(options).unwrap().provider.verify_webhook(&WebhookRequest::new(&headers, body.as_bytes(), now))
}

fn outcome(body: &str) -> WebhookOutcome {
    verify(json!({}), &sign(body), body).unwrap()
}

fn event(body: &str) -> WebhookEvent {
    match outcome(body) {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_vectors_of_each_digest_are_authentic_under_their_own_and_no_other() {
    let digests = [
        ("sha1", "5814af7f59d1b6877b445853f665e41f2b644fad"),
        ("sha256", "e79fcc5fe933f071170ce42dd6b1cf3e860cf2fcefd8995c67e96d358f70c36b"),
        (
            "sha512",
            "0b3c4d5baa9b2bb4572e8e6f9047824334965ecf591abb26c0e64d15fb0a09c4f0e2ea718d98109a16fdee540b2d1959a787745a736a29ec1bed892679052cfd",
        ),
    ];
    for (configured, _) in digests {
        for (own, digest) in digests {
            let outcome = verify(json!({"webhook_algorithm": configured}), digest, REVIEWED);
            assert_eq!(outcome.is_ok(), configured == own, "{configured} {own}");
        }
    }
    let reset = "2cac49d1d771c22589a2b4bf2c65ced2ede668da0397b3d91be19420ac6ac154";
    assert!(verify(json!({}), reset, RESET).is_ok());
}

#[test]
fn a_completed_review_is_acted_on() {
    let event = event(REVIEWED);
    assert_eq!((event.status(), event.next_action.as_str()), (Some(Status::Approved), "none"));
    assert_eq!(event.reference.unwrap().to_string(), "direct:id:user-7");
    assert_eq!(event.correlation.get(Correlation::EXTERNAL_ID), Some("user-7"));
    assert_eq!(event.occurred_at.unwrap().to_string(), "2026-07-01T09:12:44.481Z");
    let red = REVIEWED.replace(
        r#"{"reviewAnswer":"GREEN"}"#,
        r#"{"reviewAnswer":"RED","reviewRejectType":"FINAL","rejectLabels":["SELFIE_MISMATCH","NEW_LABEL"]}"#,
    );
    let event = self::event(&red);
    assert_eq!(event.status(), Some(Status::Rejected));
    let reasons: Vec<_> = event.reasons().iter().map(|reason| reason.reason).collect();
    assert_eq!(reasons, [Reason::FaceMismatch, Reason::Other]);
}

#[test]
fn a_result_that_is_stale_is_no_verdict() {
    for (event_type, status, expected) in [
        ("applicantReset", "init", Some(Status::InProgress)),
        ("applicantOnHold", "onHold", Some(Status::OnHold)),
        ("applicantAwaitingUser", "awaitingUser", Some(Status::InProgress)),
        ("applicantPrechecked", "queued", Some(Status::InReview)),
        ("applicantTagsChanged", "completed", None),
        ("applicantPersonalInfoChanged", "completed", None),
        ("applicantReviewed", "pending", Some(Status::InReview)),
    ] {
        let body = REVIEWED.replace("applicantReviewed", event_type).replace("completed", status);
        let event = event(&body);
        assert_eq!(
            (event.status(), &event.next_action),
            (expected, &NextAction::Check),
            "{event_type} {status}"
        );
        assert!(event.reasons().is_empty());
    }
}

#[test]
fn events_of_other_products_and_of_the_sandbox_are_ignored() {
    let sandbox = REVIEWED.replacen('{', r#"{"sandboxMode":true,"#, 1);
    for body in [
        REVIEWED.replace("applicantReviewed", "applicantActionReviewed"),
        REVIEWED.replace("applicantReviewed", "videoIdentStatusChanged"),
        sandbox.clone(),
    ] {
        assert!(matches!(outcome(&body), WebhookOutcome::Ignored { .. }), "{body}");
    }
    let WebhookOutcome::Ignored { provider_event_type, .. } = outcome(&sandbox) else { panic!("an event") };
    assert_eq!(provider_event_type.as_str(), "applicantReviewed of the sandbox");
    let in_sandbox = verify(json!({"app_token": "sbx:canary-token"}), &sign(&sandbox), &sandbox).unwrap();
    assert!(matches!(in_sandbox, WebhookOutcome::Event(_)));
}

#[test]
fn a_secret_key_signs_no_webhook() {
    let mut mac = Hmac::<Sha256>::new_from_slice(crate::support::SECRET.as_bytes()).unwrap();
    mac.update(REVIEWED.as_bytes());
    let digest: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(verify(json!({}), &digest, REVIEWED).unwrap_err().kind(), ErrorKind::WebhookRejected);
}
