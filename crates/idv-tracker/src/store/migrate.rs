//! Brings the tables of a database up to date: forwards only, each step in a transaction of its own.

use std::borrow::Cow;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::database::Store;
use super::engine::Engine;
use crate::{StoreError, StoreErrorKind};

/// A step of the schema.
struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// All steps. One that was released is never changed: its checksum stands in every database.
const STEPS: &[Step] = &[Step {
    version: 1,
    name: "initial",
    sqlite: include_str!("../../migrations/sqlite/0001_initial.sql"),
    postgres: include_str!("../../migrations/postgres/0001_initial.sql"),
}];

pub(super) async fn migrate(store: &Store) -> Result<(), StoreError> {
    let outcome = match store.engine {
        // PostgreSQL has a lock for migrations; at SQLite it is the lock of the writer.
        Engine::Sqlite => {
            let mut transaction = store.pool.begin_with("begin immediate").await?;
            match migrator(store.engine).run(&mut *transaction).await {
                Ok(()) => transaction.commit().await.map_err(MigrateError::Execute),
                Err(error) => Err(error),
            }
        }
        Engine::Postgres => migrator(store.engine).run(&mut *store.pool.acquire().await?).await,
    };
    outcome.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) if is_away(&error) => {
            error.into()
        }
        error => StoreError::new(
            StoreErrorKind::Schema,
            "the tables of the database are not those of this version, and were left as they are",
        )
        .because(error),
    })
}

/// Whether the database is locked, full or cut off, which says nothing about its tables.
fn is_away(error: &sqlx::Error) -> bool {
    StoreError::kind_of(error) == StoreErrorKind::Unavailable
}

fn migrator(engine: Engine) -> Migrator {
    let steps = STEPS.iter().map(|step| {
        let text = match engine {
            Engine::Sqlite => step.sqlite,
            Engine::Postgres => step.postgres,
        };
        Migration::new(
            step.version,
            Cow::Borrowed(step.name),
            MigrationType::Simple,
            AssertSqlSafe(text).into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(steps.collect())
}
