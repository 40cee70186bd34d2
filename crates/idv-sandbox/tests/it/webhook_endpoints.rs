//! Webhook endpoints managed over the vendors' own APIs.

use idv_sandbox::{Act, OrganizationType, Sandbox};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::support::{Answer, ask, client, frozen, keys};

async fn nxos(sandbox: &Sandbox, method: Method, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/webhooks/endpoints{path}", sandbox.nxos().base_url());
    let request = client().request(method, url).bearer_auth(sandbox.nxos().api_key());
    ask(with(request, body)).await
}

async fn baanx(sandbox: &Sandbox, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/webhooks{path}", sandbox.baanx().base_url());
    let request = client().request(method, url).bearer_auth(token);
    ask(with(request.header("x-client-key", sandbox.baanx().client_key()), body)).await
}

fn with(request: RequestBuilder, body: Option<Value>) -> RequestBuilder {
    match body {
        Some(body) => request.json(&body),
        None => request,
    }
}

#[tokio::test]
async fn an_nxos_endpoint_is_made_changed_and_removed() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let made = nxos(&sandbox, Method::POST, "", Some(json!({ "url": receiver.url }))).await;
    assert_eq!(made.status, 200);
    let fields = ["createdAt", "description", "disabled", "eventTypes", "id", "object", "updatedAt", "url"];
    assert_eq!(keys(&made.json()), fields);
    assert_eq!(
        (&made.json()["object"], &made.json()["eventTypes"]),
        (&json!("webhook_endpoint"), &json!([]))
    );
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("ep_") && id.len() == 27, "{id}");
    let listed = nxos(&sandbox, Method::GET, "", None).await.json();
    assert_eq!(listed["data"], json!([made.json()]));
    let change =
        json!({ "disabled": true, "eventTypes": ["transaction.status.updated"], "description": "mine" });
    let changed = nxos(&sandbox, Method::PATCH, &format!("/{id}"), Some(change)).await.json();
    assert_eq!((&changed["disabled"], &changed["description"]), (&json!(true), &json!("mine")));
    assert_eq!(nxos(&sandbox, Method::GET, &format!("/{id}"), None).await.json(), changed);
    assert_eq!(nxos(&sandbox, Method::DELETE, &format!("/{id}"), None).await.status, 200);
    let gone = nxos(&sandbox, Method::GET, &format!("/{id}"), None).await;
    assert_eq!((gone.status, &gone.json()["error"]["code"]), (404, &json!("not_found")));
}

#[tokio::test]
async fn an_nxos_endpoint_has_a_secret_of_its_own_which_rotates() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let id =
        nxos(&sandbox, Method::POST, "", Some(json!({ "url": receiver.url }))).await.json()["id"].clone();
    let path = format!("/{}/secret", id.as_str().unwrap());
    let secret = |answer: Answer| answer.json()["key"].as_str().unwrap().to_owned();
    let old = secret(nxos(&sandbox, Method::GET, &path, None).await);
    assert_ne!(old, sandbox.nxos().webhook_secret());
    sandbox.nxos().act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    assert!(receiver.received()[0].verifies_as_svix(&old));
    let new = secret(nxos(&sandbox, Method::POST, &format!("{path}/rotate"), None).await);
    sandbox.nxos().act(&organization, &Act::Hold).unwrap();
    sandbox.webhooks_settled().await;
    assert!(receiver.received()[1].verifies_as_svix(&old) && receiver.received()[1].verifies_as_svix(&new));
}

#[tokio::test]
async fn nxos_refuses_an_endpoint_without_a_good_url() {
    let sandbox = frozen().await;
    for body in [json!({}), json!({ "url": "https://app.example.test/hook" }), json!({ "url": 5 })] {
        let refused = nxos(&sandbox, Method::POST, "", Some(body.clone())).await;
        assert_eq!(
            (refused.status, &refused.json()["error"]["code"]),
            (400, &json!("validation_error")),
            "{body}"
        );
    }
    assert_eq!(sandbox.nxos().webhook_endpoints(), []);
}

#[tokio::test]
async fn an_nxos_endpoint_gets_only_the_types_it_wants() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let body = json!({ "url": receiver.url, "eventTypes": ["transaction.status.updated"] });
    nxos(&sandbox, Method::POST, "", Some(body)).await;
    sandbox.nxos().act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn a_baanx_endpoint_is_inactive_until_it_is_switched_on_and_shows_its_key_once() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let body = json!({ "name": "mine", "url": receiver.url, "event_types": ["kyc.*"] });
    let made = baanx(&sandbox, &user.token, Method::POST, "", Some(body)).await;
    assert_eq!((made.status, &made.json()["success"]), (201, &json!(true)));
    let data = made.json()["data"].clone();
    let fields = [
        "apiKey",
        "createdAt",
        "eventTypes",
        "id",
        "isActive",
        "metadata",
        "name",
        "tenant",
        "updatedAt",
        "url",
    ];
    assert_eq!(keys(&data), fields);
    assert_eq!(data["isActive"], false);
    let key = data["apiKey"].as_str().unwrap();
    assert!(key.starts_with("whk_"));
    sandbox.baanx().act(&user.user_id, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 0);
    let path = format!("/{}", data["id"].as_str().unwrap());
    baanx(&sandbox, &user.token, Method::PUT, &path, Some(json!({ "is_active": true }))).await;
    sandbox.baanx().act(&user.user_id, &Act::Reject { reason: None }).unwrap();
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 1);
    let listed = baanx(&sandbox, &user.token, Method::GET, "", None).await;
    assert!(listed.json().is_array() && !listed.text.contains(key), "{}", listed.text);
    let rotated =
        baanx(&sandbox, &user.token, Method::POST, &format!("{path}/rotate-key"), None).await.json();
    assert_ne!(rotated["data"]["apiKey"], key);
    let logs = baanx(&sandbox, &user.token, Method::GET, &format!("{path}/logs?limit=1"), None).await.json();
    assert_eq!((logs.as_array().unwrap().len(), &logs[0]["responseStatus"]), (1, &json!(200)));
    let event = logs[0]["eventId"].as_str().unwrap();
    let again = baanx(&sandbox, &user.token, Method::POST, &format!("/events/{event}/retry"), None).await;
    assert_eq!(again.status, 200);
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received()[1].json()["event_id"], event);
    assert_eq!(baanx(&sandbox, &user.token, Method::DELETE, &path, None).await.status, 200);
    assert_eq!(baanx(&sandbox, &user.token, Method::GET, &path, None).await.status, 404);
}

#[tokio::test]
async fn baanx_keeps_five_endpoints_and_wants_names_and_types() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let token = sandbox.baanx().add_user("Ada", "Sample").token;
    let full = json!({ "name": "mine", "url": receiver.url, "event_types": ["*"] });
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(256))),
        ("url", json!("https://a.test/")),
        ("event_types", json!([])),
    ] {
        let mut body = full.clone();
        body[field] = value;
        assert_eq!(baanx(&sandbox, &token, Method::POST, "", Some(body)).await.status, 400, "{field}");
    }
    for _ in 0..5 {
        assert_eq!(baanx(&sandbox, &token, Method::POST, "", Some(full.clone())).await.status, 201);
    }
    let refused = baanx(&sandbox, &token, Method::POST, "", Some(full)).await;
    let expected = json!({ "message": "Maximum webhook limit (5) reached for this tenant" });
    assert_eq!((refused.status, refused.json()), (400, expected));
    assert_eq!(baanx(&sandbox, "nobody", Method::GET, "", None).await.status, 401);
}
