//! The simulated Baanx against its documentation.

use std::time::Duration;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use idv_sandbox::{Baanx, BaanxUser, CannedAnswer, Error, Region, Sandbox, SignedWebhook};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::support::{Answer, DAY, HOUR, MINUTE, NEW_YEAR, ask, client, frozen, get, keys};

fn get_as(baanx: &Baanx, path: &str, token: &str) -> RequestBuilder {
    let request = client().get(format!("{}{path}", baanx.base_url()));
    request.header("x-client-key", baanx.client_key()).bearer_auth(token)
}

async fn start(baanx: &Baanx, user: &BaanxUser) -> Answer {
    ask(get_as(baanx, "/v1/user/verification", &user.token)).await
}

async fn profile(baanx: &Baanx, user: &BaanxUser) -> Value {
    ask(get_as(baanx, "/v1/user", &user.token)).await.json()
}

fn register_call(baanx: &Baanx, onboarding: &str) -> RequestBuilder {
    let request = client().post(format!("{}/v1/auth/register/verification", baanx.base_url()));
    request.header("x-client-key", baanx.client_key()).json(&json!({ "onboardingId": onboarding }))
}

fn poll_call(baanx: &Baanx, onboarding: &str) -> RequestBuilder {
    let request = client().get(format!("{}/v1/auth/register?onboardingId={onboarding}", baanx.base_url()));
    request.header("x-client-key", baanx.client_key())
}

fn link(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(keys(&answer.json()), ["sessionUrl"]);
    answer.json()["sessionUrl"].as_str().unwrap().to_owned()
}

#[track_caller]
fn assert_message(answer: &Answer, status: u16, message: &str) {
    assert_eq!((answer.status, answer.json()), (status, json!({ "message": message })));
}

#[tokio::test]
async fn the_example_of_the_user_page_is_answered_as_shown() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    let url = link(&start(baanx, &user).await);
    assert!(url.starts_with(&format!("{}/l/", baanx.base_url())), "{url}");
    assert_eq!(get(&url).await.status, 200);
    assert_eq!(baanx.requests().len(), 1, "hosted pages are not API requests");
}

#[tokio::test]
async fn the_example_of_the_registration_page_is_answered_as_shown() {
    let sandbox = Sandbox::start().await.unwrap();
    let (baanx, onboarding) = (sandbox.baanx(), "100a99cf-f4d3-4fa1-9be9-2e9828b20ebb");
    baanx.add_onboarding_with_id(Region::International, onboarding);
    let url = link(&ask(register_call(baanx, onboarding)).await);
    assert_eq!(get(&url).await.status, 200);
    assert_eq!(baanx.requests()[0].text(), format!(r#"{{"onboardingId":"{onboarding}"}}"#));
    let status = ask(poll_call(baanx, onboarding)).await.json();
    assert_eq!(status["verificationState"], "UNVERIFIED");
}

#[tokio::test]
async fn client_keys_come_before_everything_else() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    for path in ["/v1/user", "/v1/user/verification", "/v1/auth/register?onboardingId=x"] {
        let bare = || client().get(format!("{}{path}", baanx.base_url()));
        assert_message(&ask(bare()).await, 499, "Missing API key");
        assert_message(&ask(bare().header("x-client-key", "wrong")).await, 498, "Invalid API key");
    }
    let post = || client().post(format!("{}/v1/auth/register/verification", baanx.base_url()));
    assert_message(&ask(post()).await, 499, "Missing API key");
    assert_message(&ask(post().header("x-client-key", "wrong")).await, 498, "Invalid API key");
}

#[tokio::test]
async fn tokens_missing_wrong_or_older_than_six_hours_are_401() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    for path in ["/v1/user", "/v1/user/verification"] {
        let bare =
            client().get(format!("{}{path}", baanx.base_url())).header("x-client-key", baanx.client_key());
        assert_message(&ask(bare.try_clone().unwrap()).await, 401, "Not authenticated");
        assert_message(&ask(bare.header("authorization", &user.token)).await, 401, "Not authenticated");
        assert_message(&ask(get_as(baanx, path, "wrong")).await, 401, "Not authenticated");
    }
    sandbox.advance(HOUR * 6 - Duration::from_millis(1));
    assert_eq!(start(baanx, &user).await.status, 200);
    sandbox.advance(Duration::from_millis(1));
    assert_message(&start(baanx, &user).await, 401, "Not authenticated");
    let token = baanx.issue_token(&user.user_id).unwrap();
    assert_eq!(ask(get_as(baanx, "/v1/user", &token)).await.status, 200);
}

