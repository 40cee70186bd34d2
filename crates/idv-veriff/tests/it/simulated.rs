//! The adapter at the simulated Veriff, which is written from the vendor's pages and shares no code with it.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName};
use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    CheckRequest, EraseRequest, ErasureState, ErrorKind, OptionValue, ProviderFactory, ProviderOptions,
    SessionRef, StartRequest, Timestamp, Verification, VerificationProvider, VerificationReason,
    VerificationStatus as Status, WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{Act, Reason, Sandbox, Veriff, VeriffCodes};
use serde_json::json;

use crate::support::NOW;

struct World {
    sandbox: Sandbox,
    provider: Arc<dyn VerificationProvider>,
}

impl World {
    async fn new() -> Self {
        let instant = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
        let builder = Sandbox::builder().seed(7).frozen_at(instant);
        let sandbox = builder.start().await.unwrap();
        let veriff = sandbox.veriff();
        let options = json!({
            "base_url": veriff.base_url(), "api_key": veriff.api_key(), "shared_secrets": [veriff.shared_secret()],
        });
        let table: OptionValue = serde_json::from_value(options).unwrap();
        let options = ProviderOptions::new("providers.people", None, table);
        let context = testing::context(Timestamp::from_unix_seconds(NOW), StaticSecrets::default());
        let built = idv_veriff::VeriffFactory.build(&"people".parse().unwrap(), &options, &context).unwrap();
        Self { sandbox, provider: built.provider }
    }

    fn veriff(&self) -> &Veriff {
        self.sandbox.veriff()
    }

    /// The reference of a new session, and its id.
    async fn started(&self) -> (SessionRef, String) {
        let session = self.provider.start(&StartRequest::new("case-7")).await.unwrap();
        assert!(session.url().unwrap().expose().starts_with(self.veriff().base_url()));
        let id = self.veriff().sessions().pop().unwrap();
        (session.reference, id)
    }

    async fn check(&self, session: &SessionRef) -> Verification {
        self.provider.check(&CheckRequest::new(session.clone())).await.unwrap()
    }
}

#[tokio::test]
async fn a_verification_is_read_at_each_of_its_states() {
    let resubmit = |word| Act::Fail { reason: Reason::new(word).unwrap() };
    for codes in [VeriffCodes::StatusTable, VeriffCodes::DecisionTable] {
        for text in [false, true] {
            let world = World::new().await;
            world.veriff().codes(codes);
            world.veriff().reason_codes_as_text(text);
            let (session, id) = world.started().await;
            for (act, status) in [
                (None, Status::NotStarted),
                (Some(Act::Open), Status::InProgress),
                (Some(resubmit("document_unreadable")), Status::ResubmissionRequired),
                (Some(Act::Submit), Status::InReview),
                (Some(Act::Hold), Status::InReview),
                (Some(Act::Approve), Status::Approved),
                (Some(Act::Reject { reason: None }), Status::Rejected),
            ] {
                if let Some(act) = &act {
                    world.veriff().act(&id, act).unwrap();
                }
                let found = world.check(&session).await;
                assert_eq!(found.status, status, "{act:?} {codes:?} {text}");
                if status == Status::ResubmissionRequired {
                    let reasons: Vec<_> = found.reasons.iter().map(|found| found.reason).collect();
                    assert_eq!(reasons, [VerificationReason::DocumentUnreadable]);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_session_that_nobody_finishes_ends() {
    let world = World::new().await;
    let (unopened, _) = world.started().await;
    let (left, id) = world.started().await;
    world.veriff().act(&id, &Act::Open).unwrap();
    world.sandbox.advance(Duration::from_secs(7 * 24 * 3600));
    let key = world.veriff().status(&id);
    assert_eq!(key.as_deref(), Some("abandoned"));
    assert_eq!(world.check(&unopened).await.status, Status::Expired);
    assert_eq!(world.check(&left).await.status, Status::Abandoned);
}

#[tokio::test]
async fn an_erasure_leaves_nothing_to_read_and_may_be_repeated() {
    let world = World::new().await;
    let (session, id) = world.started().await;
    world.veriff().act(&id, &Act::Submit).unwrap();
    let refused = world.provider.erase(&EraseRequest::new(session.clone())).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest, "{refused}");
    world.veriff().act(&id, &Act::Approve).unwrap();
    let erased = world.provider.erase(&EraseRequest::new(session.clone())).await.unwrap();
    assert_eq!(world.veriff().status(&id), None);
    let again = world.provider.erase(&EraseRequest::new(session.clone())).await.unwrap();
    assert_eq!((erased.state, again.state), (ErasureState::Accepted, ErasureState::AlreadyGone));
    let gone = world.provider.check(&CheckRequest::new(session)).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_decision_webhook_is_believed_under_its_own_signature_alone() {
    let world = World::new().await;
    let (session, id) = world.started().await;
    world.veriff().act(&id, &Act::Approve).unwrap();
    let webhook = world.veriff().decision_webhook(&id).unwrap();
    let headers: HeaderMap = webhook
        .headers
        .iter()
        .map(|(name, value)| (HeaderName::try_from(name.as_str()).unwrap(), value.parse().unwrap()))
        .collect();
    let read = |body: &[u8]| {
        let now = Timestamp::from_unix_seconds(NOW);
        world.provider.verify_webhook(&WebhookRequest::new(&headers, body, now))
    };
    let WebhookOutcome::Event(event) = read(&webhook.body).unwrap() else { panic!("an event") };
    assert_eq!((&event.reference, event.status()), (&Some(session), Some(Status::Approved)));
    let declined = String::from_utf8(webhook.body).unwrap().replace("approved", "declined");
    assert_eq!(read(declined.as_bytes()).unwrap_err().kind(), ErrorKind::WebhookRejected);
}
