//! Shufti, as its built-in description has it: every trap of its pages fails on the naive reading. Digests were made with another
//! implementation of SHA-256.

use idv_core::{
    Delivery, ErrorKind, FindRequest, Retry, StartRequest, Timestamp, VerificationProviderExt, WebhookEvent,
    WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::{Provider, answering, build, hanging_up, headers, ok, over, sent, session};

const REFERENCE: &str = "case-000042";
const ACCEPTED: &str = r#"{"reference":"case-000042","event":"verification.accepted","email":"ada@example.test","country":"GB","verification_result":{"document":{"document":1}}}"#;
const DECLINED: &str = r#"{"reference":"case-000042","event":"verification.declined","declined_reason":"Face could not be verified","declined_codes":["SPFA01"]}"#;
const ACCEPTED_DIGEST: &str = "3a1ecdab97d0b3daed2785a265a48b5d5411824325de373b7d5f836f10851559";
const ACCEPTED_OLD_DIGEST: &str = "f4d45ac864e0556abe571515322740bf9bf2059e3df0b127fddf2288eb5163e1";
const DECLINED_DIGEST: &str = "7dc64061c43bf30f6c73c5d214308d7de9efa484a975053b91bfefd2b2107d92";

fn shufti(base: &str, more: Value) -> Provider {
    let options = json!({
        "preset": "shufti", "base_url": base, "api_key": {"env": "KEY"}, "secrets": {"client_id": "a-client"},
        "webhook_secrets": ["sim-shufti-secret"],
    });
    build(&over(options, more)).unwrap()
}

fn read(more: Value, digest: &str, body: &str) -> Result<WebhookEvent, ErrorKind> {
    let headers = headers(&[("signature", digest)]);
    let request = WebhookRequest::new(&headers, body.as_bytes(), Timestamp::from_unix_seconds(0));
    match shufti("http://127.0.0.1:9", more).verify_webhook(&request) {
        Ok(WebhookOutcome::Event(event)) => Ok(*event),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.kind()),
    }
}

fn pending() -> Value {
    json!({"reference": REFERENCE, "event": "request.pending", "error": "",
        "verification_url": "https://app.shuftipro.com/process/verification/AbC"})
}

#[test]
fn the_age_of_the_account_decides_which_digest_is_right() {
    let old = json!({"webhook": {"secret": "plain"}});
    for (more, digest, fits) in [
        (json!({}), ACCEPTED_DIGEST, true),
        (json!({}), ACCEPTED_OLD_DIGEST, false),
        (old.clone(), ACCEPTED_OLD_DIGEST, true),
        (old, ACCEPTED_DIGEST, false),
        (json!({}), DECLINED_DIGEST, false),
    ] {
        let read = read(more.clone(), digest, ACCEPTED);
        assert_eq!(read.as_ref().err(), (!fits).then_some(&ErrorKind::WebhookRejected), "{more} {digest}");
        if let Ok(event) = read {
            assert_eq!((event.status().unwrap().as_str(), event.next_action.as_str()), ("approved", "none"));
            assert_eq!(event.reference, Some(session(REFERENCE)));
        }
    }
    let event = read(json!({}), DECLINED_DIGEST, DECLINED).unwrap();
    let reasons: Vec<_> = event.reasons().iter().map(|one| one.reason.as_str()).collect();
    assert_eq!((event.status().unwrap().as_str(), reasons), ("rejected", vec!["other"]));
    // A slash is escaped on the wire, and the digest is of the bytes as they came.
    assert!(read(json!({}), DECLINED_DIGEST, &DECLINED.replace("Face", "\\u0046ace")).is_err());
}

#[tokio::test]
async fn services_are_on_where_they_are_named_and_the_reference_is_the_id() {
    let server = answering(ok(pending())).await;
    let request = StartRequest::new(REFERENCE).email("ada@example.com").country("GB").workflow("journey-1");
    let started = shufti(&server.uri(), json!({})).start(&request).await.unwrap();
    assert_eq!(started.reference, session(REFERENCE));
    let sent = &sent(&server).await[0];
    assert_eq!(sent.line(), "POST /");
    assert_eq!(
        sent.json(),
        json!({"reference": REFERENCE, "email": "ada@example.com", "country": "GB", "journey_id": "journey-1", "face": {},
            "document": {"supported_types": ["passport", "id_card", "driving_license"]}, "ttl": 1440})
    );
    // `ttl` counts minutes.
    assert_eq!(started.expires_at.unwrap().at.saturating_since(crate::support::now()).as_secs(), 24 * 3600);
    for bad in ["case 42", "case/42", "..", "fälle"] {
        let error = shufti(&server.uri(), json!({})).start(&StartRequest::new(bad)).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidRequest, Delivery::NotSent), "{bad}");
        assert_eq!(error.input_problems().len(), 1, "{bad}");
    }
    let other = over(pending(), json!({"reference": "case-000043"}));
    let server = answering(ok(other)).await;
    let error = shufti(&server.uri(), json!({})).start(&StartRequest::new(REFERENCE)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "the session of somebody else");
}

