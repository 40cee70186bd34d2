//! Didit.

use idv_core::{
    EraseRequest, ErasureState, ErrorKind, FindRequest, Redirect, RefreshRequest, Retry,
    VerificationProviderExt,
};
use idv_sandbox::{Act, Didit, Reason};
use serde_json::json;

use super::{ada, event, provider, reasons, received, sandbox, set_header, started};
use crate::support::{Provider, now};

fn adapter(didit: &Didit) -> Provider {
    let options = json!({
        "base_url": didit.base_url(), "api_key": didit.api_key(), "workflow_id": didit.workflow_id(),
        "webhook_secrets": [didit.webhook_secret()],
    });
    provider("didit", options, json!({}))
}

#[tokio::test]
async fn every_path_ends_in_a_slash() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    let session = started(&provider, "user-42").await;
    provider.check_session(&session).await.unwrap();
    provider.find(&FindRequest::new("user-42")).await.unwrap();
    provider.refresh(&RefreshRequest::new(session.clone())).await.unwrap();
    for state in [ErasureState::Done, ErasureState::AlreadyGone] {
        assert_eq!(provider.erase(&EraseRequest::new(session.clone())).await.unwrap().state, state);
    }
    let requests = didit.requests();
    assert_eq!(requests.len(), 6);
    assert!(requests.iter().all(|one| one.path.ends_with('/') && one.status != Some(301)), "{requests:?}");
}

#[tokio::test]
async fn an_approval_is_not_for_ever() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    let session = started(&provider, "user-42").await;
    for (act, status) in [(Act::Approve, "approved"), (Act::Lapse, "expired")] {
        didit.act(session.key(), &act).unwrap();
        let state = provider.check_session(&session).await.unwrap();
        assert_eq!(state.status.as_str(), status);
    }
    let lapsed = provider.check_session(&session).await.unwrap();
    assert_eq!(
        (lapsed.provider_status.as_str(), reasons(&lapsed.reasons)),
        ("Kyc Expired", vec!["document_expired".to_owned()])
    );
}

#[tokio::test]
async fn a_return_url_with_a_blank_is_a_hint_and_no_verdict() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    let session = started(&provider, "user-42").await;
    let submitted = didit.act(session.key(), &Act::Submit).unwrap().redirect_url.unwrap();
    for (url, said) in
        [(submitted.clone(), "In Review"), (submitted.replace("In+Review", "Approved"), "Approved")]
    {
        let back = provider.parse_redirect(&Redirect::new(&session, &url)).unwrap();
        assert_eq!((back.provider_status.as_str(), back.status().as_str()), (said, "in_review"));
    }
}

#[tokio::test]
async fn an_account_without_credits_is_refused_for_good() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    didit.fund(false);
    let error = provider.start(&ada("user-42")).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Forbidden, Retry::Never));
    assert!(error.to_string().contains("credits"), "{error}");
}

#[tokio::test]
async fn a_fresh_header_makes_an_old_webhook_no_younger() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    let session = started(&provider, "user-42").await;
    didit.act(session.key(), &Act::Approve).unwrap();
    let fresh = didit.event(session.key(), "status.updated").unwrap();
    assert_eq!(event(&provider, &fresh).0.as_deref(), Some("approved"));
    let body = String::from_utf8(fresh.body.clone()).unwrap();
    let old = body.replace(&now().unix_seconds().to_string(), &(now().unix_seconds() - 301).to_string());
    let mut replayed = didit.sign(old.as_bytes());
    set_header(&mut replayed, "x-timestamp", &now().unix_seconds().to_string());
    let refused = received(&provider, &replayed).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::WebhookRejected);
}

#[tokio::test]
async fn changed_data_with_a_status_are_no_change_of_the_status() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    let session = started(&provider, "user-42").await;
    didit.act(session.key(), &Act::Approve).unwrap();
    let changed = event(&provider, &didit.event(session.key(), "data.updated").unwrap());
    assert_eq!(changed, (None, "check".to_owned(), Some(session.key().to_owned())));
}

#[tokio::test]
async fn reasons_are_read_in_answers_and_webhooks_and_the_words_of_parts_are_not() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    let session = started(&provider, "user-42").await;
    didit.act(session.key(), &Act::Reject { reason: Some(Reason::new("face_mismatch").unwrap()) }).unwrap();
    let state = provider.check_session(&session).await.unwrap();
    assert_eq!(
        (state.status.as_str(), reasons(&state.reasons)),
        ("rejected", vec!["face_mismatch (LOW_FACE_MATCH_SIMILARITY)".to_owned()])
    );
    let read = received(&provider, &didit.event(session.key(), "status.updated").unwrap()).unwrap();
    let idv_core::WebhookOutcome::Event(event) = read else { panic!("{read:?}") };
    assert_eq!(event.reasons(), state.reasons);
}

#[tokio::test]
async fn every_session_of_a_reference_is_found_over_several_pages() {
    let sandbox = sandbox().await;
    let didit = sandbox.didit();
    let provider = adapter(didit);
    let mut made = Vec::new();
    for _ in 0..45 {
        made.push(started(&provider, "user-42").await);
    }
    made.reverse();
    didit.clear_requests();
    let found = provider.find(&FindRequest::new("user-42")).await.unwrap();
    assert_eq!(found.into_iter().map(|one| one.reference).collect::<Vec<_>>(), made);
    assert!(didit.requests().len() > 1, "one page does not hold them");
}
