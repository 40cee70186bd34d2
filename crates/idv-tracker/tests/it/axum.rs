//! The handler of webhooks for axum.

use idv::VerificationStatus::{Approved, InProgress};
use idv_conformance::storyline::sandbox::Flow;

use crate::stores::{Database, on_both};
use crate::world::{World, sandbox};

on_both!(the_handler_answers_as_the_vendor_needs);

async fn the_handler_answers_as_the_vendor_needs(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("nxos").unwrap(), &database).await;
    let started = world.start().await;
    let session = started.verification.session.clone().unwrap();
    let router = ::axum::Router::new()
        .route("/hooks/{provider}", ::axum::routing::post(idv_tracker::axum::webhook))
        .with_state(world.tracker.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { ::axum::serve(listener, router).await });
    let at = |provider: &str| format!("http://{address}/hooks/{provider}");
    let (nxos, own) = (sandbox.nxos(), at(world.flow.id()));
    nxos.set_status(session.key(), "APPROVED").unwrap();
    let mut event = nxos.webhook(session.key(), idv_sandbox::NxosEventData::Full);
    assert_eq!(sandbox.deliver(&event, &at("other")).await.unwrap(), 404);
    assert_eq!(world.status(&started).await, InProgress);
    assert_eq!(sandbox.deliver(&event, &own).await.unwrap(), 200);
    assert_eq!(sandbox.deliver(&event, &own).await.unwrap(), 200, "once more");
    assert_eq!(world.status(&started).await, Approved);
    event.body.push(b' ');
    assert_eq!(sandbox.deliver(&event, &own).await.unwrap(), 401);
}
