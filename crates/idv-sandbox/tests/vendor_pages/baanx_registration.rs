//! Baanx: the page "Generate KYC Verification Session".

use std::time::Duration;

use idv_sandbox::{Act, CannedAnswer, Region, Sandbox};
use serde_json::json;

use crate::page::{Answer, client, sandbox, send};

/// The onboarding id of the examples.
const ONBOARDING: &str = "100a99cf-f4d3-4fa1-9be9-2e9828b20ebb";
const SESSION: &str = r#"{"sessionUrl":"https://magic.veriff.me/v/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..."}"#;

async fn with_onboarding() -> Sandbox {
    let sandbox = sandbox().await;
    sandbox.baanx().add_onboarding_with_id(Region::International, ONBOARDING);
    sandbox
}

async fn start(sandbox: &Sandbox, client_key: &str, onboarding: &str) -> Answer {
    let request = client().post(format!("{}/v1/auth/register/verification", sandbox.baanx().base_url()));
    let request = request.header("x-client-key", client_key).header("Content-Type", "application/json");
    send(request.body(json!({ "onboardingId": onboarding }).to_string())).await
}

async fn example(sandbox: &Sandbox) -> Answer {
    start(sandbox, sandbox.baanx().client_key(), ONBOARDING).await
}

async fn state(sandbox: &Sandbox) -> String {
    let url = format!("{}/v1/auth/register?onboardingId={ONBOARDING}", sandbox.baanx().base_url());
    let answer = send(client().get(url).header("x-client-key", sandbox.baanx().client_key())).await;
    answer.json()["verificationState"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

async fn press(page: &Answer, form: &'static str) -> u16 {
    let url = page.json()["sessionUrl"].as_str().unwrap().to_owned();
    let request = client().post(url).header("content-type", "application/x-www-form-urlencoded");
    send(request.body(form)).await.status
}

#[tokio::test]
async fn the_example_request_gets_a_session_url() {
    let sandbox = with_onboarding().await;
    example(&sandbox).await.looks_like(SESSION, &[]);
    assert_eq!(state(&sandbox).await, "UNVERIFIED");
}

#[tokio::test]
async fn the_error_responses_of_the_page() {
    let sandbox = with_onboarding().await;
    let key = sandbox.baanx().client_key().to_owned();
    start(&sandbox, &key, "malformed").await.is(400, r#"{"message":"Invalid onboarding ID"}"#);
    let unknown = "00000000-0000-4000-8000-000000000000";
    start(&sandbox, &key, unknown).await.is(404, r#"{"message":"Onboarding session not found"}"#);
    start(&sandbox, "your-client-key", ONBOARDING).await.is(498, r#"{"message":"Invalid API key"}"#);
    sandbox.baanx().answer_next(CannedAnswer::baanx_error(500, "Internal server error"));
    example(&sandbox).await.is(500, r#"{"message":"Internal server error"}"#);
    sandbox.baanx().complete_registration(ONBOARDING, "Ada", "Sample").unwrap();
    example(&sandbox).await.is(404, r#"{"message":"Onboarding session not found"}"#);
}

#[tokio::test]
async fn an_onboarding_session_expires_within_the_hour() {
    let sandbox = with_onboarding().await;
    sandbox.advance(Duration::from_secs(30 * 60 - 1));
    assert_eq!(example(&sandbox).await.status, 200);
    sandbox.advance(Duration::from_secs(30 * 60 + 1));
    example(&sandbox).await.is(400, r#"{"message":"Invalid onboarding ID"}"#);
}

#[tokio::test]
async fn an_authorization_header_is_not_taken() {
    let sandbox = with_onboarding().await;
    let request = client().post(format!("{}/v1/auth/register/verification", sandbox.baanx().base_url()));
    let request = request.header("x-client-key", sandbox.baanx().client_key()).bearer_auth("x");
    assert_eq!(send(request.json(&json!({ "onboardingId": ONBOARDING }))).await.status, 400);
}

/// The page's loop: it goes on as soon as something was submitted.
#[tokio::test]
async fn polling_the_onboarding_ends_with_the_submission() {
    for (form, expected) in
        [("act=submit", Ok("PENDING")), ("act=fail&reason=face_mismatch", Err("rejected"))]
    {
        let sandbox = with_onboarding().await;
        let page = example(&sandbox).await;
        let mut outcome = Err("timeout");
        for attempt in 0..60 {
            sandbox.advance(Duration::from_secs(5));
            match state(&sandbox).await.as_str() {
                "VERIFIED" | "PENDING" => outcome = Ok("PENDING"),
                "REJECTED" => outcome = Err("rejected"),
                word => assert_eq!(word, "UNVERIFIED"),
            }
            if outcome != Err("timeout") {
                break;
            }
            if attempt == 30 {
                press(&page, form).await;
            }
        }
        assert_eq!(outcome, expected);
    }
}

#[tokio::test]
async fn a_url_can_be_used_several_times_until_the_verification_is_complete() {
    let sandbox = with_onboarding().await;
    let page = example(&sandbox).await;
    for form in ["act=leave", "act=leave", "act=submit"] {
        assert_eq!(press(&page, form).await, 200, "{form}");
    }
    assert_eq!(press(&page, "act=submit").await, 410);
    let later = with_onboarding().await;
    let page = example(&later).await;
    later.advance(Duration::from_secs(7 * 24 * 60 * 60 - 1));
    assert_eq!(press(&page, "act=leave").await, 200);
    later.advance(Duration::from_secs(1));
    assert_eq!(press(&page, "act=submit").await, 410);
}

#[tokio::test]
async fn every_state_of_the_page_can_be_read() {
    let sandbox = with_onboarding().await;
    example(&sandbox).await;
    assert_eq!(state(&sandbox).await, "UNVERIFIED");
    for (act, word) in
        [(Act::Submit, "PENDING"), (Act::Reject { reason: None }, "REJECTED"), (Act::Approve, "VERIFIED")]
    {
        sandbox.baanx().act(ONBOARDING, &act).unwrap();
        assert_eq!(state(&sandbox).await, word);
    }
}

#[tokio::test]
async fn the_us_environment_is_chosen_by_its_header() {
    let sandbox = sandbox().await;
    let id = sandbox.baanx().add_onboarding_in(Region::Us);
    let request = client().post(format!("{}/v1/auth/register/verification", sandbox.baanx().base_url()));
    let request = request.header("x-client-key", sandbox.baanx().client_key()).header("x-us-env", "true");
    send(request.json(&json!({ "onboardingId": id }))).await.looks_like(SESSION, &[]);
}
