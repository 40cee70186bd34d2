//! The simulated session API against its documentation.

use std::time::Duration;

use idv_sandbox::{AnswerSpelling, CannedAnswer, Error, IdField, Invites, RateLimits, Sandbox, SessionApi};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, DAY, HOUR, ask, client, frozen, get, keys};

fn request(api: &SessionApi, method: Method, path: &str) -> RequestBuilder {
    client().request(method, format!("{}{path}", api.base_url())).header("x-api-key", api.api_key())
}

fn applicant() -> Value {
    json!({
        "first_name": "Ada",
        "last_name": "Example",
        "email": "ada@example.test",
        "phone": "+15192223333",
    })
}

fn with(mut body: Value, fields: Value) -> Value {
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

async fn create(api: &SessionApi, body: Value) -> Answer {
    ask(request(api, Method::POST, "/v1/sessions").json(&body)).await
}

async fn created(api: &SessionApi, fields: Value) -> String {
    let answer = create(api, with(applicant(), fields)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn read(api: &SessionApi, id: &str) -> Answer {
    ask(request(api, Method::GET, &format!("/v1/sessions/{id}"))).await
}

async fn list(api: &SessionApi, query: &str) -> Value {
    let answer = ask(request(api, Method::GET, &format!("/v1/sessions{query}"))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn listed(page: &Value) -> Vec<&str> {
    page["sessions"].as_array().unwrap().iter().map(|session| session["id"].as_str().unwrap()).collect()
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16, error: &str) {
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (status, json!({ "error": error }).to_string().as_str())
    );
}

#[tokio::test]
async fn a_session_with_every_field_is_created_as_documented() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let workflow = api.add_workflow();
    let all = json!({
        "external_id": "case-7781",
        "send_email_invite": false,
        "send_phone_invite": false,
        "workflow_id": workflow,
        "redirect_url": "https://app.example.test/back?a=b",
    });
    let answer = create(api, with(applicant(), all)).await;
    let body = answer.json();
    let id = body["id"].as_str().unwrap();
    let query = "redirect_url=https%3A%2F%2Fapp.example.test%2Fback%3Fa%3Db";
    let url = format!("{}/l/{id}?{query}", api.base_url());
    let expected = json!({ "id": id, "session_url": url, "externalId": "case-7781", "links": [] });
    assert_eq!((answer.status, &body), (200, &expected));
    assert_eq!(api.invites(id), Some(Invites { email: false, phone: false }));
    assert_eq!(get(&url).await.status, 200);
    let record = &read(api, id).await.json()["session_record"];
    assert_eq!(
        (record["type"].as_str(), record["workflow_id"].as_str()),
        (Some("session"), Some(&*workflow))
    );
}

#[tokio::test]
async fn a_session_with_required_fields_only_sends_both_invitations() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let answer = create(api, applicant()).await;
    assert_eq!(keys(&answer.json()), ["id", "links", "session_url"], "no externalId unless sent");
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.json()["session_url"], format!("{}/l/{id}", api.base_url()));
    assert_eq!(api.invites(&id), Some(Invites { email: true, phone: true }));
    assert_eq!(api.sessions(), [id]);
}

#[tokio::test]
async fn both_spellings_are_taken_and_camel_case_wins() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let camel = json!({
        "firstName": "Ada",
        "lastName": "Example",
        "email": "ada@example.test",
        "phone": "+15192223333",
        "externalId": "camel",
        "sendEmailInvite": false,
        "redirectUrl": "https://camel.example.test/",
    });
    let both = json!({
        "first_name": "Wrong",
        "external_id": "snake",
        "send_email_invite": true,
        "send_phone_invite": false,
        "redirect_url": "https://snake.example.test/",
    });
    let answer = create(api, with(camel, both)).await.json();
    let id = answer["id"].as_str().unwrap();
    assert_eq!(answer["externalId"], "camel");
    assert_eq!(api.invites(id), Some(Invites { email: false, phone: false }));
    assert!(api.redirect_url(id, "success", None).unwrap().starts_with("https://camel.example.test/"));
    assert_eq!(read(api, id).await.json()["user"]["first_name"], "Ada");
}

