//! Reads rows.

use idv::{ProviderId, SessionRef, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::{Phase, StoreError, Tracked, VerificationId, Waiting};

/// A row whose columns are read by name.
pub(crate) struct Row(AnyRow);

impl From<AnyRow> for Row {
    fn from(row: AnyRow) -> Self {
        Self(row)
    }
}

impl Row {
    pub(crate) fn int(&self, column: &str) -> Result<i64, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn int_or_null(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn text_or_null(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    /// The value of a column that holds JSON. Many rows come as one such value where they are many: a driver that hands each row from
    /// thread to thread is slow.
    pub(crate) fn json<T: DeserializeOwned>(
        &self,
        column: &str,
        what: &'static str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|_| StoreError::content(what))
    }

    pub(crate) fn time_or_null(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.int_or_null(column)?.map(Timestamp::from_unix_millis))
    }

    fn parsed<T>(
        &self,
        column: &str,
        what: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let text = self.text_or_null(column)?;
        text.map(|text| parse(&text).ok_or_else(|| StoreError::content(what))).transpose()
    }
}

/// A row of the table of verifications.
#[derive(Debug, Clone)]
pub(crate) struct StoredVerification {
    pub(crate) tracked: Tracked,
    pub(crate) is_exclusive: bool,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) start_until: Option<Timestamp>,
    pub(crate) takeovers: i64,
    pub(crate) is_repeatable: bool,
    pub(crate) fence: i64,
    pub(crate) fresh_since: Timestamp,
    /// The observation of the last poll, and until when later ones repeated it, where that is not yet noted in the observation.
    pub(crate) repeated_poll: Option<(i64, Timestamp)>,
}

impl StoredVerification {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        let state = row.text_or_null("state")?;
        let state = state.map(|state| serde_json::from_str(&state).map_err(|_| StoreError::content("state")));
        let tracked = Tracked {
            id: VerificationId::new(row.int("id")?),
            reference: row.text("reference")?,
            purpose: row.text("purpose")?,
            provider: row.parsed("provider", "provider", |text| text.parse::<ProviderId>().ok())?,
            session: row.parsed("session", "reference", |text| text.parse::<SessionRef>().ok())?,
            phase: row
                .parsed("phase", "phase", Phase::from_word)?
                .ok_or_else(|| StoreError::content("phase"))?,
            state: state.transpose()?,
            version: row.int("version")?,
            created_at: Timestamp::from_unix_millis(row.int("created_at")?),
            due_at: row.time_or_null("due_at")?,
            waiting_for: row.parsed("waiting_for", "reason to wait", Waiting::from_word)?,
        };
        Ok(Self {
            tracked,
            is_exclusive: row.int("exclusive")? != 0,
            idempotency_key: row.text_or_null("idempotency_key")?,
            start_until: row.time_or_null("start_until")?,
            takeovers: row.int("takeovers")?,
            is_repeatable: row.int("repeatable")? != 0,
            fence: row.int("fence")?,
            fresh_since: Timestamp::from_unix_millis(row.int("fresh_since")?),
            repeated_poll: row.int_or_null("poll_observation")?.zip(row.time_or_null("poll_seen_at")?),
        })
    }
}
