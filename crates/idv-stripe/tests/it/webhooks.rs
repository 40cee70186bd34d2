//! Webhooks: golden vectors, rotations, thin events, and events of another mode.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use idv_core::{
    Correlation, ErrorKind, Result, Timestamp, VerificationReason as Reason, VerificationStatus as Status,
    WebhookEvent, WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{NOW, SECRET, built, options, reference};

const VERIFIED: &str = r#"{"id":"evt_sim_1","object":"event","type":"identity.verification_session.verified","created":1783000100,"livemode":false,"data":{"object":{"id":"vs_sim_1","object":"identity.verification_session","status":"verified","client_reference_id":"user-7"}}}"#;
const VERIFIED_SIGNATURE: &str = "10395ec7e3df70b33f2d9dd061b8975907e77507b2eac33ad169401ca938aa6f";
const FAILED: &str = r#"{"id":"evt_sim_2","object":"event","type":"identity.verification_session.requires_input","created":1783000200,"data":{"object":{"id":"vs_sim_1","status":"requires_input","last_error":{"code":"document_expired"}}}}"#;
const FAILED_SIGNATURE: &str = "8512e0537e1905dfd429e4cc702ae269a85a7b4b0d7f4ccab4068b6480c5aca6";
const FAILED_OLD_SIGNATURE: &str = "012aefe1ce75de15d57f726a756a958cc11dd0ac81a44568e3c379de956017bd";

const TEST_KEY: &str = "sk_test_canary0000000000001";

fn verify(more: Value, header: &str, body: &[u8], at: i64) -> Result<WebhookOutcome> {
    let mut headers = HeaderMap::new();
    headers.insert("stripe-signature", header.parse().unwrap());
    let options = options("https://api.stripe.com", more);
    let request = WebhookRequest::new(&headers, body, Timestamp::from_unix_seconds(at));
    built(options).unwrap().provider.verify_webhook(&request)
}

fn signature(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{NOW}.").as_bytes());
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={NOW},v1={hex}")
}

fn outcome(more: Value, body: &str) -> WebhookOutcome {
    verify(more, &signature(body.as_bytes()), body.as_bytes(), NOW).unwrap()
}

