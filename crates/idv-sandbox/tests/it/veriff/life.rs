//! The life of sessions at the simulated Veriff.

use std::time::Duration;

use idv_sandbox::{Act, Error, Reason, Sandbox, VeriffCodes};
use reqwest::Method;
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::support::{DAY, HOUR, MINUTE, ask, client, unmoved};
use crate::veriff::{assert_error, attempts, create, created, decision, delete, frozen, lines, send, told};

#[tokio::test]
async fn both_tables_of_codes_can_be_had() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    for (codes, expected) in [
        (VeriffCodes::StatusTable, [("expired", 9104), ("abandoned", 9104), ("review", 9121)]),
        (VeriffCodes::DecisionTable, [("expired", 9104), ("abandoned", 9121), ("review", 9121)]),
    ] {
        veriff.codes(codes);
        let acts: [&[Act]; 3] = [&[Act::Expire], &[Act::Open, Act::Expire], &[Act::Submit, Act::Hold]];
        for (acts, (word, code)) in acts.iter().zip(expected) {
            let id = created(veriff, json!({})).await;
            for act in *acts {
                veriff.act(&id, act).unwrap();
            }
            let made = decision(veriff, &id).await.json()["verification"].take();
            assert_eq!((&made["status"], &made["code"]), (&json!(word), &json!(code)));
        }
    }
}

#[tokio::test]
async fn the_tenth_attempt_is_declined() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let id = created(veriff, json!({})).await;
    let unreadable = Act::Fail { reason: Reason::new("document_unreadable").unwrap() };
    for attempt in 1..10 {
        assert_eq!(veriff.act(&id, &unreadable).unwrap().status, "resubmission_requested");
        assert_eq!(veriff.attempts(&id), Some(attempt));
    }
    assert_eq!(decision(veriff, &id).await.json()["verification"]["reasonCode"], 204);
    assert_eq!(veriff.act(&id, &Act::Submit).unwrap().status, "declined");
    let made = decision(veriff, &id).await.json()["verification"].take();
    assert_eq!(
        (&made["code"], &made["reasonCode"], veriff.attempts(&id)),
        (&json!(9102), &json!(539), Some(10))
    );
    assert!(matches!(veriff.act(&id, &Act::Submit), Err(Error::NoOpenSession { .. })));
}

#[tokio::test]
async fn unfinished_sessions_end_after_seven_days() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff();
    let acts: [&[Act]; 4] = [&[], &[Act::Open], &[Act::Submit], &[Act::Submit, Act::RequireResubmission]];
    let mut ids = Vec::new();
    for acts in acts {
        let id = created(veriff, json!({})).await;
        acts.iter().for_each(|act| drop(veriff.act(&id, act).unwrap()));
        ids.push(id);
    }
    sandbox.advance(DAY * 7 - MINUTE);
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    sandbox.advance(MINUTE);
    sandbox.webhooks_settled().await;
    let words: Vec<_> = ids.iter().map(|id| veriff.status(id).unwrap()).collect();
    assert_eq!(words, ["expired", "abandoned", "submitted", "abandoned"]);
    let mut told = told(&receiver);
    told.sort();
    assert_eq!(told, lines(&[("abandoned", 9104), ("abandoned", 9104), ("expired", 9104)]));
    assert!(matches!(veriff.act(&ids[0], &Act::Open), Err(Error::NoOpenSession { .. })));
    veriff.act(&ids[0], &Act::Approve).unwrap();
}

#[tokio::test]
async fn deletion_leaves_nothing_and_ends_what_is_unfinished() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff();
    let [open, approved, submitted] = [
        created(veriff, json!({})).await,
        created(veriff, json!({})).await,
        created(veriff, json!({})).await,
    ];
    veriff.act(&approved, &Act::Approve).unwrap();
    veriff.act(&submitted, &Act::Submit).unwrap();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    assert_error(&delete(veriff, &submitted).await, 400, "1304");
    for id in [&open, &approved] {
        let answer = delete(veriff, id).await;
        assert_eq!(answer.json(), json!({ "status": "success", "verification": { "id": id } }));
        assert_eq!((decision(veriff, id).await.status, delete(veriff, id).await.status), (404, 404));
        assert_eq!(veriff.status(id), None);
    }
    sandbox.webhooks_settled().await;
    assert_eq!(told(&receiver), lines(&[("expired", 9104)]));
    assert_error(&delete(veriff, &submitted).await, 429, "429");
    sandbox.advance(HOUR);
    assert_error(&delete(veriff, &submitted).await, 400, "1304");
    veriff.allow_deletion(false);
    assert_eq!(delete(veriff, &submitted).await.status, 403);
}

