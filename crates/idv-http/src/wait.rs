//! How long a vendor asks to wait, wherever it says so, and what time it is there.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName};
use idv_core::{HumanDuration, Timestamp};

use crate::json::{Node, Pointer, Value};

/// Longest wait that is believed.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// The wait where one is asked for in a form that cannot be read.
const UNREADABLE: Duration = Duration::from_secs(1);
/// As many words as a time in a sentence has at most: `1 hour 2 minutes 3 seconds`.
const LONGEST_TIME: usize = 6;
/// Characters that may stand after a time in a sentence.
const PUNCTUATION: [char; 7] = ['.', ',', ';', ':', '!', ')', '"'];

/// Where vendors put a wait into a body (Baanx, Start User Verification: `retryAfter`).
const POINTERS: &[&str] = &["/retryAfter", "/retry_after", "/error/retryAfter", "/error/retry_after"];

/// The longest of the waits that headers, body and message ask for: each of them is a floor.
pub(crate) fn asked(
    headers: &HeaderMap,
    body: Option<&Node<'_>>,
    message: Option<&str>,
    now: Timestamp,
) -> Option<Duration> {
    asked_by(headers, &[], body, message, now)
}

/// The same, with headers of the vendor's own beside `Retry-After`.
pub(crate) fn asked_by(
    headers: &HeaderMap,
    own: &[HeaderName],
    body: Option<&Node<'_>>,
    message: Option<&str>,
    now: Timestamp,
) -> Option<Duration> {
    // A date is a wait by the clock of whoever wrote it: by ours, a wait could be lost or an hour too long.
    let now = date(headers).unwrap_or(now);
    let names = own.iter().chain([&RETRY_AFTER]);
    let of_headers =
        names.flat_map(|name| headers.get_all(name)).filter_map(|value| from_text(value.to_str().ok()?, now));
    let of_body = body.and_then(|body| from_body(body, now));
    let waits = of_headers.chain(of_body).chain(message.and_then(from_message));
    waits.max().map(|wait| wait.min(LONGEST))
}

/// When an answer was made, by the vendor's clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?.trim())
}

fn http_date(text: &str) -> Option<Timestamp> {
    httpdate::parse_http_date(text).ok().map(Timestamp::from)
}

/// Seconds, a date (RFC 9110 or RFC 3339, in UTC where it names no zone), or a duration with units (`2 minutes`, `PT30S`).
fn from_text(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let date = || {
        let zoned = || text.parse().or_else(|_| format!("{text}Z").parse()).ok();
        http_date(text).or_else(zoned).map(|then| then.saturating_since(now))
    };
    number(text).or_else(date).or_else(|| units(text)).or_else(|| undocumented(text))
}

/// Seconds, as a number without a sign, fractions included.
fn number(text: &str) -> Option<Duration> {
    let is_number =
        text.starts_with(is_digit) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number { seconds(text.parse().ok()?) } else { None }
}

/// One that is larger than any wait is a long wait, and not none.
fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number.min(LONGEST.as_secs_f64())).ok()
}

fn units(text: &str) -> Option<Duration> {
    text.parse().ok().map(HumanDuration::get)
}

/// A wait in an undocumented form: with a number in it, something was asked for, which is not the same as nothing.
/// Where the number comes first, it is taken for seconds.
fn undocumented(text: &str) -> Option<Duration> {
    let is_wait = !text.starts_with(['-', '+']) && text.bytes().any(|byte| byte.is_ascii_digit());
    let first = text.split(' ').next().unwrap_or_default().trim_end_matches(PUNCTUATION);
    is_wait.then(|| number(first).unwrap_or(UNREADABLE))
}

fn from_body(body: &Node<'_>, now: Timestamp) -> Option<Duration> {
    let wait = |value: Value<'_>| match value.text("").given() {
        Some(text) => from_text(&text, now),
        None => seconds(value.number()?),
    };
    POINTERS.iter().find_map(|pointer| Pointer::new(*pointer).find(body).given().and_then(wait))
}

/// nxos writes the wait into the message only: "… Retry in 23 seconds." (nxos OpenAPI, Start verification).
fn from_message(message: &str) -> Option<Duration> {
    const MARK: &str = "retry in ";
    let lower = message.to_ascii_lowercase();
    lower.match_indices(MARK).find_map(|(start, _)| time(&lower[start + MARK.len()..]))
}

/// The time that a sentence begins with, such as `23 seconds` or `pt30s`: as many of its words as make one.
fn time(sentence: &str) -> Option<Duration> {
    let ends = sentence.match_indices(' ').map(|(end, _)| end).chain([sentence.len()]).take(LONGEST_TIME);
    let beginnings: Vec<&str> = ends.map(|end| sentence[..end].trim_end_matches(PUNCTUATION)).collect();
    let time = beginnings.iter().rev().find_map(|text| units(text));
    time.or_else(|| undocumented(beginnings.first().filter(|first| first.starts_with(is_digit))?))
}