fn event(body: &str) -> WebhookEvent {
    match outcome(json!({"secret_key": TEST_KEY}), body) {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

fn ignored(more: Value, body: &Value) -> Option<String> {
    match outcome(more, &body.to_string()) {
        WebhookOutcome::Ignored { provider_event_type, .. } => Some(provider_event_type.to_string()),
        _ => None,
    }
}

#[test]
fn the_golden_vectors_are_authentic_with_the_secret_as_text() {
    let test = json!({"secret_key": TEST_KEY});
    let header = format!("t=1783000100,v1={VERIFIED_SIGNATURE}");
    let WebhookOutcome::Event(found) = verify(test.clone(), &header, VERIFIED.as_bytes(), NOW).unwrap()
    else {
        panic!("it was ignored");
    };
    assert_eq!((found.id.as_str(), found.status()), ("evt_sim_1", Some(Status::Approved)));
    assert_eq!(found.reference, Some(reference("vs_sim_1")));
    assert_eq!(found.correlation.get(Correlation::EXTERNAL_ID), Some("user-7"));
    assert_eq!(found.occurred_at, Some(Timestamp::from_unix_seconds(1_783_000_100)));
    assert_eq!(found.next_action.as_str(), "none");
    let header = format!("t=1783000200,v1={FAILED_SIGNATURE}");
    let WebhookOutcome::Event(found) = verify(test, &header, FAILED.as_bytes(), NOW + 100).unwrap() else {
        panic!("it was ignored");
    };
    assert_eq!(found.status(), Some(Status::ResubmissionRequired));
    assert_eq!(found.reasons()[0].reason, Reason::DocumentExpired);
    assert_eq!(found.next_action.as_str(), "check");
}

/// During a rotation the header has a signature under each secret, in any order, and others that do not count.
#[test]
fn any_of_several_signatures_is_enough() {
    let one = |secret: &str| json!({"webhook_secrets": [{"env": secret}]});
    let both = json!({"webhook_secrets": [{"env": "OLD"}, {"env": "SECRET"}]});
    let (new, old) = (format!("v1={FAILED_SIGNATURE}"), format!("v1={FAILED_OLD_SIGNATURE}"));
    for parts in [[&old, &new], [&new, &old]] {
        let header = format!("t=1783000200,{},v0=00ff,{},v2=00ff", parts[0], parts[1]);
        for more in [one("SECRET"), one("OLD"), both.clone()] {
            assert!(verify(more, &header, FAILED.as_bytes(), NOW + 100).is_ok(), "{header}");
        }
    }
    let header = format!("t=1783000200,{old},v0={FAILED_SIGNATURE}");
    let error = verify(one("SECRET"), &header, FAILED.as_bytes(), NOW + 100).unwrap_err();
    assert_eq!(error.webhook_response_status().as_u16(), 401);
}

#[test]
fn the_time_has_to_be_within_five_minutes() {
    let header = format!("t=1783000200,v1={FAILED_SIGNATURE}");
    for (late, is_fresh) in [(300, true), (-300, true), (301, false), (-301, false)] {
        let verified = verify(json!({}), &header, FAILED.as_bytes(), 1_783_000_200 + late);
        assert_eq!(verified.is_ok(), is_fresh, "{late}");
    }
}

/// A framework that parses the body and writes it anew breaks the signature.
#[test]
fn the_raw_bytes_are_verified() {
    let value: Value = serde_json::from_str(VERIFIED).unwrap();
    let header = format!("t=1783000100,v1={VERIFIED_SIGNATURE}");
    let pretty = serde_json::to_vec_pretty(&value).unwrap();
    assert_eq!(verify(json!({}), &header, &pretty, NOW).unwrap_err().kind(), ErrorKind::WebhookRejected);
    // Not UTF-8, but authentic: an error that can be told from a forgery.
    let garbled = [&b"{\"type\":\""[..], &[0xff], b"\"}"].concat();
    let error = verify(json!({}), &signature(&garbled), &garbled, NOW).unwrap_err();
    assert_eq!(error.webhook_response_status().as_u16(), 400);
}

fn thin(more: Value) -> Value {
    let mut body = json!({
        "id": "evt_thin_1", "object": "v2.core.event", "type": "v1.identity.verification_session.verified",
        "created": "2026-07-02T13:48:20.000Z", "livemode": true, "context": null,
        "related_object": {"id": "vs_sim_1", "type": "identity.verification_session", "url": "/v1/identity/verification_sessions/vs_sim_1"},
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// Event destinations send events without a session: they have no state, and the session is read.
#[test]
fn a_thin_event_names_the_session_and_asks_for_a_check() {
    let WebhookOutcome::Event(found) = outcome(json!({}), &thin(json!({})).to_string()) else {
        panic!("it was ignored");
    };
    assert_eq!((found.status(), found.next_action.as_str()), (None, "check"));
    assert_eq!((found.id.as_str(), found.reference.clone()), ("evt_thin_1", Some(reference("vs_sim_1"))));
    assert_eq!(found.occurred_at, Some(Timestamp::from_unix_seconds(NOW)));
    let WebhookOutcome::Event(found) = outcome(json!({}), &thin(json!({"related_object": null})).to_string())
    else {
        panic!("it was ignored");
    };
    assert_eq!((found.reference.clone(), found.next_action.as_str()), (None, "check"));
}

#[test]
fn events_of_the_other_mode_are_ignored_with_the_reason() {
    let live = json!({});
    let told = "identity.verification_session.verified of test mode";
    let snapshot: Value = serde_json::from_str(VERIFIED).unwrap();
    assert_eq!(ignored(live.clone(), &snapshot).as_deref(), Some(told));
    let thin = thin(json!({"livemode": false}));
    assert!(ignored(live.clone(), &thin).unwrap().ends_with("of test mode"));
    for key in ["rk_live_canary0000000000001", "sk_live_canary0000000000001"] {
        assert!(ignored(json!({"secret_key": key}), &snapshot).is_some(), "{key}");
    }
    // A key of an unknown form has no mode, and an event may leave it out.
    assert_eq!(ignored(json!({"secret_key": "canary0000000000000000000001"}), &snapshot), None);
    assert_eq!(ignored(live, &serde_json::from_str(FAILED).unwrap()), None);
    let mut real = snapshot;
    real["livemode"] = json!(true);
    assert!(ignored(json!({"secret_key": TEST_KEY}), &real).unwrap().ends_with("of live mode"));
}

#[test]
fn events_of_another_account_are_ignored() {
    let mut connected: Value = serde_json::from_str(FAILED).unwrap();
    connected["account"] = json!("acct_1Sim");
    let own = json!({"account": "acct_1Sim"});
    assert!(ignored(json!({}), &connected).unwrap().ends_with("of another account"));
    assert_eq!(ignored(own.clone(), &connected), None);
    assert!(ignored(own.clone(), &serde_json::from_str(FAILED).unwrap()).is_some());
    assert!(ignored(json!({}), &thin(json!({"context": "acct_1Sim"}))).is_some());
    assert_eq!(ignored(own, &thin(json!({"context": "acct_1Sim"}))), None);
}

#[test]
fn events_of_other_products_are_ignored() {
    for event_type in [
        "payment_intent.succeeded",
        "identity.verification_report.verified",
        "v2.core.event_destination.ping",
        "",
    ] {
        assert_eq!(
            ignored(json!({}), &json!({"id": "evt_1", "type": event_type})).as_deref(),
            Some(event_type)
        );
    }
}

/// A type and a state that disagree are no verdict, whichever of them says so.
#[test]
fn a_state_that_its_type_contradicts_is_looked_up() {
    for (event_type, status, expected) in [
        ("verified", "verified", Some(Status::Approved)),
        ("verified", "requires_input", None),
        ("requires_input", "verified", None),
        ("created", "requires_input", Some(Status::InProgress)),
        ("redacted", "verified", Some(Status::Approved)),
        ("processing", "processing", Some(Status::InReview)),
        ("canceled", "canceled", Some(Status::Cancelled)),
        ("of_tomorrow", "of_tomorrow", Some(Status::Unrecognized)),
    ] {
        let body = json!({
            "id": "evt_1", "type": format!("identity.verification_session.{event_type}"),
            "data": {"object": {"id": "vs_1", "status": status}},
        });
        assert_eq!(event(&body.to_string()).status(), expected, "{event_type} {status}");
    }
}

/// Events have the version of their endpoint, in which a session can look otherwise.
#[test]
fn a_session_of_another_version_is_an_event_without_a_state() {
    for data in
        [json!({}), json!({"object": {}}), json!({"object": {"id": "vs_1", "status": 7}}), json!(null)]
    {
        let body = json!({"id": "evt_1", "type": "identity.verification_session.verified", "data": data});
        let found = event(&body.to_string());
        assert_eq!((found.status(), found.next_action.as_str()), (None, "check"), "{data}");
    }
}

/// Two events can describe one change: each is told, and the application merges them by session and state.
#[test]
fn two_events_of_one_change_have_ids_of_their_own() {
    let twice: Vec<WebhookEvent> =
        ["evt_sim_1", "evt_sim_9"].iter().map(|id| event(&VERIFIED.replace("evt_sim_1", id))).collect();
    assert_ne!(twice[0].id, twice[1].id);
    assert_eq!((&twice[0].reference, twice[0].status()), (&twice[1].reference, twice[1].status()));
}

/// Neither the link nor what was verified is taken from an event.
#[test]
fn nothing_personal_is_read_from_an_event() {
    let mut body: Value = serde_json::from_str(VERIFIED).unwrap();
    body["data"]["object"]["verified_outputs"] = json!({"first_name": "canary-name"});
    body["data"]["object"]["url"] = json!("https://verify.stripe.com/start/canary");
    let found = event(&body.to_string());
    assert!(!format!("{found:?}{}", json!(found)).contains("canary"));
}
