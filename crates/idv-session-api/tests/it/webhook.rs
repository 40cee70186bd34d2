//! Webhooks of deepidv.

use idv_core::{Assurance, Error, ErrorKind, NextAction, WebhookEvent, WebhookOutcome, WebhookRequest};
use serde_json::{Value, json};

use crate::support::{ID, SECRET, build, deepidv, headers, now, session};

const BASE: &str = "http://127.0.0.1:9";

fn read(pairs: &[(&str, &str)], body: &[u8]) -> idv_core::Result<WebhookOutcome> {
    let headers = headers(pairs);
    deepidv(BASE).verify_webhook(&WebhookRequest::new(&headers, body, now()))
}

fn outcome(body: &Value) -> WebhookOutcome {
    read(&[("deepidv-signature", SECRET)], body.to_string().as_bytes()).unwrap()
}

fn event(body: &Value) -> WebhookEvent {
    match outcome(body) {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_event_is_a_notice_whatever_it_says() {
    for event_type in [
        "session.created",
        "session.status.submitted",
        "session.status.verified",
        "session.status.rejected",
        "session.status.failed",
        "session.status.voided",
        "session.anything",
    ] {
        let data = json!({"id": ID, "external_id": "case-7", "status": "VERIFIED", "analysis_data": {"a": "canary"}});
        let camel = json!({"id": ID, "externalId": "case-7", "status": "VERIFIED"});
        for data in
            [data.clone(), camel, json!({"session_record": data.clone()}), json!({"sessionRecord": data})]
        {
            let read = event(&json!({"type": event_type, "data": data}));
            assert_eq!(read.assurance(), Assurance::SharedSecret);
            assert_eq!((read.status(), read.provider_status()), (None, None), "{event_type}");
            assert_eq!(read.next_action, NextAction::Check);
            assert_eq!(read.reference, Some(session(ID)));
            assert_eq!(read.provider_event_type.as_str(), event_type);
            let ids: Vec<_> = read.correlation.iter().collect();
            assert_eq!(ids, [("external_id", "case-7"), ("session_id", ID)]);
            assert!(read.occurred_at.is_none());
            assert!(!format!("{read:?}").contains("canary"));
        }
    }
}

#[test]
fn the_id_is_the_digest_of_the_raw_body() {
    let body = br#"{"type":"session.created","data":{"id":"s-1"}}"#;
    let id = |body: &[u8]| match read(&[("deepidv-signature", SECRET)], body).unwrap() {
        WebhookOutcome::Event(event) => event.id.to_string(),
        other => panic!("{other:?}"),
    };
    let digest = base16ct::lower::encode_string(&<sha2::Sha256 as sha2::Digest>::digest(body));
    assert_eq!(id(body), digest);
    assert_ne!(id(br#"{"type":"session.created","data":{"id":"s-1"} }"#), digest);
}

#[test]
fn an_event_without_a_usable_id_has_no_reference() {
    for data in
        [json!(null), json!({}), json!({"id": ".."}), json!({"id": "a/b"}), json!({"id": true}), json!([])]
    {
        let read = event(&json!({"type": "session.created", "data": data}));
        assert_eq!((read.reference, read.next_action), (None, NextAction::Check));
    }
}

#[test]
fn other_event_types_are_ignored() {
    for event_type in ["user.created", "sessions.created", "session", "x.session.created", "сession.created"]
    {
        match outcome(&json!({"type": event_type, "data": {"id": ID}})) {
            WebhookOutcome::Ignored { provider, provider_event_type } => {
                assert_eq!((provider.as_str(), provider_event_type.as_str()), ("sessions", event_type));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn whoever_does_not_know_the_secret_is_refused_before_the_body_is_read() {
    let body = br#"{"type":"session.status.verified","data":{"id":"s-1"}}"#;
    for pairs in [
        &[][..],
        &[("deepidv-signature", "")],
        &[("deepidv-signature", "whsec_wrong")],
        &[("deepidv-signature", SECRET), ("deepidv-signature", SECRET)],
        &[("x-signature", SECRET)],
    ] {
        for body in [&body[..], b"not json"] {
            let error = read(pairs, body).unwrap_err();
            assert_eq!(
                (error.kind(), error.webhook_response_status().as_u16()),
                (ErrorKind::WebhookRejected, 401)
            );
            assert!(!format!("{error:?}").contains("Y2FuYXJ5"));
        }
    }
}

#[test]
fn authentic_but_unreadable_is_rejected() {
    for body in ["", "{", "[]", "{}", r#"{"type":7}"#, r#"{"type":""}"#] {
        let error = read(&[("deepidv-signature", SECRET)], body.as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind(), error.webhook_response_status().as_u16()),
            (ErrorKind::WebhookRejected, 400)
        );
    }
}

#[test]
fn any_of_several_secrets_is_good_and_none_is_a_fault_of_ours() {
    let body = br#"{"type":"session.created","data":{"id":"s-1"}}"#;
    let options =
        |secrets: Value| json!({"preset": "deepidv", "api_key": {"env": "KEY"}, "webhook_secrets": secrets});
    let verify = |secrets: Value| -> Result<WebhookOutcome, Error> {
        let headers = headers(&[("deepidv-signature", SECRET)]);
        build(&options(secrets)).unwrap().verify_webhook(&WebhookRequest::new(&headers, body, now()))
    };
    assert!(verify(json!(["old", {"env": "SECRET"}])).is_ok());
    let error = verify(json!([])).unwrap_err();
    assert_eq!((error.kind(), error.webhook_response_status().as_u16()), (ErrorKind::Config, 503));
    assert_eq!(error.provider().unwrap().as_str(), "sessions");
}
