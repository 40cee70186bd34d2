//! Webhooks that go wrong on request, as a plain receiver sees them.

use std::time::Duration;

use idv_sandbox::{Act, Mischief, OrganizationType, Sandbox};

use crate::receiver::{Received, Receiver};
use crate::support::{MINUTE, NEW_YEAR, frozen};

struct World {
    sandbox: Sandbox,
    organization: String,
    receiver: Receiver,
}

impl World {
    async fn new() -> Self {
        let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
        let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
        sandbox.nxos().add_webhook_endpoint(&receiver.url).unwrap();
        Self { sandbox, organization, receiver }
    }

    fn act(&self, act: &Act) {
        self.sandbox.nxos().act(&self.organization, act).unwrap();
    }

    /// What arrives after one event that the mischief happens to.
    async fn after(mischief: Mischief) -> (Self, Vec<Received>) {
        let world = Self::new().await;
        world.sandbox.nxos().add_mischief(mischief).unwrap();
        world.act(&Act::Hold);
        world.sandbox.webhooks_settled().await;
        let received = world.receiver.received();
        (world, received)
    }

    fn verifies(&self, received: &Received) -> bool {
        received.verifies_as_svix(&self.sandbox.nxos().webhook_secret())
    }
}

fn status(received: &Received) -> String {
    received.json()["data"]["status"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn without_mischief_an_event_arrives_once_and_verifies() {
    let world = World::new().await;
    world.act(&Act::Hold);
    world.sandbox.webhooks_settled().await;
    let received = world.receiver.received();
    assert_eq!(received.len(), 1);
    assert!(world.verifies(&received[0]));
}

#[tokio::test]
async fn a_duplicate_has_the_same_id_and_verifies() {
    let (world, received) = World::after(Mischief::Duplicate).await;
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].header("svix-id"), received[1].header("svix-id"));
    assert_eq!(received[0].body, received[1].body);
    assert!(received.iter().all(|one| world.verifies(one)));
}

#[tokio::test]
async fn a_reordered_event_comes_after_the_next_one() {
    let (world, received) = World::after(Mischief::Reorder).await;
    assert_eq!(received.len(), 0);
    world.act(&Act::Approve);
    world.sandbox.webhooks_settled().await;
    let received = world.receiver.received();
    assert_eq!(received.iter().map(status).collect::<Vec<_>>(), ["APPROVED", "ON_HOLD"]);
    assert!(received.iter().all(|one| world.verifies(one)));
}

#[tokio::test]
async fn a_reordered_event_that_nothing_follows_comes_after_a_minute() {
    let (world, _) = World::after(Mischief::Reorder).await;
    world.sandbox.advance(MINUTE);
    world.sandbox.webhooks_settled().await;
    assert_eq!(world.receiver.received().iter().map(status).collect::<Vec<_>>(), ["ON_HOLD"]);
    world.act(&Act::Approve);
    world.sandbox.webhooks_settled().await;
    assert_eq!(world.receiver.received().len(), 2);
}

#[tokio::test]
async fn a_late_event_keeps_its_story_and_has_a_fresh_signature() {
    let (world, received) = World::after(Mischief::Late { seconds: 600 }).await;
    assert_eq!(received.len(), 0);
    world.act(&Act::Approve);
    world.sandbox.advance(Duration::from_secs(599));
    world.sandbox.webhooks_settled().await;
    assert_eq!(world.receiver.received().iter().map(status).collect::<Vec<_>>(), ["APPROVED"]);
    world.sandbox.advance(Duration::from_secs(1));
    world.sandbox.webhooks_settled().await;
    let late = world.receiver.received().remove(1);
    assert_eq!(
        (status(&late), late.header("svix-timestamp")),
        ("ON_HOLD".to_owned(), Some((NEW_YEAR + 600).to_string().as_str()))
    );
    assert!(world.verifies(&late));
}

