//! The database: SQLite or PostgreSQL, by the same statements wherever the two agree.

mod connect;
mod migrate;
mod read;
mod statement;
mod transaction;

use std::sync::Arc;

use sqlx::AnyPool;
use tokio::sync::Mutex;

pub(crate) use read::{Row, StoredVerification};
pub(crate) use statement::{Statement, sql};
pub(crate) use transaction::{Transaction, Value, values};

pub use connect::{Engine, StoreOptions};

/// A database that is open and migrated. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    pool: AnyPool,
    engine: Engine,
    /// SQLite has one writer: waiting here is fair, waiting for the lock of the file is not.
    writer: Arc<Mutex<()>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.engine).finish_non_exhaustive()
    }
}
