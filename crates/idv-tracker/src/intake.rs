//! Webhooks: verified, stored durably, and acknowledged only then.

mod join;
mod schedule;

use http::{HeaderMap, StatusCode};
use idv::{ProviderId, WebhookEvent, WebhookOutcome, WebhookRequest};

use crate::record::{locked, record, store, write};
use crate::tracker::Shared;
use crate::{Observation, Tracked, Tracker, TrackerError};
use schedule::schedule;

pub(crate) use join::join_parked;

/// The outcome of a webhook. All of them are answered with 200.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Receipt {
    /// It was stored with its verification.
    Recorded(Box<Tracked>),
    /// It was stored, and waits for a session that is not known yet.
    Parked,
    /// The same event was stored before.
    Duplicate,
    /// It is not about a verification.
    Ignored,
}

impl Tracker {
    /// Takes a webhook that arrived at the endpoint of a provider: verifies it, stores it and what follows from it, and comes back
    /// once that is durable. The answer to the vendor is then 200; see [`webhook_response`](Self::webhook_response).
    ///
    /// ```
    /// # async fn example(tracker: idv_tracker::Tracker, headers: http::HeaderMap, body: Vec<u8>) {
    /// let provider = "primary".parse().unwrap();
    /// let status = tracker.webhook_response(&provider, &headers, &body).await;
    /// # let _ = status;
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Registry::verify_webhook`](idv::Registry::verify_webhook), and [`TrackerError::Store`]: nothing was stored then.
    pub async fn receive(
        &self,
        provider: &ProviderId,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Receipt, TrackerError> {
        let shared = self.shared();
        let now = shared.now();
        let outcome = shared.registry.verify_webhook(provider, &WebhookRequest::new(headers, body, now))?;
        let WebhookOutcome::Event(event) = outcome else { return Ok(Receipt::Ignored) };
        let observation = Observation::of_event(&event, body, now);
        let receipt = take(shared, provider, &event, observation).await?;
        if matches!(receipt, Receipt::Recorded(_)) {
            shared.announce();
        }
        Ok(receipt)
    }

    /// [`receive`](Self::receive), as the status with which to answer the vendor: 200 once it is stored, 401 for one that is not
    /// authentic, 503 where the vendor should send it again.
    pub async fn webhook_response(
        &self,
        provider: &ProviderId,
        headers: &HeaderMap,
        body: &[u8],
    ) -> StatusCode {
        match self.receive(provider, headers, body).await {
            Ok(_) => StatusCode::OK,
            Err(error) => {
                let status = error.webhook_response_status();
                tracing::warn!(idv.provider = %provider, http.status = status.as_u16(), %error, "a webhook was not stored");
                status
            }
        }
    }
}

async fn take(
    shared: &Shared,
    provider: &ProviderId,
    event: &WebhookEvent,
    observation: Observation,
) -> Result<Receipt, TrackerError> {
    let mut transaction = shared.store.begin().await?;
    let Some(id) = join::find(shared, &mut transaction, provider, event).await? else {
        let Some(row) = store(&mut transaction, None, provider, &observation).await? else {
            return Ok(Receipt::Duplicate);
        };
        join::park(&mut transaction, row, provider, event).await?;
        transaction.commit().await?;
        return Ok(Receipt::Parked);
    };
    let Some(stored) = locked(&mut transaction, id).await? else { return Ok(Receipt::Duplicate) };
    let recorded = record(shared, &mut transaction, &stored, observation.clone()).await?;
    if recorded.observation.is_none() {
        return Ok(Receipt::Duplicate);
    }
    let now = shared.now();
    let schedule = schedule(shared, &stored, &recorded, &observation, now);
    let tracked = write(&mut transaction, &stored, recorded, schedule, now).await?;
    transaction.commit().await?;
    Ok(Receipt::Recorded(Box::new(tracked)))
}
