//! Persona.

use idv_core::{
    CancelRequest, EraseRequest, ErasureState, ErrorKind, FindRequest, NextAction, RefreshRequest, Retry,
    VerificationProviderExt,
};
use idv_sandbox::{Act, Persona, PersonaInflection};
use serde_json::{Value, json};

use super::{ada, event, provider, sandbox, started};
use crate::support::Provider;

fn adapter(persona: &Persona, more: Value) -> Provider {
    let options = json!({
        "base_url": persona.api_url(), "api_key": persona.api_key(), "workflow_id": persona.template_id(),
        "webhook_secrets": [persona.webhook_secret()],
    });
    provider("persona", options, more)
}

#[tokio::test]
async fn completed_is_no_yes_unless_the_configuration_says_so() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let session = started(&adapter(persona, json!({})), "user-42").await;
    persona.act(session.key(), &Act::Submit).unwrap();
    let cautious = adapter(persona, json!({})).check_session(&session).await.unwrap();
    assert_eq!((cautious.status.as_str(), cautious.next_action.as_str()), ("in_review", "wait"));
    let trusting = adapter(persona, json!({ "status_words": { "completed": "approved" } }));
    assert_eq!(trusting.check_session(&session).await.unwrap().status.as_str(), "approved");
}

#[tokio::test]
async fn a_stored_failure_is_not_repeated_under_its_key() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let provider = adapter(persona, json!({}));
    persona.break_next_starts(1);
    let request = ada("user-42").idempotency_key("key-1");
    let error = provider.start(&request).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Unavailable, Retry::AfterCheck));
    let stored = provider.start(&request).await.unwrap_err();
    assert_eq!(stored.http_status(), Some(500), "the key gives the failure for ever");
    assert!(provider.find(&FindRequest::new("user-42")).await.unwrap().is_empty(), "so the caller looks");
    provider.start(&ada("user-42").idempotency_key("key-2")).await.unwrap();
    assert_eq!(persona.inquiries().len(), 1);
}

#[tokio::test]
async fn an_expired_inquiry_goes_on_under_a_fresh_link() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let provider = adapter(persona, json!({}));
    let session = started(&provider, "user-42").await;
    persona.act(session.key(), &Act::Expire).unwrap();
    let expired = provider.check_session(&session).await.unwrap();
    assert_eq!((expired.status.as_str(), expired.next_action), ("expired", NextAction::ResumeSession));
    let fresh = provider.refresh(&RefreshRequest::new(session.clone())).await.unwrap();
    let pages = persona.verification(session.key()).unwrap().open_pages;
    assert!(pages.contains(&fresh.handoff.url().unwrap().expose().to_owned()), "the link opens");
    assert_eq!((fresh.reference, persona.inquiries().len()), (session.clone(), 1), "the same inquiry");
    persona.act(session.key(), &Act::Submit).unwrap();
    assert_eq!(provider.check_session(&session).await.unwrap().status.as_str(), "in_review");
}

#[tokio::test]
async fn every_session_of_a_reference_is_found_over_several_pages() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let provider = adapter(persona, json!({}));
    let mut made = Vec::new();
    for _ in 0..25 {
        made.push(started(&provider, "user-42").await);
        started(&provider, "user-43").await;
    }
    made.reverse();
    persona.clear_requests();
    let found = provider.find(&FindRequest::new("user-42")).await.unwrap();
    assert_eq!(found.into_iter().map(|one| one.reference).collect::<Vec<_>>(), made);
    assert!(persona.requests().len() > 1, "one page does not hold them");
}

#[tokio::test]
async fn no_read_brings_personal_data() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let provider = adapter(persona, json!({}));
    let session = started(&provider, "user-42").await;
    provider.check_session(&session).await.unwrap();
    provider.find(&FindRequest::new("user-42")).await.unwrap();
    let queries: Vec<String> = persona.requests().into_iter().filter_map(|one| one.query).collect();
    assert_eq!(queries.len(), 3);
    assert!(queries.iter().all(|query| query.contains("fields%5Binquiry%5D=status")), "{queries:?}");
}

#[tokio::test]
async fn a_withdrawal_expires_and_an_erasure_is_under_way() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let provider = adapter(persona, json!({}));
    let session = started(&provider, "user-42").await;
    let withdrawn = provider.cancel(&CancelRequest::new(session.clone())).await.unwrap();
    assert_eq!((withdrawn.status.as_str(), withdrawn.provider_status.as_str()), ("cancelled", "expired"));
    for state in [ErasureState::Accepted, ErasureState::AlreadyGone] {
        let erasure = provider.erase(&EraseRequest::new(session.clone())).await.unwrap();
        assert_eq!(erasure.state, state);
    }
}

#[tokio::test]
async fn a_webhook_may_lack_its_status_and_be_spelled_otherwise() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let provider = adapter(persona, json!({}));
    let session = started(&provider, "user-42").await;
    persona.act(session.key(), &Act::Approve).unwrap();
    let key = Some(session.key().to_owned());
    let approved =
        |status: Option<&str>, action: &str| (status.map(str::to_owned), action.to_owned(), key.clone());
    let webhook = || persona.event(session.key(), "inquiry.approved").unwrap();
    for inflection in [PersonaInflection::Kebab, PersonaInflection::Snake, PersonaInflection::Camel] {
        persona.set_webhook_inflection(inflection);
        assert_eq!(event(&provider, &webhook()), approved(Some("approved"), "none"));
    }
    persona.block_webhook_attributes(&["status", "reference-id"]);
    assert_eq!(event(&provider, &webhook()), approved(None, "check"));
}

/// The object in an event is a snapshot, which can be older or younger than the event.
#[tokio::test]
async fn a_snapshot_that_contradicts_the_event_is_a_notice() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let provider = adapter(persona, json!({}));
    let session = started(&provider, "user-42").await;
    let early = persona.event(session.key(), "inquiry.approved").unwrap();
    assert_eq!(event(&provider, &early).0, None);
}

#[tokio::test]
async fn either_secret_alone_is_enough_while_they_rotate() {
    let sandbox = sandbox().await;
    let persona = sandbox.persona();
    let old = adapter(persona, json!({}));
    let session = started(&old, "user-42").await;
    persona.rotate_webhook_secret();
    let new = adapter(persona, json!({}));
    let webhook = persona.event(session.key(), "inquiry.created").unwrap();
    for provider in [&old, &new] {
        assert_eq!(event(provider, &webhook).2.as_deref(), Some(session.key()));
    }
}
