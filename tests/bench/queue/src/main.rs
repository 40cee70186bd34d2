//! `idv-bench-queue sqlite|postgres`: jobs per second of apalis, a job queue with the same databases, where a job is a poll that an
//! application would put into it. Prints one line of JSON, for `cargo xtask bench tracker`.
#![allow(clippy::print_stdout, reason = "a program whose output is its result")]

use std::time::{Duration, Instant};

use apalis::layers::WorkerBuilderExt as _;
use apalis::prelude::{BoxDynError, TaskBuilder, TaskSink as _, WorkerBuilder};
use apalis_postgres::{PgPool, PostgresStorage};
use apalis_sqlite::{SqlitePool, SqliteStorage};
use futures_util::{StreamExt as _, stream};

/// How many jobs are done in one measurement.
const JOBS: usize = 4_000;

/// As many as the tracker of the measurement claims at a time.
const BATCH: usize = 1_000;

/// As many as the tracker of the measurement asks about at a time.
const CONCURRENCY: usize = 64;

async fn job(_: usize) -> Result<(), BoxDynError> {
    Ok(())
}

/// Fills a queue, and waits until the database says that all is done.
macro_rules! rate {
    ($pool:expr, $storage:expr, $done:literal) => {{
        let (pool, mut storage) = ($pool, $storage);
        let mut jobs = stream::iter(0..JOBS).map(|number| TaskBuilder::new(number).build());
        storage.push_all(&mut jobs).await?;
        let begin = Instant::now();
        let worker = WorkerBuilder::new("bench").backend(storage).concurrency(CONCURRENCY).build(job);
        let worker = tokio::spawn(worker.run());
        while sqlx::query_scalar::<_, i64>($done).fetch_one(&pool).await? < JOBS as i64 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        worker.abort();
        JOBS as f64 / begin.elapsed().as_secs_f64()
    }};
}

#[tokio::main]
async fn main() -> Result<(), BoxDynError> {
    let engine = std::env::args().nth(1).unwrap_or_default();
    let rate = match engine.as_str() {
        "sqlite" => {
            let folder = tempfile::tempdir()?;
            let file = folder.path().join("queue.db");
            let pool = SqlitePool::connect(&format!("sqlite://{}?mode=rwc", file.display())).await?;
            SqliteStorage::setup(&pool).await?;
            let config = apalis_sqlite::Config::default().batch_size(BATCH);
            let storage = SqliteStorage::new(&pool).with_config(config);
            rate!(pool, storage, "select count(*) from Jobs where done_at is not null")
        }
        "postgres" => {
            let server = std::env::var("IDV_TEST_POSTGRES")?;
            let pool = PgPool::connect(&server).await?;
            PostgresStorage::setup(&pool).await?;
            let config = apalis_postgres::Config::default().batch_size(BATCH);
            let storage = PostgresStorage::new(&pool).with_config(config);
            rate!(pool, storage, "select count(*) from apalis.jobs where done_at is not null")
        }
        _ => return Err("say sqlite or postgres".into()),
    };
    println!("{}", serde_json::json!({ "engine": engine, "jobs_per_second": rate }));
    Ok(())
}
