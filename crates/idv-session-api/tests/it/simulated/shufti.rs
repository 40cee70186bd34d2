//! Shufti.

use std::time::Duration;

use idv_core::{EraseRequest, ErrorKind, FindRequest, Retry, VerificationProviderExt};
use idv_sandbox::{Act, CannedAnswer, Fault, FaultKind, Shufti};
use serde_json::{Value, json};

use super::{ada, event, provider, received, sandbox, started};
use crate::support::Provider;

fn adapter(shufti: &Shufti, more: Value) -> Provider {
    let options = json!({
        "base_url": shufti.base_url(), "api_key": shufti.secret_key(), "secrets": { "client_id": shufti.client_id() },
        "webhook_secrets": [shufti.secret_key()],
    });
    provider("shufti", options, more)
}

#[tokio::test]
async fn a_reference_is_used_once_and_a_lost_answer_is_found_under_it() {
    let sandbox = sandbox().await;
    let shufti = sandbox.shufti();
    let provider = adapter(shufti, json!({}));
    shufti.add_fault(Fault::new(FaultKind::LostAnswer).operation("start")).unwrap();
    let lost = provider.start(&ada("case-000042")).await.unwrap_err();
    assert_eq!(lost.retry(), Retry::AfterCheck);
    let found = provider.find(&FindRequest::new("case-000042")).await.unwrap();
    assert_eq!((found.len(), found[0].reference.key()), (1, "case-000042"));
    let again = provider.start(&ada("case-000042")).await.unwrap_err();
    assert_eq!((again.kind(), again.retry()), (ErrorKind::Conflict, Retry::Never));
    assert!(provider.find(&FindRequest::new("case-000043")).await.unwrap().is_empty());
}

#[tokio::test]
async fn errors_are_about_the_request_whatever_their_status() {
    let sandbox = sandbox().await;
    let shufti = sandbox.shufti();
    let provider = adapter(shufti, json!({}));
    let said = |status| CannedAnswer::shufti_error(status, "request.invalid", "The country is invalid.");
    for status in [200, 400, 402] {
        shufti.answer_next(said(status));
        let error = provider.start(&ada("case-000042")).await.unwrap_err();
        assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidRequest, Retry::Never), "{status}");
    }
    let short = provider.start(&ada("case")).await.unwrap_err();
    assert_eq!(short.kind(), ErrorKind::InvalidRequest);
    let stranger = adapter(shufti, json!({ "api_key": "wrong" }));
    assert_eq!(stranger.start(&ada("case-000042")).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
    assert!(shufti.sessions().is_empty());
}

#[tokio::test]
async fn the_time_is_sent_in_minutes() {
    let sandbox = sandbox().await;
    let shufti = sandbox.shufti();
    let provider = adapter(shufti, json!({}));
    let session = provider.start(&ada("case-000042")).await.unwrap();
    let lives = session.expires_at.unwrap().at.unix_seconds() - crate::support::now().unix_seconds();
    sandbox.advance(Duration::from_secs(u64::try_from(lives).unwrap() - 1));
    let status = async || provider.check_session(&session.reference).await.unwrap().status.to_string();
    assert_eq!(status().await, "in_progress");
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(status().await, "expired");
}

#[tokio::test]
async fn the_digest_is_that_of_the_account_s_age() {
    let sandbox = sandbox().await;
    let shufti = sandbox.shufti();
    let young = adapter(shufti, json!({}));
    let old = adapter(shufti, json!({ "webhook": { "secret": "plain" } }));
    let session = started(&young, "case-000042").await;
    shufti.act(session.key(), &Act::Approve).unwrap();
    for (is_old, right, wrong) in [(false, &young, &old), (true, &old, &young)] {
        shufti.use_old_signature(is_old);
        let webhook = shufti.event(session.key(), "verification.accepted").unwrap();
        assert_eq!(event(right, &webhook).0.as_deref(), Some("approved"));
        assert_eq!(received(wrong, &webhook).unwrap_err().kind(), ErrorKind::WebhookRejected);
    }
}

#[tokio::test]
async fn a_verdict_that_changes_later_is_read_again() {
    let sandbox = sandbox().await;
    let shufti = sandbox.shufti();
    let provider = adapter(shufti, json!({}));
    let session = started(&provider, "case-000042").await;
    for act in [Act::Approve, Act::Reject { reason: None }] {
        shufti.act(session.key(), &act).unwrap();
    }
    let told = event(&provider, &shufti.event(session.key(), "verification.status.changed").unwrap());
    assert_eq!((told.0, told.1.as_str()), (None, "check"));
    assert_eq!(provider.check_session(&session).await.unwrap().status.as_str(), "rejected");
}

#[tokio::test]
async fn an_erasure_gives_the_comment_that_is_asked_for() {
    let sandbox = sandbox().await;
    let shufti = sandbox.shufti();
    let provider = adapter(shufti, json!({}));
    let session = started(&provider, "case-000042").await;
    provider.erase(&EraseRequest::new(session.clone())).await.unwrap();
    assert_eq!(shufti.status(session.key()).as_deref(), Some("request.deleted"));
}
