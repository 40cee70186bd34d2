//! The parts of an instance, and how it sends.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode};
use idv_core::signature::WebhookVerifier;
use idv_core::{
    BuildContext, CallContext, Error, ErrorKind, Input, Operation, ProviderId, ProviderProfile,
    RequestValidator, Result, SessionRef,
};
use idv_http::json::{self, Node};
use idv_http::{Call, JsonClient, ReplaySafety, invalid_response};

use super::body::{Body, SessionValues};
use crate::description::spec::{self, ApiSpec};
use crate::mapping;

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) id: ProviderId,
    pub(crate) profile: ProviderProfile,
    pub(crate) client: JsonClient,
    pub(crate) spec: Arc<ApiSpec>,
    /// The credential and the constant headers, which every request has.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) workflow: Option<String>,
    pub(crate) webhooks: Option<Box<dyn WebhookVerifier>>,
    pub(crate) context: BuildContext,
}

impl Parts {
    /// A call about a session, as the description has it.
    pub(super) fn about<'a>(
        &self,
        operation: Operation,
        safety: ReplaySafety,
        call: &'a spec::Call,
        session: &'a str,
        context: &CallContext,
    ) -> Result<Call<'a>> {
        let made = Call::new(call.method.clone(), operation, safety, call.path.of(session)).context(context);
        match &call.body {
            Some(body) => made.json(&Body(body, &SessionValues(session))),
            None => Ok(made),
        }
    }

    /// Makes a call, and reads the answer where it lies.
    pub(super) async fn send<'a, T>(
        &'a self,
        safety: ReplaySafety,
        call: Call<'a>,
        read: impl FnOnce(&Node<'_>) -> Result<T>,
    ) -> Result<T> {
        self.send_with(safety, call, &[], read).await
    }

    /// Makes a call with query parameters of its own, each in place of one with the same name that every request has.
    pub(super) async fn send_with<'a, T>(
        &'a self,
        safety: ReplaySafety,
        call: Call<'a>,
        query: &'a [(String, String)],
        read: impl FnOnce(&Node<'_>) -> Result<T>,
    ) -> Result<T> {
        let read = |text: &str| self.read(text, safety, read);
        Ok(self.client.send_and_read(self.complete_with(call, query), read).await?.body)
    }

    /// Makes a call whose answer says all by its status.
    pub(super) async fn send_only<'a>(&'a self, call: Call<'a>) -> Result<()> {
        self.client.send_and_read(self.complete(call), |_| Ok(())).await.map(drop)
    }

    /// Adds what every request has.
    pub(super) fn complete<'a>(&'a self, call: Call<'a>) -> Call<'a> {
        self.complete_with(call, &[])
    }

    fn complete_with<'a>(&'a self, call: Call<'a>, own: &'a [(String, String)]) -> Call<'a> {
        let common = self.spec.query.iter().filter(|(name, _)| own.iter().all(|(other, _)| other != name));
        let call = common.chain(own).fold(call, |call, (name, value)| call.query(name, value));
        self.headers.iter().fold(call, |call, (name, value)| call.header(name.clone(), value.clone()))
    }

    /// Adds the idempotency key, where the vendor knows any. A call without one has a fresh key.
    pub(super) fn with_key<'a>(&self, call: Call<'a>, context: &CallContext) -> Result<Call<'a>> {
        let Some(header) = &self.spec.start.key_header else { return Ok(call) };
        let minted = || self.context.random.idempotency_key();
        let key = context.idempotency_key().map_or_else(minted, str::to_owned);
        let value = HeaderValue::from_str(&key).map_err(|_| {
            let message = "the idempotency key has characters that cannot stand in a header";
            Error::new(ErrorKind::InvalidRequest, message)
        })?;
        Ok(call.header(header.clone(), value))
    }

    /// Reads an answer that came with a success, unless a word of it says that it is an error.
    pub(crate) fn read<T>(
        &self,
        text: &str,
        safety: ReplaySafety,
        read: impl FnOnce(&Node<'_>) -> Result<T>,
    ) -> Result<T> {
        let answer = Node::parse(text)?;
        match self.error_word(&answer) {
            Some(kind) => Err(self.client.error_in_success(text, status_of(kind), safety)),
            None => read(&answer),
        }
    }

    fn error_word(&self, answer: &Node<'_>) -> Option<ErrorKind> {
        let (words, places) = (&self.spec.errors.words, &self.spec.record);
        if words.is_empty() {
            return None;
        }
        let record = places.record.object(answer).given()?;
        let word = places.status.word(&record).given()?;
        words.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)).map(|(_, kind)| *kind)
    }

    /// Whether an answer that is an error has something where the vendor's errors stand, so that it is no gateway's.
    pub(super) fn is_error_of_vendor(&self, body: &[u8]) -> bool {
        let places = &self.spec.errors.places;
        let says = |document: &Node<'_>| {
            let mut own = places.codes.iter().chain(&places.messages);
            own.any(|place| place.find(document).and_then(|value| value.text("")).given().is_some())
        };
        json::text_of(body).and_then(Node::parse).is_ok_and(|document| says(&document))
    }

    /// The reference of an id in an answer.
    pub(super) fn reference(&self, id: &str) -> Result<SessionRef> {
        let session = Some(id).filter(|id| mapping::is_session(id));
        let session = session.and_then(|id| SessionRef::new(self.id.clone(), id).ok());
        session.ok_or_else(|| invalid_response("the session id in the vendor's answer cannot be used"))
    }
}

/// Ends a review that also looks at the key of a reference.
pub(crate) fn admit(mut validator: RequestValidator, session: &SessionRef) -> Result<()> {
    if !mapping::is_session(session.key()) {
        validator.invalid(Input::SESSION, "must name a session id that this adapter made");
    }
    validator.finish().map(drop)
}

/// The HTTP status that an error of a kind has elsewhere.
fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::PaymentRequired => StatusCode::PAYMENT_REQUIRED,
        ErrorKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}