#[tokio::test]
async fn answers_can_be_spelled_either_way() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    api.id_field(IdField::IdvId);
    let snake = create(api, applicant()).await.json();
    assert_eq!(keys(&snake), ["idv_id", "links", "session_url"]);
    api.spelling(AnswerSpelling::Camel);
    let camel = create(api, applicant()).await.json();
    assert_eq!(keys(&camel), ["idvId", "links", "sessionUrl"]);
    assert_eq!(keys(&camel["links"][0]), ["type", "url"]);
    let id = camel["idvId"].as_str().unwrap();
    let read = read(api, id).await.json();
    assert_eq!(read["sessionRecord"]["sessionProgress"], "PENDING");
    let page = list(api, "?limit=1").await;
    assert_eq!(keys(&page), ["nextToken", "sessions"]);
    let event: Value = serde_json::from_slice(&api.webhook(id, "session.created").body).unwrap();
    assert_eq!(event["data"]["sessionProgress"], "PENDING");
}

#[tokio::test]
async fn bad_bodies_are_400_and_create_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    for (fields, error) in [
        (json!({ "first_name": null }), "first_name is required"),
        (json!({ "last_name": " " }), "last_name is required"),
        (json!({ "email": "" }), "email is required"),
        (json!({ "email": "ada" }), "email must be an e-mail address"),
        (json!({ "phone": 15192223333_u64 }), "phone must be a string"),
        (json!({ "phone": "519-222-3333" }), "phone must be in E.164 format"),
        (json!({ "external_id": 7 }), "external_id must be a string"),
        (json!({ "send_email_invite": "false" }), "send_email_invite must be a boolean"),
        (json!({ "sendPhoneInvite": 0 }), "send_phone_invite must be a boolean"),
        (json!({ "redirect_url": "http://app.example.test/" }), "redirect_url must be a valid HTTPS URL"),
        (json!({ "redirect_url": "http://127.0.0.1/" }), "redirect_url must be a valid HTTPS URL"),
        (json!({ "redirect_url": "app" }), "redirect_url must be a valid HTTPS URL"),
    ] {
        assert_error(&create(api, with(applicant(), fields)).await, 400, error);
    }
    let bare = || request(api, Method::POST, "/v1/sessions");
    assert_error(&ask(bare().body("{}")).await, 400, "The Content-Type must be application/json.");
    assert_error(&ask(bare().json(&[1])).await, 400, "The request body must be a JSON object.");
    assert!(api.sessions().is_empty());
    api.allow_loopback_redirects(true);
    created(api, json!({ "redirect_url": "http://127.0.0.1:8080/back" })).await;
}

#[tokio::test]
async fn keys_missing_or_wrong_are_401() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let bare = |method| client().request(method, format!("{}/v1/sessions", api.base_url()));
    for method in [Method::GET, Method::POST] {
        assert_error(&ask(bare(method.clone())).await, 401, "API key is missing.");
        assert_error(&ask(bare(method.clone()).bearer_auth(api.api_key())).await, 401, "API key is missing.");
        assert_error(&ask(bare(method).header("x-api-key", "wrong")).await, 401, "Invalid API key.");
    }
}

#[tokio::test]
async fn an_empty_balance_is_402_in_plain_text() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    api.set_balance(1);
    created(api, json!({})).await;
    assert_eq!(api.balance(), 0);
    let answer = create(api, applicant()).await;
    assert_eq!((answer.status, answer.text.as_str()), (402, "Insufficient funds or subscription."));
    assert!(answer.header("content-type").unwrap().starts_with("text/plain"));
    assert_eq!(list(api, "").await["sessions"].as_array().unwrap().len(), 1, "reading costs nothing");
}

#[tokio::test]
async fn an_unknown_workflow_is_404() {
    let sandbox = Sandbox::start().await.unwrap();
    let answer =
        create(sandbox.session_api(), with(applicant(), json!({ "workflow_id": "wf_nothing" }))).await;
    assert_error(&answer, 404, "Workflow not found.");
}

#[tokio::test]
async fn reads_of_ids_malformed_unknown_or_foreign_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    assert_error(&read(api, "test_verified").await, 400, "Invalid session ID format.");
    let unknown = read(api, "6b1d2f34-90ab-4cde-8f01-23456789abcd").await;
    assert_error(&unknown, 404, "Session not found.");
    let foreign = api.add_foreign_session();
    assert_error(&read(api, &foreign).await, 403, "The session belongs to another organization.");
    assert_eq!(listed(&list(api, "").await).len(), 0);
    assert_error(&get(&format!("{}/v1/nothing", api.base_url())).await, 404, "Not found.");
}