#[tokio::test]
async fn uploads_are_submitted_by_the_application_and_told_at_once() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff();
    let id = created(veriff, json!({})).await;
    let update = |word: &str| {
        let body = json!({ "verification": { "status": word } }).to_string();
        let path = format!("/v1/sessions/{id}");
        async move { send(veriff, Method::PATCH, &path, &body).await }
    };
    assert_error(&update("approved").await, 400, "1303");
    assert_eq!(update("submitted").await.json()["verification"]["status"], "submitted");
    assert_error(&update("submitted").await, 400, "1304");
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    veriff.act(&id, &Act::RequireResubmission).unwrap();
    sandbox.webhooks_settled().await;
    assert_eq!(told(&receiver), lines(&[("resubmission_requested", 9103)]));
}

#[tokio::test]
async fn the_hosted_page_leads_back_without_parameters() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let answer = create(veriff, json!({ "callback": "https://app.example/back?case=7" })).await.json();
    let (id, url) =
        (answer["verification"]["id"].as_str().unwrap(), answer["verification"]["url"].as_str().unwrap());
    assert_eq!(ask(client().get(url)).await.status, 200);
    assert_eq!(veriff.status(id).as_deref(), Some("started"));
    for choice in ["leave", "submit"] {
        let page = url.replace("/v/", "/l/");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let request = unmoved().post(page).header(form[0].0, form[0].1).body(format!("act={choice}"));
        let answer = ask(request).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("https://app.example/back?case=7"))
        );
    }
    assert_eq!(veriff.status(id).as_deref(), Some("submitted"));
    assert_eq!(ask(client().get(url)).await.status, 410);
}

#[tokio::test]
async fn references_script_sessions() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let start = |reference: &'static str| create(veriff, json!({ "vendorData": reference }));
    assert_error(&start("case-503x1-reject:539").await, 503, "503");
    let id = created(veriff, json!({ "vendorData": "case-503x1-reject:539" })).await;
    assert_eq!(decision(veriff, &id).await.json()["verification"], Value::Null);
    assert_eq!(attempts(veriff, &id).await[0].1, "submitted");
    assert_eq!(decision(veriff, &id).await.json()["verification"]["reasonCode"], 539);

    let answer = start("case-resubmit").await.json();
    let id = answer["verification"]["id"].as_str().unwrap();
    sandbox.advance(Duration::from_secs(20));
    assert_eq!(veriff.status(id).as_deref(), Some("resubmission_requested"));
    ask(client().get(answer["verification"]["url"].as_str().unwrap())).await;
    let other = created(veriff, json!({ "vendorData": "case-resubmit" })).await;
    sandbox.advance(Duration::from_secs(20));
    assert_eq!(
        (veriff.status(&other).as_deref(), veriff.attempts(&other)),
        (Some("resubmission_requested"), Some(1))
    );
    assert_eq!((veriff.status(id).as_deref(), veriff.attempts(id)), (Some("approved"), Some(2)));
}

#[tokio::test]
async fn a_script_goes_on_with_the_next_session_of_its_reference() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    for word in ["resubmission_requested", "approved"] {
        let id = created(veriff, json!({ "vendorData": "case-resubmit" })).await;
        sandbox.advance(Duration::from_secs(20));
        assert_eq!(veriff.status(&id).as_deref(), Some(word));
    }
}

#[tokio::test]
async fn it_keeps_no_more_than_its_capacity() {
    let sandbox = Sandbox::builder().capacity(2).start().await.unwrap();
    let veriff = sandbox.veriff();
    let oldest = created(veriff, json!({})).await;
    for _ in 0..2 {
        created(veriff, json!({})).await;
    }
    let gone = decision(veriff, &oldest).await;
    assert_error(&gone, 404, "1001");
    assert!(gone.text.contains("Evicted"));
    assert_eq!(veriff.sessions().len(), 2);
}
