//! Whole stories against the simulated Baanx, whose author wrote it from the documentation alone.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};
use idv_core::{
    CheckRequest, CredentialOwner, ErrorKind, NextAction, RefreshRequest, StartRequest, VerificationProvider,
    VerificationStatus as Status, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{Region, Sandbox, SignedWebhook};
use serde_json::json;

use crate::support::{Flow, NOW, now};

async fn frozen() -> Sandbox {
    let instant = UNIX_EPOCH + Duration::from_secs(u64::try_from(NOW).unwrap());
    Sandbox::builder().seed(7).frozen_at(instant).start().await.unwrap()
}

fn provider(flow: Flow, sandbox: &Sandbox, region: &str) -> Arc<dyn VerificationProvider> {
    let baanx = sandbox.baanx();
    let mut options = json!({
        "base_url": baanx.base_url(), "client_key": baanx.client_key(), "region": region,
        "webhook_secrets": [baanx.webhook_key()],
    });
    if flow == Flow::Registration {
        options["successor"] = json!("cards");
    }
    flow.build(&options).unwrap()
}

fn receive(provider: &dyn VerificationProvider, webhook: &SignedWebhook) -> WebhookEvent {
    let headers: HeaderMap = webhook
        .headers
        .iter()
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap()))
        .collect();
    match provider.verify_webhook(&WebhookRequest::new(&headers, &webhook.body, now())).unwrap() {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_registered_user_is_verified() {
    for (region, name) in [(Region::International, "international"), (Region::Us, "us")] {
        let sandbox = frozen().await;
        let baanx = sandbox.baanx();
        let user = baanx.add_user_in(region, "Ada", "Example");
        let provider = provider(Flow::User, &sandbox, name);
        let token = user.token.as_str();
        let session = provider.start(&StartRequest::new("case-7").user_token(token)).await.unwrap();
        assert!(session.url().unwrap().expose().starts_with(baanx.base_url()));
        let ask =
            CheckRequest::new(session.reference.clone()).user_token(token).expect("user_id", &user.user_id);
        let opened = provider.check(&ask).await.unwrap();
        assert_eq!((opened.status, opened.next_action), (Status::NotStarted, NextAction::ContinueSession));
        baanx.abandon(&user.user_id).unwrap();
        provider.refresh(&RefreshRequest::new(session.reference).user_token(token)).await.unwrap();
        for (word, status) in
            [("PENDING", Status::InReview), ("VERIFIED", Status::Approved), ("LAPSED", Status::Unrecognized)]
        {
            baanx.set_state(&user.user_id, word).unwrap();
            assert_eq!(provider.check(&ask).await.unwrap().status, status);
        }
        let requests = baanx.requests();
        let targets: Vec<_> =
            requests.iter().map(|sent| (sent.method.as_str(), sent.path.as_str())).collect();
        let (mint, read) = (("GET", "/v1/user/verification"), ("GET", "/v1/user"));
        assert_eq!(targets, [mint, read, mint, read, read, read]);
        for sent in requests {
            assert_eq!(sent.header("authorization"), Some(format!("Bearer {token}").as_str()));
            assert_eq!(sent.header("x-us-env"), (region == Region::Us).then_some("true"));
            assert!(sent.body.is_empty() && sent.query.is_none());
        }
    }
}

#[tokio::test]
async fn a_registration_is_rejected_and_retried_as_a_user() {
    for (region, name) in [(Region::International, "international"), (Region::Us, "us")] {
        let sandbox = frozen().await;
        let baanx = sandbox.baanx();
        let onboarding = baanx.add_onboarding_in(region);
        let signup = provider(Flow::Registration, &sandbox, name);
        let request = StartRequest::new("case-7").onboarding_id(onboarding.as_str()).user_token("stale");
        let session = signup.start(&request).await.unwrap();
        let ask = CheckRequest::new(session.reference.clone()).onboarding_id(onboarding.as_str());
        assert_eq!(signup.check(&ask).await.unwrap().status, Status::NotStarted);
        baanx.submit(&onboarding).unwrap();
        assert_eq!(signup.check(&ask).await.unwrap().status, Status::InReview);
        baanx.set_state(&onboarding, "REJECTED").unwrap();
        let rejected = signup.check(&ask).await.unwrap();
        let via = Some("cards".parse().unwrap());
        assert_eq!(rejected.next_action, NextAction::RetryWithNewSession { cooldown: None, via });
        let user_id = rejected.correlation.get("user_id").unwrap().to_owned();
        assert_eq!(Some(&user_id), baanx.onboarding_user(&onboarding).as_ref());
        let user = baanx.complete_registration(&onboarding, "Ada", "Example").unwrap();
        assert_eq!(signup.check(&ask).await.unwrap_err().kind(), ErrorKind::NotFound);
        let cards = provider(Flow::User, &sandbox, name);
        let token = user.token.as_str();
        let again = cards.start(&StartRequest::new("case-7").user_token(token)).await.unwrap();
        baanx.submit(&user_id).unwrap();
        baanx.set_state(&user_id, "VERIFIED").unwrap();
        let ask = CheckRequest::new(again.reference).user_token(token).expect("user_id", &user_id);
        assert_eq!(cards.check(&ask).await.unwrap().status, Status::Approved);
    }
}

#[tokio::test]
async fn an_expired_onboarding_is_refused() {
    let sandbox = frozen().await;
    let onboarding = sandbox.baanx().add_onboarding();
    let signup = provider(Flow::Registration, &sandbox, "international");
    sandbox.advance(Duration::from_secs(3600));
    let reference = Flow::Registration.reference();
    let error =
        signup.check(&CheckRequest::new(reference).onboarding_id(onboarding.as_str())).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::InvalidRequest, Some(400)));
}

