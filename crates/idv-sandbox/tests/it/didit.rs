//! The simulated Didit against its documentation.

use std::time::Duration;

use idv_sandbox::{Act, Didit, Reason};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::receiver::{Received, Receiver};
use crate::support::{Answer, DAY, MINUTE, ask, client, frozen, unmoved};

fn call(didit: &Didit, method: Method, path: &str) -> RequestBuilder {
    client().request(method, format!("{}{path}", didit.base_url())).header("x-api-key", didit.api_key())
}

async fn start(didit: &Didit, reference: &str) -> Answer {
    let body = json!({
        "workflow_id": didit.workflow_id(), "vendor_data": reference, "callback": "https://app.example/back?a=b",
    });
    ask(call(didit, Method::POST, "/v3/session/").json(&body)).await
}

async fn created(didit: &Didit, reference: &str) -> String {
    let answer = start(didit, reference).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["session_id"].as_str().unwrap().to_owned()
}

async fn decision(didit: &Didit, id: &str) -> Value {
    ask(call(didit, Method::GET, &format!("/v3/session/{id}/decision/"))).await.json()
}

async fn update(didit: &Didit, id: &str, word: &str) -> Answer {
    let path = format!("/v3/session/{id}/update-status/");
    ask(call(didit, Method::PATCH, &path).json(&json!({ "new_status": word }))).await
}

#[tokio::test]
async fn a_start_gives_a_session_that_has_not_started() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let made = start(didit, "user-42").await.json();
    assert_eq!((&made["status"], &made["vendor_data"]), (&json!("Not Started"), &json!("user-42")));
    assert!(made["url"].as_str().unwrap().ends_with(made["session_token"].as_str().unwrap()));
    let read = decision(didit, made["session_id"].as_str().unwrap()).await;
    assert_eq!((&read["session_url"], &read["id_verifications"]), (&made["url"], &json!([])));
    let refused = ask(call(didit, Method::POST, "/v3/session/").json(&json!({ "callback": "back" }))).await;
    let expected = json!({ "workflow_id": ["This field is required."], "callback": ["Enter a valid URL."] });
    assert_eq!((refused.status, refused.json()), (400, expected));
}

#[tokio::test]
async fn a_path_without_its_slash_leads_elsewhere_and_makes_nothing() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let url = format!("{}/v3/session", didit.base_url());
    let hop = ask(unmoved().post(url).header("x-api-key", didit.api_key()).json(&json!({}))).await;
    assert_eq!((hop.status, hop.header("location")), (301, Some("/v3/session/")));
    assert!(didit.sessions().is_empty());
}

#[tokio::test]
async fn refusals_of_keys_scopes_and_money_are_told_apart_by_their_text() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let url = format!("{}/v3/session/", didit.base_url());
    let none = ask(client().post(&url)).await;
    assert_eq!(
        (none.status, &none.json()["detail"]),
        (403, &json!("Authentication credentials were not provided."))
    );
    assert_eq!(ask(client().post(&url).header("x-api-key", "other")).await.status, 401);
    let id = created(didit, "user-42").await;
    didit.fund(false);
    let broke = start(didit, "user-43").await;
    assert_eq!(broke.status, 403);
    assert!(broke.text.contains("enough credits"));
    assert_eq!(decision(didit, &id).await["status"], "Not Started", "reads cost nothing");
    didit.permit(false);
    assert!(start(didit, "user-43").await.text.contains("permission"));
}

#[tokio::test]
async fn the_browser_comes_back_with_a_word_that_has_a_blank() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let id = created(didit, "user-42").await;
    let acted = didit.act(&id, &Act::Submit).unwrap();
    let expected = format!("https://app.example/back?a=b&verificationSessionId={id}&status=In+Review");
    assert_eq!((acted.status.as_str(), acted.redirect_url), ("In Review", Some(expected)));
}

#[tokio::test]
async fn a_session_is_sent_back_under_the_same_link() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let id = created(didit, "user-42").await;
    let pages = didit.verification(&id).unwrap().open_pages;
    assert_eq!(update(didit, &id, "Resubmitted").await.status, 400, "nothing was submitted yet");
    didit.act(&id, &Act::Submit).unwrap();
    assert!(didit.verification(&id).unwrap().open_pages.is_empty());
    assert_eq!(update(didit, &id, "Resubmitted").await.status, 200);
    assert_eq!(update(didit, &id, "Resubmitted").await.status, 400);
    assert_eq!(didit.verification(&id).unwrap().open_pages, pages);
    didit.act(&id, &Act::Open).unwrap();
    assert_eq!(didit.status(&id).as_deref(), Some("In Progress"));
    for (word, status) in [("Approved", 400), ("Expired", 400)] {
        assert_eq!(update(didit, &id, word).await.status, status, "{word} of a session in progress");
    }
    didit.act(&id, &Act::Submit).unwrap();
    for word in ["Approved", "Approved", "Declined"] {
        assert_eq!(update(didit, &id, word).await.status, 200);
    }
}

