//! Our webhook signatures against the schemes' own libraries in three languages, in both directions.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName};
use idv_core::signature::{HmacHex, Svix};
use idv_core::{Timestamp, WebhookRequest};
use idv_sandbox::{NxosEventData, OrganizationType, Sandbox};
use idv_tests::{Oracle, Scheme};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use secrecy::SecretString;
use standardwebhooks::Webhook;

/// The seed of every batch here: a failure names it and the number of the case, and comes again.
const SEED: u8 = 7;

type Headers = Vec<(String, String)>;

fn batch<S: Strategy>(count: usize, strategy: S) -> Vec<S::Value> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[SEED; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}

/// Bodies of text, which is what the libraries take: JSON, nearly JSON, and anything else.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let json = ("\\PC{0,40}", any::<i64>()).prop_map(|(word, number)| {
        serde_json::json!({"type": "organization.verification.updated", "data": {word: number}}).to_string()
    });
    prop_oneof![json, any::<String>(), "[\\x00-\\x7f]{0,200}", "\\{\"a\": *[0-9.eE+-]{1,30}\\}\r?\n?"]
        .prop_map(String::into_bytes)
}

#[derive(Debug, Clone)]
struct Case {
    secret: Vec<u8>,
    id: String,
    body: Vec<u8>,
}

fn case(body: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Case> {
    (vec(any::<u8>(), 24..64), "msg_[0-9A-Za-z]{27}|[0-9A-Za-z._:/-]{1,64}", body)
        .prop_map(|(secret, id, body)| Case { secret, id, body })
}

impl Case {
    /// The secret as the scheme writes it.
    fn secret(&self, scheme: Scheme) -> String {
        match scheme {
            Scheme::HmacSha256Hex => self.secret.iter().map(|byte| format!("{byte:02x}")).collect(),
            _ => format!("whsec_{}", STANDARD.encode(&self.secret)),
        }
    }
}

fn now() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(passed.as_secs()).expect("before the end of time")
}

/// What we say of a webhook that arrives at a moment.
fn ours(scheme: Scheme, secret: &str, headers: &Headers, body: &[u8], at: i64) -> Result<(), String> {
    let map: HeaderMap = headers
        .iter()
        .map(|(name, value)| (name.parse::<HeaderName>().expect("a name"), value.parse().expect("a value")))
        .collect();
    let secrets = [SecretString::from(secret)];
    let webhook = WebhookRequest::new(&map, body, Timestamp::from_unix_seconds(at));
    let verdict = match scheme {
        Scheme::HmacSha256Hex => {
            let [signature, timestamp] = ["x-signature", "x-timestamp"].map(HeaderName::from_static);
            HmacHex::new(&secrets, signature, Some(timestamp)).expect("a secret").verify(&webhook)
        }
        _ => Svix::new(&secrets).expect("a secret").verify(&webhook).map(drop),
    };
    verdict.map_err(|error| error.to_string())
}

#[test]
fn what_they_sign_we_accept() {
    for mut oracle in [Oracle::python(), Oracle::node()] {
        for scheme in Scheme::ALL {
            for (number, case) in batch(120, case(text())).into_iter().enumerate() {
                let what = format!("{} {scheme:?}, seed {SEED}, case {number}: {case:?}", oracle.name());
                let at = 1_000_000_000 + number as i64 * 7_654_321;
                let secret = case.secret(scheme);
                let headers = oracle.sign(scheme, &secret, &case.id, at, &case.body).expect(&what);
                assert_eq!(ours(scheme, &secret, &headers, &case.body, at), Ok(()), "{what}");
                let altered = [&case.body[..], b"x"].concat();
                assert!(ours(scheme, &secret, &headers, &altered, at).is_err(), "{what}");
                assert!(ours(scheme, &secret, &headers, &case.body, at + 301).is_err(), "{what}");
            }
        }
    }
}

/// Baanx signs bytes, whatever they are.
#[test]
fn bytes_that_are_no_text_are_signed_alike() {
    for mut oracle in [Oracle::python(), Oracle::node()] {
        let scheme = Scheme::HmacSha256Hex;
        for (number, case) in batch(120, case(vec(any::<u8>(), 0..300))).into_iter().enumerate() {
            let what = format!("{}, seed {SEED}, case {number}: {case:?}", oracle.name());
            let secret = case.secret(scheme);
            let headers = oracle.sign(scheme, &secret, &case.id, 1_767_225_600, &case.body).expect(&what);
            assert_eq!(ours(scheme, &secret, &headers, &case.body, 1_767_225_600), Ok(()), "{what}");
        }
    }
}

