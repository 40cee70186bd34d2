//! Operating: histories, drift, lapses, decisions by hand and erasure.

use std::sync::Arc;
use std::time::Duration;

use idv::VerificationStatus::{Approved, Expired, InProgress, Rejected};
use idv_conformance::storyline::sandbox::{Flow, SandboxClock};
use idv_conformance::storyline::{Act, Stage as _};
use idv_tracker::{Phase, Source, TrackedStart, Tracker, TrackerOptions, VerificationId};

use crate::stores::{Database, on_both};
use crate::world::{World, registry, sandbox};

on_both!(
    an_approval_lapses_when_its_period_is_over,
    drift_is_told_and_repaired,
    a_decision_by_hand_stands_until_the_vendor_says_more,
    an_erasure_leaves_a_number_and_nothing_else,
    a_lost_start_is_found_without_another_start,
    an_event_reveals_a_session_whose_start_was_lost,
    verifications_that_ended_are_kept_for_a_time,
    verifications_are_listed_newest_first_and_page_by_page,
);

async fn an_approval_lapses_when_its_period_is_over(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("nxos").unwrap();
    let mut world = World::new(&sandbox, flow, &database).await;
    let mut options = TrackerOptions::default();
    options.approvals_count_for = Some(Duration::from_secs(3600));
    let clock = Arc::new(SandboxClock::of(&sandbox));
    let builder = Tracker::builder(registry(&sandbox, flow), database.options.clone());
    world.tracker = builder.clock(clock).options(options).open().await.unwrap();
    let started = world.start().await;
    world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    world.deliver().await;
    assert_eq!(world.status(&started).await, Approved);
    world.pass(Duration::from_secs(3000)).await;
    assert_eq!(world.status(&started).await, Approved);
    world.pass(Duration::from_secs(1200)).await;
    assert_eq!(world.status(&started).await, Expired);
    let last = world.transitions().await.pop().unwrap();
    assert_eq!((last.from, last.cause), (Some(Approved), Source::Validity));
    world.pass(Duration::from_secs(1200)).await;
    assert_eq!(world.transitions().await.pop().unwrap(), last, "it lapses once");
}

async fn drift_is_told_and_repaired(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("nxos").unwrap(), &database).await;
    let started = world.start().await;
    assert!(world.tracker.reconcile(false).await.unwrap().is_empty());
    world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    world.sent().await;
    let drifts = world.tracker.reconcile(false).await.unwrap();
    assert_eq!(drifts.len(), 1);
    assert_eq!((drifts[0].at_vendor, &drifts[0].error), (Some(Approved), &None));
    assert_eq!(world.status(&started).await, InProgress, "telling changes nothing");
    world.tracker.reconcile(true).await.unwrap();
    assert_eq!(world.status(&started).await, Approved);
    assert!(world.tracker.reconcile(false).await.unwrap().is_empty());
}

async fn a_decision_by_hand_stands_until_the_vendor_says_more(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("nxos").unwrap(), &database).await;
    let started = world.start().await;
    let id = started.verification.id;
    let decided = world.tracker.decide(id, Rejected, "called the vendor").await.unwrap();
    assert_eq!(decided.state.unwrap().status, Rejected);
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.status(&started).await, Rejected, "a verification that rests is not polled");
    sandbox.advance(Duration::from_secs(60));
    world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    world.deliver().await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.status(&started).await, Approved);
}

async fn an_erasure_leaves_a_number_and_nothing_else(database: Database) {
    let sandbox = sandbox().await;
    for kind in ["veriff", "nxos"] {
        let world = World::new(&sandbox, Flow::of_kind(kind).unwrap(), &database).await;
        let started = world.start().await;
        let id = started.verification.id;
        world.act(started.verification.session.as_ref().unwrap(), Act::Submit).await;
        world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
        world.deliver().await;
        world.pass(Duration::from_secs(60)).await;
        let before = world.tracker.counts().await.unwrap();
        let erased = world.tracker.erase(id).await.unwrap();
        assert_eq!(erased.at_vendor.is_some(), kind == "veriff", "{kind}: {erased:?}");
        let kept = world.tracker.get(id).await.unwrap().unwrap();
        assert_eq!(
            (kept.phase, kept.session, kept.state, kept.reference.as_str()),
            (Phase::Erased, None, None, "")
        );
        assert!(world.tracker.history(id).await.unwrap().unwrap().observations.is_empty());
        assert!(world.transitions().await.iter().all(|told| told.verification != id));
        let after = world.tracker.counts().await.unwrap();
        let all = |counts: &idv_tracker::Counts| counts.verifications.values().sum::<i64>();
        assert_eq!(all(&before), all(&after), "counts stay right");
        assert_eq!(after.verifications.get("erased"), Some(&if kind == "veriff" { 1 } else { 2 }));
    }
}

