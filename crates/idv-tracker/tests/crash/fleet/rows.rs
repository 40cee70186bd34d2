//! The verifications that a fleet polls.

use sqlx::{AnyPool, AssertSqlSafe};

use super::provider::ID;
use crate::stores::Database;

/// The verifications of a fleet.
pub(super) struct Rows {
    pool: AnyPool,
    /// How many there are.
    pub(super) all: usize,
}

impl Rows {
    /// So many verifications whose session is known, of which nothing was seen yet, and which are not due.
    pub(super) async fn fill(database: &Database, count: u64) -> Self {
        let rows = Self { pool: database.pool().await, all: usize::try_from(count).unwrap() };
        rows.run(format!(
            "insert into verification (reference, purpose, exclusive, phase, provider, session, created_at, fresh_since) \
             select 'case-' || i, '', 1, 'tracked', '{ID}', '{ID}:s-' || i, 1, 1 from generate_series(1, {count}) as n(i)"
        ))
        .await;
        rows
    }

    pub(super) async fn make_due(&self) {
        self.run("update verification set due_at = 1".to_owned()).await;
    }

    pub(super) async fn count(&self, condition: &str) -> i64 {
        self.number(format!("select count(*) from verification where {condition}")).await
    }

    pub(super) async fn transitions(&self) -> i64 {
        self.number("select count(*) from transition".to_owned()).await
    }

    pub(super) async fn observations(&self) -> i64 {
        self.number("select count(*) from observation".to_owned()).await
    }

    async fn run(&self, statement: String) {
        sqlx::query(AssertSqlSafe(statement)).execute(&self.pool).await.unwrap();
    }

    async fn number(&self, statement: String) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&self.pool).await.unwrap()
    }
}
