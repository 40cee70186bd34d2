//! nxos: the API page "Start verification" and the guide "Verification".

use std::time::Duration;

use idv_sandbox::{Act, CannedAnswer, LoaState, OrganizationType, Sandbox};
use reqwest::RequestBuilder;
use serde_json::json;

use crate::page::{client, sandbox, send};

const MINUTE: Duration = Duration::from_secs(60);
/// The organization of the guide's examples.
const CUSTOMER: &str = "org_cust1234567890abcdef1234567890abcd";

const SESSION: &str = r#"{"object":"verification_session","url":"https://in.sumsub.com/idensic/l/#/sbx_...","accessToken":"_act-sbx-jwt-..."}"#;
const APPROVED: &str = r#"{"object":"organization_verification","status":"APPROVED","type":"BUSINESS","updatedAt":"2026-05-15T14:30:00.000Z"}"#;
const IMPORTED: &str = r#"{"object":"organization_verification","status":"PENDING","type":"INDIVIDUAL","updatedAt":"2026-05-15T14:30:00.000Z"}"#;

async fn with_customer(kind: OrganizationType) -> Sandbox {
    let sandbox = sandbox().await;
    sandbox.nxos().add_organization_with_id(CUSTOMER, kind);
    sandbox
}

fn headers(sandbox: &Sandbox, request: RequestBuilder) -> RequestBuilder {
    let request = request.header("Authorization", format!("Bearer {}", sandbox.nxos().api_key()));
    request.header("Nxos-On-Behalf-Of", CUSTOMER)
}

fn url(sandbox: &Sandbox) -> String {
    format!("{}/v1/organizations/verification", sandbox.nxos().base_url())
}

/// `curl -X POST` sends neither a body nor a content type.
fn start(sandbox: &Sandbox) -> RequestBuilder {
    headers(sandbox, client().post(url(sandbox))).header("Content-Length", "0")
}

fn poll(sandbox: &Sandbox) -> RequestBuilder {
    headers(sandbox, client().get(url(sandbox)))
}

fn import(sandbox: &Sandbox, token: &str) -> RequestBuilder {
    headers(sandbox, client().post(format!("{}/import", url(sandbox)))).json(&json!({ "shareToken": token }))
}

#[tokio::test]
async fn step_1_starts_a_session() {
    let sandbox = with_customer(OrganizationType::Business).await;
    let session = send(start(&sandbox)).await.looks_like(SESSION, &["object"]);
    assert!(session["accessToken"].as_str().unwrap().starts_with("_act-sbx-jwt-"));
    assert_eq!(send(poll(&sandbox)).await.json()["status"], "PENDING");
}

#[tokio::test]
async fn step_3_polls_for_the_result() {
    let sandbox = with_customer(OrganizationType::Business).await;
    assert_eq!(send(poll(&sandbox)).await.json()["status"], "NOT_STARTED");
    send(start(&sandbox)).await;
    for (act, status) in [
        (Act::Hold, "ON_HOLD"),
        (Act::Reject { reason: None }, "REJECTED"),
        (Act::Hold, "ON_HOLD"),
        (Act::Approve, "APPROVED"),
    ] {
        sandbox.nxos().act(CUSTOMER, &act).unwrap();
        assert_eq!(send(poll(&sandbox)).await.json()["status"], status);
    }
    send(poll(&sandbox)).await.looks_like(APPROVED, &["object", "status", "type"]);
}

#[tokio::test]
async fn the_poll_cadence_of_the_guide_ends_with_the_decision() {
    let sandbox = with_customer(OrganizationType::Business).await;
    send(start(&sandbox)).await;
    let mut polls = 0;
    loop {
        polls += 1;
        let status = send(poll(&sandbox)).await.json()["status"].as_str().unwrap().to_owned();
        if matches!(status.as_str(), "APPROVED" | "REJECTED" | "RESUBMISSION_REQUIRED") {
            break;
        }
        assert_eq!(status, "PENDING");
        sandbox.advance(Duration::from_secs(if polls < 20 { 15 } else { 60 }));
        if polls == 25 {
            sandbox.nxos().act(CUSTOMER, &Act::Approve).unwrap();
        }
    }
    assert_eq!(polls, 26);
}

#[tokio::test]
async fn repeated_calls_return_new_tokens_for_the_same_applicant() {
    let sandbox = with_customer(OrganizationType::Business).await;
    let first = send(start(&sandbox)).await.json();
    let applicant = sandbox.nxos().applicant(CUSTOMER);
    let second = send(start(&sandbox)).await.json();
    assert_ne!(first["accessToken"], second["accessToken"]);
    assert_eq!(sandbox.nxos().applicant(CUSTOMER), applicant);
}

#[tokio::test]
async fn tokens_are_short_lived_around_30_minutes() {
    let sandbox = with_customer(OrganizationType::Business).await;
    let session = send(start(&sandbox)).await.json();
    let token = session["accessToken"].as_str().unwrap();
    sandbox.advance(29 * MINUTE);
    assert!(sandbox.nxos().access_token_is_live(token));
    sandbox.advance(MINUTE);
    assert!(!sandbox.nxos().access_token_is_live(token));
}

