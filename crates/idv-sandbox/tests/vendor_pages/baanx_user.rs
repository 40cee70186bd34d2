//! Baanx: the page "Start User Verification".

use std::time::Duration;

use idv_sandbox::{Act, CannedAnswer, Reason, Region, Sandbox};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::page::{Answer, client, sandbox, send};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

const SESSION: &str = r#"{"sessionUrl":"https://example.com?sessionId=12345-12345-12345b"}"#;

fn get(sandbox: &Sandbox, path: &str, token: &str) -> RequestBuilder {
    let request = client().get(format!("{}{path}", sandbox.baanx().base_url()));
    request
        .header("Authorization", format!("Bearer {token}"))
        .header("x-client-key", sandbox.baanx().client_key())
}

async fn start(sandbox: &Sandbox, token: &str) -> Answer {
    send(get(sandbox, "/v1/user/verification", token)).await
}

async fn state(sandbox: &Sandbox, token: &str) -> Value {
    send(get(sandbox, "/v1/user", token)).await.json()["verificationState"].clone()
}

/// What a person does on the page behind a link.
async fn press(page: &Answer, form: &'static str) -> u16 {
    let url = page.json()["sessionUrl"].as_str().unwrap().to_owned();
    let request = client().post(url).header("content-type", "application/x-www-form-urlencoded");
    send(request.body(form)).await.status
}

#[tokio::test]
async fn the_example_request_gets_a_session_url_and_changes_no_state() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    start(&sandbox, &user.token).await.looks_like(SESSION, &[]);
    assert_eq!(state(&sandbox, &user.token).await, "UNVERIFIED");
}

#[tokio::test]
async fn the_error_responses_of_the_page() {
    let sandbox = sandbox().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Sample");
    let url = format!("{}/v1/user/verification", baanx.base_url());
    let bare = send(client().get(&url).header("x-client-key", baanx.client_key())).await;
    bare.is(401, r#"{"message":"Not authenticated"}"#);
    start(&sandbox, "nonsense").await.is(401, r#"{"message":"Not authenticated"}"#);
    let other = baanx.add_client_key();
    let foreign = client().get(&url).header("Authorization", format!("Bearer {}", user.token));
    send(foreign.header("x-client-key", other)).await.is(403, r#"{"message":"Not authorized"}"#);
    baanx.answer_next(CannedAnswer::baanx_error(500, "Internal server error"));
    start(&sandbox, &user.token).await.is(500, r#"{"message":"Internal server error"}"#);
    baanx.suspend(&user.user_id).unwrap();
    start(&sandbox, &user.token).await.is(403, r#"{"message":"Not authorized"}"#);
}

#[tokio::test]
async fn an_access_token_lives_six_hours() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    sandbox.advance(6 * HOUR - Duration::from_secs(1));
    assert_eq!(start(&sandbox, &user.token).await.status, 200);
    sandbox.advance(Duration::from_secs(1));
    start(&sandbox, &user.token).await.is(401, r#"{"message":"Not authenticated"}"#);
}

/// The page's loop: every 5 seconds, at most 60 times.
#[tokio::test]
async fn polling_for_verification_completion_ends_with_the_decision() {
    for (act, approved) in
        [(Act::Approve, Some(true)), (Act::Reject { reason: None }, Some(false)), (Act::Open, None)]
    {
        let sandbox = sandbox().await;
        let user = sandbox.baanx().add_user("Ada", "Sample");
        start(&sandbox, &user.token).await;
        sandbox.baanx().submit(&user.user_id).unwrap();
        let mut outcome = None;
        for attempt in 0..60 {
            sandbox.advance(Duration::from_secs(5));
            match state(&sandbox, &user.token).await.as_str().unwrap() {
                "VERIFIED" => outcome = Some(true),
                "REJECTED" => outcome = Some(false),
                word => assert_eq!(word, "PENDING"),
            }
            if outcome.is_some() {
                break;
            }
            if attempt == 40 && approved.is_some() {
                sandbox.baanx().act(&user.user_id, &act).unwrap();
            }
        }
        assert_eq!(outcome, approved);
    }
}

#[tokio::test]
async fn a_url_is_single_use_and_lives_24_hours() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let (first, second) = (start(&sandbox, &user.token).await, start(&sandbox, &user.token).await);
    assert_eq!((press(&first, "act=leave").await, press(&first, "act=submit").await), (200, 410));
    sandbox.advance(DAY);
    assert_eq!(press(&second, "act=submit").await, 410);
}

#[tokio::test]
async fn a_verified_user_stays_verified_until_the_new_session_is_decided() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    sandbox.baanx().set_state(&user.user_id, "VERIFIED").unwrap();
    let page = start(&sandbox, &user.token).await;
    assert_eq!(state(&sandbox, &user.token).await, "VERIFIED");
    press(&page, "act=submit").await;
    assert_eq!(state(&sandbox, &user.token).await, "VERIFIED");
    sandbox.baanx().act(&user.user_id, &Act::Reject { reason: None }).unwrap();
    assert_eq!(state(&sandbox, &user.token).await, "REJECTED");
}

#[tokio::test]
async fn an_abandoned_session_leaves_the_state_and_another_url_can_be_had() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let page = start(&sandbox, &user.token).await;
    press(&page, "act=leave").await;
    assert_eq!(state(&sandbox, &user.token).await, "UNVERIFIED");
    assert_eq!(start(&sandbox, &user.token).await.status, 200);
}

#[tokio::test]
async fn after_a_rejection_the_retry_example_gets_a_new_session() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    start(&sandbox, &user.token).await;
    let reason = Some(Reason::new("document_expired").unwrap());
    sandbox.baanx().act(&user.user_id, &Act::Reject { reason }).unwrap();
    assert_eq!(state(&sandbox, &user.token).await, "REJECTED");
    sandbox.advance(DAY);
    let token = sandbox.baanx().issue_token(&user.user_id).unwrap();
    start(&sandbox, &token).await.looks_like(SESSION, &[]);
}

#[tokio::test]
async fn ten_sessions_a_day_are_the_most() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    for _ in 0..10 {
        let page = start(&sandbox, &user.token).await;
        assert_eq!(page.status, 200);
        press(&page, "act=leave").await;
    }
    let refused = start(&sandbox, &user.token).await;
    assert_eq!((refused.status, &refused.json()["message"]), (429, &json!("Rate limit exceeded")));
    assert_eq!(refused.json()["retryAfter"], 86_400);
}

