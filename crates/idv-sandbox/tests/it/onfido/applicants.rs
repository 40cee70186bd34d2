//! Applicants of the simulated Onfido, who are deleted with everything that is theirs.

use reqwest::Method;
use serde_json::{Value, json};

use crate::onfido::{applicant, assert_error, call, created, get, post, run, send, text};
use crate::support::{DAY, HOUR, ask, frozen};

#[tokio::test]
async fn an_applicant_has_the_documented_form() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let told = json!({
        "first_name": "Zoë", "last_name": "O'Neil", "email": "zoe@example.com", "dob": "1990-01-02", "phone_number": "+442079460000",
        "address": {"postcode": "SW4 6EH", "country": "GBR"},
    });
    let answer = post(onfido, "/applicants", &told).await;
    let made = answer.json();
    assert_eq!(answer.status, 201);
    for (name, expected) in [
        ("first_name", json!("Zoë")),
        ("dob", json!("1990-01-02")),
        ("created_at", json!("2026-01-01T00:00:00Z")),
        ("delete_at", Value::Null),
        ("sandbox", json!(true)),
        ("address", told["address"].clone()),
    ] {
        assert_eq!(made[name], expected, "{name}");
    }
    let path = format!("/applicants/{}", text(&made, "id"));
    assert_eq!(text(&made, "href"), format!("{}{path}", onfido.api_url()));
    assert_eq!(get(onfido, &path).await.json(), made);
    let updated = send(onfido, Method::PUT, &path, &json!({"dob": "1991-01-02"})).await.json();
    assert_eq!((text(&updated, "dob"), text(&updated, "first_name")), ("1991-01-02", "Zoë"));
    assert_error(
        &send(onfido, Method::PUT, &path, &json!({"last_name": "<"})).await,
        422,
        "validation_error",
    );
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let answer = post(onfido, "/applicants", &json!({"first_name": "A#1", "surname": "B"})).await;
    assert_error(&answer, 422, "validation_error");
    let fields = answer.json()["error"]["fields"].take();
    let expected = json!({
        "first_name": ["contains invalid characters"], "last_name": ["can't be blank"], "surname": ["is not a known field"],
    });
    assert_eq!(fields, expected);
    let no_json =
        call(onfido, Method::POST, "/applicants").header("content-type", "application/json").body("{");
    assert_error(&ask(no_json).await, 400, "bad_request");
}

#[tokio::test]
async fn applicants_are_listed_by_page() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.insert(0, applicant(onfido, "Lovelace").await);
    }
    send(onfido, Method::DELETE, &format!("/applicants/{}", ids[2]), &json!({})).await;
    let listed = async |query: &str| {
        let list = get(onfido, &format!("/applicants{query}")).await.json();
        let list = list["applicants"].as_array().unwrap().iter().map(|one| text(one, "id").to_owned());
        list.collect::<Vec<_>>()
    };
    assert_eq!(listed("").await, ids[..2]);
    assert_eq!(listed("?include_deleted=true").await, ids);
    assert_eq!(listed("?per_page=1&page=2").await, ids[1..2]);
}

/// A deletion is planned at once, can be taken back, and takes the runs along.
#[tokio::test]
async fn a_deletion_waits_and_takes_everything_along() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let made = created(onfido, "user-7").await;
    let (id, owner) = (text(&made, "id"), text(&made, "applicant_id"));
    let path = format!("/applicants/{owner}");
    let delete = async || send(onfido, Method::DELETE, &path, &json!({})).await;
    let restore = async || post(onfido, &format!("{path}/restore"), &json!({})).await;
    assert_error(&restore().await, 404, "resource_not_found");
    let answer = delete().await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_error(&delete().await, 404, "resource_not_found");
    assert_error(&get(onfido, &path).await, 404, "resource_not_found");
    assert_eq!(run(onfido, id).await["status"], "awaiting_input", "it is not deleted yet");
    sandbox.advance(DAY - HOUR);
    assert_eq!(restore().await.status, 204);
    sandbox.advance(DAY);
    assert_eq!(get(onfido, &path).await.status, 200);
    assert_eq!(delete().await.status, 204);
    let again = json!({"workflow_id": onfido.workflow_id(), "applicant_id": owner});
    assert_error(&post(onfido, "/workflow_runs", &again).await, 422, "validation_error");
    sandbox.advance(DAY);
    assert_error(&get(onfido, &format!("/workflow_runs/{id}")).await, 404, "resource_not_found");
    assert_error(&restore().await, 404, "resource_not_found");
    assert!(onfido.runs().is_empty() && onfido.applicants().is_empty());
}