fn is_digit(one: char) -> bool {
    one.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn header(value: &str) -> HeaderMap {
        [(RETRY_AFTER, value.parse().unwrap())].into_iter().collect()
    }

    fn now() -> Timestamp {
        Timestamp::from_unix_seconds(784_111_777)
    }

    fn seconds(headers: &HeaderMap, body: Value, message: &str) -> Option<u64> {
        let text = body.to_string();
        asked(headers, Node::parse(&text).ok().as_ref(), Some(message), now()).map(|wait| wait.as_secs())
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
    fn other_forms_of_a_wait_are_read_wherever_they_stand() {
        for (text, expected) in [
            ("2.5", 2),
            ("100s", 100),
            ("1500ms", 1),
            ("2 minutes", 120),
            ("1 hour 30 minutes", 5400),
            ("1h30m", 5400),
            ("2 days", 172_800),
            ("PT30S", 30),
            ("pt1h", 3600),
            ("P1DT1S", 86_401),
            ("1994-11-06T08:50:37Z", 60),
            ("1994-11-06T09:50:37+01:00", 60),
            ("1994-11-06T09:50:37+0100", 60),
            ("1994-11-06 08:50:37.500Z", 60),
            ("1994-11-06T08:50:37", 60),
            ("1994-11-06T08:00:00Z", 0),
        ] {
            let text = format!(" {text} ");
            assert_eq!(seconds(&header(text.trim()), json!({}), ""), Some(expected), "{text}");
            assert_eq!(seconds(&HeaderMap::new(), json!({"retryAfter": text}), ""), Some(expected), "{text}");
        }
        for (message, expected) in [
            ("Retry in 2.5 minutes.", 150),
            ("Retry in 100s, please", 100),
            ("Retry in 1h 30m", 5400),
            ("Retry in PT30S.", 30),
            ("Retry in 23.", 23),
            ("Retry in 23 seconds, 4 attempts are left.", 23),
            ("(retry in 2 min)", 120),
        ] {
            assert_eq!(seconds(&HeaderMap::new(), json!({}), message), Some(expected), "{message}");
        }
    }

    /// To wait too little is better than not at all: a call that is repeated at once is refused again.
    #[test]
    fn a_wait_that_cannot_be_read_is_a_short_one() {
        for (text, expected) in [
            ("in 5 min", 1),
            ("Sun, 06 Nov 1994", 1),
            ("1.2.3", 1),
            ("P1M", 1),
            ("5 foos", 5),
            ("120 (seconds)", 120),
            ("7, 7", 7),
        ] {
            assert_eq!(seconds(&header(text), json!({}), ""), Some(expected), "{text}");
            assert_eq!(seconds(&HeaderMap::new(), json!({"retryAfter": text}), ""), Some(expected), "{text}");
        }
        assert_eq!(seconds(&HeaderMap::new(), json!({}), "Retry in 2 shakes"), Some(2));
        assert_eq!(seconds(&HeaderMap::new(), json!({}), "Retry in 2x"), Some(1));
    }

    #[test]
    fn a_date_is_compared_with_the_clock_that_wrote_it() {
        let mut headers = header("Sun, 06 Nov 1994 08:50:37 GMT");
        for (there, expected) in [("07:50:07", 3630), ("08:50:07", 30), ("09:50:07", 0)] {
            headers.insert(DATE, format!("Sun, 06 Nov 1994 {there} GMT").parse().unwrap());
            assert_eq!(seconds(&headers, json!({}), ""), Some(expected), "{there}");
            let date = json!({"retryAfter": "1994-11-06T08:50:37Z"});
            headers.remove(RETRY_AFTER);
            assert_eq!(seconds(&headers, date, ""), Some(expected), "{there}");
            headers = header("Sun, 06 Nov 1994 08:50:37 GMT");
        }
        headers.insert(DATE, "nonsense".parse().unwrap());
        assert_eq!(seconds(&headers, json!({}), ""), Some(60), "our own clock");
    }

    #[test]
    fn of_a_header_that_stands_twice_the_longer_wait_holds() {
        let mut headers = header("5");
        headers.append(RETRY_AFTER, "70".parse().unwrap());
        headers.append(RETRY_AFTER, "soon".parse().unwrap());
        assert_eq!(seconds(&headers, json!({}), ""), Some(70));
    }

    #[test]
    fn nonsense_is_no_wait_and_the_longest_is_bounded() {
        for value in ["soon", "-1", "+1", "-1.5", ""] {
            assert_eq!(
                seconds(&header(value), json!({"retryAfter": -3}), "Retry in a while"),
                None,
                "{value}"
            );
        }
        assert_eq!(seconds(&HeaderMap::new(), json!({"retryAfter": "-3", "retry_after": [3]}), ""), None);
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
            let body = json!({"retryAfter": number, "retry_after": text}).to_string();
            let message = format!("Retry in {text}");
            let _ = asked(&HeaderMap::new(), Node::parse(&body).ok().as_ref(), Some(&message), Timestamp::UNIX_EPOCH);
            let _ = from_text(&text, now());
        }

        #[test]
        fn any_number_of_any_unit_is_read(number in 0..100_000u32, unit in "(s|m|h| seconds| minutes| hours)") {
            let factor = if unit.contains('m') { 60 } else if unit.contains('h') { 3600 } else { 1 };
            let expected = Duration::from_secs(u64::from(number) * factor);
            let text = format!("{number}{unit}");
            if number > 0 {
                prop_assert_eq!(from_text(&text, now()), Some(expected));
            }
            prop_assert_eq!(from_text(&number.to_string(), now()), Some(Duration::from_secs(number.into())));
        }
    }
}
