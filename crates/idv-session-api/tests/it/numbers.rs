//! A made-up vendor whose words are numbers and booleans, and whose signed events can contradict themselves.

use idv_core::{
    FindRequest, NextAction, StartRequest, VerificationProviderExt, WebhookEvent, WebhookOutcome,
    WebhookRequest,
};
use idv_tests::sign_hmac_hex;
use serde_json::json;

use crate::support::{Provider, answering, build, headers, now, ok, session};

fn vendor(base: &str) -> Provider {
    let options = json!({
        "base_url": base, "api_key": {"env": "KEY"}, "webhook_secrets": [{"env": "SECRET"}],
        "start": {"path": "/checks", "fields": {"reference": "external_id"}}, "check": {"path": "/checks/{id}"},
        "find": {"path": "/checks", "size_parameter": "per_page", "whole": true}, "session": {"detail": "/final"},
        "status_words": {"9001": "approved", "9102": "rejected", "true": "approved", "APPROVED": "approved",
                         "APPROVED + false": "in_review", "declined": "rejected", "9001 + false": "in_review"},
        "webhook": {
            "scheme": "hmac", "header": "x-signature", "time_header": "x-timestamp", "signs": "{time}.{body}",
            "event_id": "/event_id",
            "status_words": {"APPROVED": "in_review", "APPROVED + true": "approved", "9001": "in_review", "9001 + true": "approved"},
        },
    });
    build(&options).unwrap()
}

fn event(body: &str) -> WebhookEvent {
    let time = now().unix_seconds().to_string();
    let signature = sign_hmac_hex(crate::support::SECRET, &time, body.as_bytes());
    let headers = headers(&[("x-signature", &signature), ("x-timestamp", &time)]);
    let vendor = vendor("http://127.0.0.1:1");
    match vendor.verify_webhook(&WebhookRequest::new(&headers, body.as_bytes(), now())).unwrap() {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn numbers_and_booleans_that_stand_for_words_are_words() {
    for (status, detail, meaning) in [
        (json!(9001), json!(null), "approved"),
        (json!("9001"), json!(null), "approved"),
        (json!(9001), json!(true), "approved"),
        (json!(9001), json!(false), "in_review"),
        (json!(9102), json!(null), "rejected"),
        (json!(9999), json!(null), "unrecognized"),
        (json!(true), json!(null), "approved"),
        (json!(false), json!(null), "unrecognized"),
        (json!("APPROVED"), json!(false), "in_review"),
        (json!("APPROVED"), json!("false"), "in_review"),
        (json!("APPROVED"), json!([false]), "unrecognized"),
    ] {
        let server = answering(ok(json!({"id": 7, "status": status, "final": detail}))).await;
        let read = vendor(&server.uri()).check_session(&session("7")).await.unwrap();
        assert_eq!(read.status.as_str(), meaning, "{status} {detail}");
    }
}

#[tokio::test]
async fn ids_that_are_numbers_are_ids() {
    let created = json!({"id": 12345, "url": "https://vendor.example/c/1"});
    let started = {
        let server = answering(ok(created)).await;
        vendor(&server.uri()).start(&StartRequest::new("4711")).await.unwrap()
    };
    assert_eq!(started.reference, session("12345"));
    let listed = json!({"sessions": [{"id": 12345, "external_id": 4711, "status": 9001}]});
    let server = answering(ok(listed)).await;
    let found = vendor(&server.uri()).find(&FindRequest::new("4711")).await.unwrap();
    assert_eq!(found[0].reference, session("12345"));
    let asked = &crate::support::sent(&server).await[0];
    assert_eq!(asked.line(), "GET /checks?external_id=4711&per_page=5");
}

#[test]
fn an_interim_event_is_no_approval() {
    for (event_of, status) in [
        (r#"{"type":"x","data":{"id":"s-1","status":"APPROVED","final":false}}"#, Some("in_review")),
        (r#"{"type":"x","data":{"id":"s-1","status":"APPROVED","final":{}}}"#, Some("unrecognized")),
        (
            r#"{"type":"x","data":{"id":"s-1","status":"APPROVED","final":true,"final":false}}"#,
            Some("unrecognized"),
        ),
        (r#"{"type":"x","data":{"id":"s-1","status":"APPROVED"}}"#, Some("in_review")),
        (r#"{"type":"x","data":{"id":"s-1","status":"APPROVED","final":true}}"#, Some("approved")),
        (r#"{"type":"x","data":{"id":"s-1","status":"declined","status":"APPROVED"}}"#, None),
        (r#"{"type":"x","data":{"id":"s-1","status":"APPROVED","status":"declined"}}"#, None),
        (r#"{"type":"x","data":{"id":"s-2","status":"APPROVED","id":"s-1"}}"#, None),
    ] {
        let read = event(event_of);
        assert_eq!(read.status().map(|status| status.as_str()), status, "{event_of}");
        let acted = if status == Some("approved") {
            NextAction::Done { recheck_after: None }
        } else {
            NextAction::Check
        };
        assert_eq!(read.next_action, acted, "{event_of}");
        let is_named_once = event_of.matches("\"id\"").count() == 1;
        assert_eq!(read.reference, is_named_once.then(|| session("s-1")), "{event_of}");
    }
}

#[test]
fn an_event_whose_name_and_session_disagree_carries_no_status() {
    for (name, word, status) in [
        ("session.status.approved", "declined", None),
        ("session.declined", "APPROVED", None),
        ("session:9102", "9001", None),
        ("session.Declined", "declined", Some("rejected")),
        ("session.approved", "APPROVED", Some("approved")),
        ("session.updated", "APPROVED", Some("approved")),
        ("approved.session", "declined", Some("rejected")),
    ] {
        let data = format!(r#""data":{{"id":"s-1","status":"{word}","final":true}}"#);
        let facts = [format!(r#""type":"{name}""#), data];
        for body in [format!("{{{},{}}}", facts[0], facts[1]), format!("{{{},{}}}", facts[1], facts[0])] {
            let read = event(&body);
            assert_eq!(read.status().map(|status| status.as_str()), status, "{body}");
            if status.is_none() {
                assert_eq!(read.next_action, NextAction::Check, "{body}");
            }
        }
    }
}

#[test]
fn a_described_id_of_the_event_is_the_one_to_deduplicate_on() {
    let id = |body: &str| event(body).id.to_string();
    let first = r#"{"type":"x","event_id":"evt_1","attempt":1,"data":{"id":"s-1"}}"#;
    assert_eq!(id(first), "evt_1");
    assert_eq!(id(&first.replace("\"attempt\":1", "\"attempt\":2")), "evt_1");
    assert_eq!(id(&first.replace("\"evt_1\"", "17")), "17");
    let long = |last: &str| id(&first.replace("evt_1", &format!("{}{last}", "x".repeat(200))));
    assert_ne!(long("a"), long("b"), "what differs beyond the length of an id is told apart");
    let bare = r#"{"type":"x","data":{"id":"s-1"}}"#;
    assert_eq!(id(bare).len(), 64, "without one, it is the digest of the body");
}