#[tokio::test]
async fn suspended_users_and_foreign_client_keys_are_403() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    let foreign = client().get(format!("{}/v1/user", baanx.base_url())).bearer_auth(&user.token);
    let foreign = foreign.header("x-client-key", baanx.add_client_key());
    assert_message(&ask(foreign).await, 403, "Not authorized");
    baanx.suspend(&user.user_id).unwrap();
    assert_message(&start(baanx, &user).await, 403, "Not authorized");
}

#[tokio::test]
async fn the_profile_holds_everything_that_the_vendor_knows() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    let known = profile(baanx, &user).await;
    let documented = [
        "addressLine1",
        "addressLine2",
        "city",
        "countryOfNationality",
        "countryOfResidence",
        "dateOfBirth",
        "email",
        "firstName",
        "id",
        "lastName",
        "phoneCountryCode",
        "phoneNumber",
        "verificationState",
        "zip",
    ];
    assert_eq!(keys(&known), documented);
    assert_eq!(
        (known["id"].as_str(), known["firstName"].as_str()),
        (Some(user.user_id.as_str()), Some("Ada"))
    );
    let american = baanx.add_user_in(Region::Us, "Ada", "Example");
    let known = ask(get_as(baanx, "/v1/user", &american.token).header("x-us-env", "true")).await.json();
    assert!(known["ssn"].is_string() && known["usState"].is_string());
}

#[tokio::test]
async fn the_us_environment_is_a_world_of_its_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let (here, there) = (baanx.add_user("Ada", "Example"), baanx.add_user_in(Region::Us, "Ada", "Example"));
    assert!(there.token.starts_with("US_"));
    let read = |user: &BaanxUser, query: &str| get_as(baanx, &format!("/v1/user{query}"), &user.token);
    assert_eq!(ask(read(&here, "").header("x-us-env", "false")).await.status, 200);
    assert_eq!(ask(read(&here, "").header("x-us-env", "true")).await.status, 401);
    assert_eq!(ask(read(&there, "")).await.status, 401);
    assert_eq!(ask(read(&there, "").header("x-us-env", "true")).await.status, 200);
    assert_eq!(ask(read(&there, "?region=us")).await.status, 200);
    assert_message(
        &ask(read(&here, "").header("x-us-env", "1")).await,
        400,
        "x-us-env must be true or false",
    );
    assert_eq!(baanx.requests()[1].header("x-us-env"), Some("true"));

    let onboarding = baanx.add_onboarding_in(Region::Us);
    assert!(onboarding.starts_with("US_"));
    let not_found = "Onboarding session not found";
    assert_message(&ask(register_call(baanx, &onboarding)).await, 404, not_found);
    assert_eq!(ask(register_call(baanx, &onboarding).header("x-us-env", "true")).await.status, 200);
}

#[tokio::test]
async fn opening_changes_nothing_and_submitting_does() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    link(&start(baanx, &user).await);
    assert_eq!(profile(baanx, &user).await["verificationState"], "UNVERIFIED");
    assert_eq!(baanx.submit(&user.user_id).unwrap(), "PENDING");
    assert_eq!(profile(baanx, &user).await["verificationState"], "PENDING");
    baanx.set_state(&user.user_id, "VERIFIED").unwrap();
    link(&start(baanx, &user).await);
    assert_eq!(baanx.submit(&user.user_id).unwrap(), "VERIFIED", "until a decision says otherwise");
    baanx.set_state(&user.user_id, "MYSTERY").unwrap();
    assert_eq!(profile(baanx, &user).await["verificationState"], "MYSTERY");
}

