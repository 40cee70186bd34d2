//! Headers of the form `t=…,v1=…` as senders and forgers write them. Another library says which signatures are right.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use secrecy::SecretString;
use standardwebhooks::Webhook;

use super::{BODY, KEYS, NOW, request};
use crate::signature::{HmacAlgorithm, TimestampedHmac};

const HEADER: HeaderName = HeaderName::from_static("x-signature");

/// The body of each webhook here: the other library signs an id, a time and a body, joined by points, so its id is our time.
fn body() -> String {
    format!("{NOW}.{BODY}")
}

/// The signature of a text of a time and the body, in hex.
fn signed(key: &[u8], time: &str) -> String {
    let signature = Webhook::from_bytes(key.to_vec()).unwrap().sign(time, NOW, BODY.as_bytes()).unwrap();
    base16ct::lower::encode_string(&STANDARD.decode(&signature[3..]).unwrap())
}

fn verifier(algorithm: HmacAlgorithm) -> TimestampedHmac {
    let secrets = KEYS[..2].iter().map(|key| SecretString::from(std::str::from_utf8(key).unwrap()));
    TimestampedHmac::new(algorithm, &secrets.collect::<Vec<_>>(), HEADER).unwrap()
}

fn is_authentic(value: &str, body: &[u8]) -> bool {
    let headers: HeaderMap = [(HEADER, HeaderValue::from_str(value).unwrap())].into_iter().collect();
    verifier(HmacAlgorithm::Sha256).verify(&request(&headers, body)).is_ok()
}

/// A set of signatures, written out, with how many it lists and whether one of them is right.
#[derive(Debug, Clone)]
struct Set {
    text: String,
    listed: usize,
    right: bool,
}

/// A time, and whether it is one within the tolerance.
fn time() -> impl Strategy<Value = (String, bool)> {
    prop_oneof![
        4 => (-300..=300i64).prop_map(|ago| ((NOW - ago).to_string(), true)),
        1 => prop::sample::select(vec![NOW - 301, NOW + 301, 0]).prop_map(|at| (at.to_string(), false)),
        1 => prop::sample::select(vec!["", "-1790000000", "+1790000000", "1790000000.0", "000000000001790000000", "now"])
            .prop_map(|text| (text.to_owned(), false)),
        1 => Just((format!("0{NOW}"), true)),
    ]
}

/// An entry for a time, whether it counts as a signature, and whether it is a right one.
fn entry(key: usize, form: usize, place: usize, time: &str) -> (String, bool, bool) {
    let mut hex = signed(KEYS[key], time);
    let known = key < 2;
    match form {
        0..=3 => (format!("v1={hex}"), true, known),
        4 => (format!("v1={}", hex.to_ascii_uppercase()), true, known),
        5 => {
            let other = if &hex[place..=place] == "0" { "1" } else { "0" };
            hex.replace_range(place..=place, other);
            (format!("v1={hex}"), true, false)
        }
        6 => (format!("v1={}", &hex[..place]), true, false),
        7 => (format!("v1={hex}0{place}"), true, false),
        8 => (format!("v1=0x{}", &hex[2..]), true, false),
        9 => (format!("v1={}", signed(KEYS[key], "1")), true, false),
        10 => (format!("v0={hex}"), false, false),
        11 => (format!("V1={hex}"), false, false),
        12 => (format!("v1:{hex}"), false, false),
        13 => (hex, false, false),
        _ => ("scheme=hmac".to_owned(), false, false),
    }
}

