//! Opening a session at deepidv.

use idv_core::{Delivery, ErrorKind, Input, Invites, Retry, StartRequest, VendorWord, VerificationStatus};
use serde_json::{Value, json};

use crate::support::{ID, KEY, answering, applicant, deepidv, deepidv_with, ok, sent};

fn created() -> Value {
    json!({"id": ID, "session_url": "https://app.deepidv.com", "externalId": "case-7", "links": []})
}

#[tokio::test]
async fn the_request_is_as_documented_and_invites_nobody() {
    let server = answering(ok(created())).await;
    let session = deepidv(&server.uri()).start(&applicant()).await.unwrap();
    let sent = &sent(&server).await[0];
    assert_eq!(sent.line(), "POST /v1/sessions");
    assert_eq!(sent.header_names(), ["content-type", "x-api-key"]);
    assert_eq!(sent.headers["x-api-key"], KEY);
    assert_eq!(sent.headers["content-type"], "application/json");
    assert_eq!(
        sent.json(),
        json!({
            "first_name": "Ada", "last_name": "Canary", "email": "ada.canary@example.com", "phone": "+15192223333",
            "external_id": "case-7", "send_email_invite": false, "send_phone_invite": false,
        })
    );
    assert_eq!(session.reference.to_string(), format!("sessions:{ID}"));
    assert_eq!(session.status, VerificationStatus::InProgress);
    assert_eq!(session.url().unwrap().expose(), "https://app.deepidv.com");
    assert!(session.expires_at.is_none() && !session.single_use && session.access_token().is_none());
    assert!(session.links.is_empty() && session.unused_inputs.is_empty());
}

#[tokio::test]
async fn what_is_asked_for_is_sent() {
    let server = answering(ok(created())).await;
    let provider = deepidv_with(&server.uri(), json!({"workflow_id": "wf_default"}));
    let invites = Invites { email: true, sms: true };
    let request =
        applicant().invites(invites).workflow("wf_own").redirect_url("https://app.example/back?a=b");
    provider.start(&request).await.unwrap();
    provider.start(&applicant().invites(Invites { email: false, sms: true })).await.unwrap();
    let sent = sent(&server).await;
    let (all, some) = (sent[0].json(), sent[1].json());
    assert_eq!(all["redirect_url"], "https://app.example/back?a=b");
    assert_eq!((&all["send_email_invite"], &all["send_phone_invite"]), (&json!(true), &json!(true)));
    assert_eq!((&some["send_email_invite"], &some["send_phone_invite"]), (&json!(false), &json!(true)));
    assert_eq!((&all["workflow_id"], &some["workflow_id"]), (&json!("wf_own"), &json!("wf_default")));
}

#[tokio::test]
async fn a_redirect_url_is_sent_as_the_parser_writes_it() {
    let server = answering(ok(created())).await;
    let request = applicant().redirect_url("https://Shop.example/back here?idv_state=a");
    deepidv(&server.uri()).start(&request).await.unwrap();
    assert_eq!(sent(&server).await[0].json()["redirect_url"], "https://shop.example/back%20here?idv_state=a");
}