#[test]
fn what_the_rust_library_signs_we_accept_and_what_we_accept_it_accepts() {
    for (number, case) in batch(200, case(text())).into_iter().enumerate() {
        let what = format!("seed {SEED}, case {number}: {case:?}");
        let (secret, at) = (case.secret(Scheme::StandardWebhooks), now());
        let library = Webhook::new(&secret).expect(&what);
        let signature = library.sign(&case.id, at, &case.body).expect(&what);
        let by_hand = idv_tests::sign_svix(&secret, &case.id, &at.to_string(), &case.body);
        assert_eq!(signature, by_hand, "{what}");
        for family in ["webhook", "svix"] {
            let headers: Headers =
                [("id", case.id.clone()), ("timestamp", at.to_string()), ("signature", signature.clone())]
                    .map(|(name, value)| (format!("{family}-{name}"), value))
                    .into();
            assert_eq!(ours(Scheme::Svix, &secret, &headers, &case.body, at), Ok(()), "{what}");
        }
        let map: HeaderMap =
            [("id", case.id.as_str()), ("timestamp", &at.to_string()), ("signature", &by_hand)]
                .into_iter()
                .map(|(name, value)| {
                    (format!("webhook-{name}").parse::<HeaderName>().unwrap(), value.parse().unwrap())
                })
                .collect();
        library.verify(&case.body, &map).expect(&what);
    }
}

/// The `webhook-*` names of headers that were signed for the `svix-*` names.
fn renamed(headers: &Headers) -> Headers {
    headers.iter().map(|(name, value)| (name.replace("svix-", "webhook-"), value.clone())).collect()
}

