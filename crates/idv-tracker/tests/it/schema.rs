//! The schema: brought up to date once, by any number of processes, and never by an older program.

mod upgrade;

use idv_conformance::storyline::sandbox::Flow;
use idv_tracker::{StoreErrorKind, Tracker};
use sqlx::AnyPool;

use crate::stores::{Database, on_both};
use crate::world::{World, registry, sandbox};

on_both!(
    processes_that_open_at_one_time_all_succeed,
    a_database_of_a_newer_version_is_left_alone,
    a_migration_that_was_cut_short_is_made_again,
);

async fn processes_that_open_at_one_time_all_succeed(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("nxos").unwrap();
    let open = || Tracker::open(registry(&sandbox, flow), database.options.clone());
    for tracker in futures_util::future::join_all((0..6).map(|_| open())).await {
        tracker.unwrap().counts().await.unwrap();
    }
}

async fn a_database_of_a_newer_version_is_left_alone(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("nxos").unwrap();
    let world = World::new(&sandbox, flow, &database).await;
    let started = world.start().await;
    let pool: AnyPool = database.pool().await;
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         select 999, 'later', success, checksum, 0 from _sqlx_migrations where version = 1",
    )
    .execute(&pool)
    .await
    .unwrap();
    let refused = Tracker::open(registry(&sandbox, flow), database.options.clone()).await.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Schema, "{refused}");
    assert!(world.tracker.get(started.verification.id).await.unwrap().is_some(), "nothing is lost");
}

/// A process that dies in a migration leaves the transaction of its step behind, which the database undoes: the tables are those of the
/// step before. The next process makes the step.
async fn a_migration_that_was_cut_short_is_made_again(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("nxos").unwrap();
    let pool: AnyPool = database.pool().await;
    let mut half = pool.begin().await.unwrap();
    sqlx::query("create table verification (id bigint primary key)").execute(&mut *half).await.unwrap();
    drop(half);
    drop(pool);
    let world = World::new(&sandbox, flow, &database).await;
    world.start().await;
}