/// Every return would be refused as repeated, when it is too late.
#[tokio::test]
async fn a_redirect_url_that_could_never_come_back_is_refused_at_the_start() {
    let server = answering(ok(created())).await;
    let provider = deepidv(&server.uri());
    for (query, names) in [
        ("status=canary", "`status`"),
        ("a=b&reason=canary", "`reason`"),
        ("session_id=canary&sessionId=canary", "`session_id`, `sessionId`"),
    ] {
        let request = applicant().redirect_url(format!("https://shop.example/back?{query}"));
        let error = provider.start(&request).await.unwrap_err();
        let [problem] = error.input_problems() else { panic!("{error}") };
        assert_eq!(problem.input, Input::REDIRECT_URL);
        assert_eq!(
            problem.message,
            format!("must not have parameters that the vendor appends itself: {names}")
        );
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    assert!(sent(&server).await.is_empty());
}

#[tokio::test]
async fn both_spellings_of_the_answer_are_read() {
    for id in ["id", "idv_id", "idvId"] {
        for url in ["session_url", "sessionUrl"] {
            let server = answering(ok(json!({id: "s-1", url: "https://app.deepidv.com/s"}))).await;
            let session = deepidv(&server.uri()).start(&applicant()).await.unwrap();
            assert_eq!(session.reference.key(), "s-1", "{id}");
            assert_eq!(session.url().unwrap().expose(), "https://app.deepidv.com/s", "{url}");
        }
    }
}

#[tokio::test]
async fn links_are_read_leniently_and_only_https() {
    let links = json!([
        {"url": "https://a.example/1", "type": "session"}, "https://a.example/2", {"url": "javascript:alert(1)"},
        "http://a.example/3", {"type": "session"}, 7, null, {"url": 7}, {"url": "https://a.example/4", "type": 4},
    ]);
    let body = json!({"id": "s-1", "session_url": "https://app.deepidv.com", "links": links});
    let server = answering(ok(body)).await;
    let session = deepidv(&server.uri()).start(&applicant()).await.unwrap();
    let read: Vec<_> = session
        .links
        .iter()
        .map(|link| (link.url.expose(), link.kind.as_ref().map(VendorWord::as_str)))
        .collect();
    assert_eq!(
        read,
        [
            ("https://a.example/1", Some("session")),
            ("https://a.example/2", None),
            ("https://a.example/4", None)
        ]
    );
    for odd in [json!(null), json!({"a": 1}), json!("x"), json!(7)] {
        let body = json!({"id": "s-1", "session_url": "https://app.deepidv.com", "links": odd});
        let server = answering(ok(body)).await;
        assert!(deepidv(&server.uri()).start(&applicant()).await.unwrap().links.is_empty());
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_asks_for_a_look_before_repeating() {
    let url = "https://app.deepidv.com";
    for body in [
        json!({}),
        json!([]),
        json!({"session_url": url}),
        json!({"id": "", "session_url": url}),
        json!({"id": true, "session_url": url}),
        json!({"id": ["7"], "session_url": url}),
        json!({"id": "..", "session_url": url}),
        json!({"id": ".", "session_url": url}),
        json!({"id": "a/b", "session_url": url}),
        json!({"id": "a?b", "session_url": url}),
        json!({"id": "a#b", "session_url": url}),
        json!({"id": "%2e%2e", "session_url": url}),
        json!({"id": "a b", "session_url": url}),
        json!({"id": "ä", "session_url": url}),
        json!({"id": "a".repeat(129), "session_url": url}),
        json!({"id": ID}),
        json!({"id": ID, "session_url": null}),
        json!({"id": ID, "session_url": ""}),
        json!({"id": ID, "session_url": "http://app.deepidv.com"}),
        json!({"id": ID, "session_url": "javascript:alert(1)"}),
    ] {
        let server = answering(ok(body.clone())).await;
        let error = deepidv(&server.uri()).start(&applicant()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert!(
            error.http_status().is_some_and(|status| status < 300),
            "what the vendor answered is told: {error}"
        );
        assert_eq!((error.retry(), error.delivery()), (Retry::AfterCheck, Delivery::Answered), "{body}");
    }
}

#[tokio::test]
async fn everything_missing_or_wrong_is_reported_before_anything_is_sent() {
    let server = answering(ok(created())).await;
    let provider = deepidv(&server.uri());
    let problems = |error: idv_core::Error| -> Vec<String> {
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidRequest, Delivery::NotSent));
        error
            .input_problems()
            .iter()
            .map(|problem| format!("{} {}", problem.input, problem.problem))
            .collect()
    };
    let error = provider.start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(
        problems(error),
        ["email missing", "first_name missing", "last_name missing", "phone missing"]
    );
    let request = StartRequest::new("").email("nobody").phone("0151").redirect_url("http://app.example/");
    let error = provider.start(&request.must(Input::ORGANIZATION)).await.unwrap_err();
    assert_eq!(
        problems(error),
        [
            "first_name missing",
            "last_name missing",
            "email invalid",
            "phone invalid",
            "redirect_url invalid",
            "reference invalid",
            "organization unsupported",
        ]
    );
    assert!(sent(&server).await.is_empty());
}

#[tokio::test]
async fn what_deepidv_has_no_place_for_is_listed() {
    let server = answering(ok(created())).await;
    let request = applicant().organization("org_1").idempotency_key("k").attribute("colour", "blue");
    let session = deepidv(&server.uri()).start(&request).await.unwrap();
    let unused: Vec<_> = session.unused_inputs.iter().map(Input::as_str).collect();
    assert_eq!(unused, ["colour", "idempotency_key", "organization"]);
    assert!(!sent(&server).await[0].json().to_string().contains("blue"));
}

#[tokio::test]
async fn nothing_secret_or_personal_is_printed() {
    let body = json!({
        "id": ID, "session_url": "https://app.deepidv.com/canary", "links": ["https://app.deepidv.com/canary"],
    });
    let server = answering(ok(body)).await;
    let provider = deepidv(&server.uri());
    let request = applicant();
    let session = provider.start(&request).await.unwrap();
    let printed = format!("{provider:?} {request:?} {session:?}");
    assert!(!printed.to_ascii_lowercase().contains("canary"), "{printed}");
    assert!(!printed.contains("15192223333") && !printed.contains("Y2FuYXJ5"), "{printed}");
}
