//! Answers and events that come late.

use std::time::Duration;

use idv::{ProviderKind, SessionRef, VerificationStatus};
use idv_conformance::storyline::Act;
use idv_conformance::storyline::Mishap;
use idv_conformance::storyline::Stage as _;
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::{Fault, FaultKind};
use idv_tracker::merge::OrderingPolicy;
use idv_tracker::{Phase, Receipt, TrackerOptions};

use crate::stores::{Database, on_both};
use crate::world::{World, builder, sandbox};

on_both!(
    an_event_of_an_earlier_session_does_not_take_the_place_of_the_next_one,
    a_repeated_event_changes_nothing_even_in_another_order,
);

/// The vendor's sessions of the applicant, the newest first.
fn sessions(world: &World<'_>) -> Vec<SessionRef> {
    let all = world.flow.vendor(world.sandbox).verifications(usize::MAX);
    all.iter().map(|one| SessionRef::new(world.provider(), &one.id).unwrap()).collect()
}

async fn an_event_of_an_earlier_session_does_not_take_the_place_of_the_next_one(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    world.stage.arrange(Mishap::LostAnswer).await.unwrap();
    world.tracker.start(world.case.start.clone()).await.unwrap_err();
    let [earlier] = &sessions(&world)[..] else { panic!("one session") };
    world.stage.advance(Duration::from_secs(7200)).await.unwrap();
    world.tracker.round().await.unwrap();
    let kept = world.tracker.by_reference(&world.case.start.reference).await.unwrap();
    assert_eq!(kept[0].phase, Phase::Lost);

    let slow = Fault::new(FaultKind::SlowHead { milliseconds: 1500 }).operation("start");
    world.flow.vendor(&sandbox).add_fault(slow).unwrap();
    let event = async {
        while sessions(&world).len() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        world.act(earlier, Act::Open).await;
        world.act(earlier, Act::Submit).await;
        world.deliver().await
    };
    let (started, receipts) = tokio::join!(world.start(), event);
    assert!(receipts.iter().any(|receipt| matches!(receipt, Receipt::Recorded(_))), "{receipts:?}");
    let own = started.session.unwrap().reference;
    assert_ne!(own, *earlier);
    assert_eq!(started.verification.session.as_ref(), Some(&own));
    let ids =
        [earlier, &own].map(async |session| world.tracker.by_session(session).await.unwrap().unwrap().id);
    let [one, two] = ids;
    assert_ne!(one.await, two.await, "each session has a verification of its own");
}

async fn a_repeated_event_changes_nothing_even_in_another_order(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("nxos").unwrap(), &database).await;
    let started = world.start().await;
    let session = started.verification.session.clone().unwrap();
    world.pass(Duration::from_secs(60)).await;
    world.sent().await;
    world.act(&session, Act::Approve).await;
    let sent = world.sent().await;
    world.receive(&sent[0]).await;
    assert_eq!(world.status(&started).await, VerificationStatus::Approved);
    let told = world.transitions().await;

    let mut policy = OrderingPolicy::default();
    policy.events_are_timed = false;
    let mut options = TrackerOptions::default();
    options.ordering.insert(ProviderKind::from_static("nxos"), policy);
    let other = builder(&sandbox, &world.registry, &database).options(options).open().await.unwrap();
    let (headers, body) = (&sent[0].headers, &sent[0].body);
    let receipt = other.receive(&world.provider(), headers, body).await.unwrap();
    assert!(matches!(receipt, Receipt::Duplicate), "{receipt:?}");
    assert_eq!(world.transitions().await, told);
}
