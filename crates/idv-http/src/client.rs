//! Sends calls of one provider.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderName, HeaderValue};
use idv_core::{
    BaseUrl, BuildContext, Clock, Delivery, Error, ErrorKind, HttpOptions, HttpProblems, ProviderId, Result,
    SessionUrl, TraceSource,
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::classify::Refusal;
use crate::{Answer, Call, ErrorRules, Repeat, tls};

/// Sends calls of one provider. Cheap to clone; connections are pooled. `Debug` leaves out the proxy, which is a secret.
#[derive(Clone)]
pub struct JsonClient {
    client: reqwest::Client,
    base: BaseUrl,
    provider: ProviderId,
    rules: &'static ErrorRules,
    clock: Arc<dyn Clock>,
    trace: Option<Arc<dyn TraceSource>>,
    attempt_timeout: Duration,
    response_limit: usize,
}

impl JsonClient {
    /// A client for a vendor at a base URL.
    ///
    /// # Errors
    /// What is wrong with the proxy and the extra authorities, each at its key: see
    /// [`Setup::client`](idv_core::Setup::client).
    pub fn new(
        provider: ProviderId,
        base: BaseUrl,
        rules: &'static ErrorRules,
        context: &BuildContext,
    ) -> std::result::Result<Self, HttpProblems> {
        Ok(Self {
            client: build(&context.http)?,
            base,
            provider,
            rules,
            clock: Arc::clone(&context.clock),
            trace: context.trace.clone(),
            attempt_timeout: context.http.attempt_timeout,
            response_limit: context.http.response_limit,
        })
    }

    /// Where the vendor is.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// Makes one attempt and decodes the answer.
    ///
    /// # Errors
    /// Whatever goes wrong, with the retry verdict and the delivery known.
    pub fn send<T: DeserializeOwned>(&self, call: Call<'_>) -> impl Future<Output = Result<Answer<T>>> {
        self.send_and_read(call, |text| decode(text))
    }

    /// Makes one attempt and reads the answer where it lies. An answer that cannot be used is read as [`unusable`]: then the
    /// error also says what the vendor answered and whether the call may be repeated.
    ///
    /// # Errors
    /// Those of [`send`](Self::send), and those of `read`.
    pub async fn send_and_read<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&str) -> Result<T>,
    ) -> Result<Answer<T>> {
        let (operation, repeat) = (call.operation, call.repeat);
        let span = tracing::info_span!(
            "idv.attempt", otel.kind = "client", otel.status_code = Empty, idv.provider = %self.provider,
            idv.operation = %operation, idv.outcome = Empty, idv.delivery = Empty, idv.http_status = Empty,
        );
        let outcome = self.attempt(call, read).instrument(span.clone()).await;
        let outcome =
            outcome.map_err(|error| error.with_provider(self.provider.clone()).with_operation(operation));
        match &outcome {
            Ok(_) => {
                span.record("idv.outcome", "ok");
                tracing::debug!(parent: &span, idv.outcome = "ok", "answered");
            }
            Err(error) => tell(&span, repeat, error),
        }
        outcome
    }

    /// Takes the URL to which the vendor sends the applicant: `https`, or on loopback where the vendor is there too.
    ///
    /// # Errors
    /// Every other text is [`unusable`].
    pub fn session_url(&self, text: &str) -> Result<SessionUrl> {
        SessionUrl::parse(text, self.base.url_rule())
            .map_err(|_| unusable("the session URL in the vendor's answer is not an `https` URL"))
    }

    async fn attempt<T>(&self, call: Call<'_>, read: impl FnOnce(&str) -> Result<T>) -> Result<Answer<T>> {
        let repeat = call.repeat;
        let mut response =
            transmit(&self.client, self.request(call)?).await.map_err(|error| broken(error, repeat))?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = self.read(response, repeat).await;
        if !status.is_success() {
            let body = body.unwrap_or_default();
            let now = self.clock.now();
            return Err(self.rules.classify(&Refusal {
                status,
                headers: &headers,
                body: &body,
                now,
                repeat,
            }));
        }
        let decoded = body.and_then(|body| {
            // JSON is UTF-8; serde_json by itself does not look at the texts that no field takes.
            let text = std::str::from_utf8(&body).map_err(|_| undocumented());
            text.and_then(read).map_err(|error| answered(error, repeat))
        });
        match decoded {
            Ok(decoded) => Ok(Answer::new(decoded, headers)),
            Err(error) if error.kind() == ErrorKind::InvalidResponse => Err(error.with_http_status(status)),
            Err(error) => Err(error),
        }
    }

    fn request(&self, call: Call<'_>) -> Result<reqwest::Request> {
        let timeout = call.deadline.map_or(self.attempt_timeout, |left| left.min(self.attempt_timeout));
        if timeout.is_zero() {
            return Err(Error::new(ErrorKind::Timeout, "the deadline passed before anything was sent"));
        }
        let mut url = self.base.endpoint(call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let mut request = reqwest::Request::new(call.method, url);
        *request.headers_mut() = call.headers;
        *request.timeout_mut() = Some(timeout);
        if !call.body.is_empty() {
            *request.body_mut() = Some(call.body.into());
        }
        let parent = self.trace.as_ref().and_then(|trace| trace.current());
        if let Some(parent) = parent.and_then(|parent| HeaderValue::try_from(parent.to_string()).ok()) {
            request.headers_mut().insert(TRACEPARENT, parent);
        }
        Ok(request)
    }

    /// Reads a body in chunks, and gives up as soon as it is larger than allowed.
    async fn read(&self, mut response: reqwest::Response, repeat: Repeat) -> Result<Vec<u8>> {
        let too_large = || answered(unusable("the vendor's answer is larger than allowed"), repeat);
        let announced = response.content_length().unwrap_or(0);
        if announced > self.response_limit as u64 {
            return Err(too_large());
        }
        // An announcement is no reason to take much memory before anything has come.
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0).min(USUAL_BODY));
        while let Some(chunk) = response.chunk().await.map_err(|error| broken(error, repeat))? {
            if body.len() + chunk.len() > self.response_limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// As many bytes as an answer has as a rule, so that room for them is asked for once.
const USUAL_BODY: usize = 16 << 10;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Tells the log of an attempt that failed.
fn tell(span: &Span, repeat: Repeat, error: &Error) {
    span.record("otel.status_code", "ERROR");
    span.record("idv.outcome", error.kind().as_str());
    span.record("idv.delivery", error.delivery().as_str());
    if let Some(status) = error.http_status() {
        span.record("idv.http_status", status);
    }
    tracing::debug!(
        parent: span, idv.outcome = %error.kind(), idv.delivery = %error.delivery(),
        idv.http_status = error.http_status(), ?repeat, "failed"
    );
}

impl fmt::Debug for JsonClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonClient")
            .field("base", &self.base)
            .field("provider", &self.provider)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("response_limit", &self.response_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(not(fuzzing))]
async fn transmit(client: &reqwest::Client, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
    client.execute(request).await
}

/// A fuzzer answers by itself.
#[cfg(fuzzing)]
async fn transmit(_: &reqwest::Client, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
    Ok(crate::fuzzing::answer(request))
}

fn build(options: &HttpOptions) -> std::result::Result<reqwest::Client, HttpProblems> {
    let mut problems = HttpProblems::default();
    let tls = tls::config(&options.extra_ca, &mut problems);
    let proxy = options.proxy.as_ref().map(|proxy| use_of(proxy.expose_secret()));
    let proxy = proxy.transpose().map_err(|message| problems.note("proxy", message));
    let (Some(tls), Ok(proxy), true) = (tls, proxy, problems.is_empty()) else { return Err(problems) };
    let defaults: HeaderMap = [(ACCEPT, HeaderValue::from_static("application/json"))].into_iter().collect();
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("idv/", env!("CARGO_PKG_VERSION")))
        .default_headers(defaults)
        .connect_timeout(options.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy();
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(|_| {
        problems.note("", "the HTTP client cannot be set up");
        problems
    })
}

/// The proxy for all calls. A scheme that the client does not know is refused here: the client itself would go around
/// such a proxy in silence.
fn use_of(proxy: &str) -> std::result::Result<reqwest::Proxy, &'static str> {
    const REFUSAL: &str = "the proxy is not a usable `http` or `https` URL";
    let url = url::Url::parse(proxy).map_err(|_| REFUSAL)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(REFUSAL);
    }
    reqwest::Proxy::all(url).map_err(|_| REFUSAL)
}

