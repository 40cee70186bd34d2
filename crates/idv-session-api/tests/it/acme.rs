//! A made-up vendor from end to end, described in `examples-config/acme-verify.toml` alone. The server here is written
//! from that description and shares nothing with the adapter.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use hmac::{Hmac, KeyInit, Mac};
use idv_core::{
    Assurance, ErrorKind, FindRequest, Input, Invites, Redirect, StartRequest, VendorWord,
    VerificationProviderExt, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{KEY, Provider, SECRET, build, headers, now, over, session, with};

const DESCRIPTION: &str = include_str!("../../examples-config/acme-verify.toml");
const NOW: &str = "1795176000";

type Checks = Arc<Mutex<Vec<Value>>>;

/// `POST /checks/`, `GET /checks/?case=…&cursor=…` (two a page), `GET /checks/{ref}/result`; `Authorization: Bearer`.
async fn acme() -> (String, Checks) {
    let checks = Checks::default();
    let router = Router::new()
        .route("/checks/", post(open).get(list))
        .route("/checks/{reference}/result", get(result))
        .with_state(Arc::clone(&checks));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, checks)
}

fn refused(headers: &HeaderMap) -> bool {
    headers.get("authorization").is_none_or(|key| *key != format!("Bearer {KEY}"))
}

async fn open(
    State(checks): State<Checks>,
    headers: HeaderMap,
    Json(wanted): Json<Value>,
) -> (StatusCode, Json<Value>) {
    if refused(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "who?"})));
    }
    let mut checks = checks.lock().unwrap();
    let reference = format!("chk:{}", checks.len());
    let opened = format!("2026-11-20T12:00:{:02}Z", checks.len());
    checks.push(json!({
        "ref": reference, "case": wanted["case"], "state": "open", "opened": opened, "asked": wanted,
    }));
    let link = format!("https://acme-verify.example/c/{reference}");
    (StatusCode::CREATED, Json(json!({"check": {"ref": reference, "link": link}})))
}

async fn list(State(checks): State<Checks>, Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    let checks = checks.lock().unwrap();
    let start: usize = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let all: Vec<&Value> = checks.iter().filter(|check| check["case"] == query["case"].as_str()).collect();
    let page: Vec<&&Value> = all.iter().skip(start).take(2).collect();
    let cursor = (start + 2 < all.len()).then(|| (start + 2).to_string());
    Json(json!({"items": page, "cursor": cursor}))
}

async fn result(
    State(checks): State<Checks>,
    Path(reference): Path<String>,
    headers: HeaderMap,
) -> (StatusCode, Json<Value>) {
    if refused(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "who?"})));
    }
    let checks = checks.lock().unwrap();
    match checks.iter().find(|check| check["ref"] == reference.as_str()) {
        Some(check) => (StatusCode::OK, Json(json!({"check": check}))),
        None => (StatusCode::NOT_FOUND, Json(json!({"code": "no_such_check"}))),
    }
}

fn change(checks: &Checks, facts: Value) {
    let mut checks = checks.lock().unwrap();
    checks[0] = with(checks[0].clone(), facts);
}

/// The description, with what a test needs changed.
fn options(more: Value) -> Value {
    let document: toml::Table = toml::from_str(DESCRIPTION).unwrap();
    let mut options = serde_json::to_value(&document["providers"]["acme"]).unwrap();
    assert_eq!(options.as_object_mut().unwrap().remove("kind"), Some(json!("session-api")));
    let secrets = json!({"api_key": {"env": "KEY"}, "webhook_secrets": [{"env": "SECRET"}]});
    over(over(options, secrets), more)
}

fn provider(more: Value) -> Provider {
    build(&options(more)).unwrap()
}

fn ada() -> StartRequest {
    StartRequest::new("case-7").first_name("Ada").email("ada@example.com").attribute("country", "CA")
}

