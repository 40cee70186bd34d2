//! The life of workflow runs at the simulated Onfido.

use idv_sandbox::{Act, Error, Reason};
use serde_json::{Value, json};

use crate::onfido::{applicant, created, post, run, text, wanted};
use crate::support::{DAY, HOUR, ask, client, frozen, unmoved};

fn reject(reason: &str) -> Act {
    Act::Reject { reason: Reason::new(reason).ok() }
}

#[tokio::test]
async fn a_run_gets_to_each_of_its_ends() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let id = text(&created(onfido, "user-7").await, "id").to_owned();
    for (act, status, reasons) in [
        (Act::Open, "awaiting_input", json!([])),
        (Act::Leave, "awaiting_input", json!([])),
        (Act::Submit, "processing", json!([])),
        (Act::Hold, "review", json!([])),
        (reject("document_expired"), "declined", json!(["Document expired"])),
        (reject("face_7"), "declined", json!(["face_7"])),
        (Act::Approve, "approved", json!([])),
    ] {
        assert_eq!(onfido.act(&id, &act).unwrap().status, status, "{act:?}");
        let found = run(onfido, &id).await;
        assert_eq!((text(&found, "status"), &found["reasons"]), (status, &reasons), "{act:?}");
        assert_eq!(found["sdk_token"].is_string(), status == "awaiting_input", "{act:?}");
        assert!(found["link"]["url"].is_string(), "the link is always there");
    }
    for (act, why) in [
        (Act::RequireResubmission, "without a state"),
        (Act::Lapse, "does not lapse"),
        (Act::Void, "withdraws no run"),
    ] {
        let error = onfido.act(&id, &act).unwrap_err();
        assert!(matches!(error, Error::NotPossible { why: told, .. } if told.contains(why)), "{act:?}");
    }
    assert!(matches!(onfido.act(&id, &Act::Submit), Err(Error::NoOpenSession { .. })));
}

#[tokio::test]
async fn a_technical_end_has_an_error_and_the_server_can_be_waited_for() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let id = text(&created(onfido, "user-7").await, "id").to_owned();
    for (word, has_error) in [("awaiting_client_input", false), ("error", true), ("brand_new", false)] {
        onfido.act(&id, &Act::Say { word: word.to_owned() }).unwrap();
        let found = run(onfido, &id).await;
        assert_eq!((text(&found, "status"), found["error"]["type"].is_string()), (word, has_error));
    }
}

#[tokio::test]
async fn the_hosted_page_leads_back_without_parameters_and_ends() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let mut body = wanted(onfido, "user-7").await;
    body["link"] = json!({"completed_redirect_url": "https://app.example/back?case=7"});
    let made = post(onfido, "/workflow_runs", &body).await.json();
    let url = text(&made["link"], "url").to_owned();
    let choose = async |choice: &str| {
        let form = unmoved().post(&url).header("content-type", "application/x-www-form-urlencoded");
        let answer = ask(form.body(format!("act={choice}"))).await;
        (answer.status, answer.header("location").map(str::to_owned))
    };
    assert_eq!(ask(client().get(&url)).await.status, 200);
    assert_eq!(choose("leave").await, (303, Some("/done".to_owned())));
    assert_eq!(ask(client().get(&url)).await.status, 200, "the link is the same for the life of the run");
    assert_eq!(choose("submit").await, (303, Some("https://app.example/back?case=7".to_owned())));
    assert_eq!(ask(client().get(&url)).await.status, 410);
    assert_eq!(run(onfido, text(&made, "id")).await["status"], "processing");
}

#[tokio::test]
async fn a_link_that_expires_abandons_its_run_and_others_do_not_end() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let mut body = wanted(onfido, "user-7").await;
    body["link"] = json!({"expires_at": "2026-01-01T01:00:00Z"});
    let [left, done] =
        [post(onfido, "/workflow_runs", &body).await, post(onfido, "/workflow_runs", &body).await];
    let (left, done) = (left.json(), done.json());
    let endless = created(onfido, "user-8").await;
    assert_eq!(left["link"]["expires_at"], "2026-01-01T01:00:00Z");
    onfido.act(text(&done, "id"), &Act::Submit).unwrap();
    sandbox.advance(HOUR);
    assert_eq!(run(onfido, text(&left, "id")).await["status"], "abandoned");
    assert_eq!(ask(client().get(text(&left["link"], "url"))).await.status, 410);
    assert_eq!(run(onfido, text(&done, "id")).await["status"], "processing");
    sandbox.advance(DAY * 400);
    assert_eq!(run(onfido, text(&endless, "id")).await["status"], "awaiting_input");
}

#[tokio::test]
async fn a_name_that_is_not_clear_is_reviewed() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let body =
        json!({"workflow_id": onfido.workflow_id(), "applicant_id": applicant(onfido, "Consider").await});
    let made = post(onfido, "/workflow_runs", &body).await.json();
    assert_eq!(onfido.act(text(&made, "id"), &Act::Submit).unwrap().status, "review");
}

#[tokio::test]
async fn references_play_their_own_verifications() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    for (reference, statuses) in [
        ("case-approve", ["processing", "approved", "approved"]),
        ("case-hold-reject", ["processing", "review", "declined"]),
        ("case-expire", ["abandoned", "abandoned", "abandoned"]),
        ("case-resubmit", ["processing", "declined", "declined"]),
        ("case-resubmit", ["processing", "approved", "approved"]),
    ] {
        let id = text(&created(onfido, reference).await, "id").to_owned();
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push(text(&run(onfido, &id).await, "status").to_owned());
        }
        assert_eq!(told, statuses, "{reference}");
    }
    let body = wanted(onfido, "case-503x1").await;
    assert_eq!(post(onfido, "/workflow_runs", &body).await.status, 503);
    assert_eq!(post(onfido, "/workflow_runs", &body).await.status, 201);
    assert_eq!(run(onfido, "nobody").await["error"]["fields"], json!({}));
    assert_eq!(run(onfido, "nobody").await["status"], Value::Null);
}
