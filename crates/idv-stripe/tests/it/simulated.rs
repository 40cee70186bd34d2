//! The adapter at the simulated Stripe, which is written from the vendor's pages and shares no code with it.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName};
use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    CancelRequest, CheckRequest, EraseRequest, ErasureState, ErrorKind, FindRequest, OptionValue, Pii,
    ProviderFactory, ProviderOptions, RefreshRequest, SessionRef, StartRequest, Timestamp,
    VerificationProvider, VerificationReason as Reason, VerificationStatus as Status, WebhookEvent,
    WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{Act, Sandbox, SignedWebhook, Stripe};
use serde_json::{Value, json};

use crate::support::NOW;

struct World {
    sandbox: Sandbox,
    provider: Arc<dyn VerificationProvider>,
}

impl World {
    async fn new(more: Value) -> Self {
        let instant = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
        let sandbox = Sandbox::builder().seed(7).frozen_at(instant).start().await.unwrap();
        let provider = Self::provider(sandbox.stripe(), more);
        Self { sandbox, provider }
    }

    fn provider(stripe: &Stripe, more: Value) -> Arc<dyn VerificationProvider> {
        let mut options = json!({
            "base_url": stripe.base_url(), "secret_key": stripe.secret_key(), "webhook_secrets": [stripe.webhook_secret()],
        });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let table: OptionValue = serde_json::from_value(options).unwrap();
        let options = ProviderOptions::new("providers.stripe", None, table);
        let context = testing::context(Timestamp::from_unix_seconds(NOW), StaticSecrets::default());
        idv_stripe::StripeFactory.build(&"stripe".parse().unwrap(), &options, &context).unwrap().provider
    }

    fn stripe(&self) -> &Stripe {
        self.sandbox.stripe()
    }

    async fn started(&self, reference: &str) -> SessionRef {
        self.provider.start(&StartRequest::new(reference)).await.unwrap().reference
    }

    async fn state(&self, session: &SessionRef) -> (Status, Vec<Reason>) {
        let found = self.provider.check(&CheckRequest::new(session.clone())).await.unwrap();
        (found.status, found.reasons.iter().map(|reported| reported.reason).collect())
    }

    fn event(&self, webhook: &SignedWebhook) -> WebhookEvent {
        let name = |name: &str| HeaderName::try_from(name).unwrap();
        let headers: HeaderMap =
            webhook.headers.iter().map(|(key, value)| (name(key), value.parse().unwrap())).collect();
        let now = Timestamp::from(self.sandbox.clock().now());
        match self.provider.verify_webhook(&WebhookRequest::new(&headers, &webhook.body, now)).unwrap() {
            WebhookOutcome::Event(event) => *event,
            other => panic!("{other:?}"),
        }
    }

    fn act(&self, session: &SessionRef, act: &Act) {
        self.stripe().act(session.key(), act).unwrap();
    }
}

fn failed(reason: &str) -> Act {
    Act::Fail { reason: idv_sandbox::Reason::new(reason).unwrap() }
}

#[tokio::test]
async fn a_verification_is_read_at_each_of_its_states() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7").await;
    let none = Vec::new();
    assert_eq!(world.state(&session).await, (Status::InProgress, none.clone()));
    world.act(&session, &Act::Leave);
    assert_eq!(world.state(&session).await, (Status::Abandoned, vec![Reason::ApplicantCancelled]));
    world.act(&session, &failed("face_mismatch"));
    assert_eq!(world.state(&session).await, (Status::ResubmissionRequired, vec![Reason::FaceMismatch]));
    world.act(&session, &Act::Submit);
    assert_eq!(world.state(&session).await, (Status::InReview, none.clone()));
    let event = world.event(&world.stripe().event(session.key()).unwrap());
    assert_eq!((event.status(), event.reference.clone()), (Some(Status::InReview), Some(session.clone())));
    world.act(&session, &Act::Approve);
    assert_eq!(world.state(&session).await, (Status::Approved, none));
    let thin = world.event(&world.stripe().thin_event(session.key()).unwrap());
    assert_eq!((thin.status(), thin.reference.clone()), (None, Some(session)));
}

