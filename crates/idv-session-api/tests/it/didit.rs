//! Didit, as its built-in description has it: every trap of its pages fails on the naive reading. Signatures were made with another
//! implementation of HMAC.

use idv_core::{
    CheckRequest, EraseRequest, ErasureState, ErrorKind, FindRequest, Invites, Redirect, RefreshRequest,
    Retry, StartRequest, Timestamp, VerificationProviderExt, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Provider, answering, build, headers, ok, over, sent, session};

const ID: &str = "5f0c1b2a-1111-4222-8333-444455556666";
const WORKFLOW: &str = "7a7a7a7a-0000-4000-8000-000000000001";
const NOW: i64 = 1_782_896_400;
const BODY: &str = r#"{"created_at":1782896400,"decision":{"name":"José","score":95.0},"environment":"live","event_id":"evt_sim_0001","session_id":"5f0c1b2a-1111-4222-8333-444455556666","status":"In Review","timestamp":1782896400,"vendor_data":"user-42","webhook_type":"status.updated","workflow_id":"7a7a7a7a-0000-4000-8000-000000000001"}"#;
const SIGNATURE: &str = "e65c23dc2eba4640ec6838d9d664a10ad5bd038029409af4484bb5ad8940ed6d";

fn didit(base: &str, more: Value) -> Provider {
    let options = json!({
        "preset": "didit", "base_url": base, "api_key": {"env": "KEY"}, "workflow_id": WORKFLOW,
        "webhook_secrets": ["sim-didit-secret"],
    });
    build(&over(options, more)).unwrap()
}

#[tokio::test]
async fn every_path_ends_with_its_slash() {
    let server = MockServer::start().await;
    let created = json!({"session_id": ID, "url": "https://verify.didit.me/session/aBcDeF123456", "status": "Not Started"});
    let decision = json!({"session_id": ID, "status": "Resubmitted", "session_url": "https://verify.didit.me/en/session/aBcDeF123456"});
    let list = json!({"count": 0, "next": null, "previous": null, "results": []});
    let mock = |verb: &str, at: String, answer: ResponseTemplate| {
        Mock::given(method(verb)).and(path(at)).respond_with(answer)
    };
    mock("POST", "/v3/session/".to_owned(), ResponseTemplate::new(201).set_body_json(created))
        .mount(&server)
        .await;
    mock("GET", format!("/v3/session/{ID}/decision/"), ok(decision)).mount(&server).await;
    mock("GET", "/v3/sessions/".to_owned(), ok(list)).mount(&server).await;
    mock("DELETE", format!("/v3/session/{ID}/delete/"), ResponseTemplate::new(204)).mount(&server).await;
    let provider = didit(&server.uri(), json!({}));
    let request = StartRequest::new("user-42")
        .email("ada@example.com")
        .language("pt")
        .redirect_url("https://app.example/back");
    let started = provider.start(&request).await.unwrap();
    assert_eq!(started.reference, session(ID));
    assert!(!started.single_use && started.expires_at.is_some());
    let read = provider.check_session(&session(ID)).await.unwrap();
    assert_eq!(
        (read.status.as_str(), read.next_action.as_str()),
        ("resubmission_required", "resume_session")
    );
    let fresh = provider.refresh(&RefreshRequest::new(session(ID))).await.unwrap();
    assert_eq!(fresh.url().unwrap().expose(), "https://verify.didit.me/en/session/aBcDeF123456");
    assert!(provider.find(&FindRequest::new("user-42")).await.unwrap().is_empty());
    let erased = provider.erase(&EraseRequest::new(session(ID))).await.unwrap();
    assert_eq!(erased.state, ErasureState::Done);
    let asked = sent(&server).await;
    assert!(asked.iter().all(|one| one.path.ends_with('/')), "{asked:?}");
    assert_eq!(
        asked[0].json(),
        json!({
            "vendor_data": "user-42", "callback": "https://app.example/back", "workflow_id": WORKFLOW, "language": "pt",
            "contact_details": {"email": "ada@example.com", "send_notification_emails": false},
        })
    );
}

#[tokio::test]
async fn words_with_blanks_are_words_and_the_case_of_letters_does_not_count() {
    for (word, status, action) in [
        ("Not Started", "not_started", "continue_session"),
        ("In Progress", "in_progress", "wait"),
        ("in progress", "in_progress", "wait"),
        ("Awaiting User", "in_progress", "wait"),
        ("In Review", "on_hold", "wait"),
        ("Approved", "approved", "none"),
        ("Declined", "rejected", "retry_with_new_session"),
        ("Resubmitted", "resubmission_required", "resume_session"),
        ("Abandoned", "abandoned", "start_session"),
        ("Expired", "expired", "start_session"),
        ("Kyc Expired", "expired", "start_session"),
        ("InReview", "unrecognized", "wait"),
        ("In_Progress", "unrecognized", "wait"),
        ("Not Finished", "unrecognized", "wait"),
        ("Canceled", "unrecognized", "wait"),
    ] {
        let server = answering(ok(json!({"session_id": ID, "status": word}))).await;
        let read = didit(&server.uri(), json!({})).check_session(&session(ID)).await.unwrap();
        assert_eq!((read.status.as_str(), read.next_action.as_str()), (status, action), "{word}");
        let lapsed = read.reasons.iter().any(|one| one.reason.as_str() == "document_expired");
        assert_eq!(lapsed, word == "Kyc Expired", "{word}");
    }
}