#[tokio::test]
async fn a_lost_answer_is_recovered_by_reading_and_not_by_another_session() {
    let address = hanging_up("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"reference\"").await;
    let error = shufti(&address, json!({})).start(&StartRequest::new(REFERENCE)).await.unwrap_err();
    assert_eq!((error.retry(), error.delivery()), (Retry::AfterCheck, Delivery::Unknown));
    let server = answering(ok(pending())).await;
    let provider = shufti(&server.uri(), json!({}));
    let found = provider.find(&FindRequest::new(REFERENCE)).await.unwrap();
    let found: Vec<_> = found.iter().map(|one| (one.reference.clone(), one.status.as_str())).collect();
    assert_eq!(found, [(session(REFERENCE), "in_progress")]);
    let sent = &sent(&server).await[0];
    assert_eq!((sent.line(), sent.json()), ("POST /status".to_owned(), json!({"reference": REFERENCE})));
    let conflict = ResponseTemplate::new(409).set_body_json(json!({"error": {"key": "reference"}}));
    let server = answering(conflict).await;
    let error = shufti(&server.uri(), json!({})).start(&StartRequest::new(REFERENCE)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Conflict, Retry::Never),
        "a reference is used once"
    );
}

#[tokio::test]
async fn a_reference_without_a_session_is_an_empty_list_only_where_shufti_says_so() {
    let said =
        json!({"reference": "", "event": "request.invalid", "error": {"key": "reference", "message": "x"}});
    for (answer, found) in [
        (ResponseTemplate::new(404).set_body_json(said.clone()), Ok(0)),
        (ResponseTemplate::new(404).set_body_json(json!({"detail": "no route"})), Err(ErrorKind::NotFound)),
        (ResponseTemplate::new(404).set_body_raw("<html>", "text/html"), Err(ErrorKind::Unavailable)),
        (ResponseTemplate::new(403).set_body_json(said), Err(ErrorKind::Forbidden)),
    ] {
        let server = answering(answer).await;
        let read = shufti(&server.uri(), json!({})).find(&FindRequest::new(REFERENCE)).await;
        assert_eq!(read.map(|found| found.len()).map_err(|error| error.kind()), found);
    }
}

#[tokio::test]
async fn errors_come_with_200_and_402_is_not_about_money() {
    for (status, event, kind) in [
        (200, "request.invalid", ErrorKind::InvalidRequest),
        (200, "request.unauthorized", ErrorKind::Unauthenticated),
        (402, "request.invalid", ErrorKind::InvalidRequest),
        (403, "request.invalid", ErrorKind::Forbidden),
    ] {
        let error = json!({"service": "document", "key": "name", "message": "canary"});
        let answer = json!({"reference": REFERENCE, "event": event, "error": error});
        let server = answering(ResponseTemplate::new(status).set_body_json(answer)).await;
        let provider = shufti(&server.uri(), json!({}));
        let start = provider.start(&StartRequest::new(REFERENCE)).await.unwrap_err();
        let check = provider.check_session(&session(REFERENCE)).await.unwrap_err();
        for error in [start, check] {
            assert_eq!(
                (error.kind(), error.code().map(ToString::to_string)),
                (kind, Some("name".to_owned()))
            );
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn data_is_deleted_by_a_post_with_a_comment() {
    let server = answering(ok(json!({"reference": REFERENCE, "event": "request.deleted"}))).await;
    let provider = shufti(&server.uri(), json!({}));
    let erased = provider.erase(&idv_core::EraseRequest::new(session(REFERENCE))).await.unwrap();
    assert_eq!(erased.state.as_str(), "done");
    let sent = &sent(&server).await[0];
    assert_eq!(sent.line(), "POST /delete");
    let comment = sent.json()["comment"].as_str().unwrap().len();
    assert!((5..=200).contains(&comment) && sent.json()["reference"] == REFERENCE);
}
