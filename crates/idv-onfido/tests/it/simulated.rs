//! The adapter at the simulated Onfido, which is written from the vendor's pages and shares no code with it.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName};
use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    CheckRequest, EraseRequest, ErasureState, ErrorKind, FindRequest, OptionValue, ProviderFactory,
    ProviderOptions, RefreshRequest, Retry, SessionRef, StartRequest, Timestamp, VerificationProvider,
    VerificationReason as Reason, VerificationStatus as Status, WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{Act, Onfido, Sandbox, SignedWebhook};
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
        let provider = Self::provider(sandbox.onfido(), more);
        Self { sandbox, provider }
    }

    fn provider(onfido: &Onfido, more: Value) -> Arc<dyn VerificationProvider> {
        let mut options = json!({
            "base_url": onfido.api_url(), "api_token": onfido.api_token(), "workflow_id": onfido.workflow_id(),
            "webhook_secrets": [onfido.webhook_secret()],
        });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let table: OptionValue = serde_json::from_value(options).unwrap();
        let options = ProviderOptions::new("providers.onfido", None, table);
        let context = testing::context(Timestamp::from_unix_seconds(NOW), StaticSecrets::default());
        idv_onfido::OnfidoFactory.build(&"onfido".parse().unwrap(), &options, &context).unwrap().provider
    }

    fn onfido(&self) -> &Onfido {
        self.sandbox.onfido()
    }

    async fn started(&self, reference: &str) -> SessionRef {
        self.provider.start(&of(reference)).await.unwrap().reference
    }

    async fn status(&self, session: &SessionRef) -> Status {
        self.provider.check(&CheckRequest::new(session.clone())).await.unwrap().status
    }

    async fn found(&self, reference: &str) -> Vec<SessionRef> {
        let found = self.provider.find(&FindRequest::new(reference)).await.unwrap();
        found.into_iter().map(|found| found.reference).collect()
    }

    fn outcome(&self, webhook: &SignedWebhook) -> WebhookOutcome {
        let name = |name: &str| HeaderName::try_from(name).unwrap();
        let headers: HeaderMap =
            webhook.headers.iter().map(|(key, value)| (name(key), value.parse().unwrap())).collect();
        let now = Timestamp::from(self.sandbox.clock().now());
        self.provider.verify_webhook(&WebhookRequest::new(&headers, &webhook.body, now)).unwrap()
    }

    fn act(&self, session: &SessionRef, act: &Act) {
        self.onfido().act(session.key(), act).unwrap();
    }
}

fn of(reference: &str) -> StartRequest {
    StartRequest::new(reference).first_name("Ada").last_name("Lovelace")
}

#[tokio::test]
async fn a_verification_is_read_at_each_of_its_states() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7").await;
    assert_eq!(world.status(&session).await, Status::InProgress);
    let say = |word: &str| Act::Say { word: word.to_owned() };
    for (act, status) in [
        (Act::Submit, Status::InReview),
        (say("awaiting_client_input"), Status::OnHold),
        (Act::Hold, Status::OnHold),
        (Act::Reject { reason: None }, Status::Rejected),
        (Act::Approve, Status::Approved),
        (say("error"), Status::Failed),
        (say("abandoned"), Status::Abandoned),
        (say("brand_new"), Status::Unrecognized),
    ] {
        world.act(&session, &act);
        assert_eq!(world.status(&session).await, status, "{act:?}");
    }
    world.act(&session, &Act::Reject { reason: idv_sandbox::Reason::new("face_mismatch").ok() });
    let declined = world.provider.check(&CheckRequest::new(session)).await.unwrap();
    let code = declined.reasons[0].provider_code.as_ref().map(|code| code.as_str());
    assert_eq!((declined.reasons[0].reason, code), (Reason::Other, Some("Face mismatch")));
}

/// The answer to the second call is lost: the run is there, and is found by its tag.
#[tokio::test]
async fn a_run_whose_answer_was_lost_is_found_and_no_second_one_is_made() {
    let world = World::new(json!({})).await;
    for reference in ["case-7-lost-answer", "case,7-lost-answer"] {
        let before = world.onfido().runs().len();
        let error = world.provider.start(&of(reference)).await.unwrap_err();
        assert_eq!(error.retry(), Retry::AfterCheck, "{reference}");
        let made = world.onfido().runs().split_off(before);
        let keys: Vec<_> = world.found(reference).await.iter().map(|found| found.key().to_owned()).collect();
        assert_eq!((made.len(), keys), (1, made), "{reference}");
    }
    assert!(world.found("case-8").await.is_empty());
    let session = world.found("case-7-lost-answer").await.remove(0);
    let opened = world.provider.refresh(&RefreshRequest::new(session)).await.unwrap();
    assert!(opened.url().is_some() && opened.access_token().is_some());
}

