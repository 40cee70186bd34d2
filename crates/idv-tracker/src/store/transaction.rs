//! A transaction, and statements in it.

use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use tokio::sync::OwnedMutexGuard;

use super::database::Store;
use super::engine::Engine;
use super::read::Row;
use super::statement::Statement;
use crate::{StoreError, StoreErrorKind};

/// A transaction that can write. Dropped without [`commit`](Self::commit), it changes nothing.
pub(crate) struct Transaction {
    inner: sqlx::Transaction<'static, Any>,
    engine: Engine,
    _writer: Option<OwnedMutexGuard<()>>,
}

/// A value of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
}

macro_rules! value_from {
    ($($type:ty => |$value:ident| $made:expr),+ $(,)?) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        }
    )+};
}
value_from! {
    i64 => |value| Self::Int(Some(value)),
    Option<i64> => |value| Self::Int(value),
    bool => |value| Self::Int(Some(value.into())),
    &str => |value| Self::Text(Some(value.to_owned())),
    String => |value| Self::Text(Some(value)),
    Option<String> => |value| Self::Text(value),
    Option<&str> => |value| Self::Text(value.map(str::to_owned)),
    idv::Timestamp => |value| Self::Int(Some(value.unix_millis())),
    Option<idv::Timestamp> => |value| Self::Int(value.map(idv::Timestamp::unix_millis)),
    crate::VerificationId => |value| Self::Int(Some(value.get())),
    Option<crate::VerificationId> => |value| Self::Int(value.map(crate::VerificationId::get)),
}

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Value::from($value)),*] };
}
pub(crate) use values;

type Bound = Query<'static, Any, AnyArguments>;

fn bound(statement: Statement, engine: Engine, values: Vec<Value>) -> Bound {
    values.into_iter().fold(sqlx::query(statement.on(engine)), |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
    })
}

impl Store {
    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self) -> Result<Transaction, StoreError> {
        let (writer, begin) = match self.engine {
            Engine::Sqlite => (Some(self.turn().await?), "begin immediate"),
            Engine::Postgres => (None, "begin"),
        };
        let inner = self.pool.begin_with(begin).await?;
        Ok(Transaction { inner, engine: self.engine, _writer: writer })
    }

    /// The turn to write. While another process holds the lock of the file, every transaction waits for as long as it may: a queue of
    /// them would wait for minutes.
    async fn turn(&self) -> Result<OwnedMutexGuard<()>, StoreError> {
        let turn = tokio::time::timeout(self.patience, self.writer.clone().lock_owned()).await;
        turn.map_err(|_| {
            StoreError::new(StoreErrorKind::Unavailable, "too many transactions wait for their turn")
        })
    }

    /// All rows of a statement that only reads.
    pub(crate) async fn rows(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = bound(statement, self.engine, values).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    /// The first row of a statement that only reads.
    pub(crate) async fn row(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(bound(statement, self.engine, values).fetch_optional(&self.pool).await?.map(Row::from))
    }
}

impl Transaction {
    pub(crate) async fn rows(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = bound(statement, self.engine, values).fetch_all(&mut *self.inner).await?;
        Ok(rows.into_iter().map(Row::from).collect())
    }

    pub(crate) async fn row(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(bound(statement, self.engine, values).fetch_optional(&mut *self.inner).await?.map(Row::from))
    }

    /// Runs a statement, and says how many rows it changed.
    pub(crate) async fn run(&mut self, statement: Statement, values: Vec<Value>) -> Result<u64, StoreError> {
        Ok(bound(statement, self.engine, values).execute(&mut *self.inner).await?.rows_affected())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }
}
