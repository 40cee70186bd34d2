//! The life of sessions at the simulated Stripe Identity.

use std::time::Duration;

use idv_sandbox::{Act, Error, Reason, Sandbox};
use serde_json::{Value, json};

use crate::stripe::{FORM, PATH, assert_error, created, get, post, session, text};
use crate::support::{DAY, HOUR, ask, client, frozen, unmoved};

fn failed(reason: &str) -> Act {
    Act::Fail { reason: Reason::new(reason).unwrap() }
}

#[tokio::test]
async fn a_failed_check_leaves_the_session_open_with_an_error() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let id = text(&created(stripe, "user-7").await, "id").to_owned();
    for (act, status, code) in [
        (Act::Leave, "requires_input", Some("abandoned")),
        (failed("document_expired"), "requires_input", Some("document_expired")),
        (failed("fraud_suspected"), "requires_input", Some("document_unverified_other")),
        (failed("id_number_mismatch"), "requires_input", Some("id_number_mismatch")),
        (Act::Submit, "processing", None),
        (
            Act::Reject { reason: Reason::new("face_mismatch").ok() },
            "requires_input",
            Some("selfie_face_mismatch"),
        ),
        (Act::Submit, "processing", None),
        (Act::Approve, "verified", None),
    ] {
        assert_eq!(stripe.act(&id, &act).unwrap().status, status, "{act:?}");
        let found = session(stripe, &id).await;
        assert_eq!((text(&found, "status"), found["last_error"]["code"].as_str()), (status, code), "{act:?}");
        assert_eq!(found["url"].is_string(), status == "requires_input", "{act:?}");
        assert_eq!(found["client_secret"].is_string(), status == "requires_input", "{act:?}");
    }
    for (act, why) in
        [(Act::Expire, "never expires"), (Act::Hold, "holds no session"), (Act::Approve, "has ended")]
    {
        let error = stripe.act(&id, &act).unwrap_err();
        assert!(matches!(error, Error::NotPossible { why: told, .. } if told.contains(why)), "{act:?}");
    }
}

/// Each read gives a fresh link. It can be opened for two days; opening one ends the others.
#[tokio::test]
async fn a_link_is_good_for_one_opening_and_two_days() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let made = created(stripe, "user-7").await;
    let id = text(&made, "id");
    let (first, second) = (text(&made, "url").to_owned(), text(&session(stripe, id).await, "url").to_owned());
    assert_ne!(first, second);
    assert_eq!(ask(client().get(&second)).await.status, 200);
    assert_eq!(ask(client().get(&first)).await.status, 410, "another one was opened");
    let third = text(&session(stripe, id).await, "url").to_owned();
    sandbox.advance(DAY * 2 - HOUR);
    assert_eq!(ask(client().get(&third)).await.status, 200);
    sandbox.advance(HOUR);
    assert_eq!(ask(client().get(&third)).await.status, 410);
    assert_eq!(session(stripe, id).await["status"], "requires_input", "the session itself goes on");
    sandbox.advance(DAY * 400);
    let late = text(&session(stripe, id).await, "url").to_owned();
    assert_eq!(ask(client().get(&late)).await.status, 200);
}

#[tokio::test]
async fn the_hosted_page_leads_back_without_parameters_and_ends() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let body = "type=document&return_url=https%3A%2F%2Fapp.example%2Fback%3Fcase%3D7";
    let made = post(stripe, PATH, body).await.json();
    for (choice, status) in [("leave", "requires_input"), ("submit", "processing")] {
        let url = text(&session(stripe, text(&made, "id")).await, "url").to_owned();
        let answer =
            ask(unmoved().post(&url).header("content-type", FORM).body(format!("act={choice}"))).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("https://app.example/back?case=7"))
        );
        assert_eq!(ask(client().get(&url)).await.status, 410);
        assert_eq!(session(stripe, text(&made, "id")).await["status"], status);
    }
}

#[tokio::test]
async fn a_cancellation_forgets_the_error_and_may_be_repeated() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let id = text(&created(stripe, "user-7").await, "id").to_owned();
    stripe.act(&id, &failed("document_expired")).unwrap();
    for _ in 0..2 {
        let answer = post(stripe, &format!("{PATH}/{id}/cancel"), "").await;
        let found = answer.json();
        assert_eq!((answer.status, text(&found, "status")), (200, "canceled"));
        assert_eq!([&found["last_error"], &found["url"], &found["client_secret"]], [&Value::Null; 3]);
    }
    for act in [Act::Submit, Act::Approve] {
        let other = text(&created(stripe, "user-8").await, "id").to_owned();
        stripe.act(&other, &act).unwrap();
        assert_error(
            &post(stripe, &format!("{PATH}/{other}/cancel"), "").await,
            400,
            "invalid_request_error",
            None,
        );
    }
}

