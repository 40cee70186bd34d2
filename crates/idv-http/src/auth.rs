//! Authorization: headers that are made anew for every attempt, over the bytes that go on the wire.

mod client_credentials;
mod header;
mod token;

use std::fmt;

use async_trait::async_trait;
use http::{HeaderMap, Method};
use idv_core::{Result, Timestamp};

pub use client_credentials::ClientCredentials;
pub use header::FixedHeader;
pub use token::{AccessGrant, CachedToken, TokenSource};

/// The authorization of requests.
///
/// It is asked for every attempt, when the request is complete, so that a signature is over what is really sent and its
/// time is that of the attempt.
#[async_trait]
pub trait Authorize: fmt::Debug + Send + Sync + 'static {
    /// The headers that authorize a request. They take the place of headers of the same names.
    ///
    /// # Errors
    /// Why the request cannot be authorized. Nothing is sent then.
    async fn authorize(&self, request: &Outgoing<'_>) -> Result<HeaderMap>;

    /// The vendor answered 401 to a request with these headers: what was kept is of no use any more.
    fn refused(&self);
}

/// A request as it goes on the wire. `Debug` shows neither its target nor its body.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Outgoing<'a> {
    /// The method.
    pub method: &'a Method,
    /// The request target: path and query, encoded as they are sent.
    pub target: &'a str,
    /// The body; empty where there is none.
    pub body: &'a [u8],
    /// The text that the vendor's scheme signs in place of the body: see [`Call::sign`](crate::Call::sign).
    pub signed_text: Option<&'a str>,
    /// The time of the attempt.
    pub now: Timestamp,
}

impl<'a> Outgoing<'a> {
    /// A request without body.
    #[must_use]
    pub fn new(method: &'a Method, target: &'a str, now: Timestamp) -> Self {
        Self { method, target, body: &[], signed_text: None, now }
    }

    /// The same with a body.
    #[must_use]
    pub fn with_body(mut self, body: &'a [u8]) -> Self {
        self.body = body;
        self
    }

    /// The same with a text that is signed in place of the body.
    #[must_use]
    pub fn with_signed_text(mut self, text: Option<&'a str>) -> Self {
        self.signed_text = text;
        self
    }
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// The verification of answers that the vendor signs.
pub trait VerifyAnswer: fmt::Debug + Send + Sync + 'static {
    /// Whether an answer to a request that worked is the vendor's own.
    ///
    /// # Errors
    /// [`invalid_response`](crate::invalid_response) where it is not signed, or under no known key.
    fn verify(&self, answer: &SignedAnswer<'_>) -> Result<()>;
}

/// An answer to verify. `Debug` shows neither its headers nor its body.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct SignedAnswer<'a> {
    /// The method of the request.
    pub method: &'a Method,
    /// The headers of the answer.
    pub headers: &'a HeaderMap,
    /// The body of the answer.
    pub body: &'a [u8],
}

impl<'a> SignedAnswer<'a> {
    /// An answer to a request with a method.
    #[must_use]
    pub fn new(method: &'a Method, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        Self { method, headers, body }
    }
}

impl fmt::Debug for SignedAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedAnswer").field("method", &self.method).finish_non_exhaustive()
    }
}
