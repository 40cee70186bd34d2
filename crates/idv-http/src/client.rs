//! Sends calls of one provider.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use idv_core::{
    BaseUrl, BuildContext, Clock, Delivery, Error, ErrorKind, HttpOptions, HttpProblems, ProviderId, Result,
    SessionUrl, TraceSource,
};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use tracing::field::Empty;
use tracing::{Instrument, Span};
use url::Position;

use crate::classify::request_id;
use crate::content::Content;
use crate::invalid_response::{explained, is_cut_off, text_of};
use crate::transport_error::{cut_short, transport_error};
use crate::{
    Authorize, Call, ErrorAnswer, ErrorPlaces, ErrorRules, JsonResponse, Outgoing, ReplaySafety,
    SignedAnswer, VerifyAnswer, decode, invalid_response, now, target, tls,
};

/// Sends calls of one provider. Cheap to clone; connections are pooled. `Debug` leaves out the proxy, which is a secret.
#[derive(Clone)]
pub struct JsonClient {
    client: reqwest::Client,
    base: BaseUrl,
    provider: ProviderId,
    rules: &'static ErrorRules,
    places: Arc<ErrorPlaces>,
    clock: Arc<dyn Clock>,
    trace: Option<Arc<dyn TraceSource>>,
    authorization: Option<Arc<dyn Authorize>>,
    verifier: Option<Arc<dyn VerifyAnswer>>,
    attempt_timeout: Duration,
    response_limit: usize,
}