#[tokio::test]
async fn a_session_is_read_with_its_record_and_personal_data() {
    let sandbox = frozen().await;
    let api = sandbox.session_api();
    let id = created(api, json!({ "external_id": "case-7781" })).await;
    sandbox.advance(Duration::from_secs(60));
    api.set_progress(&id, "STARTED").unwrap();
    let before = read(api, &id).await.json();
    assert_eq!(keys(&before), ["sender_user", "session_record", "user"]);
    let record = &before["session_record"];
    assert_eq!(
        (record["status"].as_str(), record["session_progress"].as_str()),
        (Some("PENDING"), Some("STARTED"))
    );
    assert_eq!(record["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(record["updated_at"], "2026-01-01T00:01:00.000Z");
    assert!(record.get("submitted_at").is_none() && record.get("analysis_data").is_none());

    api.set_status(&id, "SUBMITTED").unwrap();
    sandbox.advance(Duration::from_secs(60));
    api.set_status(&id, "VERIFIED").unwrap();
    let after = read(api, &id).await.json();
    assert!(after["resource_links"]["selfie"].as_str().unwrap().starts_with(api.base_url()));
    let record = &after["session_record"];
    let documented = [
        "analysis_data",
        "created_at",
        "external_id",
        "id",
        "location",
        "organization_id",
        "sender_user_id",
        "session_progress",
        "status",
        "submitted_at",
        "type",
        "updated_at",
        "uploads",
        "user_id",
    ];
    assert_eq!(keys(record), documented);
    assert_eq!(
        (record["type"].as_str(), record["status"].as_str()),
        (Some("verification"), Some("VERIFIED"))
    );
    assert_eq!(record["session_progress"], "COMPLETED");
    assert_eq!(record["submitted_at"], "2026-01-01T00:01:00.000Z");
    assert_eq!(record["analysis_data"]["id_analysis_data"]["id_extracted_text"][0]["value"], "Ada");
}

#[tokio::test]
async fn any_status_word_can_be_played() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let id = created(api, json!({})).await;
    for word in ["EXPIRED", "FAILED", "VOIDED", "SOMETHING_NEW"] {
        api.set_status(&id, word).unwrap();
        assert_eq!(read(api, &id).await.json()["session_record"]["status"], word);
        assert_eq!(api.status(&id).as_deref(), Some(word));
    }
    assert!(matches!(api.set_status("nothing", "VERIFIED"), Err(Error::Unknown { what: "session", .. })));
    assert!(api.set_progress("nothing", "STARTED").is_err());
}

#[tokio::test]
async fn lists_filter_by_external_id_before_workflow() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let workflow = api.add_workflow();
    let one = created(api, json!({ "external_id": "a" })).await;
    let two = created(api, json!({ "external_id": "b", "workflow_id": workflow })).await;
    let three = created(api, json!({ "external_id": "a" })).await;
    assert_eq!(listed(&list(api, "").await), [&three, &two, &one].map(String::as_str));
    assert_eq!(listed(&list(api, "?external_id=a").await), [three.as_str(), one.as_str()]);
    assert_eq!(listed(&list(api, &format!("?workflow_id={workflow}")).await), [two.as_str()]);
    let both = format!("?workflow_id={workflow}&external_id=a");
    assert_eq!(listed(&list(api, &both).await), [three.as_str(), one.as_str()]);
    let page = list(api, "?external_id=nobody").await;
    assert_eq!(page, json!({ "sessions": [], "next_token": null }));
}

#[tokio::test]
async fn lists_come_in_pages_that_new_sessions_do_not_shift() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let mut expected = Vec::new();
    for _ in 0..5 {
        expected.insert(0, created(api, json!({})).await);
    }
    let first = list(api, "?limit=2").await;
    let mut seen: Vec<String> = listed(&first).into_iter().map(str::to_owned).collect();
    created(api, json!({})).await;
    let mut token = first["next_token"].clone();
    while let Some(next) = token.as_str() {
        let page = list(api, &format!("?limit=2&next_token={next}")).await;
        seen.extend(listed(&page).into_iter().map(str::to_owned));
        token = page["next_token"].clone();
    }
    assert_eq!(seen, expected);
    assert_eq!(list(api, "?limit=6").await["next_token"], Value::Null, "no token where nothing is left");
}