/// A key stands for one intended start: under it the same link comes again, which may be dead by then. A read gives another one.
#[tokio::test]
async fn a_key_gives_the_old_link_again_and_a_refresh_a_fresh_one() {
    let world = World::new(json!({})).await;
    let start = StartRequest::new("case-7").idempotency_key("case-7.1");
    let first = world.provider.start(&start).await.unwrap();
    let again = world.provider.start(&start).await.unwrap();
    assert_eq!((&again.reference, again.expires_at), (&first.reference, None));
    assert_eq!(again.url().unwrap().expose(), first.url().unwrap().expose());
    assert!(first.expires_at.is_some());
    let refreshed = world.provider.refresh(&RefreshRequest::new(first.reference.clone())).await.unwrap();
    assert_ne!(refreshed.url().unwrap().expose(), first.url().unwrap().expose());
    let other =
        world.provider.start(&StartRequest::new("case-8").idempotency_key("case-7.1")).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Conflict);
    world.provider.start(&StartRequest::new("case-7").idempotency_key("case-7.2")).await.unwrap();
    assert_eq!(world.stripe().sessions().len(), 2);
}

#[tokio::test]
async fn a_session_is_found_cancelled_and_erased() {
    let world = World::new(json!({})).await;
    let session = world.started("user 7&x").await;
    world.started("another").await;
    let found = world.provider.find(&FindRequest::new("user 7&x")).await.unwrap();
    assert_eq!(found.iter().map(|found| &found.reference).collect::<Vec<_>>(), [&session]);
    world.act(&session, &failed("document_expired"));
    for (reasons, _) in [(vec![Reason::DocumentExpired], 1), (Vec::new(), 2)] {
        let cancelled = world.provider.cancel(&CancelRequest::new(session.clone())).await.unwrap();
        let told: Vec<_> = cancelled.reasons.iter().map(|reported| reported.reason).collect();
        assert_eq!((cancelled.status, told), (Status::Cancelled, reasons));
    }
    let erase = async || world.provider.erase(&EraseRequest::new(session.clone())).await.unwrap().state;
    assert_eq!((erase().await, erase().await), (ErasureState::Accepted, ErasureState::Accepted));
    world.sandbox.advance(Duration::from_secs(4 * 86_400));
    assert_eq!(erase().await, ErasureState::Done);
}

#[tokio::test]
async fn a_verified_session_is_not_cancelled_and_its_identity_goes_with_its_data() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7-approve").await;
    for _ in 0..2 {
        world.state(&session).await;
    }
    let error = world.provider.cancel(&CancelRequest::new(session.clone())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let asked = CheckRequest::new(session.clone()).with_identity();
    let usual = world.provider.check(&asked).await.unwrap();
    let identity = usual.identity().unwrap();
    assert_eq!(identity.last_name.as_ref().map(Pii::expose), Some("Simulated"));
    assert!(identity.date_of_birth.is_none() && identity.document.as_ref().unwrap().number.is_none());
    let restricted = json!({"secret_key": world.stripe().restricted_key(), "sensitive_results": true});
    let restricted = World::provider(world.stripe(), restricted);
    let all = restricted.check(&asked).await.unwrap();
    let identity = all.identity().unwrap();
    assert_eq!(identity.date_of_birth.as_ref().map(Pii::expose), Some("1990-01-02"));
    assert!(identity.document.as_ref().unwrap().number.is_some());
    world.provider.erase(&EraseRequest::new(session)).await.unwrap();
    assert_eq!(restricted.check(&asked).await.unwrap().identity(), None);
}

#[tokio::test]
async fn a_key_that_may_not_is_told_from_a_key_that_is_unknown() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7").await;
    let check = CheckRequest::new(session).with_identity();
    let with = |more: Value| World::provider(world.stripe(), more);
    let sensitive = with(json!({"sensitive_results": true})).check(&check).await.unwrap_err();
    world.stripe().permit(false);
    let restricted =
        with(json!({"secret_key": world.stripe().restricted_key()})).check(&check).await.unwrap_err();
    for error in [sensitive, restricted] {
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert!(error.to_string().contains("restricted key") && error.request_id().is_some(), "{error}");
    }
    let unknown =
        with(json!({"secret_key": "sk_test_of_somebody_else_0001"})).check(&check).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn events_are_authentic_under_both_secrets_during_a_rotation() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7").await;
    let old = world.stripe().webhook_secret();
    let new = world.stripe().rotate_webhook_secret();
    let webhook = world.stripe().event(session.key()).unwrap();
    assert_eq!(webhook.header("stripe-signature").unwrap().matches("v1=").count(), 2);
    for secret in [old, new] {
        let provider = World::provider(world.stripe(), json!({"webhook_secrets": [secret]}));
        let world = World { sandbox: Sandbox::start().await.unwrap(), provider };
        let headers: HeaderMap = webhook
            .headers
            .iter()
            .map(|(name, value)| (HeaderName::try_from(name.as_str()).unwrap(), value.parse().unwrap()))
            .collect();
        let request = WebhookRequest::new(&headers, &webhook.body, Timestamp::from_unix_seconds(NOW));
        assert!(world.provider.verify_webhook(&request).is_ok());
    }
}
