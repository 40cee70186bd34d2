//! From an HTTP status and an error body to an error: one table for all vendors, and each vendor's exceptions.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use idv_core::{CredentialOwner, Delivery, Error, ErrorKind, Retry, SensitiveText, Timestamp, VendorWord};

use crate::content::Content;
use crate::error_places::ErrorPlaces;
use crate::json::{Node, Pointer, Value};
use crate::transport_error::unauthorized_at_proxy;
use crate::{ReplaySafety, wait};

/// The meaning of a page in place of a vendor's error, for people.
const PAGE: &str = "the answer looks like a page of a gateway or firewall, not like one of the vendor";

/// The places of vendors that have none of their own.
static NO_PLACES: ErrorPlaces = ErrorPlaces {
    codes: Vec::new(),
    messages: Vec::new(),
    request_ids: Vec::new(),
    wait_headers: Vec::new(),
    kinds: Vec::new(),
    hints: Vec::new(),
};

/// Longest text of a vendor that is kept, in bytes.
const TEXT_LIMIT: usize = 4096;

/// Where vendors put a code into an error body.
const CODES: &[&str] = &["/error/code", "/code", "/errorCode", "/error_code", "/type"];
/// Where vendors put a sentence into an error body.
const MESSAGES: &[&str] = &["/error/message", "/message", "/error", "/detail", "/title"];
/// Where vendors put the id of the request into an error body.
const REQUEST_IDS: &[&str] = &["/error/requestId", "/requestId", "/request_id", "/traceId"];
/// Where vendors put the id of the request into the headers.
const REQUEST_ID_HEADERS: &[&str] = &["x-request-id", "request-id", "x-amzn-requestid"];

/// How a vendor differs from the shared table, which goes by the HTTP status:
///
/// | answer | kind | to be repeated |
/// |---|---|---|
/// | 407 | `connection`: a proxy's word, and nothing was passed on to the vendor | never: the configuration is wrong |
/// | an HTML page with 400 or more, but for 407 and 429 | `unavailable`: a gateway's or firewall's word | as the row says |
/// | 401 | `unauthenticated` | never |
/// | 402, 403, 404, 409 | `payment_required`, `forbidden`, `not_found`, `conflict` | never |
/// | 429 | `rate_limited`: who asks to slow down may be anybody | always |
/// | 408, 421, 425 | `unavailable`: the connection's fault, which passes | as the row says |
/// | other 4xx | `invalid_request` | never |
/// | 5xx | `unavailable` | as the row says |
/// | 101, 3xx | `invalid_response` | never |
///
/// A page is known by its content type, unless it is a JSON object all the same, or by its first bytes. It says nothing about
/// a credential or a session, so no exception of a vendor applies to it. The row is that of [`ReplaySafety`](crate::ReplaySafety).
///
/// ```
/// use idv_core::{CredentialOwner, ErrorKind};
/// use idv_http::{ErrorRules, Override, Verdict};
///
/// const RULES: ErrorRules = ErrorRules::new().with_codes(&["/fault/name"]).with_overrides(&[
///     Override::new(401, Verdict::Repeatable(ErrorKind::Unavailable)).with_code("broken_inside"),
///     Override::new(401, Verdict::Credential(CredentialOwner::User)),
/// ]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct ErrorRules {
    codes: &'static [&'static str],
    overrides: &'static [Override],
    retry_header: Option<&'static str>,
}

/// An answer that means something else than its status says.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Override {
    status: u16,
    code: Option<&'static str>,
    verdict: Verdict,
    message: Option<&'static str>,
}

impl Override {
    /// The meaning of an HTTP status, whatever the code.
    #[must_use]
    pub const fn new(status: u16, verdict: Verdict) -> Self {
        Self { status, code: None, verdict, message: None }
    }

    /// Says in the error what the answer means at this vendor, and what to do about it.
    #[must_use]
    pub const fn with_message(mut self, message: &'static str) -> Self {
        self.message = Some(message);
        self
    }

    /// Fits answers with this code of the vendor alone.
    #[must_use]
    pub const fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }
}

/// The meaning of an answer.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Verdict {
    /// A credential was refused.
    Credential(CredentialOwner),
    /// A kind that may be repeated whatever the operation.
    Repeatable(ErrorKind),
    /// A kind that is final.
    Final(ErrorKind),
}

/// An answer whose status is not 2xx. `Debug` shows its status alone.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ErrorAnswer<'a> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, as far as it was read.
    pub body: &'a [u8],
    /// The time at which it came, to read `Retry-After` by.
    pub now: Timestamp,
}

impl<'a> ErrorAnswer<'a> {
    /// An answer that came at a time.
    #[must_use]
    pub fn new(status: StatusCode, headers: &'a HeaderMap, body: &'a [u8], now: Timestamp) -> Self {
        Self { status, headers, body, now }
    }
}

impl fmt::Debug for ErrorAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

impl ErrorRules {
    /// The shared table without exceptions.
    #[must_use]
    pub const fn new() -> Self {
        Self { codes: &[], overrides: &[], retry_header: None }
    }

