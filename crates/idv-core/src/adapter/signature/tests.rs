//! Headers as senders and forgers write them, judged as by comparing texts: base64 and hex are strict, so that a signature
//! has one form (in hex, but for the case of its letters). Another library says what is right.

mod golden;
mod schemes;
mod timestamped;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use secrecy::SecretString;
use standardwebhooks::Webhook;

use super::{HmacAlgorithm, HmacHex, SharedSecret, SignatureScheme, Svix, sign_hex};
use crate::{Timestamp, WebhookRequest};

const ID: &str = "msg_1";
const NOW: i64 = 1_790_000_000;
const BODY: &str = r#"{"status":"APPROVED"}"#;
/// Two that are configured, and one that is not.
const KEYS: [&[u8]; 3] = [b"the newer of two keys", b"the older of two keys", b"the key of somebody else"];

/// The signature that a key gives, as `v1,` and base64.
fn signed(key: usize) -> String {
    Webhook::from_bytes(KEYS[key].to_vec()).unwrap().sign(ID, NOW, BODY.as_bytes()).unwrap()
}

fn in_hex(key: usize) -> String {
    let bytes = STANDARD.decode(&signed(key)[3..]).unwrap();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn request<'a>(headers: &'a HeaderMap, body: &'a [u8]) -> WebhookRequest<'a> {
    WebhookRequest::new(headers, body, Timestamp::from_unix_seconds(NOW))
}

/// One entry of a list of signatures, right or nearly so.
fn entry() -> impl Strategy<Value = String> {
    let form = |(key, form, place): (usize, usize, usize)| {
        let right = signed(key);
        let bytes = STANDARD.decode(&right[3..]).unwrap();
        let encoded = |bytes: &[u8]| format!("v1,{}", STANDARD.encode(bytes));
        match form {
            0..=2 => right,
            3 => right.replace("v1,", "v1a,"),
            4 => right.replace("v1,", "V1,"),
            5 => right.replace("v1,", ""),
            6 => right.replace("v1,", "v1,v1,"),
            7 => right.trim_end_matches('=').to_owned(),
            8 => format!("{right}="),
            9 => format!("{right}{}", &right[3..]),
            // The last character before the padding has two bits that say nothing.
            10 => {
                let bare = right.trim_end_matches('=');
                format!("{}B=", &bare[..bare.len() - 1])
            }
            11 => right.replace('+', "-").replace('/', "_"),
            12 => encoded(&bytes[..31]),
            13 => encoded(&[&bytes[..], &[0]].concat()),
            14 => encoded(
                &bytes.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == place)).collect::<Vec<_>>(),
            ),
            15 => "v1,".to_owned(),
            16 => encoded(&[0; 32]),
            17 => right.replace(',', ", "),
            18 => format!("{right},{right}"),
            _ => right.to_ascii_lowercase(),
        }
    };
    (0..KEYS.len(), 0..20usize, 0..32usize).prop_map(form)
}

