//! The dependencies of a provider, injected when it is built: HTTP options, clock, randomness, secrets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use uuid::Uuid;

use crate::{Clock, SecretSource, TraceSource};

/// A source of random 128-bit values, cryptographically secure outside of tests. Injected, so that tests can repeat a run.
pub trait Randomness: fmt::Debug + Send + Sync + 'static {
    /// 128 random bits.
    fn bits(&self) -> u128;
}

impl dyn Randomness {
    /// A fresh idempotency key: a UUID v4, as nxos advises.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        uuid::Builder::from_random_bytes(self.bits().to_be_bytes()).into_uuid().to_string()
    }
}

/// A source of configured secrets.
pub trait SecretResolver: fmt::Debug + Send + Sync + 'static {
    /// Reads a secret.
    ///
    /// # Errors
    /// A sentence that says what is missing, without any secret.
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String>;
}

/// The HTTP options of a provider.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpOptions {
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long one attempt may take, from the first byte sent to the last byte read.
    pub attempt_timeout: Duration,
    /// The largest answer that is read, in bytes.
    pub response_limit: usize,
    /// The proxy to use. Environment variables are never consulted.
    pub proxy: Option<SecretString>,
    /// Further certificate authorities to trust: the contents of files, each PEM with any number of certificates, or one
    /// certificate as DER.
    pub extra_ca: Vec<Vec<u8>>,
}

impl Default for HttpOptions {
    /// Connect 5 s, attempt 30 s, answers up to 1 MiB, no proxy, the usual authorities.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(30),
            response_limit: 1 << 20,
            proxy: None,
            extra_ca: Vec::new(),
        }
    }
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions")
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("response_limit", &self.response_limit)
            .field("proxy", &self.proxy.is_some())
            .field("extra_ca", &self.extra_ca.len())
            .finish()
    }
}

/// Why HTTP options cannot be used: sentences, each with the key in the table `http` that it is about. None repeats a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "problems are lost unless they are returned"]
pub struct HttpProblems(Vec<(String, String)>);

impl HttpProblems {
    /// Notes a problem at a key, such as `proxy` or `extra_ca.0`; at an empty one what is about the whole table.
    pub fn note(&mut self, key: impl Into<String>, message: impl Into<String>) {
        self.0.push((key.into(), message.into()));
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for HttpProblems {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    /// Each key with its sentence.
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for HttpProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, message)) in self.0.iter().enumerate() {
            let (before, after) =
                (if index == 0 { "" } else { "; " }, if key.is_empty() { "" } else { ": " });
            write!(f, "{before}{key}{after}{message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for HttpProblems {}

/// The dependencies of a provider, injected when it is built.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BuildContext {
    /// How to talk HTTP.
    pub http: HttpOptions,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Randomness>,
    /// Secrets.
    pub secrets: Arc<dyn SecretResolver>,
    /// The source of the trace of a call, if any: an adapter sends it as `traceparent` with each attempt.
    pub trace: Option<Arc<dyn TraceSource>>,
}

impl BuildContext {
    /// A context with the default HTTP options.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Randomness>, secrets: Arc<dyn SecretResolver>) -> Self {
        Self { http: HttpOptions::default(), clock, random, secrets, trace: None }
    }

    /// The same context with other HTTP options.
    #[must_use]
    pub fn with_http(mut self, http: HttpOptions) -> Self {
        self.http = http;
        self
    }

    /// The same context with a source of trace contexts.
    #[must_use]
    pub fn with_trace(mut self, trace: Arc<dyn TraceSource>) -> Self {
        self.trace = Some(trace);
        self
    }
}

/// Randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::exhaustive_structs, reason = "it is written as a value, and has nothing to add to")]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn bits(&self) -> u128 {
        Uuid::new_v4().as_u128()
    }
}