async fn a_lost_start_is_found_without_another_start(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("sumsub").unwrap(), &database).await;
    world.stage.arrange(idv_conformance::storyline::Mishap::LostAnswer).await.unwrap();
    world.tracker.start(world.case.start.clone()).await.unwrap_err();
    world.pass(Duration::from_secs(10)).await;
    let kept = world.tracker.by_reference(&world.case.start.reference).await.unwrap();
    assert_eq!(kept[0].phase, Phase::Tracked, "{kept:?}");
    assert!(kept[0].session.is_some());
}

async fn an_event_reveals_a_session_whose_start_was_lost(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    world.stage.arrange(idv_conformance::storyline::Mishap::LostAnswer).await.unwrap();
    world.tracker.start(world.case.start.clone()).await.unwrap_err();
    let id = sandbox.veriff().sessions().into_iter().next().unwrap();
    let session = format!("{}:{id}", world.flow.id()).parse().unwrap();
    for act in [Act::Open, Act::Submit, Act::Approve] {
        world.act(&session, act).await;
    }
    world.deliver().await;
    let kept = world.tracker.by_reference(&world.case.start.reference).await.unwrap();
    assert_eq!((kept[0].phase, kept[0].session.as_ref()), (Phase::Tracked, Some(&session)), "{kept:?}");
    assert_eq!(kept[0].state.as_ref().unwrap().status, Approved);
}

async fn verifications_that_ended_are_kept_for_a_time(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("veriff").unwrap();
    let mut world = World::new(&sandbox, flow, &database).await;
    let mut options = TrackerOptions::default();
    options.keep_for = Some(Duration::from_secs(3600));
    let clock = Arc::new(SandboxClock::of(&sandbox));
    let builder = Tracker::builder(registry(&sandbox, flow), database.options.clone());
    world.tracker = builder.clock(clock).options(options).open().await.unwrap();
    let ended = world.start().await;
    for act in [Act::Open, Act::Submit, Act::Approve] {
        world.act(ended.verification.session.as_ref().unwrap(), act).await;
    }
    world.deliver().await;
    let mut other = world.case.start.clone();
    other.reference = "another".to_owned();
    let open = world.tracker.start(other).await.unwrap();
    let phase = async |id| world.tracker.get(id).await.unwrap().unwrap().phase;
    sandbox.advance(Duration::from_secs(3000));
    world.tracker.round().await.unwrap();
    assert_eq!(phase(ended.verification.id).await, Phase::Tracked);
    sandbox.advance(Duration::from_secs(1200));
    world.tracker.round().await.unwrap();
    assert_eq!(phase(ended.verification.id).await, Phase::Erased);
    assert_eq!(phase(open.verification.id).await, Phase::Tracked, "an open one is kept");
    assert_eq!(world.stage.held(&world.case).await.unwrap().count, 1, "the vendor is not asked to erase");
}

async fn verifications_are_listed_newest_first_and_page_by_page(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    let mut started = Vec::new();
    for _ in 0..3 {
        let start = TrackedStart::new(world.case.start.clone()).another();
        started.push(world.tracker.start(start).await.unwrap().verification.id);
    }
    let page = async |before: Option<VerificationId>| {
        let page = world.tracker.newest(before, 2).await.unwrap();
        page.into_iter().map(|tracked| tracked.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None).await, [started[2], started[1]]);
    assert_eq!(page(Some(started[1])).await, [started[0]]);
    assert_eq!(page(Some(started[0])).await, []);
}
