//! The life of an inquiry at the simulated Persona.

use idv_sandbox::{Act, Reason};
use reqwest::Method;
use serde_json::{Value, json};

use crate::persona::{assert_error, call, created, get, id, post, status};
use crate::support::{Answer, DAY, HOUR, ask, frozen, unmoved};

/// Follows a link as far as the page of the inquiry.
async fn page(link: &str) -> Answer {
    ask(crate::support::client().get(link)).await
}

fn link(document: &Value) -> String {
    document["meta"]["one-time-link"].as_str().expect("a link").to_owned()
}

#[tokio::test]
async fn a_link_opens_once_and_its_page_can_be_loaded_again() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let made = created(persona, "user-42").await;
    let hop = ask(unmoved().get(link(&made))).await;
    let page_url = format!("{}{}", persona.base_url(), hop.header("location").unwrap());
    assert_eq!((page(&page_url).await.status, page(&page_url).await.status), (200, 200));
    assert_eq!(page(&link(&made)).await.status, 410);
    assert_eq!(status(persona, id(&made)).await, "created");
    let fresh =
        post(persona, &format!("/inquiries/{}/generate-one-time-link", id(&made)), &json!({})).await.json();
    let same =
        post(persona, &format!("/inquiries/{}/generate-one-time-link", id(&made)), &json!({})).await.json();
    assert_ne!(link(&fresh), link(&made));
    assert_eq!(link(&fresh), link(&same), "a link that was not opened is given again");
    assert_eq!(page(&link(&fresh)).await.status, 200);
    let plain = format!("{}/verify?inquiry-id={}", persona.base_url(), id(&made));
    assert_eq!(page(&plain).await.status, 410, "an inquiry id alone opens nothing");
}

#[tokio::test]
async fn the_browser_comes_back_from_a_completed_or_failed_inquiry_only() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let act = |id: &str, act: Act| persona.act(id, &act).unwrap();
    let left = created(persona, "user-1").await;
    assert_eq!(act(id(&left), Act::Leave).redirect_url, None);
    assert_eq!(persona.status(id(&left)).as_deref(), Some("pending"));
    let completed = created(persona, "user-2").await;
    let back = act(id(&completed), Act::Submit).redirect_url.unwrap();
    let expected = format!(
        "https://app.example/back?a=b&inquiry-id={}&reference-id=user-2&status=completed\
         &fields%5Bemail-address%5D=ada%40example.com&fields%5Bname-first%5D=Ada",
        id(&completed)
    );
    assert_eq!(back, expected);
    let failed = created(persona, "user-3").await;
    let reason = Reason::new("face_mismatch").unwrap();
    let back = act(id(&failed), Act::Fail { reason }).redirect_url.unwrap();
    assert!(back.contains("status=failed"));
    assert_error(
        &post(persona, &format!("/inquiries/{}/generate-one-time-link", id(&failed)), &json!({})).await,
        409,
        "Conflict",
    );
}

#[tokio::test]
async fn an_expired_inquiry_is_resumed_with_a_session() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let made = created(persona, "user-42").await;
    let path = format!("/inquiries/{}", id(&made));
    sandbox.advance(DAY);
    assert_eq!(status(persona, id(&made)).await, "expired");
    assert_eq!(page(&link(&made)).await.status, 410);
    assert_error(
        &post(persona, &format!("{path}/generate-one-time-link"), &json!({})).await,
        409,
        "Conflict",
    );
    let resumed = ask(call(persona, Method::POST, &format!("{path}/resume"))).await.json();
    let token = resumed["meta"]["session-token"].as_str().unwrap();
    assert_eq!(resumed["data"]["attributes"]["status"], "pending");
    assert_eq!(resumed["data"]["attributes"]["expires-at"], "2026-01-03T00:00:00.000Z");
    let again = ask(call(persona, Method::POST, &format!("{path}/resume"))).await.json();
    assert_eq!(again["meta"]["session-token"], token, "an unused session is used again");
    let url = format!("{}/verify?inquiry-id={}&session-token={token}", persona.base_url(), id(&made));
    assert_eq!((page(&url).await.status, page(&url).await.status), (200, 200));
    let fresh = post(persona, &format!("{path}/generate-one-time-link"), &json!({})).await.json();
    assert_eq!(page(&link(&fresh)).await.status, 200);
}