    /// Looks for a code at these JSON pointers, after the usual ones.
    #[must_use]
    pub const fn with_codes(mut self, codes: &'static [&'static str]) -> Self {
        self.codes = codes;
        self
    }

    /// Names the header, in lower case, in which the vendor says whether a request should be repeated: `false` forbids it, and
    /// `true` allows it where a repetition changes nothing ([`ReplaySafety::Idempotent`]).
    #[must_use]
    pub const fn with_retry_header(mut self, name: &'static str) -> Self {
        self.retry_header = Some(name);
        self
    }

    /// Adds the answers that mean something else than their status says. The first that fits wins.
    #[must_use]
    pub const fn with_overrides(mut self, overrides: &'static [Override]) -> Self {
        self.overrides = overrides;
        self
    }

    /// The error of an answer whose status is not 2xx, for a call of this replay safety: also for adapters that bring an HTTP client
    /// of their own. The body is read leniently: what is not looked for spoils nothing.
    #[must_use]
    pub fn classify(&self, answer: &ErrorAnswer<'_>, repeat: ReplaySafety) -> Error {
        self.classify_with(&NO_PLACES, answer, repeat)
    }

    /// The same for a vendor whose places and meanings are known when the adapter is configured.
    #[must_use]
    pub fn classify_with(
        &self,
        places: &ErrorPlaces,
        answer: &ErrorAnswer<'_>,
        repeat: ReplaySafety,
    ) -> Error {
        let body = lossy_text(answer.body);
        let document = Node::parse(&body).ok();
        let document = document.as_ref();
        let find = |pointer: &Pointer| pointer.find(document?).given();
        // At a place that is named for it, a number is a code as well.
        let word =
            |found: Value<'_>| found.lossy_text().or_else(|| found.word("").given()).map(Cow::into_owned);
        let text = |own: &[Pointer], usual: &[&str]| {
            let own = own.iter().find_map(|pointer| word(find(pointer)?));
            let usual = || {
                let find = |pointer: &&str| find(&Pointer::new(*pointer))?.lossy_text().map(Cow::into_owned);
                usual.iter().find_map(find)
            };
            own.or_else(usual)
        };
        let code = text(&places.codes, CODES).or_else(|| text(&[], self.codes)).as_deref().and_then(code);
        let message =
            text(&places.messages, MESSAGES).or_else(|| plain_text(answer.body, document.is_some()));
        let request_id = text(&places.request_ids, REQUEST_IDS)
            .or_else(|| from_headers(answer.headers))
            .as_deref()
            .and_then(VendorWord::code);
        // Some vendors have theirs on every answer, and mean it after 429 alone.
        let own: &[HeaderName] = match answer.status {
            StatusCode::TOO_MANY_REQUESTS => &places.wait_headers,
            _ => &[],
        };
        let after = wait::asked_by(answer.headers, own, document, message.as_deref(), answer.now);
        let error = match answer.sender(document) {
            Sender::Proxy => unauthorized_at_proxy(),
            Sender::Gateway => answer.error(ErrorKind::Unavailable, PAGE, after, repeat),
            Sender::Vendor => {
                let error = self.said_by_vendor(places, answer, code.as_ref(), after, repeat);
                self.advised(error, answer.headers, after, repeat)
            }
        };
        error
            .with_http_status(answer.status)
            .with_code(code)
            .with_request_id(request_id)
            .with_answered_at(wait::date(answer.headers))
            .with_vendor_text(message.map(|text| SensitiveText::new(cut(text))))
    }

    fn said_by_vendor(
        &self,
        places: &ErrorPlaces,
        answer: &ErrorAnswer<'_>,
        code: Option<&VendorWord>,
        after: Option<Duration>,
        repeat: ReplaySafety,
    ) -> Error {
        let told = |kind: ErrorKind| match places.hint(answer.status) {
            Some(hint) => Cow::Owned(format!("{}: {hint}", describe(kind))),
            None => Cow::Borrowed(describe(kind)),
        };
        match places.kind(answer.status, code) {
            Some(ErrorKind::Unauthenticated) => {
                return Error::unauthenticated(CredentialOwner::Application)
                    .with_delivery(Delivery::Answered);
            }
            Some(kind) => return answer.error(kind, told(kind), after, repeat),
            None => {}
        }
        let rule = self.exception(answer.status, code);
        let message = |kind| rule.and_then(|rule| rule.message).unwrap_or_else(|| describe(kind));
        let error = match rule.map(|rule| rule.verdict) {
            Some(Verdict::Credential(owner)) => match rule.and_then(|rule| rule.message) {
                Some(message) => Error::unauthenticated(owner).with_message(message),
                None => Error::unauthenticated(owner),
            },
            Some(Verdict::Repeatable(kind)) => {
                Error::new(kind, message(kind)).with_retry(Retry::Allowed { after })
            }
            Some(Verdict::Final(kind)) => Error::new(kind, message(kind)),
            None if answer.status == StatusCode::UNAUTHORIZED => {
                Error::unauthenticated(CredentialOwner::Application)
            }
            None => {
                let kind = kind_of(answer.status);
                let message = match kind {
                    ErrorKind::InvalidResponse => Cow::Borrowed(describe_no_answer(answer.status)),
                    _ => told(kind),
                };
                return answer.error(kind, message, after, repeat);
            }
        };
        error.with_delivery(Delivery::Answered)
    }

    /// The error, with the vendor's own word on a repetition.
    fn advised(
        &self,
        error: Error,
        headers: &HeaderMap,
        after: Option<Duration>,
        repeat: ReplaySafety,
    ) -> Error {
        let word = self.retry_header.and_then(|name| headers.get(name)).map(HeaderValue::as_bytes);
        match word {
            Some(b"false") => error.with_retry(Retry::Never),
            Some(b"true") if repeat == ReplaySafety::Idempotent => error.with_retry(Retry::Allowed { after }),
            _ => error,
        }
    }

    fn exception(&self, status: StatusCode, code: Option<&VendorWord>) -> Option<&'static Override> {
        let fits = |rule: &&Override| {
            rule.status == status.as_u16()
                && rule
                    .code
                    .is_none_or(|wanted| code.is_some_and(|code| code.as_str().eq_ignore_ascii_case(wanted)))
        };
        self.overrides.iter().find(fits)
    }
}