#[tokio::test]
async fn a_session_is_opened_read_and_found() {
    let (base, checks) = acme().await;
    let acme = provider(json!({"base_url": base, "workflow_id": "short"}));
    let request = ada().invites(Invites { email: true, sms: false }).redirect_url("https://app.example/back");
    let opened = acme.start(&request.phone("+15192223333")).await.unwrap();
    assert_eq!(opened.reference, session("chk:0"));
    assert_eq!(opened.url().unwrap().expose(), "https://acme-verify.example/c/chk:0");
    assert_eq!(opened.unused_inputs, [Input::PHONE]);
    let asked = checks.lock().unwrap()[0]["asked"].clone();
    assert_eq!(
        asked,
        json!({
            "case": "case-7", "given_name": "Ada", "mail": "ada@example.com", "country_code": "CA", "journey": "short",
            "return_to": "https://app.example/back", "notify_by_mail": true,
        })
    );
    for (state, outcome, status, action) in [
        ("open", None, "not_started", "continue_session"),
        ("RUNNING", None, "in_progress", "wait"),
        ("done", None, "in_review", "wait"),
        ("done", Some("pass"), "approved", "none"),
        ("Done", Some("FAIL"), "rejected", "retry_with_new_session"),
        ("done", Some("retake"), "resubmission_required", "continue_session"),
        ("done", Some("shrug"), "in_review", "wait"),
        ("pass", Some("pass"), "unrecognized", "wait"),
        ("gone", Some("pass"), "expired", "start_session"),
        ("locked", None, "failed", "start_session"),
    ] {
        let now = json!({"state": state, "outcome": outcome, "changed": "2026-11-20T12:30:00Z"});
        change(&checks, now);
        let read = acme.check_session(&opened.reference).await.unwrap();
        assert_eq!(
            (read.status.as_str(), read.next_action.as_str()),
            (status, action),
            "{state} {outcome:?}"
        );
        assert_eq!(read.updated_at.unwrap().to_string(), "2026-11-20T12:30:00Z");
    }
    for _ in 0..4 {
        acme.start(&ada()).await.unwrap();
    }
    let found = acme.find(&FindRequest::new("case-7")).await.unwrap();
    let keys: Vec<_> = found.iter().map(|one| one.reference.key().to_owned()).collect();
    assert_eq!(keys, ["chk:4", "chk:3", "chk:2", "chk:1", "chk:0"]);
}

