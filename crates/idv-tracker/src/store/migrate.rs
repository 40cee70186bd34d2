//! Brings the tables of a database up to date: forwards only, each step in a transaction of its own.

use std::borrow::Cow;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, SqlSafeStr};

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

/// Takes all steps that are due. Others that want to do so at the same time wait: PostgreSQL has a lock for it, and on SQLite
/// it is the transaction.
pub(super) async fn migrate(connection: &mut AnyConnection, engine: Engine) -> Result<(), StoreError> {
    let migrator = migrator(engine);
    match engine {
        Engine::Sqlite => {
            let mut transaction = connection.begin_with("begin immediate").await?;
            migrator.run_direct(None, &mut *transaction, false).await.map_err(failed)?;
            Ok(transaction.commit().await?)
        }
        Engine::Postgres => migrator.run_direct(None, connection, false).await.map_err(failed),
    }
}

fn failed(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        error => StoreError::new(
            StoreErrorKind::Schema,
            "the tables of the database are not those of this version, and were left as they are",
        )
        .because(error),
    }
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