#[tokio::test]
async fn lists_are_bounded_and_dated() {
    let sandbox = frozen().await;
    let api = sandbox.session_api();
    api.set_rate_limits(None);
    let old = created(api, json!({})).await;
    sandbox.advance(DAY);
    let new = created(api, json!({})).await;
    assert_eq!(listed(&list(api, "?start_date=2026-01-02").await), [new.as_str()]);
    assert_eq!(listed(&list(api, "?end_date=2026-01-01").await), [old.as_str()]);
    assert_eq!(listed(&list(api, "?start_date=2026-01-01T00:00:00.001Z").await), [new.as_str()]);
    for (query, error) in [
        ("?limit=0", "limit must be between 1 and 500"),
        ("?limit=501", "limit must be between 1 and 500"),
        ("?limit=x", "limit must be between 1 and 500"),
        ("?next_token=x", "next_token is invalid"),
        ("?end_date=soon", "end_date must be an ISO 8601 date"),
    ] {
        let answer = ask(request(api, Method::GET, &format!("/v1/sessions{query}"))).await;
        assert_error(&answer, 400, error);
    }
    for _ in 0..60 {
        created(api, json!({})).await;
    }
    assert_eq!(listed(&list(api, "").await).len(), 50);
}

#[tokio::test]
async fn a_status_can_be_decided_over_http() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let id = created(api, json!({})).await;
    let update = |id: &str, body: Value| {
        ask(request(api, Method::PATCH, &format!("/v1/sessions/{id}/update-status")).json(&body))
    };
    let answer = update(&id, json!({ "new_status": "REJECTED" })).await;
    assert_eq!((answer.status, keys(&answer.json())), (200, vec!["session_record"]));
    assert_eq!(answer.json()["session_record"]["status"], "REJECTED");
    for body in [json!({ "new_status": "VOIDED" }), json!({}), json!({ "status": "VERIFIED" })] {
        assert_error(&update(&id, body).await, 400, "new_status must be VERIFIED or REJECTED");
    }
    let unknown = update("6b1d2f34-90ab-4cde-8f01-23456789abcd", json!({ "new_status": "VERIFIED" })).await;
    assert_error(&unknown, 404, "Session not found.");
    let foreign = update(&api.add_foreign_session(), json!({ "new_status": "VERIFIED" })).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn the_sandbox_key_reads_scenarios_and_writes_nothing() {
    let sandbox = Sandbox::builder().seed(7).start().await.unwrap();
    let api = sandbox.session_api();
    let call = |method, path: &str| {
        client().request(method, format!("{}{path}", api.base_url())).header("x-api-key", api.sandbox_key())
    };
    let refusal = "This is a sandbox API key. Use a live API key to create or modify resources.";
    assert_error(&ask(call(Method::POST, "/v1/sessions").json(&applicant())).await, 403, refusal);
    let patch = call(Method::PATCH, "/v1/sessions/test_verified/update-status");
    assert_error(&ask(patch.json(&json!({ "new_status": "VERIFIED" }))).await, 403, refusal);
    for (id, status) in [("test_verified", "VERIFIED"), ("test_rejected", "REJECTED")] {
        let record =
            ask(call(Method::GET, &format!("/v1/sessions/{id}"))).await.json()["session_record"].take();
        assert_eq!((record["id"].as_str(), record["status"].as_str()), (Some(id), Some(status)));
    }
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let answer = ask(call(Method::GET, "/v1/sessions/anything")).await;
        seen.insert(answer.json()["session_record"]["status"].as_str().unwrap().to_owned());
    }
    assert!(seen.len() > 2, "scenarios vary: {seen:?}");
    assert_eq!(ask(call(Method::GET, "/v1/sessions")).await.json()["sessions"].as_array().unwrap().len(), 2);
    assert!(api.sessions().is_empty());
}

#[tokio::test]
async fn bursts_of_more_than_35_are_429_and_refill_25_a_second() {
    let sandbox = frozen().await;
    let api = sandbox.session_api();
    let read = || ask(request(api, Method::GET, "/v1/sessions"));
    for _ in 0..35 {
        assert_eq!(read().await.status, 200);
    }
    let refused = read().await;
    assert_error(&refused, 429, "Rate limit exceeded.");
    assert_eq!(refused.header("retry-after"), Some("1"));
    let other =
        client().get(format!("{}/v1/sessions", api.base_url())).header("x-api-key", api.sandbox_key());
    assert_eq!(ask(other).await.status, 200, "each key has its own");
    sandbox.advance(Duration::from_millis(40));
    assert_eq!(read().await.status, 200);
    assert_eq!(read().await.status, 429);
    sandbox.advance(Duration::from_secs(1));
    for _ in 0..25 {
        assert_eq!(read().await.status, 200);
    }
    assert_eq!(read().await.status, 429);
}