#[tokio::test]
async fn credentials_are_refused_to_their_owners() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    let start = StartRequest::new("case-7").user_token(user.token.as_str());
    let cards = provider(Flow::User, &sandbox, "international");
    let stale = StartRequest::new("case-7").user_token("stale");
    assert_eq!(cards.start(&stale).await.unwrap_err().credential(), Some(CredentialOwner::User));
    let stranger = json!({"base_url": baanx.base_url(), "client_key": "stranger"});
    let refused = Flow::User.build(&stranger).unwrap().start(&start).await.unwrap_err();
    assert_eq!(
        (refused.credential(), refused.http_status()),
        (Some(CredentialOwner::Application), Some(498))
    );
    let other = json!({"base_url": baanx.base_url(), "client_key": baanx.add_client_key()});
    let forbidden = Flow::User.build(&other).unwrap().start(&start).await.unwrap_err();
    assert_eq!(forbidden.kind(), ErrorKind::Forbidden);
    baanx.suspend(&user.user_id).unwrap();
    assert_eq!(cards.start(&start).await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn the_quota_says_how_long_to_wait() {
    let sandbox = frozen().await;
    let user = sandbox.baanx().add_user("Ada", "Example");
    let cards = provider(Flow::User, &sandbox, "international");
    let start = StartRequest::new("case-7").user_token(user.token.as_str());
    for _ in 0..3 {
        cards.start(&start).await.unwrap();
    }
    let limited = cards.start(&start).await.unwrap_err();
    assert_eq!(limited.kind(), ErrorKind::RateLimited);
    assert_eq!(limited.retry_after(), Some(Duration::from_secs(24 * 3600)));
    assert_eq!(limited.code().unwrap(), &"3_concurrent");
}

#[tokio::test]
async fn the_token_decides_whose_state_comes_back() {
    let sandbox = frozen().await;
    let ada = sandbox.baanx().add_user("Ada", "Example");
    let bob = sandbox.baanx().add_user("Bob", "Example");
    sandbox.baanx().set_state(&bob.user_id, "VERIFIED").unwrap();
    let cards = provider(Flow::User, &sandbox, "international");
    let ask = CheckRequest::new(Flow::User.reference()).user_token(bob.token).expect("user_id", &ada.user_id);
    assert_eq!(cards.check(&ask).await.unwrap_err().kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn webhooks_of_both_shapes_reach_both_kinds() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Example");
    baanx.set_external_id(&user.user_id, "mine-1").unwrap();
    for flow in Flow::BOTH {
        let provider = provider(flow, &sandbox, "international");
        let failed = receive(&*provider, &baanx.webhook_guide(&user.user_id, "failed", Some("511")));
        assert_eq!(failed.status(), Some(Status::Rejected));
        assert_eq!(failed.reasons()[0].reason.as_str(), "document_expired");
        assert_eq!(failed.correlation.get("user_external_id"), Some("mine-1"));
        assert!(matches!(failed.next_action, NextAction::RetryWithNewSession { .. }));
        let verified = receive(&*provider, &baanx.webhook_legacy(&user.user_id, "VERIFIED"));
        assert_eq!(verified.status(), Some(Status::Approved));
        assert_eq!(verified.correlation.get("user_id"), Some(user.user_id.as_str()));
        assert_eq!(verified.occurred_at, Some(now()));
    }
}
