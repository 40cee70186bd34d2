//! A full sandbox makes room, and says so to whoever asks for what is gone.

use idv_sandbox::{OrganizationType, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, ask, client};

async fn small() -> Sandbox {
    Sandbox::builder().capacity(3).seed(7).start().await.unwrap()
}

async fn create_session(sandbox: &Sandbox) -> String {
    let body = json!({ "first_name": "A", "last_name": "B", "email": "a@b.test", "phone": "+15192223333" });
    let request = client().post(format!("{}/v1/sessions", sandbox.session_api().base_url()));
    let answer = ask(request.header("x-api-key", sandbox.session_api().api_key()).json(&body)).await;
    answer.json()["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

async fn read_session(sandbox: &Sandbox, id: &str) -> Answer {
    let request = client().get(format!("{}/v1/sessions/{id}", sandbox.session_api().base_url()));
    ask(request.header("x-api-key", sandbox.session_api().api_key())).await
}

#[tokio::test]
async fn the_oldest_session_makes_room_and_the_answer_says_so() {
    let sandbox = small().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(create_session(&sandbox).await);
    }
    assert_eq!(sandbox.session_api().sessions(), ids[2..]);
    for gone in &ids[..2] {
        let answer = read_session(&sandbox, gone).await;
        assert_eq!(answer.status, 404);
        assert!(answer.json()["error"].as_str().unwrap().contains("Evicted"), "{}", answer.text);
    }
    assert_eq!(read_session(&sandbox, &ids[2]).await.status, 200);
    let never = read_session(&sandbox, "6b1d2f34-90ab-4cde-8f01-23456789abcd").await;
    assert!(!never.text.contains("Evicted"), "{}", never.text);
}

async fn nxos(
    sandbox: &Sandbox,
    method: Method,
    path: &str,
    organization: &str,
    body: Option<Value>,
) -> Answer {
    let request = client().request(method, format!("{}{path}", sandbox.nxos().base_url()));
    let request = request.bearer_auth(sandbox.nxos().api_key()).header("nxos-on-behalf-of", organization);
    ask(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

#[tokio::test]
async fn organizations_created_over_http_make_room_and_others_stay() {
    let sandbox = small().await;
    let kept = sandbox.nxos().add_organization(OrganizationType::Business);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let body = json!({ "name": "Acme", "type": "BUSINESS" });
        let made = nxos(&sandbox, Method::POST, "/v1/organizations", "", Some(body)).await.json();
        ids.push(made["organizationId"].as_str().unwrap().to_owned());
    }
    let verification = "/v1/organizations/verification";
    let gone = nxos(&sandbox, Method::GET, verification, &ids[0], None).await;
    assert_eq!((gone.status, &gone.json()["error"]["code"]), (404, &json!("organization_not_found")));
    assert!(gone.text.contains("Evicted") && gone.text.contains('3'), "{}", gone.text);
    for there in [&kept, &ids[2], &sandbox.nxos().own_organization().to_owned()] {
        assert_eq!(nxos(&sandbox, Method::GET, verification, there, None).await.status, 200, "{there}");
    }
}

#[tokio::test]
async fn users_and_their_registrations_make_room_together() {
    let sandbox = small().await;
    let call = |path: String, token: &str| {
        let request = client().get(format!("{}{path}", sandbox.baanx().base_url())).bearer_auth(token);
        ask(request.header("x-client-key", sandbox.baanx().client_key()))
    };
    for number in 0..4 {
        assert_eq!(call("/v1/user".to_owned(), &format!("u{number}-approve")).await.status, 200);
    }
    let gone = call("/v1/user".to_owned(), "u0-approve").await;
    assert_eq!(gone.status, 404);
    assert!(gone.json()["message"].as_str().unwrap().contains("Evicted"), "{}", gone.text);
    assert_eq!(call("/v1/user".to_owned(), "u3-approve").await.status, 200);
}

#[tokio::test]
async fn an_evicted_onboarding_is_told_from_one_that_never_was() {
    let sandbox = small().await;
    let look = |id: String| {
        let request =
            client().get(format!("{}/v1/auth/register?onboardingId={id}", sandbox.baanx().base_url()));
        ask(request.header("x-client-key", sandbox.baanx().client_key()))
    };
    let id = |number: usize| format!("0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d0{number}-approve");
    for number in 0..4 {
        assert_eq!(look(id(number)).await.status, 200);
    }
    let gone = look(id(0)).await;
    assert_eq!(gone.status, 404);
    assert!(gone.json()["message"].as_str().unwrap().contains("Evicted"), "{}", gone.text);
    let never = look("0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d09".to_owned()).await;
    assert_eq!(never.json()["message"], "Onboarding session not found");
}

#[tokio::test]
async fn ten_times_the_capacity_leaves_no_more_than_the_capacity() {
    let sandbox = small().await;
    for number in 0..30 {
        create_session(&sandbox).await;
        let organization = format!("org_{number}-approve");
        nxos(&sandbox, Method::POST, "/v1/organizations/verification", &organization, None).await;
    }
    assert_eq!(sandbox.session_api().sessions().len(), 3);
    assert_eq!(sandbox.nxos().verifications(100).len(), 3);
}