#[tokio::test]
async fn a_tampered_event_claims_an_approval_and_does_not_verify() {
    let (world, received) = World::after(Mischief::Tampered).await;
    assert_eq!(status(&received[0]), "APPROVED");
    assert!(!world.verifies(&received[0]));
    assert_eq!(world.sandbox.nxos().status(&world.organization).as_deref(), Some("ON_HOLD"));
}

#[tokio::test]
async fn an_unsigned_event_has_an_id_and_no_signature() {
    let (_, received) = World::after(Mischief::Unsigned).await;
    assert!(received[0].header("svix-id").is_some());
    assert_eq!(received[0].header("svix-signature"), None);
}

#[tokio::test]
async fn an_event_of_unknown_type_verifies() {
    let (world, received) = World::after(Mischief::UnknownType).await;
    assert_eq!(received[0].json()["type"], "simulated.type.unknown");
    assert!(world.verifies(&received[0]));
}

#[tokio::test]
async fn an_event_with_empty_data_verifies() {
    let (world, received) = World::after(Mischief::EmptyData).await;
    assert_eq!(received[0].json()["data"], serde_json::json!({}));
    assert!(world.verifies(&received[0]));
}

#[tokio::test]
async fn a_wrong_clock_is_off_either_way_and_signed() {
    for (seconds, stamp) in [(3600, NEW_YEAR + 3600), (-600, NEW_YEAR - 600)] {
        let (world, received) = World::after(Mischief::WrongClock { seconds }).await;
        assert_eq!(received[0].header("svix-timestamp"), Some(stamp.to_string().as_str()));
        assert!(world.verifies(&received[0]));
    }
}

#[tokio::test]
async fn a_lost_event_never_comes_and_the_next_one_does() {
    let (world, _) = World::after(Mischief::Lost).await;
    world.act(&Act::Approve);
    world.sandbox.advance(MINUTE);
    world.sandbox.webhooks_settled().await;
    assert_eq!(world.receiver.received().iter().map(status).collect::<Vec<_>>(), ["APPROVED"]);
}

#[tokio::test]
async fn each_mischief_meets_one_event_and_can_be_called_off() {
    let world = World::new().await;
    for mischief in [Mischief::Unsigned, Mischief::EmptyData, Mischief::Lost] {
        world.sandbox.nxos().add_mischief(mischief).unwrap();
    }
    world.act(&Act::Hold);
    world.act(&Act::Approve);
    world.sandbox.nxos().clear_mischief();
    world.act(&Act::Hold);
    world.sandbox.webhooks_settled().await;
    let received = world.receiver.received();
    let signed: Vec<_> = received.iter().map(|one| one.header("svix-signature").is_some()).collect();
    assert_eq!(signed, [false, true, true]);
    assert_eq!(received[1].json()["data"], serde_json::json!({}));
    assert_eq!(status(&received[2]), "ON_HOLD");
}

#[tokio::test]
async fn baanx_and_the_session_api_can_be_made_to_misbehave_too() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let (baanx, api) = (sandbox.baanx(), sandbox.session_api());
    let user = baanx.add_user("Ada", "Sample").user_id;
    baanx.add_webhook_endpoint(&receiver.url).unwrap();
    api.add_webhook_endpoint(&receiver.url).unwrap();
    baanx.add_mischief(Mischief::Tampered).unwrap();
    baanx.act(&user, &Act::Reject { reason: None }).unwrap();
    sandbox.webhooks_settled().await;
    baanx.add_mischief(Mischief::EmptyData).unwrap();
    baanx.act(&user, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    baanx.add_mischief(Mischief::UnknownType).unwrap();
    baanx.act(&user, &Act::Reject { reason: None }).unwrap();
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    assert_eq!(received[0].json()["event_object"]["status"], "completed");
    assert_eq!(received[1].json()["event_object"], serde_json::json!({}));
    assert_eq!(received[1].json().get("event_object_status"), None);
    assert_eq!(received[2].json()["event_type"], "simulated.type.unknown");
    receiver.forget();
    let id = api.add_foreign_session();
    api.add_mischief(Mischief::Unsigned).unwrap();
    api.act(&id, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    assert_eq!((received.len(), received[0].header("deepidv-signature")), (1, None));
}
