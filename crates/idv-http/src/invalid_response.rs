//! Answers that say that it worked and still cannot be used.

use std::borrow::Cow;
use std::io::Read;

use http::StatusCode;
use idv_core::{Delivery, Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::ReplaySafety;
use crate::content::Content;

/// The error of an answer that says that it worked and still cannot be used, for code that reads one: see
/// [`JsonClient::send_and_read`](crate::JsonClient::send_and_read), which adds what the answer was.
///
/// The message may say where in the document the first thing is wrong, and must hold nothing of what stands there.
#[must_use]
pub fn invalid_response(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidResponse, message)
}

/// Decodes an answer.
///
/// # Errors
/// An answer that has not the form of `T` is [`invalid_response`]; the error says where.
pub fn decode<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| schema_mismatch(&error))
}

/// The text of an answer, without a byte-order mark. JSON is UTF-8; serde_json by itself does not look at the texts that no
/// field takes.
pub(crate) fn text_of(body: &[u8]) -> Result<&str> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let valid = body.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        let column = 1 + valid.iter().rev().take_while(|byte| **byte != b'\n').count();
        invalid_response(format!("the vendor's answer is not UTF-8 at line {line}, column {column}"))
    })?;
    Ok(text.strip_prefix(crate::content::BYTE_ORDER_MARK).unwrap_or(text))
}

/// Whether a body is the beginning of JSON, in bytes: a cut can go through a character, and through a byte-order mark.
pub(crate) fn is_cut_off(body: &[u8]) -> bool {
    let mark = crate::content::BYTE_ORDER_MARK.as_bytes();
    let json = body.strip_prefix(mark).unwrap_or(body);
    let is_eof = |error: serde_json::Error| error.is_eof();
    // serde_json calls a number without its last digits wrong, not cut: with one more digit it is neither.
    let is_cut_number = || {
        json.last().is_some_and(|last| b"-+.eE".contains(last))
            && serde_json::from_reader::<_, IgnoredAny>(json.chain(&b"0"[..])).map_or_else(is_eof, |_| true)
    };
    mark.starts_with(body) || serde_json::from_slice::<IgnoredAny>(json).is_err_and(is_eof) || is_cut_number()
}

/// The words of serde_json on a text may quote it, so only the kind and the place are told.
fn schema_mismatch(error: &serde_json::Error) -> Error {
    let what = match error.classify() {
        Category::Syntax => "is not JSON",
        Category::Eof => "ends too early",
        Category::Data | Category::Io => "has not the documented form",
    };
    match (error.line(), error.column()) {
        (0, _) => invalid_response(format!("the vendor's answer {what}")),
        (line, column) => {
            invalid_response(format!("the vendor's answer {what} at line {line}, column {column}"))
        }
    }
}

/// The facts about an error that a success gave rise to: an answer that cannot be used is told with what it was.
pub(crate) fn explained(
    error: Error,
    content: &Content<'_>,
    status: StatusCode,
    repeat: ReplaySafety,
) -> Error {
    if error.kind() != ErrorKind::InvalidResponse {
        return error.with_delivery(Delivery::Answered);
    }
    let what = match content.compression() {
        Some(coding) => Cow::from(format!(
            "the vendor's answer is compressed with {coding} though `identity` was asked for"
        )),
        None if content.is_empty() => Cow::from("the vendor's answer is empty"),
        None => Cow::from(error.message().to_owned()),
    };
    invalid_response(format!("{what} ({content})"))
        .with_code(error.code().cloned())
        .with_request_id(error.request_id().cloned())
        .with_delivery(Delivery::Answered)
        .with_retry(repeat.verdict_on_useless_success())
        .with_http_status(status)
}
