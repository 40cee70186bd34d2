//! The application's own URL, and how transitions are sent to it.

use std::fmt;
use std::time::Duration;

use http::HeaderMap;
use idv::adapter::{HttpOptions, UrlRule};
use idv::{ErrorKind, Timestamp};
use idv_http::{PostAnswer, Poster};
use secrecy::SecretString;
use url::Url;

use super::delivery_error::DeliveryError;
use super::signature::Signer;

/// A worker that takes longer than an attempt may take by this is believed to be lost.
const MARGIN: Duration = Duration::from_secs(30);

/// Sends every transition to a URL of the application, as a webhook that is signed as
/// [Standard Webhooks](https://www.standardwebhooks.com) says.
///
/// Each is sent at least once: the receiver deduplicates by the header `webhook-id`, which is the same in every attempt. The
/// transitions of one verification are sent in order, one at a time. Neither the URL nor a secret is stored or printed.
///
/// ```
/// # fn main() -> Result<(), idv_tracker::DeliveryError> {
/// use idv_tracker::Delivery;
///
/// let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into();
/// let delivery = Delivery::new("https://app.example/idv/transitions", &[secret])?.attempts(12);
/// # let _ = delivery;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Delivery {
    url: Url,
    signer: Signer,
    poster: Poster,
    target: String,
    attempts: u32,
    concurrency: usize,
    time_limit: Duration,
}

impl Delivery {
    /// Sends to this URL, signed with each of these secrets: one, or two while the receiver changes from one to the other. A secret
    /// is `whsec_` and the base64 of 24 to 64 random bytes.
    ///
    /// # Errors
    /// [`DeliveryError`] where the URL or a secret cannot be used.
    pub fn new(url: &str, secrets: &[SecretString]) -> Result<Self, DeliveryError> {
        let mut url = Url::parse(url).map_err(|_| DeliveryError::Url)?;
        if !UrlRule::HttpsOrLoopback.admits(&url) {
            return Err(DeliveryError::Url);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(DeliveryError::Credentials);
        }
        url.set_fragment(None);
        Ok(Self {
            url,
            signer: Signer::new(secrets)?,
            poster: poster(&HttpOptions::default())?,
            target: "application".to_owned(),
            attempts: 10,
            concurrency: 16,
            time_limit: Duration::from_secs(15),
        })
    }

    /// The name under which the database keeps how far the delivery has come; default: `application`. Another URL under the same
    /// name goes on where the one before stopped; a new name begins with the first transition.
    #[must_use]
    pub fn target(mut self, name: impl Into<String>) -> Self {
        self.target = name.into();
        self
    }

    /// How often a transition is sent until it becomes a [dead letter](crate::Tracker::dead_letters); default: 10, over three
    /// days.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How many attempts of one worker are under way at a time, each of another verification; default: 16.
    #[must_use]
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency.max(1);
        self
    }

    /// How long an attempt may take; default: 15 seconds.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Another proxy, other authorities or another time for a connection than the defaults. Other options have no effect here.
    ///
    /// # Errors
    /// [`DeliveryError::Http`].
    pub fn http(mut self, options: &HttpOptions) -> Result<Self, DeliveryError> {
        self.poster = poster(options)?;
        Ok(self)
    }

    /// Makes one attempt.
    pub(super) async fn post(
        &self,
        headers: HeaderMap,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<PostAnswer, ErrorKind> {
        self.poster.post(self.url.clone(), headers, body, self.time_limit, now).await
    }

    pub(super) fn signer(&self) -> &Signer {
        &self.signer
    }

    pub(super) fn name(&self) -> &str {
        &self.target
    }

    pub(super) fn most_attempts(&self) -> i64 {
        self.attempts.into()
    }

    pub(super) fn at_once(&self) -> usize {
        self.concurrency
    }

    /// How long a worker may take for an attempt, until another one makes it again.
    pub(super) fn lease(&self) -> Duration {
        self.time_limit.saturating_add(MARGIN)
    }
}

fn poster(options: &HttpOptions) -> Result<Poster, DeliveryError> {
    Poster::new(options).map_err(|problems| DeliveryError::Http(problems.to_string()))
}

impl fmt::Debug for Delivery {
    /// Path and query of a URL can hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("origin", &self.url.origin().ascii_serialization())
            .field("secrets", &self.signer.secrets())
            .field("target", &self.target)
            .field("attempts", &self.attempts)
            .field("concurrency", &self.concurrency)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}
