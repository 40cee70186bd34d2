//! The verifications that a fleet polls.

use std::time::{Duration, SystemTime};

use idv_tracker::Tracker;
use sqlx::{AnyPool, AssertSqlSafe};

use super::provider::{ID, PAUSE};
use crate::stores::Database;

/// One in so many verifications was not polled yet, so that its first poll is news.
const NEW: usize = 10;

/// What is due at this moment, in the year 2100, is not due.
const FAR: &str = "4102444800000";

/// The verifications of a fleet.
pub(super) struct Rows {
    pool: AnyPool,
    /// How many there are.
    pub(super) all: usize,
}

impl Rows {
    /// So many verifications whose session is known, and which are not due. Some were not polled yet; the others have what a poll by
    /// `tracker` left in the first of them.
    pub(super) async fn fill(database: &Database, tracker: &Tracker, count: u64) -> Self {
        let rows = Self { pool: database.pool().await, all: usize::try_from(count).unwrap() };
        rows.run(format!(
            "insert into verification (reference, purpose, exclusive, phase, provider, session, created_at, fresh_since) \
             select 'case-' || i, '', 1, 'tracked', '{ID}', '{ID}:s-' || i, 1, 1 from generate_series(1, {count}) as n(i)"
        ))
        .await;
        rows.run("update verification set due_at = 1 where id = 1".to_owned()).await;
        assert_eq!(tracker.poll_due().await.unwrap().news, 1);
        rows.copy_first_poll().await;
        rows
    }

    async fn copy_first_poll(&self) {
        let others = format!("verification.id > 1 and verification.id % {NEW} > 0");
        for copied in [
            format!(
                "insert into observation (verification_id, provider, source, observed_at, seen_until, facts) \
                 select verification.id, first.provider, first.source, first.observed_at, first.seen_until, first.facts \
                 from verification, observation as first where first.verification_id = 1 and {others}"
            ),
            format!(
                "insert into transition (verification_id, version, at, facts) \
                 select verification.id, first.version, first.at, replace(replace(first.facts, '\"case-1\"', \
                 '\"' || reference || '\"'), '\"{ID}:s-1\"', '\"' || session || '\"') \
                 from verification, transition as first where first.verification_id = 1 and {others}"
            ),
            format!(
                "update verification set state = first.state, status = first.status, version = first.version, \
                 poll_observation = observation.id, poll_digest = first.poll_digest, fresh_since = first.fresh_since \
                 from observation, verification as first \
                 where observation.verification_id = verification.id and first.id = 1 and {others}"
            ),
        ] {
            self.run(copied).await;
        }
    }

    /// Makes all due at one moment. The rows are written anew, so the table is tidied up, as a server does by itself in time.
    pub(super) async fn make_due(&self) {
        self.run(format!("update verification set due_at = {FAR}")).await;
        self.run("vacuum analyze verification".to_owned()).await;
        self.run("update verification set due_at = 1".to_owned()).await;
    }

    /// How many are due, or will be when the lease of a worker that was stopped is over.
    pub(super) async fn due(&self) -> usize {
        let soon = SystemTime::now() + PAUSE / 2;
        let soon = soon.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis();
        self.count(&format!("due_at < {soon}")).await
    }

    pub(super) async fn count(&self, condition: &str) -> usize {
        self.number(format!("select count(*) from verification where {condition}")).await
    }

    pub(super) async fn transitions(&self) -> usize {
        self.number("select count(*) from transition".to_owned()).await
    }

    pub(super) async fn observations(&self) -> usize {
        self.number("select count(*) from observation".to_owned()).await
    }

    async fn run(&self, statement: String) {
        sqlx::query(AssertSqlSafe(statement)).execute(&self.pool).await.unwrap();
    }

    async fn number(&self, statement: String) -> usize {
        let number: i64 = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&self.pool).await.unwrap();
        usize::try_from(number).unwrap()
    }
}
