//! The session API: the page "Create a new identity verification session".

use idv_sandbox::{Act, Invites, Reason, Sandbox};
use serde_json::{Value, json};

use crate::page::{Answer, client, sandbox, send};

const CREATED: &str = r#"{"id":"6b1d2f34","session_url":"https://app.deepidv.com","links":[]}"#;
const CREATED_WITH_ID: &str =
    r#"{"externalId":"case-7781","id":"6b1d2f34","session_url":"https://app.deepidv.com","links":[]}"#;

fn required() -> Value {
    json!({ "first_name": "Ada", "last_name": "Sample", "email": "ada@example.com", "phone": "+15192223333" })
}

fn with(fields: Value) -> Value {
    let mut body = required();
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

async fn create(sandbox: &Sandbox, body: &Value) -> Answer {
    let api = sandbox.session_api();
    let request = client().post(format!("{}/v1/sessions", api.base_url())).header("x-api-key", api.api_key());
    send(request.header("Content-Type", "application/json").body(body.to_string())).await
}

fn id(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

#[tokio::test]
async fn the_required_fields_create_a_session() {
    let sandbox = sandbox().await;
    create(&sandbox, &required()).await.looks_like(CREATED, &[]);
    for name in ["first_name", "last_name", "email", "phone"] {
        let mut body = required();
        body.as_object_mut().unwrap().remove(name);
        assert_eq!(create(&sandbox, &body).await.status, 400, "{name} is required");
    }
}

#[tokio::test]
async fn the_external_id_is_returned_only_if_provided() {
    let sandbox = sandbox().await;
    let body = with(json!({ "external_id": "case-7781" }));
    assert_eq!(
        create(&sandbox, &body).await.looks_like(CREATED_WITH_ID, &["externalId"])["externalId"],
        "case-7781"
    );
    assert_eq!(create(&sandbox, &required()).await.json().get("externalId"), None);
}

#[tokio::test]
async fn every_alias_of_the_table_is_taken_and_wins_over_its_other_spelling() {
    let sandbox = sandbox().await;
    let aliases = json!({
        "firstName": "Grace", "lastName": "Other", "email": "ada@example.com", "phone": "+15192223333",
        "externalId": "case-1", "sendEmailInvite": false, "sendPhoneInvite": false,
        "redirectUrl": "https://app.example.com/back",
    });
    let created = create(&sandbox, &aliases).await;
    assert_eq!(created.json()["externalId"], "case-1");
    assert_eq!(sandbox.session_api().invites(&id(&created)), Some(Invites { email: false, phone: false }));
    assert!(
        created.json()["session_url"]
            .as_str()
            .unwrap()
            .contains("redirect_url=https%3A%2F%2Fapp.example.com%2Fback")
    );
    let both = with(json!({ "external_id": "snake", "externalId": "camel" }));
    assert_eq!(create(&sandbox, &both).await.json()["externalId"], "camel");
}

#[tokio::test]
async fn invitations_default_to_true_and_their_absence_is_on_record() {
    let sandbox = sandbox().await;
    let silent = with(json!({ "send_email_invite": false, "send_phone_invite": false }));
    for (body, sent) in [(required(), true), (silent, false)] {
        let created = id(&create(&sandbox, &body).await);
        assert_eq!(sandbox.session_api().invites(&created), Some(Invites { email: sent, phone: sent }));
    }
}

#[tokio::test]
async fn the_status_table_of_the_page() {
    let sandbox = sandbox().await;
    let api = sandbox.session_api();
    assert_eq!(create(&sandbox, &with(json!({ "phone": "519 222 3333" }))).await.status, 400);
    assert_eq!(
        create(&sandbox, &with(json!({ "redirect_url": "http://app.example.com/" }))).await.status,
        400
    );
    assert_eq!(create(&sandbox, &with(json!({ "workflow_id": "wf_unknown" }))).await.status, 404);
    let bare = client().post(format!("{}/v1/sessions", api.base_url())).json(&required());
    assert_eq!(send(bare).await.status, 401);
    let wrong = client().post(format!("{}/v1/sessions", api.base_url())).header("x-api-key", "wrong");
    assert_eq!(send(wrong.json(&required())).await.status, 401);
    api.set_balance(0);
    let refused = create(&sandbox, &required()).await;
    assert_eq!((refused.status, refused.content_type.as_str()), (402, "text/plain; charset=utf-8"));
    assert_eq!(refused.text, "Insufficient funds or subscription.");
    api.set_balance(1);
    let mut last = create(&sandbox, &required()).await;
    for _ in 0..35 {
        last = create(&sandbox, &required()).await;
    }
    assert_eq!(last.status, 429);
}

#[tokio::test]
async fn a_workflow_makes_a_session_and_its_absence_a_verification() {
    let sandbox = sandbox().await;
    let api = sandbox.session_api();
    let workflow = api.add_workflow();
    for (body, kind) in [(with(json!({ "workflow_id": workflow })), "session"), (required(), "verification")]
    {
        let created = id(&create(&sandbox, &body).await);
        let read = client().get(format!("{}/v1/sessions/{created}", api.base_url()));
        let read = send(read.header("x-api-key", api.api_key())).await;
        assert_eq!(read.json()["session_record"]["type"], kind);
    }
}

#[tokio::test]
async fn the_browser_comes_back_with_each_outcome_and_reason_of_the_page() {
    let sandbox = sandbox().await;
    let fail = |reason: &str| Act::Fail { reason: Reason::new(reason).unwrap() };
    for (act, query) in [
        (Act::Submit, "status=success"),
        (fail("document_unreadable"), "status=failed&reason=document_unreadable"),
        (fail("face_mismatch"), "status=failed&reason=face_mismatch"),
        (fail("session_expired"), "status=failed&reason=session_expired"),
        (fail("internal_error"), "status=failed&reason=internal_error"),
        (fail("unknown"), "status=failed&reason=unknown"),
        (fail("a_reason_added_in_the_future"), "status=failed&reason=a_reason_added_in_the_future"),
        (Act::Leave, "status=abandoned&reason=user_cancelled"),
    ] {
        let body = with(json!({ "redirect_url": "https://app.example.com/back" }));
        let created = id(&create(&sandbox, &body).await);
        let back = sandbox.session_api().act(&created, &act).unwrap().redirect_url;
        assert_eq!(back, Some(format!("https://app.example.com/back?session_id={created}&{query}")));
        sandbox.advance(std::time::Duration::from_secs(2));
    }
}

#[tokio::test]
async fn completed_means_submitted_and_nothing_more() {
    let sandbox = sandbox().await;
    let created = id(&create(&sandbox, &required()).await);
    sandbox.session_api().act(&created, &Act::Submit).unwrap();
    assert_eq!(sandbox.session_api().status(&created).as_deref(), Some("SUBMITTED"));
}
