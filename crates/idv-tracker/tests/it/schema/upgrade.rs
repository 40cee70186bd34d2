//! Databases of earlier versions, opened by today's code; and the way from one version to the next.

use idv::VerificationStatus::{Approved, InReview};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::frozen::{MADE_UP, NEWEST, check, load, migrate};
use crate::stores::{Database, on_both};

on_both!(
    rows_of_every_version_read_as_they_were_meant,
    what_an_earlier_version_stored_goes_on,
    a_later_step_leaves_all_rows_as_they_mean,
    processes_that_take_a_later_step_at_one_time_take_it_once,
    a_step_that_fails_changes_nothing,
    steps_only_lead_forwards,
);

/// Every version has frozen rows: a step without them would be one whose way from the version before is not tested.
#[test]
fn every_step_has_frozen_rows() {
    for engine in ["sqlite", "postgres"] {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let steps = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(
            i64::try_from(steps).unwrap(),
            NEWEST,
            "add the new version to tests/it/frozen, and freeze its rows"
        );
    }
}

async fn rows_of_every_version_read_as_they_were_meant(database: Database) {
    for version in 1..=NEWEST {
        let database = database.another().await;
        load(&database, version).await;
        check(&database, version).await;
    }
}

/// Numbers are not given twice, and positions grow on.
async fn what_an_earlier_version_stored_goes_on(database: Database) {
    load(&database, 1).await;
    let tracker = check(&database, 1).await;
    let before = tracker.transitions(0, usize::MAX).await.unwrap();
    let last = before.last().unwrap();
    let status = if last.state.status == Approved { InReview } else { Approved };
    let decided = tracker.decide(last.verification, status, "by hand").await.unwrap();
    assert_eq!(decided.version, last.version + 1);
    let after = tracker.transitions(last.position, usize::MAX).await.unwrap();
    assert_eq!(after.len(), 1);
    assert_eq!((after[0].position, after[0].from), (last.position + 1, Some(last.state.status)));
}

async fn a_later_step_leaves_all_rows_as_they_mean(database: Database) {
    load(&database, NEWEST).await;
    migrate(&database, NEWEST, Some(MADE_UP)).await.unwrap();
    assert_eq!(notes(&database).await, count(&database, "verification").await);
    forget_made_up(&database).await;
    check(&database, NEWEST).await;
}

async fn processes_that_take_a_later_step_at_one_time_take_it_once(database: Database) {
    load(&database, NEWEST).await;
    let all = (0..6).map(|_| migrate(&database, NEWEST, Some(MADE_UP)));
    for outcome in futures_util::future::join_all(all).await {
        outcome.unwrap();
    }
    assert_eq!(count(&database, "_sqlx_migrations").await, NEWEST + 1);
    assert_eq!(notes(&database).await, count(&database, "verification").await);
}

async fn a_step_that_fails_changes_nothing(database: Database) {
    load(&database, NEWEST).await;
    let failing = format!("{MADE_UP}\ninsert into no_such_table (id) values (1);");
    migrate(&database, NEWEST, Some(&failing)).await.unwrap_err();
    assert_eq!(count(&database, "_sqlx_migrations").await, NEWEST);
    check(&database, NEWEST).await;
    migrate(&database, NEWEST, Some(MADE_UP)).await.unwrap();
    assert_eq!(notes(&database).await, count(&database, "verification").await);
}

async fn steps_only_lead_forwards(database: Database) {
    load(&database, NEWEST).await;
    migrate(&database, NEWEST, Some(MADE_UP)).await.unwrap();
    let older = migrate(&database, NEWEST, None).await.unwrap_err();
    assert!(matches!(older, sqlx::migrate::MigrateError::VersionMissing(_)), "{older}");
    let changed = format!("{MADE_UP}-- changed after its release");
    let changed = migrate(&database, NEWEST, Some(&changed)).await.unwrap_err();
    assert!(matches!(changed, sqlx::migrate::MigrateError::VersionMismatch(_)), "{changed}");
    assert_eq!(notes(&database).await, count(&database, "verification").await, "nothing changes");
}

/// Lets today's code, which does not know the made-up step, open the database all the same.
async fn forget_made_up(database: &Database) {
    let pool = database.pool().await;
    let forget = format!("delete from _sqlx_migrations where version > {NEWEST}");
    pool.execute(AssertSqlSafe(forget)).await.unwrap();
    pool.close().await;
}

/// How many verifications have the note that the made-up step writes.
async fn notes(database: &Database) -> i64 {
    count(database, "verification where note = 'was ' || phase").await
}

async fn count(database: &Database, rows: &str) -> i64 {
    let pool = database.pool().await;
    let count = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {rows}")));
    let count = count.fetch_one(&pool).await.unwrap();
    pool.close().await;
    count
}
