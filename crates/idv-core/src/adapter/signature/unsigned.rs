//! Webhooks that carry no proof of their sender.

use super::WebhookVerifier;
use crate::{Assurance, Result, VendorWord, WebhookRequest};

/// Takes every webhook for a notice: see [`Assurance::Unsigned`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Unsigned;

impl WebhookVerifier for Unsigned {
    fn assurance(&self) -> Assurance {
        Assurance::Unsigned
    }

    fn verify(&self, _: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        Ok(None)
    }
}
