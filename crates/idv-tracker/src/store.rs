//! The database: SQLite or PostgreSQL, by the same statements wherever the two agree.

mod announce;
mod connect;
mod database;
mod engine;
mod listen;
mod migrate;
mod read;
mod statement;
mod transaction;

pub(crate) use announce::Announcer;
pub(crate) use connect::open;
pub(crate) use database::Store;
pub(crate) use listen::Listener;
pub(crate) use read::{Row, StoredVerification};
pub(crate) use statement::{Statement, sql};
pub(crate) use transaction::{Transaction, Value, values};

pub use connect::StoreOptions;
pub use engine::Engine;
