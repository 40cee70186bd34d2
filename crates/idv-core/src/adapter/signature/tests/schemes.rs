//! The table of schemes: each makes a verifier, of the assurance that it says, that shows no key.

use http::{HeaderMap, HeaderName};
use secrecy::SecretString;

use super::{ID, NOW, request, signed, svix_headers};
use crate::Assurance;
use crate::signature::{HmacAlgorithm, HmacForm, KeyError, SignatureEncoding, SignatureScheme, SuffixForm};

const HEADER: HeaderName = HeaderName::from_static("x-signature");
/// A key for every scheme, whose base64 is also a text to look for.
const CANARY: &str = "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5";

fn in_hex(algorithm: HmacAlgorithm, timestamp_header: Option<HeaderName>) -> HmacForm {
    let signed = if timestamp_header.is_some() { "{time}.{body}" } else { "{body}" };
    HmacForm::new(algorithm, HEADER).with_templates("{signature}", signed, timestamp_header).unwrap()
}

fn schemes() -> Vec<(SignatureScheme, Assurance)> {
    let mut all = vec![
        (SignatureScheme::Svix, Assurance::Signed),
        (SignatureScheme::SharedSecret { header: HEADER }, Assurance::SharedSecret),
    ];
    for &algorithm in HmacAlgorithm::ALL {
        for timestamp_header in [None, Some(HeaderName::from_static("x-timestamp"))] {
            all.push((SignatureScheme::Hmac(in_hex(algorithm, timestamp_header)), Assurance::Signed));
        }
        let templates = ("t={time},v1={signature}", "{time}.{body}");
        let form = HmacForm::new(algorithm, HEADER).with_templates(templates.0, templates.1, None);
        all.push((SignatureScheme::Hmac(form.unwrap()), Assurance::Signed));
    }
    for &form in SuffixForm::ALL {
        all.push((SignatureScheme::SuffixedDigest { form, header: HEADER }, Assurance::Signed));
    }
    all
}

#[test]
fn every_scheme_says_how_far_its_webhooks_are_believed() {
    for (scheme, assurance) in schemes() {
        assert_eq!(scheme.assurance(), assurance, "{scheme:?}");
        assert_eq!(scheme.verifier(&[CANARY.into()]).unwrap().assurance(), assurance, "{scheme:?}");
    }
}

#[test]
fn no_scheme_works_without_a_key_or_with_an_empty_one() {
    let good = SecretString::from(CANARY);
    for (scheme, _) in schemes() {
        assert_eq!(scheme.verifier(&[]).err(), Some(KeyError::Missing), "{scheme:?}");
        for secrets in [vec!["".into()], vec![good.clone(), "".into()], vec!["".into(), good.clone()]] {
            assert_eq!(scheme.verifier(&secrets).err(), Some(KeyError::Empty), "{scheme:?}");
        }
    }
    assert_eq!(SignatureScheme::Svix.verifier(&["canary".into()]).err(), Some(KeyError::NotSvix));
}

#[test]
fn no_key_is_shown() {
    for (scheme, _) in schemes() {
        let verifier = scheme.verifier(&[CANARY.into()]).unwrap();
        let headers: HeaderMap = [(HEADER, "wrong".parse().unwrap())].into_iter().collect();
        let refusal = verifier.verify(&request(&headers, b"{}")).unwrap_err();
        for shown in [format!("{verifier:?}"), format!("{verifier:#?}"), format!("{refusal} {refusal:?}")] {
            for secret in ["canary", "Y2FuYXJ5", "whsec_Y"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}

#[test]
fn an_event_has_the_id_that_its_scheme_signs() {
    use base64::Engine;
    let key = base64::engine::general_purpose::STANDARD.encode(super::KEYS[0]);
    let verifier = SignatureScheme::Svix.verifier(&[format!("whsec_{key}").into()]).unwrap();
    let headers = svix_headers(&signed(0));
    let id = verifier.verify(&request(&headers, super::BODY.as_bytes())).unwrap();
    assert_eq!(id.unwrap().as_str(), ID);
    let headers: HeaderMap = [(HEADER, CANARY.parse().unwrap())].into_iter().collect();
    let shared = SignatureScheme::SharedSecret { header: HEADER }.verifier(&[CANARY.into()]).unwrap();
    assert_eq!(shared.verify(&request(&headers, b"{}")).unwrap(), None);
}

/// The time stands in a header of its own, and is signed whatever the hash function.
#[test]
fn a_signed_timestamp_is_held_against_the_present_under_every_hash_function() {
    use crate::signature::sign_hex;
    let time: HeaderName = HeaderName::from_static("x-timestamp");
    for &algorithm in HmacAlgorithm::ALL {
        let scheme = SignatureScheme::Hmac(in_hex(algorithm, Some(time.clone())));
        let verifier = scheme.verifier(&[CANARY.into()]).unwrap();
        for (ago, fresh) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
            let at = (NOW - ago).to_string();
            let signature = sign_hex(algorithm, &CANARY.into(), &[at.as_bytes(), b".", b"{}"]);
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, signature.parse().unwrap());
            headers.insert(&time, at.parse().unwrap());
            assert_eq!(verifier.verify(&request(&headers, b"{}")).is_ok(), fresh, "{algorithm} {ago}");
            headers.insert(&time, (NOW - 7).to_string().parse().unwrap());
            verifier.verify(&request(&headers, b"{}")).unwrap_err();
        }
    }
}

#[test]
fn a_tolerance_a_text_before_the_signature_and_base64_are_those_of_the_form() {
    use base64::Engine;
    let time: HeaderName = HeaderName::from_static("x-timestamp");
    let form = HmacForm::new(HmacAlgorithm::Sha256, HEADER)
        .with_encoding(SignatureEncoding::Base64)
        .with_tolerance(std::time::Duration::from_secs(10))
        .with_templates("v0={signature}", "v0:{time}:{body}", Some(time.clone()))
        .unwrap();
    let verifier = SignatureScheme::Hmac(form).verifier(&[CANARY.into()]).unwrap();
    for (ago, fresh) in [(-11, false), (-10, true), (10, true), (11, false)] {
        let at = (NOW - ago).to_string();
        let hex = crate::signature::sign_hex(
            HmacAlgorithm::Sha256,
            &CANARY.into(),
            &[b"v0:", at.as_bytes(), b":", b"{}"],
        );
        let bytes = base16ct::lower::decode_vec(&hex).unwrap();
        let base64 = base64::engine::general_purpose::STANDARD.encode(bytes);
        let mut headers = HeaderMap::new();
        headers.insert(&time, at.parse().unwrap());
        for (value, right) in
            [(format!("v0={base64}"), true), (base64.clone(), false), (format!("v0={hex}"), false)]
        {
            headers.insert(HEADER, value.parse().unwrap());
            assert_eq!(verifier.verify(&request(&headers, b"{}")).is_ok(), right && fresh, "{value} {ago}");
        }
    }
}

#[test]
fn what_nobody_signed_is_never_refused_and_never_believed() {
    let verifier = SignatureScheme::Unsigned.verifier(&[]).unwrap();
    assert_eq!(verifier.assurance(), Assurance::Unsigned);
    assert_eq!(verifier.verify(&request(&HeaderMap::new(), b"{}")).unwrap(), None);
}
