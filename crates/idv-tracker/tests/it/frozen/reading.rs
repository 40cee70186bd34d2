//! All that an application can read from a database, as one document.

use std::sync::Arc;

use idv::config::ConfigDocument;
use idv::testing::{FactoryFn, FixedClock, ScriptedProvider};
use idv::{ProviderKind, Registry, Timestamp};
use idv_tracker::{Delivered, Tracker};
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::stores::Database;

/// When it is read: later than all that is stored.
const NOW: &str = "2026-12-24T12:00:00Z";

/// More than the number of any verification that is stored.
const END: usize = 100;

/// The consumers that are stored.
pub(crate) const CONSUMERS: [&str; 2] = ["app", "audit"];

/// Opens a database with today's code, and reads it. Everything that is due is sent to an endpoint of the application, as a part of
/// what is read. The registry has none of the vendors that are stored.
pub(crate) async fn read(database: &Database) -> (Tracker, Value) {
    let receiver = Receiver::start().await;
    let tracker = open(database, &receiver).await;
    let mut histories = Vec::new();
    for id in 1..END {
        let history = tracker.history(id.to_string().parse().unwrap()).await.unwrap();
        histories.extend(history.map(|history| serde_json::to_value(history).unwrap()));
    }
    let counts = tracker.counts().await.unwrap();
    let mut read = json!({
        "counts": counts,
        "histories": histories,
        "transitions": tracker.transitions(0, usize::MAX).await.unwrap(),
        "dead_letters": tracker.dead_letters(usize::MAX).await.unwrap(),
    });
    for name in CONSUMERS {
        let next = tracker.consumer(name).await.unwrap().next().await.unwrap();
        read["consumers"][name] = json!({ "next": next.position });
    }
    while tracker.deliver_due().await.unwrap() != Delivered::default() {}
    let mut messages = receiver.take();
    messages.sort_by_key(|message| message.transition().position);
    let message = |message: &crate::receiver::Received| json!({ "id": message.id(), "body": message.json() });
    read["deliveries"] = messages.iter().map(message).collect();
    (tracker, read)
}

async fn open(database: &Database, receiver: &Receiver) -> Tracker {
    let document = ConfigDocument::from_toml_str("active = \"none\"\n[providers.none]\nkind = \"none\"\n");
    let kind = ProviderKind::from_static("none");
    let factory = FactoryFn::new(kind, |id| Arc::new(ScriptedProvider::new(id.clone())));
    let registry = Registry::builder().factory(factory).build(&document.unwrap()).unwrap();
    let clock = FixedClock::new(NOW.parse::<Timestamp>().unwrap());
    let builder = Tracker::builder(registry, database.options.clone()).clock(Arc::new(clock));
    builder.delivery(receiver.delivery()).open().await.unwrap()
}