#[tokio::test]
async fn test_names_decide_in_the_user_flow_only() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    for (last_name, state) in [("Approved", "VERIFIED"), ("Rejected", "REJECTED"), ("Pending", "PENDING")] {
        let user = baanx.add_user("Test", last_name);
        link(&start(baanx, &user).await);
        assert_eq!(baanx.state(&user.user_id).as_deref(), Some("UNVERIFIED"));
        assert_eq!(baanx.submit(&user.user_id).unwrap(), state);
    }
    let onboarding = baanx.add_onboarding();
    ask(register_call(baanx, &onboarding)).await;
    let user = baanx.complete_registration(&onboarding, "Test", "Approved").unwrap();
    assert_eq!(baanx.submit(&user.user_id).unwrap(), "PENDING");
}

#[tokio::test]
async fn a_fourth_open_session_is_refused() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    for _ in 0..3 {
        link(&start(baanx, &user).await);
    }
    let refused = start(baanx, &user).await;
    let body = json!({ "message": "Rate limit exceeded", "retryAfter": 86400, "limit": "3_concurrent" });
    assert_eq!((refused.status, refused.json()), (429, body));
    baanx.abandon(&user.user_id).unwrap();
    assert_eq!(start(baanx, &user).await.status, 200);
    let other = baanx.add_user("Alan", "Example");
    assert_eq!(start(baanx, &other).await.status, 200, "limits are each user's own");
}

#[tokio::test]
async fn an_eleventh_session_of_a_day_is_refused() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    for _ in 0..10 {
        link(&start(baanx, &user).await);
        baanx.submit(&user.user_id).unwrap();
    }
    sandbox.advance(HOUR);
    let refused = start(baanx, &user).await;
    let body = json!({ "message": "Rate limit exceeded", "retryAfter": 23 * 3600, "limit": "10_per_day" });
    assert_eq!((refused.status, refused.json()), (429, body));
    sandbox.advance(HOUR * 23);
    let token = baanx.issue_token(&user.user_id).unwrap();
    assert_eq!(ask(get_as(baanx, "/v1/user/verification", &token)).await.status, 200);
}

#[tokio::test]
async fn three_failures_in_a_row_cool_down_for_an_hour() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    for outcome in ["REJECTED", "REJECTED", "VERIFIED", "REJECTED", "REJECTED", "REJECTED"] {
        link(&start(baanx, &user).await);
        baanx.submit(&user.user_id).unwrap();
        baanx.set_state(&user.user_id, outcome).unwrap();
    }
    let refused = start(baanx, &user).await;
    let documented = json!({ "message": "Rate limit exceeded", "retryAfter": 3600, "limit": "3_per_hour" });
    assert_eq!((refused.status, refused.json()), (429, documented));
    sandbox.advance(MINUTE * 59);
    assert_eq!(start(baanx, &user).await.json()["retryAfter"], 60);
    sandbox.advance(MINUTE);
    assert_eq!(start(baanx, &user).await.status, 200);
    for _ in 0..3 {
        baanx.set_state(&user.user_id, "REJECTED").unwrap();
    }
    assert_eq!(start(baanx, &user).await.json()["limit"], "3_per_hour", "the count began anew");
}

#[tokio::test]
async fn a_user_link_is_single_use_and_lives_a_day() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    let first = link(&start(baanx, &user).await);
    baanx.submit(&user.user_id).unwrap();
    assert_eq!(get(&first).await.status, 410);
    let second = link(&start(baanx, &user).await);
    baanx.abandon(&user.user_id).unwrap();
    assert_eq!(get(&second).await.status, 410);
    assert_eq!(baanx.state(&user.user_id).as_deref(), Some("PENDING"), "leaving changes no state");
    let third = link(&start(baanx, &user).await);
    sandbox.advance(DAY - Duration::from_millis(1));
    assert_eq!(get(&third).await.status, 200);
    sandbox.advance(Duration::from_millis(1));
    assert_eq!(get(&third).await.status, 410);
    assert!(matches!(baanx.submit(&user.user_id), Err(Error::NoOpenSession { .. })));
}

#[tokio::test]
async fn a_registration_link_is_reusable_and_lives_a_week() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let onboarding = baanx.add_onboarding();
    let first = link(&ask(register_call(baanx, &onboarding)).await);
    baanx.abandon(&onboarding).unwrap();
    assert_eq!(get(&first).await.status, 200);
    for _ in 0..10 {
        assert_eq!(ask(register_call(baanx, &onboarding)).await.status, 200, "no limit is documented");
    }
    sandbox.advance(DAY * 7 - Duration::from_millis(1));
    assert_eq!(get(&first).await.status, 200);
    sandbox.advance(Duration::from_millis(1));
    assert_eq!(get(&first).await.status, 410);
}

