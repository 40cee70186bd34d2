//! Plaid Identity Verification.

use idv_core::{Assurance, ErrorKind, FindRequest, VerificationProviderExt, WebhookOutcome};
use idv_sandbox::{Act, Plaid};
use serde_json::{Value, json};

use super::{ada, provider, received, sandbox, started};
use crate::support::Provider;

fn adapter(plaid: &Plaid, more: Value) -> Provider {
    let options = json!({
        "base_url": plaid.base_url(), "api_key": plaid.secret(), "secrets": { "client_id": plaid.client_id() },
        "workflow_id": plaid.template_id(),
    });
    provider("plaid", options, more)
}

#[tokio::test]
async fn a_repeated_start_gives_the_same_session_until_it_has_ended() {
    let sandbox = sandbox().await;
    let plaid = sandbox.plaid();
    let provider = adapter(plaid, json!({}));
    let session = started(&provider, "user-42").await;
    assert_eq!(started(&provider, "user-42").await, session);
    plaid.act(session.key(), &Act::Reject { reason: None }).unwrap();
    let over = provider.start(&ada("user-42")).await.unwrap_err();
    assert_eq!(over.kind(), ErrorKind::Conflict, "a session that has failed opens nothing");
    assert_eq!(plaid.sessions().len(), 1);
}

#[tokio::test]
async fn a_session_is_found_by_user_and_template() {
    let sandbox = sandbox().await;
    let plaid = sandbox.plaid();
    let provider = adapter(plaid, json!({}));
    let session = started(&provider, "user-42").await;
    let elsewhere = adapter(plaid, json!({ "workflow_id": "idvtmp_other" }));
    started(&elsewhere, "user-42").await;
    let found = provider.find(&FindRequest::new("user-42")).await.unwrap();
    assert_eq!(found.into_iter().map(|one| one.reference).collect::<Vec<_>>(), [session]);
}

#[tokio::test]
async fn a_webhook_is_a_notice_whatever_it_carries() {
    let sandbox = sandbox().await;
    let plaid = sandbox.plaid();
    let provider = adapter(plaid, json!({}));
    let session = started(&provider, "user-42").await;
    plaid.act(session.key(), &Act::Approve).unwrap();
    let read = received(&provider, &plaid.event(session.key(), "STATUS_UPDATED").unwrap()).unwrap();
    let WebhookOutcome::Event(event) = read else { panic!("{read:?}") };
    assert_eq!((event.assurance(), event.status()), (Assurance::Unsigned, None));
    assert_eq!((event.reference.as_ref(), event.next_action.as_str()), (Some(&session), "check"));
    assert_eq!(provider.check_session(&session).await.unwrap().status.as_str(), "approved");
}

#[tokio::test]
async fn a_wrong_key_is_told_by_the_code_of_a_400() {
    let sandbox = sandbox().await;
    let plaid = sandbox.plaid();
    for wrong in [json!({ "api_key": "wrong" }), json!({ "secrets": { "client_id": "wrong" } })] {
        let error = adapter(plaid, wrong).start(&ada("user-42")).await.unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::Unauthenticated, Some(400)));
    }
}
