//! How long a vendor asks to wait, wherever it says so, and what time it is there.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use idv_core::Timestamp;
use serde_json::Value;

/// Longest wait that is believed.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// Where vendors put seconds into a body (Baanx, Start User Verification: `retryAfter`).
const POINTERS: &[&str] = &["/retryAfter", "/retry_after", "/error/retryAfter", "/error/retry_after"];

/// The longest of the waits that header, body and message ask for: each of them is a floor.
pub(crate) fn asked(
    headers: &HeaderMap,
    body: Option<&Value>,
    message: Option<&str>,
    now: Timestamp,
) -> Option<Duration> {
    let waits = [from_header(headers, now), body.and_then(from_body), message.and_then(from_message)];
    waits.into_iter().flatten().max().map(|wait| wait.min(LONGEST))
}

/// When an answer was made, by the vendor's clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?.trim())
}

fn http_date(text: &str) -> Option<Timestamp> {
    httpdate::parse_http_date(text).ok().map(Timestamp::from)
}

fn from_header(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match whole(text) {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => Some(http_date(text)?.saturating_since(now)),
    }
}

/// A number without a sign. One that is larger than any wait is a long wait, and not none.
fn whole(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

fn from_body(body: &Value) -> Option<Duration> {
    let seconds = |value: &Value| match value {
        Value::Number(number) => {
            Duration::try_from_secs_f64(number.as_f64()?.min(LONGEST.as_secs_f64())).ok()
        }
        Value::String(text) => whole(text).map(Duration::from_secs),
        _ => None,
    };
    POINTERS.iter().find_map(|pointer| body.pointer(pointer).and_then(seconds))
}

/// nxos writes the wait into the message only: "… Retry in 23 seconds." (nxos OpenAPI, Start verification).
fn from_message(message: &str) -> Option<Duration> {
    const MARK: &str = "retry in ";
    let lower = message.to_ascii_lowercase();
    lower.match_indices(MARK).find_map(|(start, _)| time(&lower[start + MARK.len()..]))
}

/// The time that a text begins with, such as `23 seconds`.
fn time(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_once(' ')?;
    let number = whole(number)?;
    let factor = [("second", 1), ("minute", 60), ("hour", 3600)];
    let (_, factor) = factor.iter().find(|(name, _)| unit.starts_with(name))?;
    Some(Duration::from_secs(number.saturating_mul(*factor)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn header(value: &str) -> HeaderMap {
        [(RETRY_AFTER, value.parse().unwrap())].into_iter().collect()
    }

    fn seconds(headers: &HeaderMap, body: Value, message: &str) -> Option<u64> {
        let now = Timestamp::from_unix_seconds(784_111_777);
        asked(headers, Some(&body), Some(message), now).map(|wait| wait.as_secs())
    }

    #[test]
    fn every_form_is_read_and_the_longest_wait_holds() {
        let none = HeaderMap::new();
        assert_eq!(seconds(&header("7"), json!({}), ""), Some(7));
        assert_eq!(seconds(&header("7"), json!({"retryAfter": 3600}), "Retry in 23 seconds."), Some(3600));
        assert_eq!(seconds(&header("7"), json!({"retryAfter": 5}), "Retry in 23 seconds."), Some(23));
        assert_eq!(seconds(&header("70"), json!({"retryAfter": 5}), "Retry in 23 seconds."), Some(70));
        assert_eq!(seconds(&header("Sun, 06 Nov 1994 08:50:37 GMT"), json!({}), ""), Some(60));
        assert_eq!(seconds(&header("Sun, 06 Nov 1994 08:00:00 GMT"), json!({}), ""), Some(0));
        assert_eq!(seconds(&none, json!({"retryAfter": 3600}), ""), Some(3600));
        assert_eq!(seconds(&none, json!({"retryAfter": "90"}), ""), Some(90));
        let message = "Rate limit exceeded: 1000 requests per minute. Retry in 23 seconds.";
        assert_eq!(seconds(&none, json!({}), message), Some(23));
        assert_eq!(seconds(&none, json!({}), "Please retry in 2 minutes"), Some(120));
    }

    #[test]
    fn nonsense_is_no_wait_and_the_longest_is_bounded() {
        for value in ["soon", "-1", "+1", "1.5", ""] {
            assert_eq!(
                seconds(&header(value), json!({"retryAfter": -3}), "Retry in a while"),
                None,
                "{value}"
            );
        }
        let a_year = 31_622_400;
        assert_eq!(seconds(&header("99999999999999999"), json!({}), ""), Some(a_year));
        let beyond = "99999999999999999999999";
        assert_eq!(seconds(&header(beyond), json!({}), ""), Some(a_year));
        assert_eq!(seconds(&HeaderMap::new(), json!({"retryAfter": 1e30}), ""), Some(a_year));
        assert_eq!(seconds(&HeaderMap::new(), json!({"retryAfter": beyond}), ""), Some(a_year));
        assert_eq!(
            seconds(&HeaderMap::new(), json!({}), &format!("Retry in {beyond} seconds")),
            Some(a_year)
        );
        assert_eq!(seconds(&header(&a_year.to_string()), json!({}), ""), Some(a_year));
    }

    #[test]
    fn the_time_at_the_vendor_is_read_where_it_is_a_time() {
        let date_of = |text: &str| date(&[(DATE, text.parse().unwrap())].into_iter().collect());
        let then = Timestamp::from_unix_seconds(784_111_777);
        assert_eq!(date_of("Sun, 06 Nov 1994 08:49:37 GMT"), Some(then));
        assert_eq!(date_of("1994-11-06"), None);
        assert_eq!(date(&HeaderMap::new()), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".*", number: f64) {
            let body = json!({"retryAfter": number, "retry_after": text});
            let _ = asked(&HeaderMap::new(), Some(&body), Some(&format!("Retry in {text}")), Timestamp::UNIX_EPOCH);
        }
    }
}