#[tokio::test]
async fn onboardings_are_read_like_users_of_whom_little_is_known() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let onboarding = baanx.add_onboarding();
    ask(register_call(baanx, &onboarding)).await;
    assert_eq!(ask(poll_call(baanx, &onboarding)).await.json()["verificationState"], "UNVERIFIED");
    baanx.submit(&onboarding).unwrap();
    let body = ask(poll_call(baanx, &onboarding)).await.json();
    let documented = [
        "addressLine1",
        "city",
        "countryOfResidence",
        "email",
        "firstName",
        "id",
        "lastName",
        "phoneNumber",
        "verificationState",
    ];
    assert_eq!(keys(&body), documented);
    assert_eq!(body["verificationState"], "PENDING");
    assert_eq!(body["id"].as_str(), baanx.onboarding_user(&onboarding).as_deref());
    assert_ne!(body["id"], onboarding.as_str());
    assert_eq!(body["firstName"], Value::Null);
}

#[tokio::test]
async fn onboarding_ids_malformed_unknown_expired_or_completed_are_refused() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let (invalid, not_found) = ("Invalid onboarding ID", "Onboarding session not found");
    let stranger = "11111111-2222-4333-8444-555555555555";
    let onboarding = baanx.add_onboarding();
    let completed = baanx.add_onboarding();
    let _ = baanx.complete_registration(&completed, "Ada", "Example").unwrap();
    for (id, status, message) in
        [("not-an-id", 400, invalid), (stranger, 404, not_found), (completed.as_str(), 404, not_found)]
    {
        assert_message(&ask(register_call(baanx, id)).await, status, message);
        assert_message(&ask(poll_call(baanx, id)).await, status, message);
    }
    let nothing = register_call(baanx, "").json(&json!({}));
    assert_message(&ask(nothing).await, 400, invalid);
    let url = format!("{}/v1/auth/register?onboardingId={onboarding}", baanx.base_url());
    let foreign = client().get(url).header("x-client-key", baanx.add_client_key());
    assert_message(&ask(foreign).await, 404, not_found);
    let url = format!("{}/v1/auth/register", baanx.base_url());
    let nothing = client().get(url).header("x-client-key", baanx.client_key());
    assert_message(&ask(nothing).await, 400, invalid);
    let no_json = client().post(format!("{}/v1/auth/register/verification", baanx.base_url()));
    let no_json = ask(no_json.header("x-client-key", baanx.client_key()).body("{}")).await;
    assert_message(&no_json, 400, "The Content-Type must be application/json.");
    sandbox.advance(HOUR - Duration::from_millis(1));
    assert_eq!(ask(poll_call(baanx, &onboarding)).await.status, 200);
    sandbox.advance(Duration::from_millis(1));
    assert_message(&ask(register_call(baanx, &onboarding)).await, 400, invalid);
    assert_message(&ask(poll_call(baanx, &onboarding)).await, 400, invalid);
}

#[tokio::test]
async fn a_registration_call_with_a_bearer_token_is_noticed() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let onboarding = baanx.add_onboarding();
    for call in [register_call(baanx, &onboarding), poll_call(baanx, &onboarding)] {
        let answer = ask(call.bearer_auth("anything")).await;
        assert_message(&answer, 400, "Do not include an Authorization header");
    }
}

#[tokio::test]
async fn a_registered_user_keeps_the_state_and_goes_on_with_a_token() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let onboarding = baanx.add_onboarding();
    ask(register_call(baanx, &onboarding)).await;
    baanx.set_state(&onboarding, "REJECTED").unwrap();
    let user = baanx.complete_registration(&onboarding, "Ada", "Example").unwrap();
    assert_eq!(profile(baanx, &user).await["verificationState"], "REJECTED");
    assert_eq!(start(baanx, &user).await.status, 200);
    assert!(baanx.complete_registration(&onboarding, "Ada", "Example").is_err());
}

#[tokio::test]
async fn server_errors_can_be_canned_in_the_vendors_shape() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    baanx.answer_next(CannedAnswer::baanx_error(500, "Internal server error"));
    assert_message(&start(baanx, &user).await, 500, "Internal server error");
    assert_eq!(start(baanx, &user).await.status, 200);
}

