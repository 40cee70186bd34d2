//! A token that is fetched when it is needed, and kept until it expires.

use std::fmt;
use std::sync::{Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use idv_core::Result;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::{Authorize, Outgoing};
use crate::{now, secret_header};

/// How long before its end a token is not used any more: the request has to arrive with it.
const MARGIN: Duration = Duration::from_secs(30);

/// The source of access tokens, such as the token endpoint of OAuth 2.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Fetches a token.
    ///
    /// # Errors
    /// Those of the call to the vendor.
    async fn fetch(&self) -> Result<AccessGrant>;
}

/// An access token and how long it is good for.
#[derive(Debug)]
#[non_exhaustive]
pub struct AccessGrant {
    /// The token.
    pub token: SecretString,
    /// How long it is good for, counted from the moment at which it was asked for; `None` where the vendor does not say.
    pub lifetime: Option<Duration>,
}

impl AccessGrant {
    /// A token that is good for so long.
    #[must_use]
    pub fn new(token: SecretString, lifetime: Option<Duration>) -> Self {
        Self { token, lifetime }
    }
}

/// `Authorization: Bearer …` with a token that is fetched once for all calls, and again thirty seconds before it expires or
/// when the vendor refuses it.
#[derive(Debug)]
pub struct CachedToken<S> {
    source: S,
    kept: StdMutex<Option<Kept>>,
    /// Held while a token is fetched, so that calls that begin meanwhile wait for it instead of fetching their own.
    fetching: Mutex<()>,
}

#[derive(Debug, Clone)]
struct Kept {
    value: HeaderValue,
    until: Option<Instant>,
}

impl<S: TokenSource> CachedToken<S> {
    /// Fetches nothing yet.
    pub fn new(source: S) -> Self {
        Self { source, kept: StdMutex::new(None), fetching: Mutex::new(()) }
    }

    fn usable(&self) -> Option<HeaderValue> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref().filter(|kept| kept.until.is_none_or(|until| now() < until))?;
        Some(kept.value.clone())
    }

    async fn fetch(&self) -> Result<HeaderValue> {
        let _turn = self.fetching.lock().await;
        if let Some(value) = self.usable() {
            return Ok(value);
        }
        let asked = now();
        let grant = self.source.fetch().await?;
        let value = secret_header(&format!("Bearer {}", grant.token.expose_secret()))?;
        let until = grant.lifetime.and_then(|lifetime| asked.checked_add(lifetime.saturating_sub(MARGIN)));
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Kept { value: value.clone(), until });
        Ok(value)
    }
}

#[async_trait]
impl<S: TokenSource> Authorize for CachedToken<S> {
    async fn authorize(&self, _: &Outgoing<'_>) -> Result<HeaderMap> {
        let value = match self.usable() {
            Some(value) => value,
            None => self.fetch().await?,
        };
        Ok([(AUTHORIZATION, value)].into_iter().collect())
    }

    fn refused(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
