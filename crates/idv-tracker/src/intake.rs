//! Webhooks: verified, stored durably, and acknowledged only then.

mod incoming;
mod join;
mod keep;
mod receipt;
mod schedule;

use http::{HeaderMap, StatusCode};
use idv::{ProviderId, WebhookOutcome, WebhookRequest};

use crate::{Observation, Tracker, TrackerError, meters};
use keep::keep;

pub(crate) use incoming::Incoming;
pub(crate) use join::join_parked;

pub use receipt::Receipt;

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
        let receipt = self.take(provider, headers, body).await;
        meters::webhook(receipt.as_ref().ok());
        receipt
    }

    async fn take(
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
        let receipt = keep(shared, Incoming { provider: provider.clone(), event, observation }).await?;
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
