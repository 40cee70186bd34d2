//! The verifier of webhooks, whatever their scheme.

use std::fmt;

use crate::{Assurance, Result, VendorWord, WebhookRequest};

/// The verifier of a vendor's webhooks: a scheme with its keys.
///
/// It fails closed: a webhook is authentic only where everything that the scheme asks for is there and right. `Debug` must not show
/// a key. [`SignatureScheme::verifier`](super::SignatureScheme::verifier) makes one; a scheme that is not among those implements it.
pub trait WebhookVerifier: fmt::Debug + Send + Sync + 'static {
    /// The assurance that a verified webhook has.
    fn assurance(&self) -> Assurance;

    /// Verifies a webhook over its raw bytes, and gives the id of the event where the scheme has one that stays the same when
    /// the webhook is sent again.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic, or older or newer than
    /// [`TOLERANCE_SECONDS`](super::TOLERANCE_SECONDS) in a scheme that signs the time. The message never says what would have
    /// been right.
    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>>;
}
