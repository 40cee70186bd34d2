//! The message that tells the application of a transition.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use idv::Timestamp;
use serde::Serialize;

use super::signature::Signer;
use crate::record::transition;
use crate::store::{Statement, Store, sql, values};
use crate::{StoreError, Transition};

const TRANSITION: Statement = sql!("transition_at");
const STORE_NUMBER: Statement = sql!("store_number");

/// A message: the same in every attempt.
pub(super) struct Message {
    id: String,
    pub(super) body: Vec<u8>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    data: &'a Transition,
}

impl Message {
    /// The message of a transition; `None` where the transition was erased.
    pub(super) async fn load(store: &Store, position: i64) -> Result<Option<Self>, StoreError> {
        let Some(row) = store.row(TRANSITION, values![position]).await? else { return Ok(None) };
        let transition = transition(&row)?;
        let Some(row) = store.row(STORE_NUMBER, values![]).await? else {
            return Err(StoreError::content("number of the store"));
        };
        let id = format!("trn_{:x}_{position}", row.int("value")?);
        let body = Body { kind: "verification.transition", timestamp: transition.at, data: &transition };
        let body = serde_json::to_vec(&body).map_err(|_| StoreError::content("transition"))?;
        Ok(Some(Self { id, body }))
    }

    /// The headers of an attempt at this moment.
    pub(super) fn headers(&self, signer: &Signer, now: Timestamp) -> Result<HeaderMap, StoreError> {
        let seconds = now.unix_seconds();
        let signature = signer.sign(&self.id, seconds, &self.body);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(HeaderName::from_static("webhook-id"), value(&self.id)?);
        headers.insert(HeaderName::from_static("webhook-timestamp"), HeaderValue::from(seconds));
        headers.insert(HeaderName::from_static("webhook-signature"), value(&signature)?);
        Ok(headers)
    }
}

fn value(text: &str) -> Result<HeaderValue, StoreError> {
    HeaderValue::from_str(text).map_err(|_| StoreError::content("id of a message"))
}
