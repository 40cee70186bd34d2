//! Magic inputs play their verification without any control call.

use std::time::Duration;

use idv_sandbox::{Actor, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::support::{Answer, ask, client, frozen};

/// Starts at nxos on behalf of an organization, and looks this often.
async fn nxos(sandbox: &Sandbox, organization: &str, looks: usize) -> Vec<String> {
    assert_eq!(nxos_call(sandbox, Method::POST, organization).await.status, 200);
    let mut words = Vec::new();
    for _ in 0..looks {
        let answer = nxos_call(sandbox, Method::GET, organization).await;
        words.push(answer.json()["status"].as_str().unwrap().to_owned());
    }
    words
}

async fn nxos_call(sandbox: &Sandbox, method: Method, organization: &str) -> Answer {
    let url = format!("{}/v1/organizations/verification", sandbox.nxos().base_url());
    let request = client().request(method, url).bearer_auth(sandbox.nxos().api_key());
    ask(request.header("nxos-on-behalf-of", organization).header("content-length", "0")).await
}

#[tokio::test]
async fn nxos_plays_the_ending_of_the_organization_id() {
    let sandbox = frozen().await;
    for (organization, expected) in [
        ("org_a-approve", &["PENDING", "APPROVED", "APPROVED"][..]),
        ("org_a-reject", &["PENDING", "REJECTED"]),
        ("org_a-reject:document_expired", &["PENDING", "REJECTED"]),
        ("org_a-hold-approve", &["PENDING", "ON_HOLD", "APPROVED"]),
        ("org_a-hold-reject", &["PENDING", "ON_HOLD", "REJECTED"]),
        ("org_a-resubmit", &["PENDING", "RESUBMISSION_REQUIRED", "RESUBMISSION_REQUIRED"]),
        ("org_a-lapse", &["PENDING", "APPROVED", "RESUBMISSION_REQUIRED"]),
        ("org_a-abandon", &["PENDING", "PENDING", "PENDING"]),
        ("org_a-expire", &["PENDING", "PENDING"]),
        ("org_a-unknown-word", &["PENDING", "SIMULATED_NEW_WORD"]),
        ("org_a-fail", &["PENDING", "RESUBMISSION_REQUIRED"]),
    ] {
        assert_eq!(nxos(&sandbox, organization, expected.len()).await, expected, "{organization}");
    }
}

#[tokio::test]
async fn after_a_resubmission_the_next_start_leads_to_an_approval() {
    let sandbox = frozen().await;
    nxos(&sandbox, "org_b-resubmit", 2).await;
    let applicant = sandbox.nxos().applicant("org_b-resubmit");
    assert_eq!(nxos(&sandbox, "org_b-resubmit", 2).await, ["PENDING", "APPROVED"]);
    assert_eq!(sandbox.nxos().applicant("org_b-resubmit"), applicant, "the same applicant goes on");
}

#[tokio::test]
async fn an_ordinary_organization_that_does_not_exist_is_not_made() {
    let sandbox = frozen().await;
    for organization in ["org_nobody", "nobody-approve"] {
        assert_eq!(nxos_call(&sandbox, Method::POST, organization).await.status, 404, "{organization}");
    }
}

#[tokio::test]
async fn the_idempotency_key_scripts_an_organization_that_has_no_ending() {
    let sandbox = frozen().await;
    let url = format!("{}/v1/organizations/verification", sandbox.nxos().base_url());
    let request = client().post(&url).bearer_auth(sandbox.nxos().api_key()).header("content-length", "0");
    assert_eq!(ask(request.header("idempotency-key", "case-7-approve")).await.status, 200);
    for expected in ["PENDING", "APPROVED"] {
        let answer = ask(client().get(&url).bearer_auth(sandbox.nxos().api_key())).await;
        assert_eq!(answer.json()["status"], expected);
    }
}

/// Starts at Baanx as a user, and looks this often.
async fn user(sandbox: &Sandbox, token: &str, looks: usize) -> Vec<String> {
    let baanx = sandbox.baanx();
    let get = |path: &str| {
        let request = client().get(format!("{}{path}", baanx.base_url())).bearer_auth(token);
        let us = if token.starts_with("US_") { "true" } else { "false" };
        request.header("x-client-key", baanx.client_key()).header("x-us-env", us)
    };
    assert_eq!(ask(get("/v1/user/verification")).await.status, 200, "{token}");
    let mut words = Vec::new();
    for _ in 0..looks {
        words.push(state(&ask(get("/v1/user")).await));
    }
    words
}

fn state(answer: &Answer) -> String {
    answer.json()["verificationState"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

#[tokio::test]
async fn baanx_plays_the_ending_of_the_access_token() {
    let sandbox = frozen().await;
    for (token, expected) in [
        ("a-approve", &["PENDING", "VERIFIED", "VERIFIED"][..]),
        ("US_a-approve", &["PENDING", "VERIFIED"]),
        ("a-reject:103", &["PENDING", "REJECTED"]),
        ("a-hold-approve", &["PENDING", "PENDING", "VERIFIED"]),
        ("a-resubmit", &["PENDING", "REJECTED"]),
        ("a-abandon", &["UNVERIFIED", "UNVERIFIED", "UNVERIFIED"]),
        ("a-expire", &["UNVERIFIED", "UNVERIFIED"]),
        ("a-unknown-word", &["PENDING", "SIMULATED_NEW_WORD"]),
    ] {
        assert_eq!(user(&sandbox, token, expected.len()).await, expected, "{token}");
    }
    assert_eq!(user(&sandbox, "a-resubmit", 2).await, ["PENDING", "VERIFIED"], "the retry is approved");
}

#[tokio::test]
async fn baanx_plays_the_ending_of_the_onboarding_id() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    for (ending, expected) in
        [("approve", &["PENDING", "VERIFIED"][..]), ("reject:204", &["PENDING", "REJECTED"])]
    {
        let id = format!("0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01-{ending}");
        let url = format!("{}/v1/auth/register/verification", baanx.base_url());
        let request = client().post(url).header("x-client-key", baanx.client_key());
        assert_eq!(ask(request.json(&json!({ "onboardingId": id }))).await.status, 200, "{id}");
        for word in expected {
            let request = client().get(format!("{}/v1/auth/register?onboardingId={id}", baanx.base_url()));
            assert_eq!(&state(&ask(request.header("x-client-key", baanx.client_key())).await), word, "{id}");
        }
    }
}

/// Starts at the session API, and looks this often.
async fn session(sandbox: &Sandbox, external_id: &str, looks: usize) -> (String, Vec<String>) {
    let api = sandbox.session_api();
    let body = json!({
        "first_name": "Ada", "last_name": "Sample", "email": "ada@example.test", "phone": "+15192223333",
        "external_id": external_id,
    });
    let url = format!("{}/v1/sessions", api.base_url());
    let answer = ask(client().post(&url).header("x-api-key", api.api_key()).json(&body)).await;
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let mut words = Vec::new();
    for _ in 0..looks {
        let answer = ask(client().get(format!("{url}/{id}")).header("x-api-key", api.api_key())).await;
        let record: Value = answer.json()["session_record"].clone();
        words.push(record["status"].as_str().unwrap().to_owned());
    }
    (id, words)
}

#[tokio::test]
async fn the_session_api_plays_the_ending_of_the_external_id() {
    let sandbox = frozen().await;
    for (external_id, expected) in [
        ("a-approve", &["SUBMITTED", "VERIFIED"][..]),
        ("a-reject", &["SUBMITTED", "REJECTED"]),
        ("a-hold-approve", &["SUBMITTED", "SUBMITTED", "VERIFIED"]),
        ("a-resubmit", &["SUBMITTED", "REJECTED"]),
        ("a-abandon", &["PENDING", "PENDING", "PENDING"]),
        ("a-expire", &["EXPIRED"]),
        ("a-unknown-word", &["SUBMITTED", "SIMULATED_NEW_WORD"]),
        ("a-fail:internal_error", &["PENDING", "FAILED"]),
        ("a-plain", &["PENDING", "PENDING"]),
    ] {
        assert_eq!(session(&sandbox, external_id, expected.len()).await.1, expected, "{external_id}");
    }
}

#[tokio::test]
async fn a_script_that_nobody_looks_at_goes_on_by_the_clock() {
    let sandbox = frozen().await;
    let (id, _) = session(&sandbox, "a-approve", 0).await;
    for (seconds, expected) in
        [(9, "PENDING"), (1, "SUBMITTED"), (9, "SUBMITTED"), (1, "VERIFIED"), (100, "VERIFIED")]
    {
        sandbox.advance(Duration::from_secs(seconds));
        assert_eq!(sandbox.session_api().status(&id).as_deref(), Some(expected));
    }
    let history = sandbox.session_api().verification(&id).unwrap().history;
    let lines: Vec<_> = history.iter().map(|line| (line.by, line.what.as_str(), line.at.as_str())).collect();
    assert_eq!(
        lines,
        [
            (Actor::Application, "started", "2026-01-01T00:00:00.000Z"),
            (Actor::Script, "submitted", "2026-01-01T00:00:10.000Z"),
            (Actor::Script, "approved", "2026-01-01T00:00:20.000Z"),
        ]
    );
}

#[tokio::test]
async fn whoever_acts_by_hand_ends_the_script() {
    let sandbox = frozen().await;
    let (id, _) = session(&sandbox, "a-approve", 1).await;
    sandbox.session_api().act(&id, &idv_sandbox::Act::Void).unwrap();
    sandbox.advance(Duration::from_secs(1000));
    assert_eq!(sandbox.session_api().status(&id).as_deref(), Some("VOIDED"));
}

#[tokio::test]
async fn scripts_tell_by_webhook_unless_they_ask_for_silence() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    sandbox.session_api().add_webhook_endpoint(&receiver.url).unwrap();
    session(&sandbox, "a-approve", 2).await;
    session(&sandbox, "b-approve-no-webhook", 2).await;
    sandbox.webhooks_settled().await;
    let told: Vec<_> =
        receiver.received().iter().map(|one| one.json()["data"]["external_id"].clone()).collect();
    assert_eq!(told, ["a-approve", "a-approve", "a-approve"]);
    let silent = sandbox.session_api().webhooks();
    assert_eq!(silent.iter().filter(|one| one.state == idv_sandbox::DeliveryState::Lost).count(), 3);
}
