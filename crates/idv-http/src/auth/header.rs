//! A header that is the same for every request.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use idv_core::Result;
use secrecy::{ExposeSecret, SecretString};

use super::{Authorize, Outgoing};
use crate::secret_header;

/// A header with a credential. `Debug` shows its name alone.
#[derive(Debug, Clone)]
pub struct FixedHeader(HeaderMap);

impl FixedHeader {
    /// A header with a value, which is marked as sensitive.
    #[must_use]
    pub fn new(name: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        Self([(name, value)].into_iter().collect())
    }

    /// `Authorization: Bearer …`.
    ///
    /// # Errors
    /// When the token cannot stand in a header.
    pub fn bearer(token: &SecretString) -> Result<Self> {
        Ok(Self::new(AUTHORIZATION, secret_header(&format!("Bearer {}", token.expose_secret()))?))
    }

    /// `Authorization: Basic …` (RFC 7617), in UTF-8.
    ///
    /// # Errors
    /// When the credentials cannot stand in a header.
    pub fn basic(user: &str, password: &SecretString) -> Result<Self> {
        let encoded = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        Ok(Self::new(AUTHORIZATION, secret_header(&format!("Basic {encoded}"))?))
    }
}

#[async_trait]
impl Authorize for FixedHeader {
    async fn authorize(&self, _: &Outgoing<'_>) -> Result<HeaderMap> {
        Ok(self.0.clone())
    }

    fn refused(&self) {}
}