#[tokio::test]
async fn three_open_sessions_are_the_most() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let first = start(&sandbox, &user.token).await;
    for _ in 0..2 {
        assert_eq!(start(&sandbox, &user.token).await.status, 200);
    }
    assert_eq!(start(&sandbox, &user.token).await.status, 429);
    press(&first, "act=leave").await;
    assert_eq!(start(&sandbox, &user.token).await.status, 200);
}

#[tokio::test]
async fn three_failures_in_a_row_cool_down_for_an_hour_with_the_body_of_the_page() {
    let sandbox = sandbox().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    for _ in 0..3 {
        let page = start(&sandbox, &user.token).await;
        press(&page, "act=fail&reason=document_unreadable").await;
    }
    start(&sandbox, &user.token)
        .await
        .is(429, r#"{"message":"Rate limit exceeded","retryAfter":3600,"limit":"3_per_hour"}"#);
    sandbox.advance(HOUR);
    assert_eq!(start(&sandbox, &user.token).await.status, 200);
}

#[tokio::test]
async fn the_us_environment_knows_its_own_users_only() {
    let sandbox = sandbox().await;
    let baanx = sandbox.baanx();
    let us = baanx.add_user_in(Region::Us, "Ada", "Sample");
    start(&sandbox, &us.token).await.is(401, r#"{"message":"Not authenticated"}"#);
    let by_header = get(&sandbox, "/v1/user/verification", &us.token).header("x-us-env", "true");
    send(by_header).await.looks_like(SESSION, &[]);
    let by_query = get(&sandbox, "/v1/user/verification?region=us", &us.token);
    send(by_query).await.looks_like(SESSION, &[]);
}

#[tokio::test]
async fn the_webhook_example_has_the_names_of_the_page() {
    let sandbox = sandbox().await;
    let webhook = sandbox.baanx().webhook_legacy("100a99cf-f4d3-4fa1-9be9-2e9828b20ebb", "VERIFIED");
    let body: Value = serde_json::from_slice(&webhook.body).unwrap();
    let page = json!({
        "event": "user.verification.completed",
        "userId": "100a99cf-f4d3-4fa1-9be9-2e9828b20ebb",
        "verificationState": "VERIFIED",
        "timestamp": "2026-01-01T00:00:00Z",
    });
    assert_eq!(body, page);
}

#[tokio::test]
async fn the_test_users_decide_by_their_names() {
    let sandbox = sandbox().await;
    for (last_name, expected) in [("Approved", "VERIFIED"), ("Rejected", "REJECTED"), ("Pending", "PENDING")]
    {
        let user = sandbox.baanx().add_user("Test", last_name);
        let page = start(&sandbox, &user.token).await;
        press(&page, "act=submit").await;
        assert_eq!(state(&sandbox, &user.token).await, expected);
    }
}