impl JsonClient {
    /// A client for a vendor at a base URL.
    ///
    /// # Errors
    /// The problems of the proxy and the extra authorities, each at its key: see
    /// [`OptionsValidator::client`](idv_core::OptionsValidator::client).
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
            places: Arc::default(),
            clock: Arc::clone(&context.clock),
            trace: context.trace.clone(),
            authorization: None,
            verifier: None,
            attempt_timeout: context.http.attempt_timeout,
            response_limit: context.http.response_limit,
        })
    }

    /// Authorizes every request, as it goes on the wire and anew for each attempt.
    #[must_use]
    pub fn with_authorization(mut self, authorization: Arc<dyn Authorize>) -> Self {
        self.authorization = Some(authorization);
        self
    }

    /// Verifies every answer that says that a call worked; what is not the vendor's own is `invalid_response`.
    #[must_use]
    pub fn with_answer_verifier(mut self, verifier: Arc<dyn VerifyAnswer>) -> Self {
        self.verifier = Some(verifier);
        self
    }

    /// Looks for errors where a vendor puts them that is known by configuration alone.
    #[must_use]
    pub fn with_error_places(mut self, places: ErrorPlaces) -> Self {
        self.places = Arc::new(places);
        self
    }

    /// The error of an answer that came with a success and says that it is none: what it would be with another status.
    #[must_use]
    pub fn error_in_success(&self, body: &str, meant: StatusCode, repeat: ReplaySafety) -> Error {
        let headers = HeaderMap::new();
        let answer = ErrorAnswer::new(meant, &headers, body.as_bytes(), self.clock.now());
        self.rules.classify_with(&self.places, &answer, repeat).with_http_status(StatusCode::OK)
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
    pub fn send<T: DeserializeOwned>(&self, call: Call<'_>) -> impl Future<Output = Result<JsonResponse<T>>> {
        self.send_and_read(call, |text| decode(text))
    }

    /// Makes one attempt and reads the answer where it lies, in UTF-8 and without a byte-order mark. An answer that cannot be
    /// used is read as [`invalid_response`]: then the error also says what the vendor answered (content type, length, and whether it
    /// is empty, compressed or looks like an HTML page) and whether the call may be repeated.
    ///
    /// # Errors
    /// Those of [`send`](Self::send), and those of `read`.
    pub fn send_and_read<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&str) -> Result<T>,
    ) -> impl Future<Output = Result<JsonResponse<T>>> {
        self.send_and_read_or(call, read, |_, _| None)
    }

    /// The same, where an answer of another status than 2xx can be a success too: `other` reads its body, as far as it came, and leaves
    /// those that are errors. A 404 that the vendor documents for what is deleted already is one.
    ///
    /// # Errors
    /// Those of [`send_and_read`](Self::send_and_read).
    pub async fn send_and_read_or<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&str) -> Result<T>,
        other: impl FnOnce(StatusCode, &[u8]) -> Option<T>,
    ) -> Result<JsonResponse<T>> {
        let (operation, repeat) = (call.operation, call.repeat);
        let span = tracing::info_span!(
            "idv.attempt", otel.kind = "client", otel.status_code = Empty, idv.provider = %self.provider,
            idv.operation = %operation, idv.endpoint = call.endpoint, idv.outcome = Empty, idv.delivery = Empty, idv.http_status = Empty,
        );
        let outcome = self.attempt(call, read, other).instrument(span.clone()).await;
        let outcome =
            outcome.map_err(|error| error.with_provider(self.provider.clone()).with_operation(operation));
        match &outcome {
            Ok(_) => {
                span.record("idv.outcome", "ok");
                tracing::debug!(parent: &span, idv.outcome = "ok", "answered");
            }
            Err(error) => record_failure(&span, repeat, error),
        }
        outcome
    }

    /// Takes the URL to which the vendor sends the applicant: `https`, or on loopback where the vendor is there too.
    ///
    /// # Errors
    /// Every other text is [`invalid_response`].
    pub fn session_url(&self, text: &str) -> Result<SessionUrl> {
        SessionUrl::parse(text, self.base.url_rule())
            .map_err(|_| invalid_response("the session URL in the vendor's answer is not an `https` URL"))
    }

    async fn attempt<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&str) -> Result<T>,
        other: impl FnOnce(StatusCode, &[u8]) -> Option<T>,
    ) -> Result<JsonResponse<T>> {
        let (repeat, method) = (call.repeat, call.method.clone());
        let request = self.request(call).await?;
        let mut response =
            transmit(&self.client, request).await.map_err(|error| transport_error(error, repeat))?;
        let ends_with_connection = ends_with_connection(&response);
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = self.read(response).await;
        if !status.is_success() {
            if let (StatusCode::UNAUTHORIZED, Some(authorization)) = (status, &self.authorization) {
                authorization.refused();
            }
            let body = body.unwrap_or_default();
            if let Some(read) = other(status, &body) {
                return Ok(JsonResponse::new(read, headers));
            }
            let answer = ErrorAnswer::new(status, &headers, &body, self.clock.now());
            return Err(self.rules.classify_with(&self.places, &answer, repeat));
        }
        match body {
            Ok(body) => match self.verified(&method, &headers, &body).and_then(text_of).and_then(read) {
                Ok(decoded) => Ok(JsonResponse::new(decoded, headers)),
                Err(error) => {
                    let content = Content::whole(&headers, &body);
                    let is_useless = error.kind() == ErrorKind::InvalidResponse;
                    let error = error.with_request_id(request_id(&headers));
                    Err(match is_useless && ends_with_connection && is_cut_off(&body) {
                        true => cut_short(&content, status, repeat),
                        false => explained(error, &content, status, repeat),
                    })
                }
            },
            Err(Unread::TooLarge) => {
                let error = invalid_response("the vendor's answer is larger than allowed");
                let content = Content::larger_than(&headers, self.response_limit);
                Err(explained(error, &content, status, repeat))
            }
            Err(Unread::Broken(error)) => Err(transport_error(error, repeat)),
        }
    }

    fn verified<'a>(&self, method: &Method, headers: &HeaderMap, body: &'a [u8]) -> Result<&'a [u8]> {
        if let Some(verifier) = &self.verifier {
            verifier.verify(&SignedAnswer::new(method, headers, body))?;
        }
        Ok(body)
    }

    async fn request(&self, mut call: Call<'_>) -> Result<reqwest::Request> {
        let url = target::of(&self.base, &call.path, &call.query);
        let deadline = call.deadline.and_then(|deadline| deadline.begun(now()));
        let left = || deadline.map(|deadline| deadline.left(now()));
        if left().is_some_and(|left| left.is_zero()) {
            return Err(deadline_passed());
        }
        if let Some(authorization) = &self.authorization {
            let request = Outgoing::new(
                &call.method,
                &url[Position::BeforePath..Position::AfterQuery],
                self.clock.now(),
            )
            .with_body(&call.body)
            .with_signed_text(call.signed_text.as_deref());
            let authorizing = authorization.authorize(&request);
            let headers = match left() {
                Some(left) => {
                    tokio::time::timeout(left, authorizing).await.unwrap_or_else(|_| Err(deadline_passed()))
                }
                None => authorizing.await,
            };
            // Whatever fetching a token did, this call was not sent.
            call.headers.extend(headers.map_err(|error| error.with_delivery(Delivery::NotSent))?);
        }
        let timeout = left().map_or(self.attempt_timeout, |left| left.min(self.attempt_timeout));
        if timeout.is_zero() {
            return Err(deadline_passed());
        }
        let mut request = reqwest::Request::new(call.method, url);
        *request.headers_mut() = call.headers;
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        *request.timeout_mut() = Some(timeout);
        if !call.body.is_empty() {
            *request.body_mut() = Some(call.body.into());
        }
        let parent = call.trace.or_else(|| self.trace.as_ref()?.current());
        if let Some(parent) = parent.and_then(|parent| HeaderValue::try_from(parent.to_string()).ok()) {
            request.headers_mut().insert(TRACEPARENT, parent);
        }
        Ok(request)
    }

    /// Reads a body in chunks, and gives up as soon as it is larger than allowed.
    async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, Unread> {
        let announced = response.content_length().unwrap_or(0);
        if announced > self.response_limit as u64 {
            return Err(Unread::TooLarge);
        }
        // An announcement is no reason to take much memory before anything has come.
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0).min(USUAL_BODY));
        while let Some(chunk) = response.chunk().await.map_err(Unread::Broken)? {
            if body.len() + chunk.len() > self.response_limit {
                return Err(Unread::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Whether only the end of the connection says where the body ends (RFC 9112, section 6.3, rule 8), so that a part of it looks
/// like all of it.
fn ends_with_connection(response: &reqwest::Response) -> bool {
    let is_chunked = || {
        let last = response.headers().get_all(TRANSFER_ENCODING).iter().next_back();
        let codings = last.and_then(|codings| codings.to_str().ok()).unwrap_or_default();
        codings.rsplit(',').next().is_some_and(|coding| coding.trim().eq_ignore_ascii_case("chunked"))
    };
    response.version() <= Version::HTTP_11 && response.content_length().is_none() && !is_chunked()
}

/// Why a body was not read to its end.
enum Unread {
    TooLarge,
    Broken(reqwest::Error),
}

/// As many bytes as an answer has as a rule, so that room for them is asked for once.
const USUAL_BODY: usize = 16 << 10;

/// The most headers of an answer: gateways add theirs, above all cookies.
const MOST_HEADERS: usize = 256;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Tells the log of an attempt that failed.
fn record_failure(span: &Span, repeat: ReplaySafety, error: &Error) {
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

fn deadline_passed() -> Error {
    Error::new(ErrorKind::Timeout, "the deadline passed before anything was sent")
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
pub(crate) fn transmit(
    client: &reqwest::Client,
    request: reqwest::Request,
) -> impl Future<Output = reqwest::Result<reqwest::Response>> + use<> {
    client.execute(request)
}

/// A fuzzer answers by itself.
#[cfg(fuzzing)]
pub(crate) async fn transmit(
    _: &reqwest::Client,
    request: reqwest::Request,
) -> reqwest::Result<reqwest::Response> {
    Ok(crate::fuzzing::answer(request))
}

pub(crate) fn build(options: &HttpOptions) -> std::result::Result<reqwest::Client, HttpProblems> {
    let mut problems = HttpProblems::default();
    let tls = tls::config(&options.extra_ca, &mut problems);
    let proxy = options.proxy.as_ref().map(|proxy| parse_proxy(proxy.expose_secret()));
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
        // What else is odd in a head is refused: docs/decisions/0011-odd-headers.md.
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_max_headers(MOST_HEADERS)
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
fn parse_proxy(proxy: &str) -> std::result::Result<reqwest::Proxy, &'static str> {
    const REFUSAL: &str = "the proxy is not a usable `http` or `https` URL";
    let url = url::Url::parse(proxy).map_err(|_| REFUSAL)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(REFUSAL);
    }
    reqwest::Proxy::all(url).map_err(|_| REFUSAL)
}
