//! Polling: at the vendor's cadence, by one worker at a time.

use std::time::Duration;

use idv_conformance::storyline::sandbox::Flow;

use crate::stores::{Database, on_both};
use crate::world::{World, sandbox};

on_both!(two_workers_never_ask_for_one_verification_at_once, what_nothing_is_new_of_is_asked_less_often);

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