#[tokio::test]
async fn reasons_are_words_or_lists_of_words() {
    let (base, checks) = acme().await;
    let acme = provider(json!({"base_url": base}));
    let opened = acme.start(&ada()).await.unwrap();
    for (state, why, reasons) in [
        ("done", json!("blurred"), "document_unreadable/blurred"),
        ("done", json!(["other_face", "Weather"]), "face_mismatch/other_face other/Weather"),
        ("locked", json!("blurred"), "attempts_exhausted/ document_unreadable/blurred"),
        ("locked", json!(null), "attempts_exhausted/"),
        ("done", json!({"a": 1}), ""),
    ] {
        change(&checks, json!({"state": state, "why": why}));
        let read = acme.check_session(&opened.reference).await.unwrap();
        let found: Vec<_> = read
            .reasons
            .iter()
            .map(|one| {
                format!(
                    "{}/{}",
                    one.reason,
                    one.provider_code.as_ref().map(VendorWord::as_str).unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(found.join(" "), reasons);
    }
}

#[tokio::test]
async fn refusals_and_missing_inputs() {
    let (base, checks) = acme().await;
    let acme = provider(json!({"base_url": base}));
    let error = acme.start(&StartRequest::new("case-7")).await.unwrap_err();
    let missing: Vec<_> = error.input_problems().iter().map(|one| one.input.as_str().to_owned()).collect();
    assert_eq!(missing, ["country", "email"]);
    let texts = Invites { email: false, sms: true };
    let error = acme.start(&ada().invites(texts).must(Input::INVITES)).await.unwrap_err();
    assert_eq!(error.input_problems()[0].input, Input::INVITES);
    assert!(checks.lock().unwrap().is_empty());
    assert_eq!(acme.start(&ada().invites(texts)).await.unwrap().unused_inputs, [Input::INVITES]);
    let error = acme.check_session(&session("chk:9")).await.unwrap_err();
    assert_eq!((error.kind(), error.code().unwrap().as_str()), (ErrorKind::NotFound, "no_such_check"));
    let wrong = provider(json!({"base_url": base, "api_key": "wrong"}));
    assert_eq!(wrong.start(&ada()).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
    let bare = provider(json!({"base_url": base, "auth": {"prefix": ""}}));
    assert_eq!(bare.start(&ada()).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
}

#[test]
fn its_return_urls_are_read() {
    let acme = provider(json!({}));
    for (query, status, reason) in [
        ("ref=chk:0&result=finished", "in_review", None),
        ("ref=chk:0&result=LEFT&why=closed_tab", "abandoned", Some("applicant_cancelled")),
        ("ref=chk:0&result=broken&why=Too_Late", "expired", Some("session_expired")),
        ("ref=chk:0&result=broken&why=blurred", "failed", Some("other")),
        ("ref=chk:0&result=pass&status=approved", "unrecognized", None),
    ] {
        let uri = format!("/back?{query}");
        let read = acme.parse_redirect(&Redirect::new(&session("chk:0"), &uri)).unwrap();
        assert_eq!(
            (read.status().as_str(), read.reason.map(|why| why.as_str())),
            (status, reason),
            "{query}"
        );
    }
    let bare = over(crate::config::described(), json!({"reason_words": {"late": "session_expired"}}));
    let silent = build(&bare).unwrap();
    let uri = "/back?session_id=a&status=done";
    let error = silent.parse_redirect(&Redirect::new(&session("a"), uri)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let shared = build(&over(bare, json!({"return_url": {"words": {"over": "failed"}}}))).unwrap();
    let uri = "/back?session_id=a&status=over&reason=late";
    let read = shared.parse_redirect(&Redirect::new(&session("a"), uri)).unwrap();
    assert_eq!(read.reason.unwrap().as_str(), "session_expired");
}

fn body(state: &str, outcome: Option<&str>) -> String {
    let payload =
        json!({"ref": "chk:0", "case": "case-7", "state": state, "outcome": outcome, "why": ["blurred"]});
    json!({"event": "check.changed", "at": "2026-11-20T11:59:58Z", "payload": payload}).to_string()
}

fn hmac(content: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(content.as_bytes());
    base16ct::lower::encode_string(&mac.finalize().into_bytes())
}

fn read(provider: &Provider, pairs: &[(&str, &str)], body: &str) -> Result<WebhookEvent, ErrorKind> {
    let headers = headers(pairs);
    match provider.verify_webhook(&WebhookRequest::new(&headers, body.as_bytes(), now())) {
        Ok(WebhookOutcome::Event(event)) => Ok(*event),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.kind()),
    }
}

#[test]
fn a_signed_webhook_carries_its_status() {
    let acme = provider(json!({}));
    for (state, outcome, status, action) in [
        ("done", Some("pass"), "approved", "none"),
        ("done", Some("fail"), "rejected", "retry_with_new_session"),
        ("done", None, "in_review", "check"),
        ("dance", Some("pass"), "unrecognized", "check"),
    ] {
        let body = body(state, outcome);
        let signature = hmac(&format!("{NOW}.{body}"));
        let event = read(&acme, &[("acme-signature", &signature), ("acme-time", NOW)], &body).unwrap();
        assert_eq!(event.assurance(), Assurance::Signed);
        assert_eq!((event.status().unwrap().as_str(), event.next_action.as_str()), (status, action));
        assert_eq!(event.provider_status().unwrap().as_str(), state);
        assert_eq!(event.reasons()[0].reason.as_str(), "document_unreadable");
        assert_eq!(
            (event.reference, event.correlation.get("external_id")),
            (Some(session("chk:0")), Some("case-7"))
        );
        assert_eq!(event.occurred_at.unwrap().to_string(), "2026-11-20T11:59:58Z");
    }
}

#[test]
fn a_forged_or_old_webhook_is_refused() {
    let acme = provider(json!({}));
    let body = body("done", Some("pass"));
    let good = hmac(&format!("{NOW}.{body}"));
    let old = "1795175600";
    let bare = hmac(&body);
    for pairs in [
        &[][..],
        &[("acme-signature", &*good)],
        &[("acme-time", NOW)],
        &[("acme-signature", &bare), ("acme-time", NOW)],
        &[("acme-signature", &good), ("acme-time", "1795176001")],
        &[("acme-signature", &hmac(&format!("{old}.{body}"))), ("acme-time", old)],
        &[("acme-signature", SECRET), ("acme-time", NOW)],
    ] {
        assert_eq!(read(&acme, pairs, &body).unwrap_err(), ErrorKind::WebhookRejected, "{pairs:?}");
    }
    let tampered = body.replace("chk:0", "chk:1");
    let pairs = [("acme-signature", good.as_str()), ("acme-time", NOW)];
    assert_eq!(read(&acme, &pairs, &tampered).unwrap_err(), ErrorKind::WebhookRejected);
    assert!(read(&acme, &pairs, &body).is_ok());
}

#[test]
fn the_other_schemes_work_as_well() {
    let body = body("done", Some("pass"));
    let bare = options(json!({"webhook": {"time_header": null, "signs": null}}));
    let untimed = build(&bare).unwrap();
    let signature = hmac(&body);
    assert!(read(&untimed, &[("acme-signature", &signature)], &body).unwrap().status().is_some());
    assert!(read(&untimed, &[("acme-signature", &signature.replace('a', "b"))], &body).is_err());

    let secret = over(bare.clone(), json!({"webhook": {"scheme": "shared-secret"}}));
    let event = read(&build(&secret).unwrap(), &[("acme-signature", SECRET)], &body).unwrap();
    assert_eq!((event.assurance(), event.status()), (Assurance::SharedSecret, None));
    assert_eq!(event.next_action.as_str(), "check");

    let svix = build(&over(bare.clone(), json!({"webhook": {"header": null, "scheme": "svix"}}))).unwrap();
    let signer = standardwebhooks::Webhook::new(SECRET).unwrap();
    let signature = signer.sign("msg_1", 1_795_176_000, body.as_bytes()).unwrap();
    let pairs = [("svix-id", "msg_1"), ("svix-timestamp", NOW), ("svix-signature", signature.as_str())];
    let event = read(&svix, &pairs, &body).unwrap();
    assert_eq!((event.id.as_str(), event.status().unwrap().as_str()), ("msg_1", "approved"));
    assert_eq!(read(&svix, &pairs, &body.replace("pass", "fail")).unwrap_err(), ErrorKind::WebhookRejected);

    let silent = build(&over(bare, json!({"webhook": null, "webhook_secrets": []}))).unwrap();
    assert_eq!(read(&silent, &pairs, &body).unwrap_err(), ErrorKind::Unsupported);
    let keyless = provider(json!({"webhook_secrets": []}));
    assert_eq!(read(&keyless, &pairs, &body).unwrap_err(), ErrorKind::Config);
}

#[test]
fn webhooks_can_place_their_facts_elsewhere() {
    let elsewhere = json!({"webhook": {"session": "", "id": "/about", "status": "/now"}});
    let acme = provider(elsewhere);
    let body = r#"{"event":"check.changed","about":"chk:3","now":"gone","outcome":"pass"}"#;
    let signature = hmac(&format!("{NOW}.{body}"));
    let pairs = [("acme-signature", signature.as_str()), ("acme-time", NOW)];
    let event = read(&acme, &pairs, body).unwrap();
    assert_eq!(
        (event.reference.clone(), event.status().unwrap().as_str()),
        (Some(session("chk:3")), "expired")
    );
}
