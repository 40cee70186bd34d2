//! Fresh databases.

use std::sync::Arc;

use idv::Timestamp;
use idv::testing::FixedClock;
use idv_tracker::{StoreOptions, Tracker};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, AssertSqlSafe};
use tempfile::TempDir;

use crate::vendor::registry;

/// Where fresh databases are made.
pub(crate) struct Database {
    pub(crate) name: &'static str,
    server: Option<url::Url>,
}

/// A fresh database with the tracker's tables: the tracker, and a pool of bare connections.
pub(crate) struct Fresh {
    pub(crate) tracker: Tracker,
    pub(crate) pool: AnyPool,
    pub(crate) is_sqlite: bool,
    _folder: Option<TempDir>,
}

impl Database {
    /// SQLite in a folder of its own, or the PostgreSQL that `IDV_TEST_POSTGRES` names.
    pub(crate) fn of(engine: &'static str) -> Self {
        let server = (engine == "postgres").then(|| {
            let server = std::env::var("IDV_TEST_POSTGRES").expect("IDV_TEST_POSTGRES names a server");
            server.parse().expect("an address")
        });
        Self { name: engine, server }
    }

    pub(crate) async fn fresh(&self) -> Fresh {
        sqlx::any::install_default_drivers();
        let (url, folder) = match &self.server {
            None => {
                let folder = tempfile::tempdir().expect("a folder");
                (format!("sqlite://{}", folder.path().join("idv.db").display()), Some(folder))
            }
            Some(server) => {
                let name = format!("b{}", uuid::Uuid::new_v4().simple());
                let pool = AnyPoolOptions::new()
                    .max_connections(1)
                    .connect(server.as_str())
                    .await
                    .expect("a server");
                sqlx::query(AssertSqlSafe(format!("create database {name}")))
                    .execute(&pool)
                    .await
                    .expect("a database");
                let mut url = server.clone();
                url.set_path(&name);
                (url.to_string(), None)
            }
        };
        let mut options = idv_tracker::TrackerOptions::default();
        options.batch = 1000;
        options.concurrency = 64;
        // Time stands still, so that nothing is due again before it is measured.
        let clock = FixedClock::new(Timestamp::from_unix_millis(1_795_773_600_000));
        let tracker = Tracker::builder(registry(), StoreOptions::new(url.clone())).options(options);
        let tracker = tracker.clock(Arc::new(clock));
        let tracker = tracker.open().await.expect("a tracker");
        let is_sqlite = self.server.is_none();
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if is_sqlite {
                        let settings = "pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on; pragma secure_delete = on";
                        sqlx::Executor::execute(connection, settings).await?;
                    }
                    Ok(())
                })
            })
            .connect(&url)
            .await
            .expect("a pool");
        Fresh { tracker, pool, is_sqlite, _folder: folder }
    }
}