/// The signatures of a list, by rewriting it into one that is split at blanks only: of the commas of a word, every second one
/// joins two signatures, where they come out even.
fn listed(list: &str) -> Vec<String> {
    let of_word = |word: &str| {
        let parts: Vec<&str> = word.trim_matches(',').split(',').collect();
        match parts.len() % 2 {
            0 => parts.chunks(2).map(|pair| pair.join(",")).collect(),
            _ => vec![parts.join(",")],
        }
    };
    list.split(' ').flat_map(of_word).filter(|entry| !entry.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn a_list_is_authentic_where_it_has_the_one_right_text(
        entries in prop::collection::vec((entry(), prop::sample::select(&[" ", " ", " ", ",", ", ", " ,"][..])), 0..19),
    ) {
        let secrets = KEYS[..2].iter().map(|key| format!("whsec_{}", STANDARD.encode(key)).into());
        let svix = Svix::new(&secrets.collect::<Vec<SecretString>>()).unwrap();
        let list: String = entries.iter().flat_map(|(entry, joint)| [entry.as_str(), joint]).collect();
        let listed = listed(&list);
        let right = listed.len() <= 16 && listed.iter().any(|entry| *entry == signed(0) || *entry == signed(1));
        for family in ["svix", "webhook"] {
            let headers: HeaderMap = [("id", ID), ("timestamp", "1790000000"), ("signature", list.as_str())]
                .map(|(name, value)| {
                    let name: HeaderName = format!("{family}-{name}").parse().unwrap();
                    (name, HeaderValue::from_str(value).unwrap())
                })
                .into_iter()
                .collect();
            prop_assert_eq!(svix.verify(&request(&headers, BODY.as_bytes())).is_ok(), right, "{}", list);
        }
    }

    #[test]
    fn hex_is_authentic_whatever_the_case_of_its_letters(
        key in 0..KEYS.len(), form in 0..8usize, place in 0..64usize, letters: u64,
    ) {
        const NAME: HeaderName = HeaderName::from_static("x-signature");
        let right = in_hex(key);
        let cased = |(at, letter): (usize, char)| match letters >> at & 1 {
            0 => letter,
            _ => letter.to_ascii_uppercase(),
        };
        let mut given: String = right.chars().enumerate().map(cased).collect();
        match form {
            0..=2 => {}
            3 => drop(given.remove(place)),
            4 => given.insert(place, '0'),
            5 => given.replace_range(place..=place, "g"),
            6 => given.replace_range(place..=place, if &given[place..=place] == "0" { "1" } else { "0" }),
            _ => given.insert_str(0, "0x"),
        }
        let secrets = KEYS[..2].iter().map(|key| SecretString::from(std::str::from_utf8(key).unwrap()));
        let hmac = HmacHex::new(&secrets.collect::<Vec<_>>(), NAME, None).unwrap();
        let headers = [(NAME, HeaderValue::from_str(&given).unwrap())].into_iter().collect();
        // The bare body is what the other library signs: id, time and body, joined by points.
        let body = br#"msg_1.1790000000.{"status":"APPROVED"}"#;
        let authentic = hmac.verify(&request(&headers, body)).is_ok();
        prop_assert_eq!(authentic, key < 2 && given.eq_ignore_ascii_case(&right), "{}", given);
    }
}

fn svix_headers(signature: &str) -> HeaderMap {
    let name = |name: &str| name.parse::<HeaderName>().unwrap();
    let all = [("svix-id", ID), ("svix-timestamp", "1790000000"), ("svix-signature", signature)];
    all.iter().map(|(n, value)| (name(n), value.parse().unwrap())).collect()
}

/// As a proxy does that makes one header of two.
#[test]
fn signatures_that_are_joined_with_commas_are_listed_all_the_same() {
    let secrets = [SecretString::from(format!("whsec_{}", STANDARD.encode(KEYS[0])))];
    let svix = Svix::new(&secrets).unwrap();
    let verify = |list: &str| svix.verify(&request(&svix_headers(list), BODY.as_bytes()));
    let (ours, theirs) = (signed(0), signed(2));
    for joint in [" ", ", ", ",", " ,", " , "] {
        for pair in [[&ours, &theirs], [&theirs, &ours], [&ours, &ours]] {
            verify(&pair.map(String::as_str).join(joint)).unwrap();
        }
        verify(&[theirs.as_str(), "v1a,b2xk", &ours].join(joint)).unwrap();
        verify(&[theirs.as_str(), &theirs].join(joint)).unwrap_err();
        verify(&vec![ours.as_str(); 16].join(joint)).unwrap();
        verify(&vec![ours.as_str(); 17].join(joint)).unwrap_err();
    }
    for broken in [
        ours.replace(',', ", "),
        format!("v1,{ours}"),
        ours[3..].to_owned(),
        "v1,".to_owned(),
        ",".to_owned(),
    ] {
        verify(&broken).unwrap_err();
    }
    verify(&format!("{ours}{}", " ".repeat(4096))).unwrap_err();
}

/// No scheme lists several signatures there, so a second one is another sender's.
#[test]
fn one_signature_is_never_a_list() {
    const NAME: HeaderName = HeaderName::from_static("x-signature");
    let key = SecretString::from(std::str::from_utf8(KEYS[0]).unwrap());
    let body = br#"msg_1.1790000000.{"status":"APPROVED"}"#;
    let hmac = HmacHex::new(std::slice::from_ref(&key), NAME, None).unwrap();
    let shared = SharedSecret::new(&[key], NAME).unwrap();
    let verify = |value: &str| {
        let headers = [(NAME, value.parse().unwrap())].into_iter().collect();
        let request = request(&headers, body);
        [hmac.verify(&request).is_ok(), shared.verify(&request).is_ok()]
    };
    let (hex, secret) = (in_hex(0), std::str::from_utf8(KEYS[0]).unwrap());
    assert_eq!([verify(&hex), verify(secret)], [[true, false], [false, true]]);
    for joint in [",", ", ", " "] {
        for one in [hex.as_str(), secret] {
            assert_eq!(verify(&[one, one].join(joint)), [false, false], "{joint}");
            assert_eq!(verify(&[one, "x"].join(joint)), [false, false], "{joint}");
        }
    }
}

#[test]
fn a_header_that_stands_twice_is_refused_though_both_are_right() {
    let secrets = [SecretString::from(format!("whsec_{}", STANDARD.encode(KEYS[0])))];
    let svix = Svix::new(&secrets).unwrap();
    let right: [(&str, String); 3] =
        [("svix-id", ID.to_owned()), ("svix-timestamp", NOW.to_string()), ("svix-signature", signed(0))];
    let name = |name: &str| name.parse::<HeaderName>().unwrap();
    let all: HeaderMap = right.iter().map(|(n, value)| (name(n), value.parse().unwrap())).collect();
    svix.verify(&request(&all, BODY.as_bytes())).unwrap();
    for (twice, value) in &right {
        let mut headers = all.clone();
        headers.append(name(twice), value.parse().unwrap());
        svix.verify(&request(&headers, BODY.as_bytes())).unwrap_err();
    }
}