/// The first list may be empty, and a check of one feature is no decision about the session.
#[tokio::test]
async fn the_warnings_of_every_check_are_reasons_and_their_statuses_are_not_read() {
    let decision = json!({"session_id": ID, "status": "Declined", "id_verifications": [
        {"status": "Approved", "warnings": []},
        {"status": "Approved", "warnings": [{"risk": "ID_DOCUMENT_IN_BLOCKLIST"}, {"risk": "NAME_MISMATCH"}]},
    ], "liveness_checks": [], "face_matches": [{"status": "Approved", "warnings": [{"risk": "FACE_IN_BLOCKLIST"}]}]});
    let server = answering(ok(decision)).await;
    let read = didit(&server.uri(), json!({})).check_session(&session(ID)).await.unwrap();
    assert_eq!(read.status.as_str(), "rejected");
    let reasons: Vec<_> = read
        .reasons
        .iter()
        .map(|one| format!("{}/{}", one.reason, one.provider_code.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(
        reasons,
        ["watchlist/ID_DOCUMENT_IN_BLOCKLIST", "other/NAME_MISMATCH", "watchlist/FACE_IN_BLOCKLIST"]
    );
}

#[tokio::test]
async fn a_403_says_that_it_may_be_about_money_and_costs_no_second_session() {
    let body = json!({"detail": "You do not have enough credits."});
    let server = answering(ResponseTemplate::new(403).set_body_json(body)).await;
    let error = didit(&server.uri(), json!({})).start(&StartRequest::new("user-42")).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Forbidden, Retry::Never));
    assert!(error.message().ends_with("the key lacks a privilege, or the account has no credits"), "{error}");
    assert!(!error.message().contains("enough"), "the vendor's own text is kept apart: {error}");
    assert_eq!(
        error.vendor_text().map(|text| text.expose().to_owned()),
        Some("You do not have enough credits.".into())
    );
    let server = answering(ResponseTemplate::new(503)).await;
    let error = didit(&server.uri(), json!({})).start(&StartRequest::new("user-42")).await.unwrap_err();
    assert_eq!(error.retry(), Retry::AfterCheck, "there is no idempotency key");
}

#[tokio::test]
async fn e_mails_are_off_unless_asked_for() {
    let created = json!({"session_id": ID, "url": "https://verify.didit.me/session/a"});
    let server = answering(ok(created)).await;
    let provider = didit(&server.uri(), json!({}));
    let request = StartRequest::new("user-42").email("ada@example.com");
    provider.start(&request).await.unwrap();
    provider.start(&request.clone().invites(Invites { email: true, sms: false })).await.unwrap();
    let flags: Vec<Value> = sent(&server)
        .await
        .iter()
        .map(|one| one.json()["contact_details"]["send_notification_emails"].clone())
        .collect();
    assert_eq!(flags, [json!(false), json!(true)]);
}

#[tokio::test]
async fn the_whole_list_is_read_or_none() {
    let server = MockServer::start().await;
    let record = |id: &str| json!({"session_id": id, "status": "Approved", "vendor_data": "user-42"});
    // Django behind a front end writes `http`.
    let next = format!("{}/v3/sessions/?limit=5&offset=5&vendor_data=user-42", server.uri());
    let first = json!({"count": 2, "next": next, "previous": null, "results": [record("a")]});
    let second = json!({"count": 2, "next": null, "previous": "x", "results": [record("b")]});
    let list = Mock::given(method("GET")).and(path("/v3/sessions/"));
    list.and(query_param("offset", "5")).respond_with(ok(second)).with_priority(1).mount(&server).await;
    Mock::given(method("GET")).and(path("/v3/sessions/")).respond_with(ok(first)).mount(&server).await;
    let found = didit(&server.uri(), json!({})).find(&FindRequest::new("user-42")).await.unwrap();
    assert_eq!(found.iter().map(|one| one.reference.key()).collect::<Vec<_>>(), ["a", "b"]);
    for cut in [
        json!({"count": 41, "next": null, "results": [record("a")]}),
        json!({"count": 41, "next": "https://other.example/v3/sessions/?offset=5", "results": [record("a")]}),
        json!({"count": 1, "next": null, "results": [record("a"), {"session_id": "b"}]}),
    ] {
        let server = answering(ok(cut.clone())).await;
        let error = didit(&server.uri(), json!({})).find(&FindRequest::new("user-42")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{cut}");
    }
}

fn read_at(at: i64, extra: &[(&str, &str)], signature: &str, body: &str) -> Result<WebhookEvent, ErrorKind> {
    let pairs: Vec<_> = [("x-signature", signature)].into_iter().chain(extra.iter().copied()).collect();
    let headers = headers(&pairs);
    let request = WebhookRequest::new(&headers, body.as_bytes(), Timestamp::from_unix_seconds(at));
    match didit("http://127.0.0.1:9", json!({})).verify_webhook(&request) {
        Ok(WebhookOutcome::Event(event)) => Ok(*event),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.kind()),
    }
}

