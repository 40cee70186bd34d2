//! Rows of every table as earlier versions of the schema stored them, and the steps that lead from there to here.
//!
//! The folder of a version has, for each engine, its rows as SQL and what today's code has to read from them as JSON. Neither is
//! changed once the version is released; `freeze` writes those of a new one.

pub(crate) mod reading;
mod subset;

use std::borrow::Cow;

use idv_tracker::Tracker;
use serde_json::Value;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _, SqlSafeStr as _};

use crate::stores::Database;
use subset::is_within;

/// A version of the schema: its step, its rows and what they mean, on one engine.
struct Version {
    step: &'static str,
    rows: &'static str,
    meaning: &'static str,
}

macro_rules! version {
    ($engine:literal, $version:literal, $step:literal) => {
        Version {
            step: include_str!(concat!("../../../migrations/", $engine, "/", $step, ".sql")),
            rows: include_str!(concat!("v", $version, "/", $engine, ".sql")),
            meaning: include_str!(concat!("v", $version, "/", $engine, ".json")),
        }
    };
}

macro_rules! versions {
    ($($version:literal => $step:literal),+ $(,)?) => {
        /// The newest version.
        pub(crate) const NEWEST: i64 = [$($version),+].len() as i64;

        fn version(engine: &str, number: i64) -> Version {
            match (engine, number) {
                $(("sqlite", $version) => version!("sqlite", $version, $step),
                ("postgres", $version) => version!("postgres", $version, $step),)+
                _ => panic!("there is no version {number} on {engine}"),
            }
        }
    };
}

versions! { 1 => "0001_initial" }

/// A step that no version has.
pub(crate) const MADE_UP: &str = include_str!("made_up.sql");

/// A database of a version, with its rows.
pub(crate) async fn load(database: &Database, number: i64) {
    migrate(database, number, None).await.unwrap();
    let pool = database.pool().await;
    pool.execute(AssertSqlSafe(version(database.name, number).rows)).await.unwrap();
    pool.close().await;
}

/// Takes the steps up to a version, and one that no version has, in the way in which the tracker takes its own.
pub(crate) async fn migrate(
    database: &Database,
    last: i64,
    made_up: Option<&str>,
) -> Result<(), MigrateError> {
    let steps = (1..=last).map(|number| version(database.name, number).step);
    let steps = steps.chain(made_up).zip(1..).map(|(text, number)| {
        let text = AssertSqlSafe(text.to_owned()).into_sql_str();
        Migration::new(number, Cow::Borrowed("step"), MigrationType::Simple, text, false)
    });
    let migrator = Migrator::with_migrations(steps.collect());
    let pool = database.pool().await;
    // Closed with its locks, also where a step fails.
    let mut connection = pool.acquire().await?.detach();
    let outcome = run(&migrator, &mut connection, database.name).await;
    connection.close().await?;
    outcome
}

async fn run(migrator: &Migrator, connection: &mut AnyConnection, engine: &str) -> Result<(), MigrateError> {
    if engine == "postgres" {
        return migrator.run_direct(None, connection, false).await;
    }
    connection.execute("pragma busy_timeout = 60000; pragma foreign_keys = on").await?;
    let mut transaction = connection.begin_with("begin immediate").await?;
    migrator.run_direct(None, &mut *transaction, false).await?;
    Ok(transaction.commit().await?)
}

/// Checks that today's code reads from the rows of a version what they meant when they were stored.
pub(crate) async fn check(database: &Database, number: i64) -> Tracker {
    let (tracker, read) = reading::read(database).await;
    let meant: Value = serde_json::from_str(version(database.name, number).meaning).unwrap();
    is_within(&meant, &read).unwrap_or_else(|difference| panic!("version {number}: {difference}"));
    tracker
}