/// The author of an answer.
enum Sender {
    Vendor,
    /// A machine between here and the vendor, such as a load balancer or a firewall.
    Gateway,
    /// A proxy on our side.
    Proxy,
}

impl ErrorAnswer<'_> {
    fn sender(&self, document: Option<&Node<'_>>) -> Sender {
        let is_page = || {
            // Some servers label whatever they send as HTML.
            let is_labelled_only = document.is_some_and(|document| document.object().is_some());
            !is_labelled_only && Content::whole(self.headers, self.body).is_page()
        };
        match self.status.as_u16() {
            407 => Sender::Proxy,
            429 => Sender::Vendor,
            400.. if is_page() => Sender::Gateway,
            _ => Sender::Vendor,
        }
    }

    /// An error of a kind that the row of the call decides about.
    fn error(
        &self,
        kind: ErrorKind,
        message: impl Into<Cow<'static, str>>,
        after: Option<Duration>,
        repeat: ReplaySafety,
    ) -> Error {
        let retry = repeat.verdict(kind, Delivery::Answered, after);
        Error::new(kind, message).with_delivery(Delivery::Answered).with_retry(retry)
    }
}

/// The shared table for what the vendor says.
fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        408 | 421 | 425 => ErrorKind::Unavailable,
        402 => ErrorKind::PaymentRequired,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        400..500 => ErrorKind::InvalidRequest,
        500.. => ErrorKind::Unavailable,
        _ => ErrorKind::InvalidResponse,
    }
}

/// The meaning of an answer of a kind, for people. The vendor's own text is never part of it.
fn describe(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PaymentRequired => "the account at the vendor has no balance",
        ErrorKind::Forbidden => "the vendor does not allow this with the given credentials",
        ErrorKind::NotFound => "the vendor does not know what the request names",
        ErrorKind::Conflict => "the request conflicts with the vendor's state",
        ErrorKind::RateLimited => "the vendor asks to slow down",
        ErrorKind::InvalidRequest => "the vendor refused the request",
        ErrorKind::Unavailable => "the vendor could not process the request",
        _ => "the vendor answered with an error",
    }
}

/// The meaning of a status that is neither a success nor an error, for people.
fn describe_no_answer(status: StatusCode) -> &'static str {
    match status.as_u16() {
        101 => "the vendor answered that it changes to another protocol, which was not asked for",
        300 => "the vendor answered with a choice of addresses, of which none is followed",
        304 => "the vendor answered that nothing has changed, though the request asked for no comparison",
        301 | 302 | 303 | 307 | 308 => "the vendor answered with a redirect, which is never followed",
        _ => "the vendor answered with a status that is neither a success nor an error",
    }
}

/// The `type` of a problem document (RFC 9457) is a URL or `about:blank`, which is no code and must not be printed.
fn code(text: &str) -> Option<VendorWord> {
    VendorWord::code(text).filter(|code| !code.as_str().contains("://") && *code != "about:blank")
}

/// The vendor's id of a request, where the headers of the answer have one.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<VendorWord> {
    from_headers(headers).as_deref().and_then(VendorWord::code)
}

fn from_headers(headers: &HeaderMap) -> Option<String> {
    let found = REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name))?;
    found.to_str().ok().map(str::to_owned)
}

/// The text of a body, whatever its bytes: with U+FFFD for what is not UTF-8, and with blanks for line breaks and other control
/// characters, which JSON allows in no text.
fn lossy_text(body: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(body);
    if !text.contains(|one: char| one.is_ascii_control()) {
        return text;
    }
    Cow::Owned(text.replace(|one: char| one.is_ascii_control(), " "))
}

fn plain_text(body: &[u8], is_json: bool) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(TEXT_LIMIT)]);
    let text = text.trim();
    (!is_json && !text.is_empty()).then(|| text.to_owned())
}

fn cut(mut text: String) -> String {
    let end = (0..=text.len().min(TEXT_LIMIT)).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
    text
}