/// The answer to the first call is lost: an applicant without a run is no session, and the start is repeated.
#[tokio::test]
async fn an_applicant_whose_answer_was_lost_makes_no_session() {
    use idv_sandbox::{Fault, FaultKind};
    let world = World::new(json!({})).await;
    world.onfido().add_fault(Fault::new(FaultKind::LostAnswer).operation("start_applicant")).unwrap();
    let error = world.provider.start(&of("case-7")).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Allowed { after: None });
    assert_eq!((world.onfido().applicants().len(), world.onfido().runs().len()), (1, 0));
    world.started("case-7").await;
    assert_eq!((world.onfido().applicants().len(), world.onfido().runs().len()), (2, 1));
}

/// More runs of one reference than a page has.
#[tokio::test]
async fn all_runs_of_a_reference_are_found() {
    let world = World::new(json!({})).await;
    let mut made = Vec::new();
    for _ in 0..41 {
        made.push(world.started("case-7").await);
    }
    world.started("case-8").await;
    let mut found = world.found("case-7").await;
    made.sort();
    found.sort();
    assert_eq!(found, made);
}

#[tokio::test]
async fn a_declined_applicant_tries_again_as_the_same_applicant() {
    let world = World::new(json!({})).await;
    let first = world.started("case-7").await;
    world.act(&first, &Act::Reject { reason: None });
    let declined = world.provider.check(&CheckRequest::new(first)).await.unwrap();
    let applicant = declined.correlation.get("applicant_id").unwrap();
    let second = world.provider.start(&of("case-7").attribute("applicant_id", applicant)).await.unwrap();
    assert_eq!(world.onfido().applicants(), [applicant]);
    assert_eq!(world.onfido().applicant_of(second.reference.key()).as_deref(), Some(applicant));
}

#[tokio::test]
async fn an_erasure_is_accepted_then_gone_and_takes_the_runs_along() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7").await;
    let erase = async || world.provider.erase(&EraseRequest::new(session.clone())).await;
    assert_eq!(erase().await.unwrap().state, ErasureState::Accepted);
    assert_eq!(erase().await.unwrap().state, ErasureState::AlreadyGone);
    world.sandbox.advance(Duration::from_secs(86_400));
    assert_eq!(erase().await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_link_ends_when_it_was_asked_to() {
    let world = World::new(json!({"link_lifetime": "1h"})).await;
    let session =
        world.provider.start(&of("case-7").language("fr").redirect_url("https://app.example/")).await;
    let session = session.unwrap();
    let end = session.expires_at.map(|expiry| expiry.at);
    assert_eq!(end, Some(Timestamp::from_unix_seconds(NOW + 3600)));
    world.sandbox.advance(Duration::from_secs(3600));
    assert_eq!(world.status(&session.reference).await, Status::Abandoned);
}

#[tokio::test]
async fn a_workflow_without_a_task_for_the_applicant_is_in_review_at_once() {
    let world = World::new(json!({})).await;
    let start = of("case-7").workflow(world.onfido().silent_workflow_id());
    let session = world.provider.start(&start).await.unwrap();
    assert!(session.access_token().is_none());
    assert_eq!(world.status(&session.reference).await, Status::InReview);
    let unknown = of("case-8").workflow("2c3d4e5f-0000-4000-8000-000000000002");
    let error = world.provider.start(&unknown).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code().map(AsRef::as_ref)),
        (ErrorKind::InvalidRequest, Some("validation_error"))
    );
}

/// A review is an end, and may be followed by another one.
#[tokio::test]
async fn each_end_is_an_event_of_its_own() {
    let world = World::new(json!({})).await;
    let session = world.started("case-7").await;
    let mut ids = Vec::new();
    for (act, status) in [(Act::Hold, Status::OnHold), (Act::Approve, Status::Approved)] {
        world.act(&session, &act);
        for send in [true, false] {
            world.onfido().send_resources(send);
            let WebhookOutcome::Event(event) = world.outcome(&world.onfido().event(session.key()).unwrap())
            else {
                panic!("it was ignored");
            };
            assert_eq!((event.status(), event.reference.as_ref()), (Some(status), Some(&session)));
            ids.push(event.id.clone());
        }
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "other bytes are another event");
}

#[tokio::test]
async fn another_token_is_refused_and_the_region_named() {
    let world = World::new(json!({})).await;
    let provider = World::provider(world.onfido(), json!({"api_token": "api_sandbox_us.other.00000001"}));
    let error = provider.start(&of("case-7")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(error.to_string().contains("another region"), "{error}");
}
