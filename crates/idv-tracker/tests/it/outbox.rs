//! The outbox: every transition, at least once, in order.

use std::time::Duration;

use futures_util::StreamExt as _;
use idv::VerificationStatus::{Approved, InProgress};
use idv_conformance::storyline::Act;
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::Sandbox;
use idv_tracker::{Consumer, Tracker, TrackerOptions};
use secrecy::ExposeSecret as _;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use crate::stores::{Database, on_both};
use crate::world::{World, builder, sandbox};

on_both!(
    a_consumer_goes_on_where_it_stopped,
    a_stream_acknowledges_what_is_done_with,
    a_waiting_consumer_is_woken,
);

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

async fn a_stream_acknowledges_what_is_done_with(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    let id = world.start().await.verification.id;
    world.tracker.decide(id, Approved, "by hand").await.unwrap();
    let versions = |wanted: usize| {
        let tracker = world.tracker.clone();
        async move {
            let stream = tracker.consumer("app").await.unwrap().into_stream();
            let told: Vec<_> = stream.take(wanted).map(|told| told.unwrap().version).collect().await;
            told
        }
    };
    assert_eq!(versions(1).await, [1]);
    assert_eq!(versions(2).await, [1, 2], "the first one was not done with");
    assert_eq!(versions(1).await, [2]);
}

/// A tracker whose consumers do not look for themselves within the time of a test.
async fn patient(world: &World<'_>, sandbox: &Sandbox, database: &Database) -> Tracker {
    let mut options = TrackerOptions::default();
    options.consumer_pause = Duration::from_secs(3600);
    builder(sandbox, &world.registry, database).options(options).open().await.unwrap()
}

async fn a_waiting_consumer_is_woken(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    let patient = patient(&world, &sandbox, &database).await;
    let mut consumer = patient.consumer("app").await.unwrap();
    if database.name == "sqlite" {
        // SQLite announces nothing to other processes.
        let (told, started) = tokio::join!(soon(&mut consumer), patient.start(world.case.start.clone()));
        assert_eq!(told, started.unwrap().verification.version);
        return;
    }
    let mut server = Server::of(&database).await;
    let waiting = tokio::spawn(async move { (soon(&mut consumer).await, consumer) });
    server.wait_for_listeners(1).await;
    let started = world.start().await;
    let (told, mut consumer) = waiting.await.unwrap();
    assert_eq!(told, 1);

    // Stored while the connection is lost, and told once it is back.
    let waiting = tokio::spawn(async move { soon(&mut consumer).await });
    server.admit(false).await;
    server.end_listeners().await;
    // The connection that is open may still announce the start, and no other is admitted.
    while world.tracker.decide(started.verification.id, Approved, "by hand").await.is_err() {
        tokio::task::yield_now().await;
    }
    server.admit(true).await;
    assert_eq!(waiting.await.unwrap(), 2);

    server.wait_for_listeners(1).await;
    drop(patient);
    server.wait_for_listeners(0).await;
}

/// The version of the next transition, which comes long before the consumer would look for itself.
async fn soon(consumer: &mut Consumer) -> i64 {
    let told = async {
        loop {
            // An error while the server admits no connection; nothing is lost, and the next call goes on.
            match consumer.next().await {
                Ok(told) => return told.version,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.unwrap()
}

/// The server of a database, from outside.
struct Server {
    connection: AnyConnection,
    database: String,
}

impl Server {
    async fn of(database: &Database) -> Self {
        let mut url = url::Url::parse(database.options.url.expose_secret()).unwrap();
        let name = url.path().trim_start_matches('/').to_owned();
        url.set_path("postgres");
        Self { connection: AnyConnection::connect(url.as_str()).await.unwrap(), database: name }
    }

    /// Whether new connections to the database are admitted.
    async fn admit(&mut self, are_admitted: bool) {
        let text = format!("alter database {} allow_connections {are_admitted}", self.database);
        sqlx::query(AssertSqlSafe(text)).execute(&mut self.connection).await.unwrap();
    }

    /// Ends every connection that listens.
    async fn end_listeners(&mut self) {
        let text = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
                    where query ilike 'listen%' and datname = $1";
        sqlx::query(text).bind(self.database.clone()).execute(&mut self.connection).await.unwrap();
    }

    /// Waits until so many connections listen.
    async fn wait_for_listeners(&mut self, wanted: i64) {
        let text = "select count(*) from pg_stat_activity where query ilike 'listen%' and datname = $1";
        for _ in 0..3000 {
            let count = sqlx::query_scalar::<_, i64>(text).bind(self.database.clone());
            if count.fetch_one(&mut self.connection).await.unwrap() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("there are not {wanted} connections that listen");
    }
}