#[tokio::test]
async fn other_paths_and_methods_are_404() {
    let sandbox = Sandbox::start().await.unwrap();
    let baanx = sandbox.baanx();
    assert_message(&get(&format!("{}/v1/nothing", baanx.base_url())).await, 404, "Not found");
    let posted = client().post(format!("{}/v1/user/verification", baanx.base_url()));
    assert_message(&ask(posted).await, 404, "Not found");
}

/// The computation of the webhooks guide, written out again.
fn verifies(key: &str, webhook: &SignedWebhook) -> bool {
    let signature = webhook.header("x-signature").unwrap();
    let bytes = |at: usize| u8::from_str_radix(&signature[at..at + 2], 16).unwrap();
    let signature: Vec<u8> = (0..signature.len()).step_by(2).map(bytes).collect();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(format!("{}.", webhook.header("x-timestamp").unwrap()).as_bytes());
    mac.update(&webhook.body);
    mac.verify_slice(&signature).is_ok()
}

#[tokio::test]
async fn events_are_signed_with_the_key_of_the_day() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let old = baanx.webhook_key();
    assert!(old.starts_with("whk_"));
    let webhook = baanx.webhook_guide("u1", "completed", None);
    assert_eq!(webhook.header("X-Timestamp"), Some(NEW_YEAR.to_string().as_str()));
    assert!(verifies(&old, &webhook));
    let mut tampered = webhook.clone();
    tampered.body[0] = b' ';
    assert!(!verifies(&old, &tampered));
    let new = baanx.rotate_webhook_key();
    assert_eq!(new, baanx.webhook_key());
    let webhook = baanx.sign(b"x");
    assert!(verifies(&new, &webhook) && !verifies(&old, &webhook));
}

#[tokio::test]
async fn the_guides_event_has_the_documented_envelope() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    baanx.set_external_id(&user.user_id, "ref-7").unwrap();
    let webhook = baanx.webhook_guide(&user.user_id, "failed", Some("103"));
    let body: Value = serde_json::from_slice(&webhook.body).unwrap();
    let expected = json!({
        "api_version": "v1",
        "event_id": body["event_id"],
        "event_category": "kyc",
        "event_type": "kyc.status.changed",
        "user_id": user.user_id,
        "user_external_id": "ref-7",
        "event_object_id": user.user_id,
        "event_object_status": "failed",
        "event_object_changes": { "status": ["pending", "failed"] },
        "event_object": {
            "status": "failed", "failure_code": "103", "failure_reason": "Person showing the document does not appear to match document photo",
        },
        "occurred_at": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!(body, expected);
    let again = baanx.webhook_guide(&user.user_id, "completed", None);
    let again: Value = serde_json::from_slice(&again.body).unwrap();
    assert_ne!(again["event_id"], body["event_id"]);
    assert_eq!(
        again["event_object"],
        json!({ "status": "completed", "failure_code": null, "failure_reason": null })
    );
}

#[tokio::test]
async fn the_pages_event_has_the_shape_of_its_example() {
    let sandbox = frozen().await;
    let webhook = sandbox.baanx().webhook_legacy("100a99cf-f4d3-4fa1-9be9-2e9828b20ebb", "VERIFIED");
    let body: Value = serde_json::from_slice(&webhook.body).unwrap();
    let expected = json!({
        "event": "user.verification.completed",
        "userId": "100a99cf-f4d3-4fa1-9be9-2e9828b20ebb",
        "verificationState": "VERIFIED",
        "timestamp": "2026-01-01T00:00:00Z",
    });
    assert_eq!(body, expected);
    assert!(verifies(&sandbox.baanx().webhook_key(), &webhook));
}

#[tokio::test]
async fn handles_name_what_they_do_not_know() {
    let sandbox = Sandbox::start().await.unwrap();
    let error = sandbox.baanx().set_state("nobody", "VERIFIED").unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has no user or onboarding `nobody`");
    assert!(matches!(sandbox.baanx().submit("nobody"), Err(Error::Unknown { .. })));
    assert!(sandbox.baanx().issue_token("nobody").is_err());
}
