//! A statement, as each engine wants it.

use super::engine::Engine;

/// A statement in the words of both engines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statement {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Statement {
    pub(crate) const fn on(self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// The statement of a file: `sql!("observe")`, or `sql!("claim", by engine)` where each engine has a file of its own.
macro_rules! sql {
    ($name:literal) => {{
        const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql"));
        $crate::store::Statement { sqlite: TEXT, postgres: TEXT }
    }};
    ($name:literal, by engine) => {
        $crate::store::Statement {
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".postgres.sql")),
        }
    };
}
pub(crate) use sql;