#[tokio::test]
async fn a_redaction_takes_four_days_and_leaves_placeholders() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let made = post(stripe, PATH, "type=document&metadata[a]=b&provided_details[email]=ada%40example.com")
        .await
        .json();
    let id = text(&made, "id");
    stripe.act(id, &Act::Approve).unwrap();
    let outputs = async || get(stripe, &format!("{PATH}/{id}?expand[]=verified_outputs")).await.json();
    assert_eq!(outputs().await["verified_outputs"]["first_name"], "Sam");
    let answer = post(stripe, &format!("{PATH}/{id}/redact"), "").await.json();
    assert_eq!(
        (&answer["redaction"], &answer["status"]),
        (&json!({ "status": "processing" }), &json!("verified"))
    );
    sandbox.advance(DAY * 4);
    let found = outputs().await;
    assert_eq!(found["redaction"], json!({ "status": "redacted" }));
    assert_eq!(found["verified_outputs"]["first_name"], "[redacted]");
    assert_eq!((&found["metadata"], &found["provided_details"]["email"]), (&json!({}), &json!("[redacted]")));
    let open = text(&created(stripe, "user-8").await, "id").to_owned();
    assert_eq!(post(stripe, &format!("{PATH}/{open}/redact"), "").await.json()["status"], "canceled");
    let busy = text(&created(stripe, "user-9").await, "id").to_owned();
    stripe.act(&busy, &Act::Submit).unwrap();
    assert_error(
        &post(stripe, &format!("{PATH}/{busy}/redact"), "").await,
        400,
        "invalid_request_error",
        None,
    );
}

#[tokio::test]
async fn what_was_verified_is_shown_where_it_is_expanded() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let id = text(&created(stripe, "user-7-approve").await, "id").to_owned();
    sandbox.advance(Duration::from_secs(20));
    let plain = session(stripe, &id).await;
    assert_eq!((text(&plain, "status"), &plain["verified_outputs"]), ("verified", &Value::Null));
    let report = text(&plain, "last_verification_report").to_owned();
    assert!(report.starts_with("vr_"));
    let query = "expand[]=verified_outputs&expand[]=last_verification_report";
    let found = get(stripe, &format!("{PATH}/{id}?{query}")).await.json();
    assert_eq!(
        (&found["verified_outputs"]["last_name"], &found["verified_outputs"]["dob"]),
        (&json!("Simulated"), &Value::Null)
    );
    let shown = &found["last_verification_report"];
    assert_eq!((text(shown, "id"), &shown["document"]["number"]), (&*report, &Value::Null));
    let sensitive = format!("{PATH}/{id}?expand[]=last_verification_report.document.number");
    assert_error(&get(stripe, &sensitive).await, 403, "invalid_request_error", None);
    let restricted = client().get(format!("{}{sensitive}", stripe.base_url()));
    let restricted = restricted.header("authorization", format!("Bearer {}", stripe.restricted_key()));
    let found = ask(restricted).await.json();
    assert_eq!(found["last_verification_report"]["document"]["number"], "SIM000112222");
}

#[tokio::test]
async fn references_script_sessions() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let refused =
        post(stripe, PATH, "type=document&client_reference_id=case-503x1-fail:document_expired").await;
    assert_error(&refused, 503, "api_error", None);
    let id = text(&created(stripe, "case-503x1-fail:document_expired").await, "id").to_owned();
    for code in [None, Some("document_expired")] {
        assert_eq!(session(stripe, &id).await["last_error"]["code"].as_str(), code);
    }
    let made = created(stripe, "case-resubmit").await;
    let id = text(&made, "id");
    sandbox.advance(Duration::from_secs(20));
    let url = text(&session(stripe, id).await, "url").to_owned();
    assert_eq!(ask(client().get(&url)).await.status, 200);
    sandbox.advance(Duration::from_secs(20));
    assert_eq!(stripe.status(id).as_deref(), Some("verified"));
}

#[tokio::test]
async fn it_keeps_no_more_than_its_capacity() {
    let sandbox = Sandbox::builder().capacity(2).start().await.unwrap();
    let stripe = sandbox.stripe();
    let oldest = text(&created(stripe, "case-1").await, "id").to_owned();
    for number in 2..4 {
        created(stripe, &format!("case-{number}")).await;
    }
    let gone = get(stripe, &format!("{PATH}/{oldest}")).await;
    assert_error(&gone, 404, "invalid_request_error", Some("resource_missing"));
    assert!(gone.text.contains("Evicted"));
    assert_eq!(stripe.sessions().len(), 2);
}
