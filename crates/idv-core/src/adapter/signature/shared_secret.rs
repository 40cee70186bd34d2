//! A header that holds the secret itself (deepidv, "Webhooks: event object").

use std::fmt;

use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::{Assurance, Error, Result, VendorWord, WebhookRequest};

use super::WebhookVerifier;
use super::headers::single;
use super::keys::KeyError;

/// Longest secret, in bytes.
const LIMIT: usize = 1024;

/// Compares a header with the secret. Nothing binds the body to it, so what the body says is to be checked.
#[derive(Clone)]
pub struct SharedSecret {
    secrets: Vec<SecretString>,
    header: HeaderName,
}

impl SharedSecret {
    /// A verifier for one or several secrets.
    ///
    /// # Errors
    /// When there is no secret, or one is empty.
    pub fn new(secrets: &[SecretString], header: HeaderName) -> std::result::Result<Self, KeyError> {
        if secrets.is_empty() {
            return Err(KeyError::Missing);
        }
        if secrets.iter().any(|secret| secret.expose_secret().is_empty()) {
            return Err(KeyError::Empty);
        }
        Ok(Self { secrets: secrets.to_vec(), header })
    }

    /// Verifies a webhook.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when the sender does not know the secret.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        let given = single(webhook.headers, &self.header, LIMIT)?.as_bytes();
        let mut known = false;
        for secret in &self.secrets {
            known |= bool::from(secret.expose_secret().as_bytes().ct_eq(given));
        }
        if known { Ok(()) } else { Err(Error::webhook_unverified("the header is not the configured secret")) }
    }
}

impl WebhookVerifier for SharedSecret {
    fn assurance(&self) -> Assurance {
        Assurance::SharedSecret
    }

    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        self.verify(webhook).map(|()| None)
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedSecret").field("header", &self.header).finish_non_exhaustive()
    }
}
