//! A fresh database for each test.

use idv_tracker::StoreOptions;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{AnyPool, AssertSqlSafe, Connection as _, Executor as _};
use tempfile::TempDir;
use uuid::Uuid;

/// The database of one test.
pub(crate) struct Database {
    pub(crate) options: StoreOptions,
    pub(crate) name: &'static str,
    folder: Option<TempDir>,
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("idv.db").display());
        Self { options: StoreOptions::new(url), name: "sqlite", folder: Some(folder) }
    }

    pub(crate) async fn postgres() -> Self {
        let server = std::env::var("IDV_TEST_POSTGRES").expect(
            "IDV_TEST_POSTGRES names a PostgreSQL server for tests: run `cargo xtask postgres -- cargo test -p idv-tracker`",
        );
        Self::on(&server).await
    }

    /// A new database of the PostgreSQL server at an address.
    pub(crate) async fn on(server: &str) -> Self {
        let name = format!("t{}", Uuid::new_v4().simple());
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        connection.close().await.unwrap();
        let mut url = url::Url::parse(server).unwrap();
        url.set_path(&name);
        let options = StoreOptions::new(SecretString::from(url.to_string()));
        Self { options, name: "postgres", folder: None }
    }

    /// The database at an address, which belongs to another process.
    #[allow(dead_code, reason = "it is for the tests of crashes")]
    pub(crate) fn at(url: &str) -> Self {
        let name = if url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
        Self { options: StoreOptions::new(url.to_owned()), name, folder: None }
    }

    /// Another database of the same engine.
    pub(crate) async fn another(&self) -> Self {
        if self.name == "sqlite" { Self::sqlite() } else { Self::postgres().await }
    }

    /// Bare connections to the database.
    pub(crate) async fn pool(&self) -> AnyPool {
        sqlx::any::install_default_drivers();
        let url = self.options.url.expose_secret();
        let url = if self.name == "sqlite" { format!("{url}?mode=rwc") } else { url.to_owned() };
        AnyPool::connect(&url).await.unwrap()
    }

    /// The files of an SQLite database, with their names.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(self.folder.as_ref().unwrap().path()).unwrap();
        let read = |entry: std::fs::DirEntry| {
            (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap())
        };
        entries.map(|entry| read(entry.unwrap())).collect()
    }
}

/// Makes two tests of an async function: one on each engine.
macro_rules! on_both {
    ($($(#[$attribute:meta])* $name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            $(#[$attribute])*
            async fn $name() {
                Box::pin(super::$name($crate::stores::Database::sqlite())).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            $(#[$attribute])*
            async fn $name() {
                Box::pin(super::$name($crate::stores::Database::postgres().await)).await;
            })+
        }
    };
}
pub(crate) use on_both;