fn signed(body: &str) -> String {
    idv_conformance::hmac_sha256_hex("sim-didit-secret", &[body.as_bytes()])
}

#[test]
fn the_raw_body_is_signed_and_no_other_signature_counts() {
    let read = read_at(NOW, &[], SIGNATURE, BODY).unwrap();
    assert_eq!((read.id.as_str(), read.status().unwrap().as_str()), ("evt_sim_0001", "on_hold"));
    assert_eq!(read.occurred_at.unwrap().unix_seconds(), NOW);
    assert_eq!((read.reference, read.correlation.get("external_id")), (Some(session(ID)), Some("user-42")));
    for other in [
        "aa73a0a673e88a39c542fac0427fae933de44cee3b69da2cb61538efab85fc82",
        "fd3eadf5d30d6a85a5fcb020e35355ae819d48a2178b5abf25ebf0a1ced3ba56",
        "8fdc76e3861da856cc554ddd9c5bf1388acffaa745815208f68558a4fc4276aa",
        "54cdeb2da5b575acebe2ffb70aca13ce99d0ed3b0da8295052c94ad914b81fe7",
    ] {
        assert_eq!(read_at(NOW, &[], other, BODY).unwrap_err(), ErrorKind::WebhookRejected, "{other}");
    }
    let parsed: Value = serde_json::from_str(BODY).unwrap();
    assert!(
        read_at(NOW, &[], SIGNATURE, &parsed.to_string().replace('é', "\\u00e9")).is_err(),
        "written anew"
    );
}

#[test]
fn a_fresh_header_on_an_old_body_is_a_replay() {
    let later = NOW + 3600;
    let fresh = later.to_string();
    for header in [&[][..], &[("x-timestamp", fresh.as_str())]] {
        assert_eq!(
            read_at(later, header, SIGNATURE, BODY).unwrap_err(),
            ErrorKind::WebhookRejected,
            "{header:?}"
        );
    }
    for (at, known) in [(NOW - 301, false), (NOW - 300, true), (NOW + 300, true), (NOW + 301, false)] {
        assert_eq!(read_at(at, &[], SIGNATURE, BODY).is_ok(), known, "{at}");
    }
    let timeless = BODY.replace(r#""timestamp":1782896400,"#, "");
    assert_eq!(read_at(NOW, &[], &signed(&timeless), &timeless).unwrap_err(), ErrorKind::WebhookRejected);
}

#[test]
fn changed_data_is_no_changed_status() {
    let body = BODY.replace("status.updated", "data.updated").replace("In Review", "Approved");
    let read = read_at(NOW, &[], &signed(&body), &body).unwrap();
    assert_eq!((read.status(), read.next_action.as_str()), (None, "check"));
    assert_eq!(read.reference, Some(session(ID)));
    let approved = BODY.replace("In Review", "Approved");
    let read = read_at(NOW, &[], &signed(&approved), &approved).unwrap();
    assert_eq!((read.status().unwrap().as_str(), read.next_action.as_str()), ("approved", "none"));
    let other = BODY.replace("status.updated", "user.status.updated");
    let headers = headers(&[("x-signature", &signed(&other))]);
    let request = WebhookRequest::new(&headers, other.as_bytes(), Timestamp::from_unix_seconds(NOW));
    let read = didit("http://127.0.0.1:9", json!({})).verify_webhook(&request).unwrap();
    assert!(matches!(read, WebhookOutcome::Ignored { .. }));
}

#[test]
fn a_return_url_with_blanks_is_read_either_way_and_never_believed() {
    let provider = didit("http://127.0.0.1:9", json!({}));
    for (status, seen) in [
        ("In%20Review", "in_review"),
        ("In+Review", "in_review"),
        ("Approved", "in_review"),
        ("Declined", "in_review"),
        ("Kyc+Expired", "unrecognized"),
    ] {
        let uri = format!("/back?verificationSessionId={ID}&status={status}");
        let read = provider.parse_redirect(&Redirect::new(&session(ID), &uri)).unwrap();
        assert_eq!((read.status().as_str(), read.next_action().as_str()), (seen, "check"), "{status}");
    }
}

#[tokio::test]
async fn an_answer_about_another_session_is_a_conflict() {
    let server = answering(ok(
        json!({"session_id": "another", "status": "Approved", "session_url": "https://a.example/"}),
    ))
    .await;
    let provider = didit(&server.uri(), json!({}));
    let checked = provider.check(&CheckRequest::new(session(ID))).await.unwrap_err();
    let refreshed = provider.refresh(&RefreshRequest::new(session(ID))).await.unwrap_err();
    assert_eq!((checked.kind(), refreshed.kind()), (ErrorKind::Conflict, ErrorKind::Conflict));
}
