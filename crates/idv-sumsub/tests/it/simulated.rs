//! The adapter at the simulated Sumsub, which is written from the vendor's pages and shares no code with it.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName};
use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    CancelRequest, CheckRequest, FindRequest, Input, OptionValue, Pii, ProviderFactory, ProviderOptions,
    RefreshRequest, SessionRef, StartRequest, Timestamp, VerificationProvider, VerificationStatus as Status,
    WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{Act, Reason, Sandbox, Sumsub, SumsubDigest, Vendor};
use serde_json::{Value, json};

use crate::support::NOW;

struct World {
    sandbox: Sandbox,
    provider: Arc<dyn VerificationProvider>,
}

impl World {
    async fn new(more: Value) -> Self {
        let instant = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
        let builder = Sandbox::builder().seed(7).frozen_at(instant).with(Vendor::SUMSUB);
        let sandbox = builder.start().await.unwrap();
        let sumsub = sandbox.sumsub().unwrap();
        let mut options = json!({
            "base_url": sumsub.base_url(), "app_token": sumsub.app_token(), "secret_key": sumsub.secret(),
            "level": "sim-kyc", "webhook_secrets": [sumsub.webhook_secret()],
        });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let table: OptionValue = serde_json::from_value(options).unwrap();
        let options = ProviderOptions::new("providers.direct", None, table);
        let context = testing::context(Timestamp::from_unix_seconds(NOW), StaticSecrets::default());
        let built = idv_sumsub::SumsubFactory.build(&"direct".parse().unwrap(), &options, &context).unwrap();
        Self { sandbox, provider: built.provider }
    }

    fn sumsub(&self) -> &Sumsub {
        self.sandbox.sumsub().unwrap()
    }

    async fn started(&self, reference: &str) -> SessionRef {
        self.provider.start(&StartRequest::new(reference)).await.unwrap().reference
    }

    async fn status(&self, session: &SessionRef) -> Status {
        self.provider.check(&CheckRequest::new(session.clone())).await.unwrap().status
    }

