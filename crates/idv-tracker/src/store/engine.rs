//! The kind of a database.

/// The kind of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// SQLite: a file beside the application, for one machine.
    Sqlite,
    /// PostgreSQL: for any number of machines.
    Postgres,
}