#[tokio::test]
async fn an_inquiry_has_no_more_than_25_sessions() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let id = id(&created(persona, "user-42").await).to_owned();
    let resume = async || post(persona, &format!("/inquiries/{id}/resume"), &json!({})).await;
    for _ in 0..25 {
        let token = resume().await.json()["meta"]["session-token"].as_str().unwrap().to_owned();
        let url = format!("{}/verify?inquiry-id={id}&session-token={token}", persona.base_url());
        assert_eq!(page(&url).await.status, 200);
    }
    assert_error(&resume().await, 409, "Conflict");
}

#[tokio::test]
async fn an_expiry_withdraws_an_open_inquiry_only() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let made = created(persona, "user-42").await;
    let expire = async || post(persona, &format!("/inquiries/{}/expire", id(&made)), &json!({})).await;
    for _ in 0..2 {
        assert_eq!(expire().await.json()["data"]["attributes"]["status"], "expired");
    }
    persona.act(id(&made), &Act::Approve).unwrap_err();
    let other = created(persona, "user-43").await;
    persona.act(id(&other), &Act::Approve).unwrap();
    let refused = post(persona, &format!("/inquiries/{}/expire", id(&other)), &json!({})).await;
    assert_error(&refused, 409, "Conflict");
}

#[tokio::test]
async fn a_redaction_takes_the_data_and_leaves_the_status() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let made = created(persona, "user-42").await;
    persona.act(id(&made), &Act::Approve).unwrap();
    let delete = || ask(call(persona, Method::DELETE, &format!("/inquiries/{}", id(&made))));
    let redacted = delete().await;
    assert_eq!((redacted.status, redacted.text.contains("Ada")), (200, false));
    let attributes = redacted.json()["data"]["attributes"].take();
    assert_eq!(
        (&attributes["status"], &attributes["redacted-at"]),
        (&json!("approved"), &json!("2026-01-01T00:00:00.000Z"))
    );
    let again = delete().await;
    assert_error(&again, 409, "Conflict");
    assert!(again.text.contains("Inquiry already redacted"));
}

#[tokio::test]
async fn decisions_and_simulated_actions_move_it() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let made = created(persona, "user-42").await;
    let path = format!("/inquiries/{}", id(&made));
    let actions = json!({ "meta": { "simulate-actions": [
        { "type": "start_inquiry" }, { "type": "create_passed_verification" }, { "type": "complete_inquiry" },
        { "type": "mark_for_review_inquiry" },
    ] } });
    let acted = post(persona, &format!("{path}/perform-simulate-actions"), &actions).await;
    assert_eq!(acted.json()["data"]["attributes"]["status"], "needs_review", "{}", acted.text);
    for (verb, word) in [("approve", "approved"), ("decline", "declined")] {
        let decided = post(persona, &format!("{path}/{verb}"), &json!({})).await.json();
        assert_eq!(decided["data"]["attributes"]["status"], word, "an approval can become a refusal");
    }
    persona.act(id(&made), &Act::Reject { reason: Some(Reason::new("face_mismatch").unwrap()) }).unwrap();
    let with = get(persona, &format!("{path}?include=verifications")).await.json();
    assert_eq!(with["included"][0]["attributes"]["checks"][0]["reasons"][0], "face_mismatch");
}

#[tokio::test]
async fn references_play_their_inquiries() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    for (reference, words) in [
        ("a-approve", &["completed", "approved"][..]),
        ("a-hold-reject", &["completed", "needs_review", "declined"]),
        ("a-resubmit", &["completed", "declined"]),
        ("a-fail", &["created", "failed"]),
        ("a-abandon", &["created", "pending"]),
        ("a-expire", &["expired"]),
        ("a-unknown-word", &["completed", "SIMULATED_NEW_WORD"]),
    ] {
        let made = created(persona, reference).await;
        for word in words {
            assert_eq!(status(persona, id(&made)).await, *word, "{reference}");
        }
    }
    let again = created(persona, "a-resubmit").await;
    sandbox.advance(HOUR);
    assert_eq!(status(persona, id(&again)).await, "approved");
    let refused = post(persona, "/inquiries", &crate::persona::start(persona, "b-503x1")).await;
    assert_eq!(refused.status, 503);
    created(persona, "b-503x1").await;
}
