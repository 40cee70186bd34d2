//! A database that is open.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use sqlx::AnyPool;
use tokio::sync::Mutex;

use super::engine::Engine;

/// A database that is open and migrated. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    pub(super) pool: AnyPool,
    pub(super) engine: Engine,
    /// SQLite has one writer: waiting here is fair, waiting for the lock of the file is not.
    pub(super) writer: Arc<Mutex<()>>,
    /// How long it is waited for.
    pub(super) patience: Duration,
    /// The address of a database that announces what was stored.
    pub(super) announcer: Option<SecretString>,
}

impl Store {
    /// The kind of the database.
    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("engine", &self.engine).finish_non_exhaustive()
    }
}