#[tokio::test]
async fn approvals_lapse_and_open_sessions_end_after_a_week() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let (fresh, opened, approved) =
        (created(didit, "a").await, created(didit, "b").await, created(didit, "c").await);
    didit.act(&opened, &Act::Open).unwrap();
    didit.act(&approved, &Act::Approve).unwrap();
    didit.act(&approved, &Act::Lapse).unwrap();
    sandbox.advance(DAY * 7);
    for (id, word) in [(&fresh, "Expired"), (&opened, "Abandoned"), (&approved, "Kyc Expired")] {
        assert_eq!(decision(didit, id).await["status"], word);
    }
}

#[tokio::test]
async fn reasons_are_warnings_of_parts_whose_words_are_their_own() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    for (reason, list, risk) in [
        ("document_expired", "id_verifications", "DOCUMENT_EXPIRED"),
        ("face_mismatch", "face_matches", "LOW_FACE_MATCH_SIMILARITY"),
        ("liveness_failed", "liveness_checks", "LOW_LIVENESS_SCORE"),
        ("some_new_risk", "id_verifications", "SOME_NEW_RISK"),
    ] {
        let id = created(didit, "user-42").await;
        didit.act(&id, &Act::Reject { reason: Some(Reason::new(reason).unwrap()) }).unwrap();
        let read = decision(didit, &id).await;
        assert_eq!(
            (&read["status"], &read[list][0]["warnings"][0]["risk"]),
            (&json!("Declined"), &json!(risk))
        );
        let other = if list == "face_matches" { "liveness_checks" } else { "face_matches" };
        assert_eq!(read[other][0]["status"], "Approved", "a part is no verdict");
    }
}

#[tokio::test]
async fn lists_have_whole_urls_and_deleted_sessions_are_gone() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(created(didit, "user-42").await);
        created(didit, "other").await;
    }
    made.reverse();
    let mut url = format!("{}/v3/sessions/?vendor_data=user-42&limit=2", didit.base_url());
    let mut found = Vec::new();
    loop {
        let page = ask(client().get(&url).header("x-api-key", didit.api_key())).await.json();
        assert_eq!(page["count"], 5);
        found.extend(
            page["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["session_id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        assert!(next.starts_with(didit.base_url()));
        next.clone_into(&mut url);
    }
    assert_eq!(found, made);
    let path = format!("/v3/session/{}/delete/", made[0]);
    assert_eq!(ask(call(didit, Method::DELETE, &path)).await.status, 204);
    let gone = ask(call(didit, Method::DELETE, &path)).await;
    assert_eq!((gone.status, gone.json()), (404, json!({ "detail": "Not found." })));
}

#[tokio::test]
async fn decisions_have_a_limit_of_their_own() {
    let sandbox = frozen().await;
    let didit = sandbox.didit();
    let id = created(didit, "user-42").await;
    for _ in 0..100 {
        decision(didit, &id).await;
    }
    let refused = ask(call(didit, Method::GET, &format!("/v3/session/{id}/decision/"))).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
    created(didit, "user-43").await;
    sandbox.advance(MINUTE);
    assert_eq!(decision(didit, &id).await["status"], "Not Started");
}

#[tokio::test]
async fn webhooks_keep_their_time_when_they_are_sent_again() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([500, 404, 500]).await);
    let didit = sandbox.didit();
    let id = created(didit, "user-42").await;
    didit.add_webhook_endpoint(&receiver.url).unwrap();
    didit.act(&id, &Act::Submit).unwrap();
    for minutes in [1, 4, 60] {
        sandbox.webhooks_settled().await;
        sandbox.advance(MINUTE * minutes);
    }
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    let bodies: Vec<Value> = received.iter().map(Received::json).collect();
    assert_eq!(bodies.len(), 3, "two more attempts");
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!((&bodies[0]["status"], &bodies[0]["timestamp"]), (&json!("In Review"), &json!(1_767_225_600)));
    let times: Vec<&str> = received.iter().filter_map(|one| one.header("x-timestamp")).collect();
    assert_eq!(times, ["1767225600", "1767225660", "1767225900"]);
    let seals: Vec<&str> = received.iter().filter_map(|one| one.header("x-signature")).collect();
    assert!(
        seals.len() == 3 && seals.iter().all(|seal| *seal == seals[0]),
        "nothing signs the header's time"
    );
    sandbox.advance(Duration::from_secs(1));
    let repeated = didit.event(&id, "data.updated").unwrap();
    let body: Value = serde_json::from_slice(&repeated.body).unwrap();
    assert_eq!((&body["webhook_type"], &body["status"]), (&json!("data.updated"), &json!("In Review")));
}