#[tokio::test]
async fn resubmission_resumes_with_a_fresh_token() {
    let sandbox = with_customer(OrganizationType::Business).await;
    send(start(&sandbox)).await;
    sandbox.nxos().act(CUSTOMER, &Act::RequireResubmission).unwrap();
    assert_eq!(send(poll(&sandbox)).await.json()["status"], "RESUBMISSION_REQUIRED");
    send(start(&sandbox)).await.looks_like(SESSION, &["object"]);
    assert_eq!(send(poll(&sandbox)).await.json()["status"], "PENDING");
}

#[tokio::test]
async fn the_import_example_answers_pending_and_is_approved_within_seconds() {
    let sandbox = with_customer(OrganizationType::Individual).await;
    let token = sandbox.nxos().issue_share_token();
    send(import(&sandbox, &token)).await.looks_like(IMPORTED, &["object", "status", "type"]);
    assert_eq!(send(poll(&sandbox)).await.json()["status"], "PENDING", "never synchronously");
    sandbox.advance(Duration::from_secs(10));
    assert_eq!(send(poll(&sandbox)).await.json()["status"], "APPROVED");
}

#[tokio::test]
async fn a_share_token_works_once() {
    let sandbox = with_customer(OrganizationType::Individual).await;
    let token = sandbox.nxos().issue_share_token();
    assert_eq!(send(import(&sandbox, &token)).await.status, 200);
    for spent in [token.as_str(), "_act-sbx-jwt-unknown"] {
        let again = send(import(&sandbox, spent)).await;
        assert_eq!((again.status, &again.json()["error"]["code"]), (400, &json!("share_token_invalid")));
    }
}

#[tokio::test]
async fn an_import_changes_nothing_where_the_record_is_approved_or_on_hold() {
    for (act, status) in [(Act::Approve, "APPROVED"), (Act::Hold, "ON_HOLD")] {
        let sandbox = with_customer(OrganizationType::Individual).await;
        sandbox.nxos().act(CUSTOMER, &act).unwrap();
        let token = sandbox.nxos().issue_share_token();
        assert_eq!(send(import(&sandbox, &token)).await.status, 200);
        assert!(sandbox.nxos().applicant(CUSTOMER).is_some(), "the linked applicant is made all the same");
        sandbox.advance(MINUTE);
        assert_eq!(send(poll(&sandbox)).await.json()["status"], status);
    }
}

#[tokio::test]
async fn the_possible_4xx_responses_of_an_import() {
    let business = with_customer(OrganizationType::Business).await;
    let token = business.nxos().issue_share_token();
    let refused = send(import(&business, &token)).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]["code"]),
        (400, &json!("verification_import_unsupported"))
    );

    let person = with_customer(OrganizationType::Individual).await;
    for loa in [LoaState::Pending, LoaState::Revoked] {
        person.nxos().set_loa(CUSTOMER, loa).unwrap();
        let refused = send(import(&person, &person.nxos().issue_share_token())).await;
        assert_eq!(
            (refused.status, &refused.json()["error"]["code"]),
            (403, &json!("authorization_required"))
        );
    }

    let nobody = sandbox().await;
    let refused = send(import(&nobody, "_act-sbx-jwt-x")).await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (404, &json!("organization_not_found")));
}

#[tokio::test]
async fn a_pending_letter_is_enough_to_start_and_to_poll() {
    let sandbox = with_customer(OrganizationType::Business).await;
    sandbox.nxos().set_loa(CUSTOMER, LoaState::Pending).unwrap();
    assert_eq!(send(start(&sandbox)).await.status, 200);
    assert_eq!(send(poll(&sandbox)).await.status, 200);
}

#[tokio::test]
async fn the_error_examples_of_the_api_page() {
    let sandbox = with_customer(OrganizationType::Business).await;
    let bare = send(client().post(url(&sandbox)).header("Content-Length", "0")).await;
    let body = bare.json();
    assert_eq!((bare.status, &body["error"]["code"]), (401, &json!("missing_api_key")));
    assert_eq!(body["error"]["message"], "No Authorization header provided.");
    let request_id = body["error"]["requestId"].as_str().unwrap();
    assert_eq!((request_id.len(), &request_id[..4]), ("req_a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4".len(), "req_"));

    let missing = send(client().get(format!("{}/v1/nothing", sandbox.nxos().base_url()))).await;
    assert_eq!(missing.json()["error"]["message"], "The requested resource was not found.");
    assert_eq!((missing.status, &missing.json()["error"]["code"]), (404, &json!("not_found")));

    sandbox.nxos().answer_next(CannedAnswer::nxos_error(
        500,
        "internal_error",
        "An unexpected server error occurred.",
    ));
    assert_eq!(send(start(&sandbox)).await.status, 500);
}

#[tokio::test]
async fn the_rate_limit_message_tells_the_wait() {
    let sandbox = with_customer(OrganizationType::Business).await;
    let http = client();
    for _ in 0..1000 {
        let request = headers(&sandbox, http.get(url(&sandbox)));
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    sandbox.advance(Duration::from_secs(37));
    let refused = send(poll(&sandbox)).await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (429, &json!("rate_limited")));
    let message = "Rate limit exceeded: 1000 requests per minute. Retry in 23 seconds.";
    assert_eq!(refused.json()["error"]["message"], message);
}
