//! Headers of a webhook: exactly one value each, plain ASCII, of bounded length.

use http::{HeaderMap, HeaderName};

use crate::{Error, Result, Timestamp};

use super::TOLERANCE_SECONDS;

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
) -> Result<&'a str> {
    let text = single(headers, name, 20)?;
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: u64 = text.parse().ok().filter(|_| plain).ok_or_else(|| {
        Error::webhook_unverified(format!("the header `{name}` is not a number of seconds since 1970"))
    })?;
    let now = u64::try_from(received_at.unix_seconds()).unwrap_or(0);
    if now.abs_diff(seconds) > TOLERANCE_SECONDS {
        return Err(Error::webhook_unverified(format!(
            "the header `{name}` is more than {TOLERANCE_SECONDS} seconds away from the present"
        )));
    }
    Ok(text)
}
