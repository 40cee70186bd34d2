//! Webhooks: stored once, joined, and never more than they are worth.

use std::time::Duration;

use idv::VerificationStatus::{Approved, InProgress};
use idv_conformance::storyline::Act;
use idv_conformance::storyline::sandbox::Flow;
use idv_tracker::Receipt;

use crate::stores::{Database, on_both};
use crate::world::{World, sandbox};

on_both!(an_approval_arrives_by_webhook_or_by_poll, an_event_counts_once, events_in_any_order_give_one_state);

/// At every flow: submitted, approved, told once.
async fn an_approval_arrives_by_webhook_or_by_poll(database: Database) {
    let sandbox = sandbox().await;
    for flow in Flow::all() {
        let world = World::new(&sandbox, flow, &database).await;
        let started = world.start().await;
        let session = started.verification.session.clone().unwrap();
        assert_eq!(world.status(&started).await, InProgress, "{flow:?} {}", database.name);
        world.act(&session, Act::Open).await;
        world.act(&session, Act::Submit).await;
        assert!(world.act(&session, Act::Approve).await, "{flow:?}");
        for receipt in world.deliver().await {
            // Baanx names users by an id of its own, which is known once somebody was asked.
            let is_known = !flow.kind().starts_with("baanx");
            assert!(!(is_known && matches!(receipt, Receipt::Parked)), "{flow:?}: {receipt:?}");
        }
        world.pass(Duration::from_secs(120)).await;
        assert_eq!(world.status(&started).await, Approved, "{flow:?} {}", database.name);
        let own = world.transitions().await.into_iter();
        let own: Vec<_> = own.filter(|told| told.verification == started.verification.id).collect();
        assert!(own.iter().map(|told| told.version).eq(1..=own.len() as i64), "{own:?}");
        // A vendor's event and its answer can have two words for one status.
        let approvals =
            own.iter().filter(|told| told.state.status == Approved && told.from != Some(Approved));
        assert_eq!(approvals.count(), 1, "{own:?}");
        let kept = world.tracker.get(started.verification.id).await.unwrap().unwrap();
        assert_eq!((kept.due_at, kept.waiting_for), (None, None), "{flow:?}: an approval is not polled");
    }
}

async fn an_event_counts_once(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("nxos").unwrap(), &database).await;
    let started = world.start().await;
    let session = started.verification.session.clone().unwrap();
    world.sent().await;
    world.act(&session, Act::Approve).await;
    let sent = world.sent().await;
    let [webhook] = &sent[..] else { panic!("{sent:?}") };
    assert!(matches!(world.receive(webhook).await, Receipt::Recorded(_)));
    let told = world.transitions().await;
    for _ in 0..3 {
        assert!(matches!(world.receive(webhook).await, Receipt::Duplicate));
    }
    assert_eq!(world.transitions().await, told);
}

async fn events_in_any_order_give_one_state(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("sumsub").unwrap(), &database).await;
    let started = world.start().await;
    let session = started.verification.session.clone().unwrap();
    world.act(&session, Act::Open).await;
    world.act(&session, Act::Submit).await;
    sandbox.advance(Duration::from_secs(60));
    world.act(&session, Act::Approve).await;
    let mut sent = world.sent().await;
    assert!(sent.len() > 1);
    sent.reverse();
    for webhook in &sent {
        world.receive(webhook).await;
        assert_eq!(world.status(&started).await, Approved);
    }
}
