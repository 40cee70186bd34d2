//! The errors of a tracker.

use std::borrow::Cow;
use std::fmt;

use http::StatusCode;
use idv::{Delivery, Error, ErrorKind, Operation, Retry, SessionRef};

use crate::{Tracked, VerificationId};

/// An error of a tracker.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrackerError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vendor, or the registry.
    #[error(transparent)]
    Vendor(#[from] idv::Error),
    /// The answer to a start was lost, and this vendor gives no way to look for its session: starting again could make a second
    /// one. After a check at the vendor, or once the hold is over, the applicant can try again.
    #[error(
        "the answer to the start of verification {} was lost, and {} may hold a session that cannot be looked for; it can be \
         started again after {hold_until}, or at once after a check by an operator", .verification.id, provider(.verification)
    )]
    Uncertain {
        /// The verification whose session is not known.
        verification: Box<Tracked>,
        /// Until when no other start of its reference and purpose is made.
        hold_until: idv::Timestamp,
    },
    /// Another process is asking the vendor for the same reference and purpose.
    #[error("verification {} is being started by another process", .0.id)]
    StartUnderWay(Box<Tracked>),
    /// There is no such verification.
    #[error("there is no verification {0} in the store")]
    NotFound(VerificationId),
    /// No verification has this session.
    #[error("no verification of the store has the session {0}")]
    UnknownSession(SessionRef),
}

fn provider(tracked: &Tracked) -> String {
    tracked.provider.as_ref().map_or_else(|| "the vendor".to_owned(), ToString::to_string)
}

impl TrackerError {
    /// The status with which to answer the vendor's webhook: 503 where it should send the event again.
    #[must_use]
    pub fn webhook_response_status(&self) -> StatusCode {
        match self {
            Self::Vendor(error) => error.webhook_response_status(),
            _ => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The same as an error of the library, for applications that answer all errors alike. A start whose answer was lost is a conflict
/// that wants a check.
impl From<TrackerError> for Error {
    fn from(error: TrackerError) -> Self {
        let message = error.to_string();
        let again = Retry::Allowed { after: None };
        match error {
            TrackerError::Vendor(error) => error,
            TrackerError::Store(error) => error.into(),
            TrackerError::Uncertain { verification, .. } => {
                let error = Self::new(ErrorKind::Conflict, message)
                    .with_operation(Operation::Start)
                    .with_delivery(Delivery::Unknown)
                    .with_retry(Retry::AfterCheck);
                match verification.provider {
                    Some(provider) => error.with_provider(provider),
                    None => error,
                }
            }
            TrackerError::StartUnderWay(_) => {
                Self::new(ErrorKind::Conflict, message).with_operation(Operation::Start).with_retry(again)
            }
            TrackerError::NotFound(_) | TrackerError::UnknownSession(_) => {
                Self::new(ErrorKind::NotFound, message)
            }
        }
    }
}

/// The same as an error of the library: `config` for an address that cannot be read, else `unavailable`.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let kind = match error.kind {
            StoreErrorKind::Address => ErrorKind::Config,
            _ => ErrorKind::Unavailable,
        };
        let retry = match error.kind {
            StoreErrorKind::Unavailable => Retry::Allowed { after: None },
            _ => Retry::Never,
        };
        Self::new(kind, error.to_string()).with_retry(retry).with_source(error)
    }
}

/// An error of the database. It holds neither the address of the database nor stored values.
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The kind of a [`StoreError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The address cannot be read.
    Address,
    /// The database cannot be reached, is busy, or its disk is full: it may be tried again.
    Unavailable,
    /// The tables are those of a newer version, or were changed by hand.
    Schema,
    /// A stored value cannot be read.
    Content,
    /// The database refused a statement.
    Refused,
}

impl StoreError {
    pub(crate) fn new(kind: StoreErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error for another caller that waited for the same transaction.
    pub(crate) fn shared(&self) -> Self {
        Self::new(self.kind, self.message.clone())
    }

    pub(crate) fn content(what: &'static str) -> Self {
        Self::new(StoreErrorKind::Content, format!("a stored {what} cannot be read"))
    }

    /// The sentence, without the words that say whose error it is.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Whether a file of SQLite is in use, so that it can be had a little later.
    pub(crate) fn is_lock(&self) -> bool {
        self.message.starts_with(LOCKED)
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the tracker's database: {}", self.message)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let (kind, message) = meaning(&error);
        // The texts of the drivers hold addresses and values.
        Self::new(kind, message)
    }
}

/// The text where a file of SQLite is in use.
const LOCKED: &str = "it is locked by somebody else";
fn meaning(error: &sqlx::Error) -> (StoreErrorKind, Cow<'static, str>) {
    use sqlx::Error as E;
    let code = error.as_database_error().and_then(|error| error.code().map(Cow::into_owned));
    match (error, code) {
        (E::Database(_), Some(code)) => of_code(&code),
        (E::ColumnDecode { .. } | E::ColumnNotFound(_) | E::Decode(_) | E::TypeNotFound { .. }, _) => {
            (StoreErrorKind::Content, "a stored value cannot be read".into())
        }
        (E::Database(_), None) => (StoreErrorKind::Refused, "a statement was refused".into()),
        _ => (StoreErrorKind::Unavailable, "it cannot be reached".into()),
    }
}

/// The meaning of a database's code: five characters at PostgreSQL, a number at SQLite.
fn of_code(code: &str) -> (StoreErrorKind, Cow<'static, str>) {
    let is_sqlite = code.len() < 5 && code.bytes().all(|byte| byte.is_ascii_digit());
    let primary = code.parse::<u32>().map_or(0, |code| code & 0xff);
    let (kind, what) = match (is_sqlite, primary, code.get(..2)) {
        (true, 5 | 6, _) => (StoreErrorKind::Unavailable, LOCKED),
        (true, 13, _) => (StoreErrorKind::Unavailable, "the disk is full"),
        (true, 8, _) => (StoreErrorKind::Unavailable, "it can only be read"),
        (true, 10 | 14, _) => (StoreErrorKind::Unavailable, "its file cannot be used"),
        (true, 11 | 26, _) => (StoreErrorKind::Schema, "its file is damaged, or no database"),
        (false, _, Some("08" | "53" | "55" | "57" | "58" | "25")) => {
            (StoreErrorKind::Unavailable, "it cannot work at present")
        }
        (false, _, Some("40")) => (StoreErrorKind::Unavailable, "another transaction was in the way"),
        (false, _, Some("28" | "3D")) => {
            (StoreErrorKind::Unavailable, "it refuses the user, or is not there")
        }
        _ => (StoreErrorKind::Refused, "a statement was refused"),
    };
    (kind, format!("{what} (code {code})").into())
}
