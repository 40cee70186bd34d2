//! Letters of authorization at nxos.

use idv_sandbox::{LoaState, OrganizationType, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, ask, client, frozen};

async fn call(sandbox: &Sandbox, method: Method, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/{path}", sandbox.nxos().base_url());
    let request = client().request(method, url).bearer_auth(sandbox.nxos().api_key());
    ask(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

async fn list(sandbox: &Sandbox, query: &str) -> Value {
    let answer = call(sandbox, Method::GET, &format!("authorizations{query}"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn revocation(sandbox: &Sandbox, granter: &str) -> Value {
    json!({
        "grantingOrganizationId": granter, "authorizedOrganizationId": sandbox.nxos().own_organization(),
        "type": "LOA", "reason": "The customer has left.",
    })
}

#[tokio::test]
async fn letters_come_in_pages_and_by_state() {
    let sandbox = frozen().await;
    let made: Vec<String> =
        (0..5).map(|_| sandbox.nxos().add_organization(OrganizationType::Business)).collect();
    sandbox.nxos().set_loa(&made[0], LoaState::Pending).unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(&sandbox, &format!("?limit=2&role=authorized&type=LOA{cursor}")).await;
        assert_eq!(page["object"], "list");
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= 2);
        seen.extend(data.iter().map(|one| one["grantingOrganizationId"].as_str().unwrap().to_owned()));
        if page["hasMore"] == false {
            assert_eq!(page["nextCursor"], json!(null));
            break;
        }
        cursor = format!("&cursor={}", page["nextCursor"].as_str().unwrap());
    }
    let mut expected = made.clone();
    expected.sort_unstable();
    assert_eq!(seen, expected);
    let pending = list(&sandbox, "?status=PENDING").await;
    assert_eq!(pending["data"][0]["grantingOrganizationId"], made[0].as_str());
    assert_eq!(pending["data"].as_array().unwrap().len(), 1);
    assert_eq!(list(&sandbox, "?role=granter").await["data"], json!([]));
    for bad in ["?limit=0", "?limit=101", "?limit=x", "?role=boss", "?status=LOST", "?type=NDA"] {
        let refused = call(&sandbox, Method::GET, &format!("authorizations{bad}"), None).await;
        assert_eq!(
            (refused.status, &refused.json()["error"]["code"]),
            (400, &json!("validation_error")),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_revoked_letter_never_comes_back() {
    let sandbox = frozen().await;
    let granter = sandbox.nxos().add_organization(OrganizationType::Business);
    let revoked =
        call(&sandbox, Method::POST, "authorizations/revoke", Some(revocation(&sandbox, &granter))).await;
    assert_eq!((revoked.status, &revoked.json()["status"]), (200, &json!("REVOKED")));
    let again =
        call(&sandbox, Method::POST, "authorizations/revoke", Some(revocation(&sandbox, &granter))).await;
    assert_eq!((again.status, &again.json()["error"]["code"]), (404, &json!("authorization_not_found")));
    let url = format!("{}/v1/organizations/verification", sandbox.nxos().base_url());
    let check = client().get(url).bearer_auth(sandbox.nxos().api_key()).header("nxos-on-behalf-of", &granter);
    let check = ask(check).await;
    assert_eq!((check.status, &check.json()["error"]["code"]), (403, &json!("authorization_required")));
}

#[tokio::test]
async fn a_revocation_says_what_it_lacks() {
    let sandbox = frozen().await;
    let granter = sandbox.nxos().add_organization(OrganizationType::Business);
    for (field, value) in [
        ("grantingOrganizationId", json!(null)),
        ("authorizedOrganizationId", json!("")),
        ("type", json!("NDA")),
        ("reason", json!("x".repeat(501))),
    ] {
        let mut body = revocation(&sandbox, &granter);
        body[field] = value;
        let refused = call(&sandbox, Method::POST, "authorizations/revoke", Some(body)).await;
        assert_eq!(refused.status, 400, "{field}");
        assert!(refused.json()["error"]["message"].as_str().unwrap().starts_with(field), "{field}");
    }
    let nobody =
        call(&sandbox, Method::POST, "authorizations/revoke", Some(revocation(&sandbox, "org_x"))).await;
    assert_eq!(nobody.status, 404);
}