fn set() -> impl Strategy<Value = Set> {
    let entries = prop::collection::vec((0..KEYS.len(), 0..15usize, 0..64usize), 0..6);
    (time(), entries).prop_map(|((time, fresh), entries)| {
        let mut set = Set { text: format!("t={time}"), listed: 0, right: false };
        for (key, form, place) in entries {
            let (text, counts, right) = entry(key, form, place, &time);
            set.text = format!("{},{text}", set.text);
            set.listed += usize::from(counts);
            set.right |= right && fresh;
        }
        set
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn one_right_signature_of_its_own_fresh_time_is_enough_whatever_the_order(
        sets in prop::collection::vec(set(), 0..5).prop_shuffle(),
        joint in prop::sample::select(&[" ", ",", ", ", "  "][..]),
    ) {
        let header = sets.iter().map(|set| set.text.as_str()).collect::<Vec<_>>().join(joint);
        let listed: usize = sets.iter().map(|set| set.listed).sum();
        let right = listed <= 16 && sets.iter().any(|set| set.right);
        prop_assert_eq!(is_authentic(&header, body().as_bytes()), right, "{}", header);
    }

    #[test]
    fn a_changed_byte_is_refused(at in 0..10_000usize, bit in 0..7u32) {
        let header = format!("t={NOW},v1={}", signed(KEYS[1], &NOW.to_string()));
        let mut changed = body().into_bytes();
        prop_assert!(is_authentic(&header, &changed));
        let place = at % changed.len();
        changed[place] ^= 1 << bit;
        prop_assert!(!is_authentic(&header, &changed));
        let mut letters = header.clone().into_bytes();
        let place = at % letters.len();
        letters[place] ^= 1 << bit;
        let same = letters.eq_ignore_ascii_case(header.as_bytes()) && place > header.find("v1=").unwrap() + 2;
        match HeaderValue::from_bytes(&letters).ok().as_ref().and_then(|value| value.to_str().ok()) {
            Some(text) => prop_assert_eq!(is_authentic(text, body().as_bytes()), same, "{}", text),
            None => prop_assert!(!same),
        }
    }

    #[test]
    fn any_text_is_refused_and_nothing_panics(text in "[ -~]{0,200}|([tv]1?=|[0-9a-f]{64}|1790000000|[ ,=]){0,40}") {
        prop_assert!(!is_authentic(&text, body().as_bytes()));
    }
}

#[test]
fn a_signature_belongs_to_the_last_time_before_it() {
    let (now, later) = (NOW.to_string(), (NOW + 1).to_string());
    let right = signed(KEYS[0], &now);
    let verify = |header: String| is_authentic(&header, body().as_bytes());
    assert!(verify(format!("t={now},v1={right}")));
    assert!(verify(format!("t={later},t={now},v1={right}")));
    assert!(!verify(format!("t={now},t={later},v1={right}")));
    assert!(!verify(format!("t={now},t=x,v1={right}")));
    assert!(!verify(format!("v1={right},t={now}")));
    assert!(
        verify(format!("t=1,v1={right} t={now},v1={right}")),
        "a stale set says nothing about the next one"
    );
}

#[test]
fn a_header_is_of_bounded_length_and_stands_once() {
    let right = format!("v1={}", signed(KEYS[0], &NOW.to_string()));
    let header = |count: usize| format!("t={NOW},{}", vec![right.as_str(); count].join(","));
    let verify = |header: &str| is_authentic(header, body().as_bytes());
    assert_eq!([1, 16, 17].map(|count| verify(&header(count))), [true, true, false]);
    let padded = |length: usize| format!("{:<length$}", header(1));
    assert_eq!(
        [4095, 4096, 4097].map(|length| verify(&format!("{},", &padded(length)[..length - 1]))),
        [true, true, false]
    );
    let mut headers: HeaderMap = [(HEADER, header(1).parse().unwrap())].into_iter().collect();
    headers.append(HEADER, header(1).parse().unwrap());
    verifier(HmacAlgorithm::Sha256).verify(&request(&headers, body().as_bytes())).unwrap_err();
}

#[test]
fn a_refusal_says_which_part_is_wrong_and_never_what_is_right() {
    let now = NOW.to_string();
    let (right, foreign) = (signed(KEYS[0], &now), signed(KEYS[2], &now));
    for (algorithm, value, said) in [
        (
            HmacAlgorithm::Sha256,
            format!("t={now},v1={foreign}"),
            "no signature matches any configured secret",
        ),
        (HmacAlgorithm::Sha256, format!("t={},v1={foreign}", NOW - 301), "more than 300 seconds away"),
        (HmacAlgorithm::Sha256, format!("t={now}"), "with a `v1=` of `sha256` in hex"),
        (HmacAlgorithm::Sha512, format!("t={now},v1={right}"), "with a `v1=` of `sha512` in hex"),
    ] {
        let headers: HeaderMap = [(HEADER, value.parse().unwrap())].into_iter().collect();
        let error = verifier(algorithm).verify(&request(&headers, body().as_bytes())).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(said), "{text}");
        for secret in [right.as_str(), "the newer of two keys", "the older of two keys"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
