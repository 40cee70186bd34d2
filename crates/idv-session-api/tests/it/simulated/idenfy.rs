//! iDenfy.

use idv_core::{EraseRequest, ErasureState, ErrorKind, Retry, VerificationProviderExt};
use idv_sandbox::{Act, Idenfy};
use serde_json::{Value, json};

use super::{ada, event, provider, reasons, sandbox, started};
use crate::support::Provider;

fn adapter(idenfy: &Idenfy, more: Value) -> Provider {
    let options = json!({
        "base_url": idenfy.base_url(), "api_key": idenfy.api_secret(), "secrets": { "api_key": idenfy.api_key() },
        "webhook_secrets": [idenfy.webhook_secret()],
    });
    provider("idenfy", options, more)
}

#[tokio::test]
async fn an_interim_approval_is_none() {
    let sandbox = sandbox().await;
    let idenfy = sandbox.idenfy();
    let provider = adapter(idenfy, json!({}));
    let session = started(&provider, "user-42").await;
    idenfy.act(session.key(), &Act::Submit).unwrap();
    for (overall, is_final, status) in [
        ("APPROVED", false, "in_review"),
        ("DENIED", false, "in_review"),
        ("APPROVED", true, "approved"),
        ("DENIED", true, "rejected"),
        ("SUSPECTED", true, "on_hold"),
    ] {
        let told = event(&provider, &idenfy.event(session.key(), overall, is_final).unwrap());
        assert_eq!(told.0.as_deref(), Some(status), "{overall} {is_final}");
    }
}

#[tokio::test]
async fn a_suspicion_is_the_application_s_to_decide() {
    let sandbox = sandbox().await;
    let idenfy = sandbox.idenfy();
    let provider = adapter(idenfy, json!({}));
    let session = started(&provider, "user-42").await;
    idenfy.act(session.key(), &Act::Hold).unwrap();
    let held = provider.check_session(&session).await.unwrap();
    assert_eq!((held.status.as_str(), held.next_action.as_str()), ("on_hold", "wait"));
    assert_eq!(reasons(&held.reasons), ["fraud_suspected (FACE_SUSPECTED)"]);
}

#[tokio::test]
async fn the_kind_of_an_error_is_in_its_identifier() {
    let sandbox = sandbox().await;
    let idenfy = sandbox.idenfy();
    let stranger = adapter(idenfy, json!({ "api_key": "wrong" }));
    let error = stranger.start(&ada("user-42")).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Unauthenticated, Some(400)));
    let provider = adapter(idenfy, json!({}));
    let digits = provider.start(&ada("user-42").first_name("Ada 2")).await.unwrap_err();
    assert_eq!((digits.kind(), digits.retry()), (ErrorKind::InvalidRequest, Retry::Never));
    assert!(idenfy.sessions().is_empty());
}

#[tokio::test]
async fn a_page_that_is_not_told_follows_from_the_token() {
    let sandbox = sandbox().await;
    let idenfy = sandbox.idenfy();
    idenfy.tell_redirect_url(false);
    let session = adapter(idenfy, json!({})).start(&ada("user-42")).await.unwrap();
    let link = session.handoff.url().unwrap().expose().to_owned();
    let page = idenfy.verification(session.reference.key()).unwrap().open_pages.remove(0);
    let target = |url: &str| url.split_once("/api/").unwrap().1.to_owned();
    assert_eq!(target(&link), target(&page));
    assert!(link.starts_with("https://ivs.idenfy.com/"), "the host is the vendor's, whatever the base URL");
}

#[tokio::test]
async fn what_is_alive_cannot_be_erased() {
    let sandbox = sandbox().await;
    let idenfy = sandbox.idenfy();
    let provider = adapter(idenfy, json!({}));
    let session = started(&provider, "user-42").await;
    let alive = provider.erase(&EraseRequest::new(session.clone())).await.unwrap_err();
    assert_eq!((alive.kind(), alive.http_status()), (ErrorKind::InvalidRequest, Some(400)));
    idenfy.act(session.key(), &Act::Expire).unwrap();
    let erasure = provider.erase(&EraseRequest::new(session.clone())).await.unwrap();
    assert_eq!(erasure.state, ErasureState::Done);
    assert_eq!(provider.check_session(&session).await.unwrap().provider_status.as_str(), "EXPIRED-DELETED");
}