    /// The session and the status that the adapter reads from an event.
    fn told(&self, event_type: &str) -> (SessionRef, Option<Status>) {
        let webhook = self.sumsub().webhook("case-7", event_type);
        let headers: HeaderMap = webhook
            .headers
            .iter()
            .map(|(name, value)| (HeaderName::try_from(name.as_str()).unwrap(), value.parse().unwrap()))
            .collect();
        let request = WebhookRequest::new(&headers, &webhook.body, Timestamp::from_unix_seconds(NOW));
        match self.provider.verify_webhook(&request).unwrap() {
            WebhookOutcome::Event(event) => (event.reference.clone().unwrap(), event.status()),
            other => panic!("{event_type}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_verification_is_read_at_each_of_its_states() {
    let world = World::new(json!({})).await;
    let session = world.provider.start(&StartRequest::new("case-7")).await.unwrap();
    assert!(session.url().unwrap().expose().starts_with(world.sumsub().base_url()));
    let session = session.reference;
    let say = |word: &str| Act::Say { word: word.to_owned() };
    let forgery = Act::Reject { reason: Reason::new("forgery").ok() };
    for (act, expected) in [
        (None, Status::InProgress),
        (Some(say("awaitingUser")), Status::InProgress),
        (Some(Act::Submit), Status::InReview),
        (Some(say("prechecked")), Status::InReview),
        (Some(say("queued")), Status::InReview),
        (Some(say("awaitingService")), Status::InReview),
        (Some(Act::Hold), Status::OnHold),
        (Some(Act::RequireResubmission), Status::ResubmissionRequired),
        (Some(Act::Submit), Status::InReview),
        (Some(Act::Approve), Status::Approved),
        (Some(forgery), Status::Rejected),
        (Some(Act::Approve), Status::Approved),
        (Some(say("dreaming")), Status::Unrecognized),
    ] {
        if let Some(act) = &act {
            world.sumsub().act("case-7", act).unwrap();
        }
        assert_eq!(world.status(&session).await, expected, "{act:?}");
    }
}

#[tokio::test]
async fn a_start_that_is_repeated_finds_the_same_applicant() {
    let world = World::new(json!({})).await;
    let first = world.started("user 7/é+&").await;
    assert_eq!(world.started("user 7/é+&").await, first);
    assert_eq!(world.sumsub().applicants().len(), 1);
    assert_eq!(world.status(&first).await, Status::InProgress);
}

#[tokio::test]
async fn what_is_stated_of_a_person_is_kept_and_read_back_once_it_is_approved() {
    let world = World::new(json!({})).await;
    let request = StartRequest::new("case-7")
        .first_name("Ada")
        .last_name("King")
        .country("gb")
        .date_of_birth("1815-12-10");
    let session = world.provider.start(&request).await.unwrap();
    assert!(session.unused_inputs.is_empty() && session.url().is_some());
    let session = session.reference;
    // As after a lost answer; then with another name, which is not taken.
    assert!(world.provider.start(&request).await.unwrap().unused_inputs.is_empty());
    let other = world.provider.start(&request.clone().last_name("Byron")).await.unwrap();
    assert_eq!((other.reference, other.unused_inputs), (session.clone(), vec![Input::LAST_NAME]));
    assert_eq!(world.sumsub().applicants().len(), 1);
    world.sumsub().act("case-7", &Act::Submit).unwrap();
    world.sumsub().act("case-7", &Act::Approve).unwrap();
    let check = CheckRequest::new(session.clone());
    assert_eq!(world.provider.check(&check).await.unwrap().identity(), None);
    let checked = world.provider.check(&check.with_identity()).await.unwrap();
    let identity = checked.identity().unwrap();
    let shown = |fact: &Option<Pii>| fact.as_ref().map(|fact| fact.expose().to_owned());
    assert_eq!(
        (shown(&identity.last_name), shown(&identity.date_of_birth)),
        (Some("King".into()), Some("1815-12-10".into()))
    );
}

#[tokio::test]
async fn an_applicant_is_found_by_the_reference_or_not_at_all() {
    let world = World::new(json!({})).await;
    let find = |reference: &str| {
        let request = FindRequest::new(reference);
        let provider = Arc::clone(&world.provider);
        async move { provider.find(&request).await.unwrap() }
    };
    assert!(find("case 7/é").await.is_empty());
    let session = world.started("case 7/é").await;
    let found = find("case 7/é").await;
    assert_eq!(
        found.iter().map(|one| (&one.reference, one.status)).collect::<Vec<_>>(),
        [(&session, Status::InProgress)]
    );
}

#[tokio::test]
async fn a_fresh_link_leaves_the_applicant_at_its_level() {
    let world = World::new(json!({})).await;
    world.sumsub().add_level("other level", false);
    let session = world.started("case-7").await;
    let moved = StartRequest::new("case-7").workflow("other level");
    assert_eq!(world.provider.start(&moved).await.unwrap().reference, session);
    world.sumsub().act("case-7", &Act::RequireResubmission).unwrap();
    let fresh = world.provider.refresh(&RefreshRequest::new(session.clone())).await.unwrap();
    assert_eq!(fresh.reference, session);
    assert_eq!(world.sumsub().level("case-7").as_deref(), Some("other level"));
    assert_eq!(world.status(&session).await, Status::ResubmissionRequired);
}

#[tokio::test]
async fn tokens_take_the_place_of_links() {
    let world = World::new(json!({"embed": true})).await;
    let session = world.provider.start(&StartRequest::new("case-7")).await.unwrap();
    assert!(session.url().is_none() && session.access_token().is_some());
}

#[tokio::test]
async fn a_cancellation_deactivates_and_may_be_repeated() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7").await;
    for _ in 0..2 {
        let cancelled = world.provider.cancel(&CancelRequest::new(session.clone())).await.unwrap();
        assert_eq!(cancelled.status, Status::Cancelled);
        assert!(world.sumsub().is_deactivated("case-7"));
    }
    assert_eq!(world.status(&session).await, Status::Cancelled);
}

#[tokio::test]
async fn webhooks_of_every_digest_are_believed_and_only_reviews_are_verdicts() {
    for (digest, name) in
        [(SumsubDigest::Sha1, "sha1"), (SumsubDigest::Sha256, "sha256"), (SumsubDigest::Sha512, "sha512")]
    {
        let world = World::new(json!({"webhook_algorithm": name})).await;
        let session = world.started("case-7").await;
        world.sumsub().set_digest(digest);
        world.sumsub().act("case-7", &Act::Submit).unwrap();
        assert_eq!(world.told("applicantPending"), (session.clone(), Some(Status::InReview)));
        world.sumsub().act("case-7", &Act::Approve).unwrap();
        assert_eq!(world.told("applicantReviewed"), (session.clone(), Some(Status::Approved)));
        world.sumsub().reset("case-7").unwrap();
        // GREEN still stands in it.
        assert_eq!(world.told("applicantReset"), (session, Some(Status::InProgress)));
    }
}