#[tokio::test]
async fn the_day_has_its_own_limit_and_all_can_be_lifted() {
    let sandbox = frozen().await;
    let api = sandbox.session_api();
    api.set_rate_limits(Some(RateLimits { per_day: 2, ..RateLimits::default() }));
    let read = || ask(request(api, Method::GET, "/v1/sessions"));
    assert_eq!((read().await.status, read().await.status), (200, 200));
    sandbox.advance(HOUR);
    let refused = read().await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("82800")));
    sandbox.advance(HOUR * 23);
    assert_eq!(read().await.status, 200);
    api.set_rate_limits(None);
    for _ in 0..40 {
        assert_eq!(read().await.status, 200);
    }
    assert_eq!(RateLimits::default(), RateLimits { per_second: 25, burst: 35, per_day: 10_000 });
}

#[tokio::test]
async fn server_errors_can_be_canned_in_the_vendors_shape() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    api.answer_next(CannedAnswer::session_api_error(500, "Internal error."));
    assert_error(&create(api, applicant()).await, 500, "Internal error.");
    assert!(api.sessions().is_empty());
}

#[tokio::test]
async fn workflows_are_listed_and_read() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    api.add_workflow_with_id("wf_1");
    let expected =
        json!({ "id": "wf_1", "name": "Simulated workflow", "steps": [{ "id": "id-verification" }] });
    let read = |path: &str| {
        ask(client().get(format!("{}{path}", api.base_url())).header("x-api-key", api.api_key()))
    };
    assert_eq!(read("/v1/workflows").await.json(), json!({ "workflows": [expected] }));
    assert_eq!(read("/v1/workflows/wf_1").await.json(), json!({ "workflow": expected }));
    assert_eq!(read("/v1/workflows/wf_2").await.status, 404);
}

#[tokio::test]
async fn the_forms_of_the_sdk_are_taken_too() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let ids = [
        api.add_foreign_session(),
        created(api, json!({})).await,
        created(api, json!({})).await,
        created(api, json!({})).await,
    ];
    let patch = |id: &str, word: &str| {
        let request = client().patch(format!("{}/v1/sessions/{id}", api.base_url()));
        ask(request.header("x-api-key", api.api_key()).json(&json!({ "status": word })))
    };
    assert_eq!(patch(&ids[1], "VOIDED").await.json()["session_record"]["status"], "VOIDED");
    assert_eq!(patch(&ids[1], "PENDING").await.status, 400);
    assert_eq!(patch(&ids[0], "VERIFIED").await.status, 403);
    let list = |query: &str| {
        ask(client().get(format!("{}/v1/sessions{query}", api.base_url())).header("x-api-key", api.api_key()))
    };
    let found = |answer: &Answer| -> Vec<String> {
        let sessions = answer.json()["sessions"].as_array().unwrap().clone();
        sessions.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(&list("?offset=1&limit=1").await), [ids[2].clone()]);
    assert_eq!(found(&list("?status=VOIDED").await), [ids[1].clone()]);
}

#[tokio::test]
async fn redirects_carry_the_documented_parameters() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let id = created(api, json!({ "redirect_url": "https://app.example.test/back?a=b#top" })).await;
    let back = |status, reason| api.redirect_url(&id, status, reason).unwrap();
    let success = format!("https://app.example.test/back?a=b&session_id={id}&status=success#top");
    assert_eq!(back("success", None), success);
    let failed =
        format!("https://app.example.test/back?a=b&session_id={id}&status=failed&reason=face_mismatch#top");
    assert_eq!(back("failed", Some("face_mismatch")), failed);
    assert!(back("abandoned", Some("a new & odd reason")).contains("reason=a+new+%26+odd+reason"));
    let bare = created(api, json!({})).await;
    assert!(matches!(api.redirect_url(&bare, "success", None), Err(Error::NoRedirect { .. })));
    assert!(matches!(api.redirect_url("nothing", "success", None), Err(Error::Unknown { .. })));
}

#[tokio::test]
async fn events_hold_the_session_itself_beside_the_bare_secret() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let id = created(api, json!({ "external_id": "case-7781" })).await;
    api.set_status(&id, "VERIFIED").unwrap();
    let webhook = api.webhook(&id, "session.status.verified");
    assert!(api.webhook_secret().starts_with("whsec_"));
    assert_eq!(webhook.header("deepidv-signature"), Some(api.webhook_secret().as_str()));
    let body: Value = serde_json::from_slice(&webhook.body).unwrap();
    assert_eq!(keys(&body), ["data", "type"]);
    assert_eq!(body["type"], "session.status.verified");
    assert_eq!(body["data"], read(api, &id).await.json()["session_record"]);
    let strange: Value = serde_json::from_slice(&api.webhook("nothing", "x").body).unwrap();
    assert_eq!(strange, json!({ "type": "x", "data": { "id": "nothing" } }));
}
