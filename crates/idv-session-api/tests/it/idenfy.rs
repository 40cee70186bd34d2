//! iDenfy, as its built-in description has it: every trap of its pages fails on the naive reading. Signatures were made with another
//! implementation of HMAC.

use idv_core::{
    ErrorKind, StartRequest, Timestamp, VerificationProviderExt, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};

use crate::support::{Provider, answering, build, headers, ok, over, sent, session};

const SCAN: &str = "5b1c2d3e-0000-11ee-9758-309c231b1bac";
const FINISHED: &str = r#"{"final":true,"platform":"PC","status":{"overall":"APPROVED","fraudTags":[],"mismatchTags":[],"autoDocument":"DOC_VALIDATED","autoFace":"FACE_MATCH","manualDocument":"DOC_VALIDATED","manualFace":"FACE_MATCH"},"scanRef":"5b1c2d3e-0000-11ee-9758-309c231b1bac","clientId":"user-42","externalRef":null,"startTime":1782896000,"finishTime":1782896400}"#;
const SIGNATURE: &str = "1ba0cdc023cad88542dc99fa273ea59328967f767a7b853cee01bc4ab4c826a3";
const OTHER: &str = "8f6d57f6d7d3217902bba8d27316c22963626e413095e5e7a8dfb42e0d83d108";

fn idenfy(base: &str, more: Value) -> Provider {
    let options = json!({
        "preset": "idenfy", "base_url": base, "api_key": {"env": "KEY"}, "secrets": {"api_key": "a-key"},
        "webhook_secrets": ["sim-idenfy-key"],
    });
    build(&over(options, more)).unwrap()
}

fn read(more: Value, signature: &str, body: &str) -> Result<WebhookEvent, ErrorKind> {
    let headers = headers(&[("idenfy-signature", signature)]);
    let request = WebhookRequest::new(&headers, body.as_bytes(), Timestamp::from_unix_seconds(0));
    match idenfy("http://127.0.0.1:9", more).verify_webhook(&request) {
        Ok(WebhookOutcome::Event(event)) => Ok(*event),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.kind()),
    }
}

fn told(body: &str) -> (&'static str, &'static str) {
    let signature = idv_conformance::hmac_sha256_hex("sim-idenfy-key", &[body.as_bytes()]);
    let read = read(json!({}), &signature, body).unwrap();
    (read.status().map_or("none", |status| status.as_str()), read.next_action.as_str())
}

#[test]
fn a_final_webhook_is_a_verdict_and_an_interim_one_is_not() {
    let event = read(json!({}), SIGNATURE, FINISHED).unwrap();
    assert_eq!((event.status().unwrap().as_str(), event.next_action.as_str()), ("approved", "none"));
    assert_eq!(
        (event.reference.clone(), event.correlation.get("external_id")),
        (Some(session(SCAN)), Some("user-42"))
    );
    assert_eq!((event.occurred_at.unwrap().unix_seconds(), event.id.as_str().len()), (1_782_896_400, 64));
    assert!(read(json!({}), OTHER, FINISHED).is_err());
    assert!(read(json!({"webhook_secrets": ["sim-idenfy-key-2"]}), OTHER, FINISHED).is_ok());
    for (shown, seen) in [
        (r#""final":false"#, ("in_review", "check")),
        (r#""final":{}"#, ("unrecognized", "check")),
        (r#""final":true,"final":false"#, ("unrecognized", "check")),
        (r#""final":"true""#, ("approved", "none")),
        (r#""final":null"#, ("in_review", "check")),
        (r#""last":true"#, ("in_review", "check")),
    ] {
        assert_eq!(told(&FINISHED.replace(r#""final":true"#, shown)), seen, "{shown}");
        let denied = FINISHED.replace("APPROVED", "DENIED").replace(r#""final":true"#, shown);
        let seen = if seen.0 == "approved" { ("rejected", "retry_with_new_session") } else { seen };
        assert_eq!(told(&denied), seen, "{shown}");
    }
    assert_eq!(told(&FINISHED.replace("APPROVED", "SUSPECTED")), ("on_hold", "check"));
}

#[tokio::test]
async fn a_suspicion_is_held_and_an_empty_list_hides_no_other_one() {
    let answer = json!({"status": "SUSPECTED", "fraudTags": [], "mismatchTags": ["DOC_INFO_MISMATCH", "WEATHER"], "scanRef": SCAN});
    let server = answering(ok(answer)).await;
    let provider = idenfy(&server.uri(), json!({}));
    let read = provider.check_session(&session(SCAN)).await.unwrap();
    assert_eq!((read.status.as_str(), read.next_action.as_str()), ("on_hold", "wait"));
    let reasons: Vec<_> = read.reasons.iter().map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons, ["data_mismatch", "other"]);
    let sent = &sent(&server).await[0];
    assert_eq!((sent.line(), sent.json()), ("POST /api/v2/status".to_owned(), json!({"scanRef": SCAN})));
    assert_eq!(sent.headers["authorization"], "Basic YS1rZXk6c2tfbGl2ZV9jYW5hcnk=");
    // The vendor forbids polling as the main way.
    let cadence = provider.profile().actions.cadence;
    assert!(cadence.applicant_busy.as_secs() >= 3600 && cadence.vendor_busy.as_secs() >= 3600);
}

#[tokio::test]
async fn the_link_follows_from_the_token_where_the_answer_has_none() {
    for (url, wanted) in [
        (json!("https://ui.idenfy.com/go"), "https://ui.idenfy.com/go"),
        (json!(null), "https://ivs.idenfy.com/api/v2/redirect?authToken=a%26b%2F"),
    ] {
        let answer = json!({"authToken": "a&b/", "redirectUrl": url, "scanRef": SCAN, "expiryTime": 3600});
        let server = answering(ok(answer)).await;
        let request = StartRequest::new("user-42").redirect_url("https://app.example/back");
        let started = idenfy(&server.uri(), json!({})).start(&request).await.unwrap();
        assert_eq!(started.url().unwrap().expose(), wanted);
        assert_eq!(started.access_token().unwrap().expose(), "a&b/");
        let left = started.expires_at.unwrap().at.saturating_since(crate::support::now());
        assert_eq!(left.as_secs(), 3600);
        let back = "https://app.example/back";
        assert_eq!(
            sent(&server).await[0].json(),
            json!({"clientId": "user-42", "tokenType": "IDENTIFICATION", "expiryTime": 86400,
                "successUrl": back, "errorUrl": back, "unverifiedUrl": back})
        );
    }
    let server = answering(ok(json!({"scanRef": SCAN, "redirectUrl": null}))).await;
    let error = idenfy(&server.uri(), json!({})).start(&StartRequest::new("user-42")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse, "neither link nor token");
}
