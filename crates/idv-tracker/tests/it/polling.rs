//! Polling: at the vendor's cadence, by one worker at a time.

use std::time::Duration;

use idv::VerificationStatus::Approved;
use idv_conformance::storyline::Act;
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::{Fault, FaultKind};
use idv_tracker::Source;

use crate::stores::{Database, on_both};
use crate::world::{World, builder, registry_of, registry_with, sandbox};

on_both!(
    two_workers_never_ask_for_one_verification_at_once,
    what_nothing_is_new_of_is_asked_less_often,
    an_approval_is_looked_at_again_once_in_each_period,
    a_repeated_answer_is_kept_with_the_time_until_which_it_was_repeated,
    a_slow_vendor_holds_up_no_other,
);

async fn two_workers_never_ask_for_one_verification_at_once(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("veriff").unwrap();
    let world = World::new(&sandbox, flow, &database).await;
    for number in 0..20 {
        let mut start = world.case.start.clone();
        start.reference = format!("case-{number}");
        world.tracker.start(start).await.unwrap();
    }
    let other = world.another_process(&database).await;
    sandbox.advance(Duration::from_secs(60));
    flow.vendor(&sandbox).clear_requests();
    let (one, two) = tokio::join!(world.tracker.poll_due(), other.poll_due());
    assert_eq!(one.unwrap().checks + two.unwrap().checks, 20);
}

async fn what_nothing_is_new_of_is_asked_less_often(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("nxos").unwrap();
    let world = World::new(&sandbox, flow, &database).await;
    let started = world.start().await;
    flow.vendor(&sandbox).clear_requests();
    world.pass(Duration::from_secs(300)).await;
    let early = flow.vendor(&sandbox).requests().len();
    flow.vendor(&sandbox).clear_requests();
    world.pass(Duration::from_secs(300)).await;
    let late = flow.vendor(&sandbox).requests().len();
    assert!(early > late && late > 2, "{early} {late}");
    let history = world.tracker.history(started.verification.id).await.unwrap().unwrap();
    assert!(history.observations.len() <= 3, "answers that say the same are kept once: {history:?}");
}

async fn an_approval_is_looked_at_again_once_in_each_period(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("nxos").unwrap();
    let mut world = World::new(&sandbox, flow, &database).await;
    let registry = registry_with(&sandbox, flow, "recheck_after = \"1h\"\n");
    world.tracker = builder(&sandbox, &registry, &database).open().await.unwrap();
    let started = world.start().await;
    world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    world.deliver().await;
    assert_eq!(world.status(&started).await, Approved);
    let asked = async |seconds| {
        flow.vendor(&sandbox).clear_requests();
        world.pass(Duration::from_secs(seconds)).await;
        flow.vendor(&sandbox).requests().len()
    };
    assert_eq!(asked(3500).await, 1, "a verdict that an event of nxos told is confirmed once");
    assert_eq!(asked(600).await, 1);
    assert_eq!(asked(2400).await, 0);
    assert_eq!(asked(1200).await, 1);
    assert_eq!(world.status(&started).await, Approved);
}

async fn a_repeated_answer_is_kept_with_the_time_until_which_it_was_repeated(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("nxos").unwrap();
    let world = World::new(&sandbox, flow, &database).await;
    let started = world.start().await;
    let polls = async || {
        let history = world.tracker.history(started.verification.id).await.unwrap().unwrap();
        let polls = history.observations.into_iter().filter(|seen| seen.observation.source == Source::Poll);
        polls.collect::<Vec<_>>()
    };
    world.pass(Duration::from_secs(300)).await;
    let [first] = polls().await.try_into().unwrap();
    let repeated = first.seen_until.unwrap();
    assert!(repeated > first.observation.observed_at);
    world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.status(&started).await, Approved);
    let polls = polls().await;
    assert!(polls[0].seen_until >= Some(repeated), "another answer takes nothing from it: {polls:?}");
    assert!(polls[0].seen_until < Some(polls[1].observation.observed_at), "{polls:?}");
}

async fn a_slow_vendor_holds_up_no_other(database: Database) {
    let sandbox = sandbox().await;
    let [slow, quick] = ["nxos", "veriff"].map(|kind| Flow::of_kind(kind).unwrap());
    let slow_one = World::new(&sandbox, slow, &database).await;
    slow_one.start().await;
    let quick_one = World::new(&sandbox, quick, &database).await;
    let started = quick_one.start().await;
    quick_one.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    sandbox.advance(Duration::from_secs(3600));
    slow.vendor(&sandbox).add_fault(Fault::new(FaultKind::NoAnswer)).unwrap();
    let registry = registry_of(&sandbox, &[slow, quick], "");
    let tracker = builder(&sandbox, &registry, &database).open().await.unwrap();
    let mut consumer = tracker.consumer("app").await.unwrap();
    let approval = async {
        loop {
            let transition = consumer.next().await.unwrap();
            consumer.acknowledge(&transition).await.unwrap();
            if transition.state.status == Approved {
                return transition.verification;
            }
        }
    };
    // The other vendor's answer is given up after half a minute.
    let approval = tokio::time::timeout(Duration::from_secs(20), approval);
    tokio::select! {
        id = approval => assert_eq!(id.ok(), Some(started.verification.id)),
        () = tracker.run(std::future::pending()) => unreachable!(),
    }
}
