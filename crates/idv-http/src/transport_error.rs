//! Attempts without a whole answer: what broke, as far as it can be known, and whether the vendor may have been reached.

use std::borrow::Cow;
use std::error::Error as StdError;

use http::StatusCode;
use idv_core::{Delivery, Error, ErrorKind, Retry};
use rustls::CertificateError;

use crate::content::Content;
use crate::{ReplaySafety, invalid_response, tls_fault};

/// The error of an attempt without a whole answer.
pub(crate) fn transport_error(error: reqwest::Error, repeat: ReplaySafety) -> Error {
    let never_left = error.is_connect() || error.is_builder();
    if let (false, Some(part)) = (never_left, in_chain(&error, unreadable)) {
        return not_http(part, repeat).with_source(error.without_url());
    }
    let delivery = if never_left { Delivery::NotSent } else { Delivery::Unknown };
    let (kind, what) = match (error.is_timeout(), never_left) {
        (true, true) => (ErrorKind::Timeout, "no connection to the vendor in time"),
        (true, false) => (ErrorKind::Timeout, "no answer from the vendor in time"),
        (false, true) => (ErrorKind::Connection, "no connection to the vendor"),
        (false, false) => (ErrorKind::Connection, "the connection broke before the answer was complete"),
    };
    let refusal = in_chain(&error, tunnel);
    if refusal == Some(Tunnel::Unauthorized) {
        return unauthorized_at_proxy().with_source(error.without_url());
    }
    let what = refusal.map_or(what, Tunnel::describe);
    let cause = in_chain(&error, Cause::of);
    // A certificate stays what it is until somebody acts.
    let retry = match &cause {
        Some(Cause::Certificate(_)) if never_left => Retry::Never,
        _ => repeat.verdict(kind, delivery, None),
    };
    let message = match cause {
        Some(cause) => format!("{what}: {}", cause.describe(refusal)),
        None => what.to_owned(),
    };
    Error::new(kind, message).with_delivery(delivery).with_retry(retry).with_source(error.without_url())
}

/// The error of an answer whose JSON the end of the connection cut.
pub(crate) fn cut_short(content: &Content<'_>, status: StatusCode, repeat: ReplaySafety) -> Error {
    let (kind, delivery) = (ErrorKind::Connection, Delivery::Unknown);
    Error::new(kind, format!("the connection ended before the answer was complete ({content})"))
        .with_delivery(delivery)
        .with_retry(repeat.verdict(kind, delivery, None))
        .with_http_status(status)
}

/// The error of an answer of which not even the head can be read. The HTTP library tells neither its status nor its headers.
fn not_http(part: &str, repeat: ReplaySafety) -> Error {
    invalid_response(format!("the vendor's answer is not HTTP that can be read{part}"))
        .with_delivery(Delivery::Answered)
        .with_retry(repeat.verdict_on_useless_success())
}

/// Whether the head of an answer could not be read, and which part of it: what the library says of it holds no value, but is
/// no contract either, so other words are not repeated.
fn unreadable(cause: &(dyn StdError + 'static)) -> Option<&'static str> {
    let error = cause.downcast_ref::<hyper::Error>().filter(|error| error.is_parse())?;
    Some(match &*error.to_string() {
        "invalid HTTP version parsed" => ": no HTTP version",
        "invalid HTTP status-code parsed" => ": its status",
        "invalid HTTP header parsed" => ": a header",
        "invalid content-length parsed" => ": its length",
        "unexpected transfer-encoding parsed" => ": its transfer encoding",
        "message head is too large" => ": too many or too long headers",
        _ => "",
    })
}

/// A proxy answers 407, to a request or to the wish for a tunnel. That is no vendor's word: nothing was passed on, and it
/// stays so until the configuration is changed.
pub(crate) fn unauthorized_at_proxy() -> Error {
    let message =
        "the proxy refuses the request: it asks for a name and a password, or for others than it was given";
    Error::new(ErrorKind::Connection, message)
        .with_delivery(Delivery::NotSent)
        .with_retry(Retry::Never)
        .with_http_status(StatusCode::PROXY_AUTHENTICATION_REQUIRED)
}

/// Why a proxy opened no tunnel to the vendor. The client does not tell which status it answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tunnel {
    /// The proxy itself was not reached.
    Unreached,
    /// The proxy answered 407.
    Unauthorized,
    /// The proxy answered with another status than 200 or 407, or with no HTTP.
    Refused,
    /// The connection to the proxy ended before it answered.
    Ended,
    /// Anything else.
    Other,
}

impl Tunnel {
    const fn describe(self) -> &'static str {
        match self {
            Self::Unreached => "no connection to the proxy",
            Self::Unauthorized => "the proxy asks for a name and a password",
            Self::Refused => "the proxy refused to connect to the vendor",
            Self::Ended => "the proxy ended the connection instead of connecting to the vendor",
            Self::Other => "the proxy did not connect to the vendor",
        }
    }
}

/// The connector's words where a proxy opened no tunnel: its type is private.
fn tunnel(cause: &(dyn StdError + 'static)) -> Option<Tunnel> {
    Some(match cause.to_string().strip_prefix("tunnel error: ")? {
        "failed to create underlying connection" => Tunnel::Unreached,
        "proxy authorization required" => Tunnel::Unauthorized,
        "unsuccessful" => Tunnel::Refused,
        "unexpected end of file" | "io error establishing tunnel" => Tunnel::Ended,
        _ => Tunnel::Other,
    })
}

/// The connector's words where a host name has no address: its type is private, and the cause below it has no kind.
const UNRESOLVED: &str = "dns error";

/// The words of the first cause that has any.
fn in_chain<T>(
    error: &(dyn StdError + 'static),
    says: fn(&(dyn StdError + 'static)) -> Option<T>,
) -> Option<T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(said) = says(cause) {
            return Some(said);
        }
        next = cause.source();
    }
    None
}

/// The causes of a failure.
enum Cause {
    Certificate(CertificateError),
    Other(Cow<'static, str>),
}

impl Cause {
    fn of(cause: &(dyn StdError + 'static)) -> Option<Self> {
        if let Some(fault) = cause.downcast_ref::<rustls::Error>() {
            return Some(match fault {
                rustls::Error::InvalidCertificate(fault) => Self::Certificate(fault.clone()),
                other => Self::Other(tls_fault::other(other)),
            });
        }
        if cause.to_string() == UNRESOLVED {
            return Some(Self::Other("the host name cannot be resolved".into()));
        }
        let io = cause.downcast_ref::<std::io::Error>()?;
        // `source` of an I/O error leaves out the error that it wraps, so this looks inside. A failed handshake is wrapped
        // twice.
        if let Some(inside) = io.get_ref().and_then(|inner| Self::of(inner)) {
            return Some(inside);
        }
        (io.kind() != std::io::ErrorKind::Other).then(|| Self::Other(io.kind().to_string().into()))
    }

    /// The cause in words that hold no URL and no value.
    fn describe(&self, refusal: Option<Tunnel>) -> Cow<'static, str> {
        match (self, refusal) {
            (Self::Certificate(fault), Some(Tunnel::Unreached)) => {
                tls_fault::of_certificate(fault, "proxy").into()
            }
            (Self::Certificate(fault), _) => tls_fault::of_certificate(fault, "vendor").into(),
            (Self::Other(words), _) => words.clone(),
        }
    }
}
