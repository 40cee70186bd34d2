//! Headers of a webhook: exactly one value each, plain ASCII, of bounded length.

use std::time::Duration;

use http::{HeaderMap, HeaderName};

use crate::{Error, Result, Timestamp};

/// Longest text of a number of seconds, in bytes.
const SECONDS_LIMIT: usize = 20;

/// The one value of a header.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName, limit: usize) -> Result<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        let count = if headers.contains_key(name) { "repeated" } else { "missing" };
        return Err(Error::webhook_unverified(format!("the header `{name}` is {count}")));
    };
    match value.to_str() {
        Ok(text) if !text.is_empty() && text.len() <= limit => Ok(text),
        _ => Err(Error::webhook_unverified(format!("the header `{name}` is empty, too long or not ASCII"))),
    }
}

/// The text of a header with Unix seconds, known to be within the tolerance.
pub(super) fn fresh_timestamp<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    received_at: Timestamp,
    tolerance: Duration,
) -> Result<&'a str> {
    let text = single(headers, name, SECONDS_LIMIT)?;
    let seconds = seconds(text).ok_or_else(|| {
        Error::webhook_unverified(format!("the header `{name}` is not a number of seconds since 1970"))
    })?;
    if !is_fresh(seconds, received_at, tolerance) {
        return Err(stale(name, tolerance));
    }
    Ok(text)
}

/// The seconds of a text that is nothing but digits.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let plain = text.len() <= SECONDS_LIMIT && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// Whether a moment is within the tolerance.
pub(super) fn is_fresh(seconds: u64, received_at: Timestamp, tolerance: Duration) -> bool {
    let now = u64::try_from(received_at.unix_seconds()).unwrap_or(0);
    now.abs_diff(seconds) <= tolerance.as_secs()
}

/// The refusal of a time beyond the tolerance.
pub(super) fn stale(name: &HeaderName, tolerance: Duration) -> Error {
    Error::webhook_unverified(format!(
        "the header `{name}` is more than {} seconds away from the present",
        tolerance.as_secs()
    ))
}