/// The error of an answer that says that it worked and still cannot be used, for whoever reads one: see
/// [`JsonClient::send_and_read`].
#[must_use]
pub fn unusable(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidResponse, message)
}

/// Decodes an answer.
///
/// # Errors
/// An answer that has not the form of `T` is [`unusable`].
pub fn decode<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| undocumented())
}

/// What serde_json says of a text may quote it.
fn undocumented() -> Error {
    unusable("the vendor's answer has not the documented form")
}

/// What is known of an error that an answer gave rise to.
fn answered(error: Error, repeat: Repeat) -> Error {
    let error = error.with_delivery(Delivery::Answered);
    match error.kind() {
        ErrorKind::InvalidResponse => error.with_retry(repeat.verdict_on_useless_success()),
        _ => error,
    }
}

/// An attempt without a whole answer.
fn broken(error: reqwest::Error, repeat: Repeat) -> Error {
    let never_left = error.is_connect() || error.is_builder();
    let delivery = if never_left { Delivery::NotSent } else { Delivery::Unknown };
    let (kind, what) = match (error.is_timeout(), never_left) {
        (true, true) => (ErrorKind::Timeout, "no connection to the vendor in time"),
        (true, false) => (ErrorKind::Timeout, "no answer from the vendor in time"),
        (false, true) => (ErrorKind::Connection, "no connection to the vendor"),
        (false, false) => (ErrorKind::Connection, "the connection broke before the answer was complete"),
    };
    let message = match cause(&error) {
        Some(cause) => format!("{what}: {cause}"),
        None => what.to_owned(),
    };
    Error::new(kind, message)
        .with_delivery(delivery)
        .with_retry(repeat.verdict(kind, delivery, None))
        .with_source(error.without_url())
}

/// What the connector says where a host name has no address: its type is private, and the cause below it has no kind.
const UNRESOLVED: &str = "dns error";

/// The first cause that says something, in words that hold no URL and no value.
fn cause(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(words) = name(cause) {
            return Some(words);
        }
        next = cause.source();
    }
    None
}

fn name(cause: &(dyn StdError + 'static)) -> Option<String> {
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls.to_string());
    }
    if cause.to_string() == UNRESOLVED {
        return Some("the host name cannot be resolved".to_owned());
    }
    let io = cause.downcast_ref::<std::io::Error>()?;
    // `source` of an I/O error leaves out the error that it wraps, so this looks inside. A failed handshake is wrapped
    // twice.
    if let Some(words) = io.get_ref().and_then(|inner| name(inner)) {
        return Some(words);
    }
    (io.kind() != std::io::ErrorKind::Other).then(|| io.kind().to_string())
}
