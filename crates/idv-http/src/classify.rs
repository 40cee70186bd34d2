//! From an HTTP status and an error body to an error: one table for all vendors, and each vendor's exceptions.

use http::{HeaderMap, StatusCode};
use idv_core::{CredentialOwner, Delivery, Error, ErrorKind, Retry, SensitiveText, Timestamp, VendorWord};
use serde_json::Value;

use crate::{Repeat, wait};

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

/// How a vendor differs from the shared table.
#[derive(Debug, Clone, Copy, Default)]
pub struct ErrorRules {
    /// JSON pointers to look at for a code, after the usual ones.
    pub codes: &'static [&'static str],
    /// Answers that mean something else than their status says. The first that fits wins.
    pub overrides: &'static [Override],
}

/// An answer that means something else than its status says.
#[derive(Debug, Clone, Copy)]
pub struct Override {
    /// The HTTP status.
    pub status: u16,
    /// The vendor's code; `None` fits every code.
    pub code: Option<&'static str>,
    /// What it means.
    pub verdict: Verdict,
}

/// What an answer means.
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

/// The facts of an answer that is an error.
pub(crate) struct Refusal<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) now: Timestamp,
    pub(crate) repeat: Repeat,
}

impl ErrorRules {
    /// The error of an answer whose status is not 2xx.
    pub(crate) fn classify(&self, refusal: &Refusal<'_>) -> Error {
        let json: Option<Value> = serde_json::from_slice(refusal.body).ok();
        let text = |pointers: &[&str]| {
            pointers.iter().find_map(|pointer| json.as_ref()?.pointer(pointer)?.as_str().map(str::to_owned))
        };
        let code = text(CODES).or_else(|| text(self.codes)).as_deref().and_then(code);
        let message = text(MESSAGES).or_else(|| plain_text(refusal.body, json.is_some()));
        let request_id =
            text(REQUEST_IDS).or_else(|| from_headers(refusal.headers)).as_deref().and_then(VendorWord::code);
        let after = wait::asked(refusal.headers, json.as_ref(), message.as_deref(), refusal.now);
        let error = match self.exception(refusal.status, code.as_ref()) {
            Some(Verdict::Credential(owner)) => Error::unauthenticated(owner),
            Some(Verdict::Repeatable(kind)) => {
                Error::new(kind, describe(kind)).with_retry(Retry::Allowed { after })
            }
            Some(Verdict::Final(kind)) => Error::new(kind, describe(kind)),
            None if refusal.status == StatusCode::UNAUTHORIZED => {
                Error::unauthenticated(CredentialOwner::Application)
            }
            None => {
                let kind = kind_of(refusal.status);
                let retry = refusal.repeat.verdict(kind, Delivery::Answered, after);
                Error::new(kind, describe(kind)).with_retry(retry)
            }
        };
        error
            .with_delivery(Delivery::Answered)
            .with_http_status(refusal.status)
            .with_code(code)
            .with_request_id(request_id)
            .with_answered_at(wait::date(refusal.headers))
            .with_vendor_text(message.map(|text| SensitiveText::new(cut(text))))
    }

    fn exception(&self, status: StatusCode, code: Option<&VendorWord>) -> Option<Verdict> {
        let fits = |rule: &&Override| {
            rule.status == status.as_u16()
                && rule
                    .code
                    .is_none_or(|wanted| code.is_some_and(|code| code.as_str().eq_ignore_ascii_case(wanted)))
        };
        self.overrides.iter().find(fits).map(|rule| rule.verdict)
    }
}

/// The shared table.
fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
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

/// What an answer of a kind means, for people. The vendor's own text is never part of it.
fn describe(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PaymentRequired => "the account at the vendor has no balance",
        ErrorKind::Forbidden => "the vendor does not allow this with the given credentials",
        ErrorKind::NotFound => "the vendor does not know what the request names",
        ErrorKind::Conflict => "the request conflicts with the vendor's state",
        ErrorKind::RateLimited => "the vendor asks to slow down",
        ErrorKind::InvalidRequest => "the vendor refused the request",
        ErrorKind::Unavailable => "the vendor could not process the request",
        ErrorKind::InvalidResponse => "the vendor answered with a redirect, which is never followed",
        _ => "the vendor answered with an error",
    }
}

/// The `type` of a problem document (RFC 9457) is a URL or `about:blank`, which is no code and must not be printed.
fn code(text: &str) -> Option<VendorWord> {
    VendorWord::code(text).filter(|code| !code.as_str().contains("://") && *code != "about:blank")
}

fn from_headers(headers: &HeaderMap) -> Option<String> {
    let found = REQUEST_ID_HEADERS.iter().find_map(|name| headers.get(*name))?;
    found.to_str().ok().map(str::to_owned)
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
