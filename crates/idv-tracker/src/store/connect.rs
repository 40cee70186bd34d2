//! Opens a database.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor};
use tokio::sync::Mutex;
use url::Url;

use super::database::Store;
use super::engine::Engine;
use super::migrate::migrate;
use crate::{StoreError, StoreErrorKind};

/// Where the database is, and how many connections are held.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StoreOptions {
    /// `sqlite://idv.db` (a path, relative to the current folder) or `postgres://…`. A secret, because the latter can hold a password.
    pub url: SecretString,
    /// The most connections at a time; default: 8.
    pub connections: u32,
    /// How long a connection, or the turn to write to an SQLite database, is waited for before the database counts as lost; default:
    /// five seconds.
    pub patience: Duration,
}

impl StoreOptions {
    /// The database at an address, with the defaults.
    #[must_use]
    pub fn new(url: impl Into<SecretString>) -> Self {
        Self { url: url.into(), connections: 8, patience: Duration::from_secs(5) }
    }

    /// The same with a relative path of SQLite looked for in a folder, such as that of the configuration file.
    ///
    /// # Errors
    /// [`StoreErrorKind::Address`] where the address cannot be read.
    pub fn beside(mut self, folder: &Path) -> Result<Self, StoreError> {
        if let Address::Sqlite(path) = Address::read(self.url.expose_secret())?
            && Path::new(&path).is_relative()
            && !folder.as_os_str().is_empty()
        {
            self.url = format!("sqlite://{}", folder.join(path).display()).into();
        }
        Ok(self)
    }
}

/// An address that was understood.
enum Address {
    Sqlite(String),
    Postgres,
}

impl Address {
    fn read(url: &str) -> Result<Self, StoreError> {
        let wrong = |message: &'static str| StoreError::new(StoreErrorKind::Address, message);
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" | ":memory:" => Err(wrong("the address names no file: write sqlite://idv.db")),
                path if path.contains('?') => {
                    Err(wrong("the address of an SQLite database is a path alone, such as sqlite://idv.db"))
                }
                path => Ok(Self::Sqlite(path.to_owned())),
            };
        }
        let is_postgres = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"));
        if is_postgres {
            Ok(Self::Postgres)
        } else {
            Err(wrong("the address begins with sqlite:// or postgres://"))
        }
    }
}

/// Opens the database, and brings its tables up to date.
pub(crate) async fn open(options: &StoreOptions) -> Result<Store, StoreError> {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    let (engine, url) = match Address::read(options.url.expose_secret())? {
        Address::Sqlite(path) => (Engine::Sqlite, sqlite_url(&path)),
        Address::Postgres => (Engine::Postgres, options.url.expose_secret().to_owned()),
    };
    let settings = sqlite_settings(options.patience);
    if engine == Engine::Sqlite {
        prepare_sqlite(&url, &settings, options.patience).await?;
    }
    let pool = AnyPoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(options.patience)
        .after_connect(move |connection, _| {
            let settings = settings.clone();
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    connection.execute(AssertSqlSafe(settings)).await?;
                }
                Ok(())
            })
        })
        .connect(&url)
        .await?;
    let announcer = (engine == Engine::Postgres).then(|| options.url.clone());
    let store =
        Store { pool, engine, writer: Arc::new(Mutex::new(())), patience: options.patience, announcer };
    if engine == Engine::Postgres {
        let mut connection = store.pool.acquire().await?;
        migrate(&mut connection, engine).await?;
    }
    Ok(store)
}

/// The address of a file for the driver, which decodes it. After two slashes a relative path would begin with a host.
fn sqlite_url(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let mut url = "sqlite:".to_owned();
    for byte in path.bytes() {
        match is_plain(byte) {
            true => url.push(char::from(byte)),
            // Writing to a string cannot fail.
            false => drop(write!(url, "%{byte:02X}")),
        }
    }
    url + "?mode=rwc"
}

/// Brings the tables of a file up to date, on a connection of its own: a pool would try again to open a file that is no database.
async fn prepare_sqlite(url: &str, settings: &str, patience: Duration) -> Result<(), StoreError> {
    let begun = Instant::now();
    loop {
        let attempt = async {
            let mut connection = AnyConnection::connect(url).await?;
            connection.execute(AssertSqlSafe(settings.to_owned())).await?;
            migrate(&mut connection, Engine::Sqlite).await?;
            Ok::<_, StoreError>(connection.close().await?)
        };
        match attempt.await {
            // Two processes that open a new file at once are in each other's way.
            Err(error) if error.is_lock() && begun.elapsed() < patience => {
                tokio::time::sleep(LOCK_PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// How long a locked file is waited for until it is tried again.
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// A commit is on the disk before a webhook is acknowledged, and what is deleted is overwritten.
fn sqlite_settings(patience: Duration) -> String {
    format!(
        "pragma busy_timeout = {}; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; \
         pragma secure_delete = on;",
        patience.as_millis()
    )
}
