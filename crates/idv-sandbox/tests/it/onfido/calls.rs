//! Calls for workflow runs to the simulated Onfido.

use serde_json::{Value, json};

use crate::onfido::{applicant, assert_error, created, get, post, run, text, wanted};
use crate::support::{MINUTE, ask, client, frozen, keys};

#[tokio::test]
async fn a_run_has_the_documented_form() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let mut body = wanted(onfido, "user-42").await;
    body["link"] = json!({"completed_redirect_url": "https://app.example/back", "language": "de_DE"});
    let answer = post(onfido, "/workflow_runs", &body).await;
    let made = answer.json();
    assert_eq!(answer.status, 201);
    let members = [
        "applicant_id",
        "created_at",
        "customer_user_id",
        "dashboard_url",
        "error",
        "id",
        "link",
        "output",
        "reasons",
        "sdk_token",
        "status",
        "tags",
        "updated_at",
        "workflow_id",
        "workflow_version_id",
    ];
    assert_eq!(keys(&made), members);
    for (name, expected) in [
        ("applicant_id", body["applicant_id"].clone()),
        ("workflow_id", json!(onfido.workflow_id())),
        ("status", json!("awaiting_input")),
        ("reasons", json!([])),
        ("error", Value::Null),
        ("customer_user_id", json!("user-42")),
        ("tags", json!(["user-42"])),
        ("created_at", json!("2026-01-01T00:00:00Z")),
    ] {
        assert_eq!(made[name], expected, "{name}");
    }
    let link = &made["link"];
    assert_eq!(text(link, "url"), format!("{}/l/{}", onfido.base_url(), text(&made, "id")));
    assert_eq!((text(link, "language"), &link["expires_at"]), ("de_DE", &Value::Null));
    assert!(made["sdk_token"].is_string());
    assert_eq!(run(onfido, text(&made, "id")).await, made);
}

#[tokio::test]
async fn a_token_is_looked_at_first() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    assert!(onfido.api_token().starts_with("api_sandbox."));
    let url = format!("{}/workflow_runs", onfido.api_url());
    assert_error(&ask(client().get(&url)).await, 401, "authorization_error");
    for header in ["Token token=api_live_us.other".to_owned(), format!("Bearer {}", onfido.api_token())] {
        assert_error(
            &ask(client().get(&url).header("authorization", header)).await,
            401,
            "authorization_error",
        );
    }
    assert_error(&get(onfido, "/tea").await, 404, "resource_not_found");
    assert_error(&get(onfido, "/workflow_runs/nobody").await, 404, "resource_not_found");
}

/// Nothing tells a repeated call from a new one.
#[tokio::test]
async fn each_call_makes_a_run() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let body = wanted(onfido, "user-7").await;
    let [first, second] =
        [post(onfido, "/workflow_runs", &body).await, post(onfido, "/workflow_runs", &body).await];
    assert_ne!(first.json()["id"], second.json()["id"]);
    assert_eq!(onfido.runs().len(), 2);
}

#[tokio::test]
async fn what_the_account_has_not_is_refused() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let good = wanted(onfido, "user-7").await;
    let unknown = "2c3d4e5f-0000-4000-8000-000000000002";
    for (name, value) in [
        ("workflow_id", json!(unknown)),
        ("applicant_id", json!(unknown)),
        ("custom_data", json!({"age": 18})),
        ("tags", json!([""])),
        ("reference", json!("user-7")),
    ] {
        let mut body = good.clone();
        body[name] = value;
        let answer = post(onfido, "/workflow_runs", &body).await;
        assert_error(&answer, 422, "validation_error");
        assert!(answer.json()["error"]["fields"][name].is_array(), "{}", answer.text);
    }
    assert!(onfido.runs().is_empty());
}

/// A workflow without a task for the applicant works at once.
#[tokio::test]
async fn a_silent_workflow_waits_for_nobody() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let body = json!({"workflow_id": onfido.silent_workflow_id(), "applicant_id": applicant(onfido, "Lovelace").await});
    let made = post(onfido, "/workflow_runs", &body).await.json();
    assert_eq!((text(&made, "status"), &made["sdk_token"]), ("processing", &Value::Null));
    assert_eq!(ask(client().get(text(&made["link"], "url"))).await.status, 410);
}

#[tokio::test]
async fn a_list_is_a_bare_array_with_numbered_pages() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let mut ids = Vec::new();
    for _ in 0..21 {
        sandbox.advance(MINUTE);
        ids.insert(0, text(&created(onfido, "user-7").await, "id").to_owned());
    }
    let other = created(onfido, "user-8").await;
    let listed = async |query: &str| {
        let list = get(onfido, &format!("/workflow_runs?{query}")).await.json();
        list.as_array().unwrap().iter().map(|run| text(run, "id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("tags=user-7").await, ids[..20]);
    assert_eq!(listed("tags=user-7&page=2").await, ids[20..]);
    assert_eq!(listed("tags=user-7&page=3").await, Vec::<String>::new());
    assert_eq!(listed("tags=user-7&tags=user-8").await, Vec::<String>::new());
    assert_eq!(listed(&format!("applicant_id={}", text(&other, "applicant_id"))).await, [text(&other, "id")]);
    assert_eq!(listed("created_at_gt=2026-01-01T00:20:30Z&tags=user-7").await, ids[..1]);
    onfido.act(&ids[5], &idv_sandbox::Act::Approve).unwrap();
    assert_eq!(listed("status=approved,declined").await, ids[5..6]);
    assert_eq!(listed("tags=user-7&sort=asc").await[0], ids[5], "the others have not ended");
    assert_eq!(listed("tags=user-7&page=2").await, ids[5..6]);
    assert_error(&get(onfido, "/workflow_runs?page=0").await, 400, "bad_request");
}

#[tokio::test]
async fn no_more_than_400_requests_a_minute_are_answered() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    onfido.set_rate_limit(Some(3));
    for _ in 0..3 {
        assert_eq!(get(onfido, "/workflow_runs").await.status, 200);
    }
    assert_error(&get(onfido, "/workflow_runs").await, 429, "rate_limit");
    sandbox.advance(MINUTE);
    assert_eq!(get(onfido, "/workflow_runs").await.status, 200);
    onfido.set_rate_limit(Some(400));
    for _ in 0..400 {
        assert_eq!(get(onfido, "/workflow_runs?page=9").await.status, 200);
    }
    assert_error(&get(onfido, "/workflow_runs").await, 429, "rate_limit");
}
