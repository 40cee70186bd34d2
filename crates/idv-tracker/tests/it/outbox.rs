//! The outbox: every transition, at least once, in order.

use idv::VerificationStatus::{Approved, InProgress};
use idv_conformance::storyline::Act;
use idv_conformance::storyline::sandbox::Flow;

use crate::stores::{Database, on_both};
use crate::world::{World, sandbox};

on_both!(a_consumer_goes_on_where_it_stopped);

async fn a_consumer_goes_on_where_it_stopped(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("nxos").unwrap(), &database).await;
    let started = world.start().await;
    let mut consumer = world.tracker.consumer("app").await.unwrap();
    let first = consumer.next().await.unwrap();
    assert_eq!((first.version, first.state.status, first.from), (1, InProgress, None));
    let mut again = world.tracker.consumer("app").await.unwrap();
    assert_eq!(again.next().await.unwrap(), first, "what was not acknowledged comes again");
    consumer.acknowledge(&first).await.unwrap();

    world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    world.deliver().await;
    let mut again = world.tracker.consumer("app").await.unwrap();
    let mut seen = again.next().await.unwrap();
    while seen.state.status != Approved {
        seen = again.next().await.unwrap();
    }
    assert!(seen.position > first.position);
    consumer.replay_after(0).await.unwrap();
    assert_eq!(consumer.next().await.unwrap(), first);
}