#[tokio::test]
async fn what_the_simulated_nxos_signs_everybody_accepts() {
    let sandbox = Sandbox::builder().seed(7).start().await.unwrap();
    let nxos = sandbox.nxos();
    let organization = nxos.add_organization(OrganizationType::Business);
    let mut signed: Vec<_> = [NxosEventData::Empty, NxosEventData::Minimal, NxosEventData::Full]
        .map(|data| nxos.webhook(&organization, data))
        .into();
    signed.extend(batch(60, text()).iter().map(|body| nxos.sign(body)));
    let (secret, mut oracles) = (nxos.webhook_secret(), [Oracle::python(), Oracle::node()]);
    for (number, webhook) in signed.iter().enumerate() {
        let altered = [&webhook.body[..], b"x"].concat();
        for (scheme, headers) in
            [(Scheme::Svix, webhook.headers.clone()), (Scheme::StandardWebhooks, renamed(&webhook.headers))]
        {
            let what = format!("{scheme:?}, seed {SEED}, case {number}: {webhook:?}");
            assert_eq!(ours(scheme, &secret, &headers, &webhook.body, now()), Ok(()), "{what}");
            for oracle in &mut oracles {
                let verdict = oracle.verify(scheme, &secret, &headers, &webhook.body);
                assert_eq!(verdict, Ok(()), "{} {what}", oracle.name());
                assert!(oracle.verify(scheme, &secret, &headers, &altered).is_err(), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn what_the_simulated_baanx_signs_everybody_accepts() {
    let sandbox = Sandbox::builder().seed(7).start().await.unwrap();
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Lovelace");
    let mut signed = vec![
        baanx.webhook_guide(&user.user_id, "failed", Some("103")),
        baanx.webhook_legacy(&user.user_id, "VERIFIED"),
    ];
    signed.extend(batch(60, vec(any::<u8>(), 0..300)).iter().map(|body| baanx.sign(body)));
    let (secret, scheme) = (baanx.webhook_key(), Scheme::HmacSha256Hex);
    let mut oracles = [Oracle::python(), Oracle::node()];
    for (number, webhook) in signed.iter().enumerate() {
        let what = format!("seed {SEED}, case {number}: {webhook:?}");
        assert_eq!(ours(scheme, &secret, &webhook.headers, &webhook.body, now()), Ok(()), "{what}");
        let altered = [&webhook.body[..], b"x"].concat();
        for oracle in &mut oracles {
            let verdict = oracle.verify(scheme, &secret, &webhook.headers, &webhook.body);
            assert_eq!(verdict, Ok(()), "{} {what}", oracle.name());
            assert!(oracle.verify(scheme, &secret, &webhook.headers, &altered).is_err(), "{what}");
        }
    }
}

/// One thing that can be wrong with a webhook.
#[derive(Debug, Clone)]
enum Harm {
    None,
    Body(usize),
    Id,
    Timestamp(i64),
    Age(i64),
    Signature(usize),
    OtherVersion,
    Missing(usize),
    OtherSecret,
    OneMore,
}

fn harm() -> impl Strategy<Value = Harm> {
    // Near the edge of the tolerance the clocks of two programs may differ, so the ages keep away from it.
    let age = prop_oneof![-290i64..290, 310i64..100_000, -100_000i64..-310];
    prop_oneof![
        Just(Harm::None),
        any::<usize>().prop_map(Harm::Body),
        Just(Harm::Id),
        (1i64..200).prop_map(Harm::Timestamp),
        age.prop_map(Harm::Age),
        (0usize..43).prop_map(Harm::Signature),
        Just(Harm::OtherVersion),
        (0usize..3).prop_map(Harm::Missing),
        Just(Harm::OtherSecret),
        Just(Harm::OneMore),
    ]
}

/// A webhook signed by hand at a moment, with something wrong: secret, headers, body.
fn harmed(case: &Case, harm: &Harm, at: i64) -> (String, Headers, Vec<u8>) {
    let (mut secret, mut id, mut body) = (case.secret(Scheme::Svix), case.id.clone(), case.body.clone());
    let mut at = if let Harm::Age(age) = harm { at - age } else { at };
    let mut signature = idv_tests::sign_svix(&secret, &id, &at.to_string(), &body);
    match harm {
        Harm::None | Harm::Age(_) | Harm::Missing(_) => {}
        Harm::Body(at) if body.is_empty() => body.push((at % 128) as u8),
        Harm::Body(at) => {
            let length = body.len();
            body.remove(at % length);
        }
        Harm::Id => id.push('x'),
        Harm::Timestamp(by) => at -= by,
        Harm::Signature(at) => {
            let mut code = signature.split_off(3).into_bytes();
            // The last letter before the padding has bits that mean nothing; it is left alone.
            let position = at.min(&41).to_owned();
            code[position] = if code[position] == b'A' { b'B' } else { b'A' };
            signature.push_str(&String::from_utf8_lossy(&code));
        }
        Harm::OtherVersion => signature = signature.replacen("v1,", "v2,", 1),
        Harm::OtherSecret => secret = format!("whsec_{}", STANDARD.encode([1; 24])),
        Harm::OneMore => signature = format!("v1,{} {signature}", STANDARD.encode([0; 32])),
    }
    let mut headers: Headers =
        [("svix-id", id), ("svix-timestamp", at.to_string()), ("svix-signature", signature)]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
    if let Harm::Missing(which) = harm {
        headers.remove(*which);
    }
    (secret, headers, body)
}

#[test]
fn we_and_they_agree_on_what_is_wrong() {
    let mut oracles = [Oracle::python(), Oracle::node()];
    let (mut accepted, mut refused) = (0, 0);
    for (number, (case, harm)) in batch(300, (case(text()), harm())).into_iter().enumerate() {
        let at = now();
        let (secret, headers, body) = harmed(&case, &harm, at);
        let verdict = ours(Scheme::Svix, &secret, &headers, &body, at);
        match verdict.is_ok() {
            true => accepted += 1,
            false => refused += 1,
        }
        for oracle in &mut oracles {
            for (scheme, headers) in
                [(Scheme::Svix, headers.clone()), (Scheme::StandardWebhooks, renamed(&headers))]
            {
                let theirs = oracle.verify(scheme, &secret, &headers, &body);
                let what =
                    format!("{} {scheme:?}, seed {SEED}, case {number}: {harm:?} {case:?}", oracle.name());
                assert_eq!(verdict.is_ok(), theirs.is_ok(), "{what}: {verdict:?}, {theirs:?}");
            }
        }
    }
    assert!(accepted > 40 && refused > 100, "{accepted} accepted, {refused} refused");
}
