//! What it costs to verify, parse and normalise a webhook.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use idv::{ProviderId, Registry, WebhookOutcome, WebhookRequest};
use idv_tests::{sign_hmac_hex, sign_svix};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use crate::by_hand::NxosStatus;
use crate::calls::VERIFF_KEYS;
use crate::signed_by_hand::{SumsubResult, VeriffAnswer, VeriffDecision, hmac_hex};
use crate::stripe_by_hand::{EVENT, StripeEvent, WEBHOOK_SECRET};
use crate::{Aims, Case, Side};

const COUNTED: u64 = 2000;

/// A secret as Svix makes them: 24 random bytes.
pub const SVIX_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_2b1a09f8e7d6c5b4a39281706f5";
const NXOS_BODY: &str = r#"{"type":"organization.verification.updated","timestamp":"2026-07-01T09:12:44.000Z","data":{"organizationId":"org_0123456789abcdef0123456789abcdef","status":"APPROVED","type":"BUSINESS","updatedAt":"2026-07-01T09:12:44.000Z"}}"#;

const BAANX_SECRET: &str = "whk_9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const BAANX_BODY: &str = r#"{"api_version":"v1","event_id":"0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01","event_category":"kyc","event_type":"kyc.status.changed","user_id":"3f0a6f5e-7d55-4c1b-8a61-2b90c7d1e2aa","event_object_id":"3f0a6f5e-7d55-4c1b-8a61-2b90c7d1e2aa","event_object_status":"failed","event_object_changes":{"status":["pending","failed"]},"event_object":{"status":"failed","failure_code":"103","failure_reason":"Face and document do not match"},"occurred_at":"2026-07-01T09:12:44.000Z"}"#;

const SUMSUB_SECRET: &str = "42EPsfqpv2OwZppjTF7k1kiAEB24Bppr";
const SUMSUB_BODY: &str = r#"{"applicantId":"66f0a1b2c3d4e5f601234567","inspectionId":"66f0a1b2c3d4e5f601234568","correlationId":"req-sim-1","externalUserId":"case-7781","levelName":"basic-kyc","type":"applicantReviewed","sandboxMode":false,"applicantType":"individual","reviewStatus":"completed","reviewResult":{"reviewAnswer":"RED","reviewRejectType":"RETRY","rejectLabels":["UNSATISFACTORY_PHOTOS"],"moderationComment":"Please retake the photo"},"createdAtMs":"2026-07-01 09:12:44.481"}"#;

const VERIFF_BODY: &str = r#"{"status":"success","verification":{"id":"6b1d2f34-90ab-4cde-8f01-23456789abcd","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","vendorData":"case-7781","endUserId":null,"status":"declined","code":9102,"reason":"Suspected document tampering","reasonCode":102,"acceptanceTime":"2026-07-01T09:00:10.000Z","decisionTime":"2026-07-01T09:03:44.476108Z"},"technicalData":{"ip":"0.0.0.0"}}"#;

/// The webhooks of the vendors whose schemes differ.
pub(crate) fn cases() -> Vec<Case> {
    let aims = Aims { time: Some(1.5), instructions: None, allocations: None, peers: Some(2.0) };
    let nxos = vec![
        Side::new("idv", || verified(Delivery::nxos(), "nxos")),
        Side::new("by hand", || {
            let (delivery, keys) =
                (Delivery::nxos(), key(&STANDARD.decode(&SVIX_SECRET[6..]).expect("base64")));
            repeated(move || delivery.nxos_by_hand(&keys))
        }),
    ];
    let baanx = vec![
        Side::new("idv", || verified(Delivery::baanx(), "user")),
        Side::new("by hand", || {
            let (delivery, keys) = (Delivery::baanx(), key(BAANX_SECRET.as_bytes()));
            repeated(move || delivery.baanx_by_hand(&keys))
        }),
    ];
    let sumsub = vec![
        Side::new("idv", || verified(Delivery::sumsub(), "sumsub")),
        Side::new("by hand", || {
            let (delivery, keys) = (Delivery::sumsub(), key(SUMSUB_SECRET.as_bytes()));
            repeated(move || delivery.hex_by_hand::<SumsubEvent>(&keys, "x-payload-digest"))
        }),
    ];
    let veriff = vec![
        Side::new("idv", || verified(Delivery::veriff(), "veriff")),
        Side::new("by hand", || {
            let (delivery, keys) = (Delivery::veriff(), key(VERIFF_KEYS[1].as_bytes()));
            repeated(move || {
                (delivery.header("x-auth-client")? == VERIFF_KEYS[0]).then_some(())?;
                delivery.hex_by_hand::<VeriffAnswer<VeriffDecision>>(&keys, "x-hmac-signature")
            })
        }),
    ];
    let stripe = vec![
        Side::new("idv", || verified(Delivery::stripe(), "stripe")),
        Side::new("by hand", || {
            let (delivery, keys) = (Delivery::stripe(), key(WEBHOOK_SECRET.as_bytes()));
            repeated(move || delivery.stripe_by_hand(&keys))
        }),
    ];
    vec![
        Case { name: "webhook nxos", aims, sides: nxos, counted: COUNTED },
        Case { name: "webhook baanx", aims, sides: baanx, counted: COUNTED },
        Case { name: "webhook sumsub", aims, sides: sumsub, counted: COUNTED },
        Case { name: "webhook veriff", aims, sides: veriff, counted: COUNTED },
        Case {
            name: "webhook stripe",
            aims: Aims { peers: Some(1.25), ..aims },
            sides: stripe,
            counted: COUNTED,
        },
    ]
}

/// A webhook as it arrives.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// All headers.
    pub headers: HeaderMap,
    /// The raw body.
    pub body: &'static [u8],
    /// When it arrives, in seconds since 1970.
    pub now: i64,
}

impl Delivery {
    /// One of nxos, signed now.
    #[must_use]
    pub fn nxos() -> Self {
        let now = seconds();
        let signature = sign_svix(SVIX_SECRET, ID, &now.to_string(), NXOS_BODY.as_bytes());
        Self::new(
            NXOS_BODY,
            now,
            &[("svix-id", ID), ("svix-timestamp", &now.to_string()), ("svix-signature", &signature)],
        )
    }

    fn baanx() -> Self {
        let now = seconds();
        let signature = sign_hmac_hex(BAANX_SECRET, &now.to_string(), BAANX_BODY.as_bytes());
        Self::new(BAANX_BODY, now, &[("x-timestamp", &now.to_string()), ("x-signature", &signature)])
    }

    fn sumsub() -> Self {
        let signature = hmac_hex(SUMSUB_SECRET, &[SUMSUB_BODY.as_bytes()]);
        let algorithm = ("x-payload-digest-alg", "HMAC_SHA256_HEX");
        Self::new(SUMSUB_BODY, seconds(), &[algorithm, ("x-payload-digest", &signature)])
    }

    fn veriff() -> Self {
        let signature = hmac_hex(VERIFF_KEYS[1], &[VERIFF_BODY.as_bytes()]);
        Self::new(
            VERIFF_BODY,
            seconds(),
            &[("x-auth-client", VERIFF_KEYS[0]), ("x-hmac-signature", &signature)],
        )
    }

    /// One of Stripe Identity, signed now.
    #[must_use]
    pub fn stripe() -> Self {
        let now = seconds();
        let time = now.to_string();
        let signature = hmac_hex(WEBHOOK_SECRET, &[time.as_bytes(), b".", EVENT.as_bytes()]);
        Self::new(EVENT, now, &[("stripe-signature", &format!("t={time},v1={signature}"))])
    }

    fn new(body: &'static str, now: i64, own: &[(&'static str, &str)]) -> Self {
        let usual = [
            ("host", "app.example.test"),
            ("user-agent", "Svix-Webhooks/1.62.0"),
            ("accept", "*/*"),
            ("content-type", "application/json"),
        ];
        let headers = usual.iter().chain(own);
        let headers = headers
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().expect("a header")));
        Self { headers: headers.collect(), body: body.as_bytes(), now }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn is_fresh(&self, timestamp: &str) -> Option<()> {
        let sent: i64 = timestamp.parse().ok()?;
        (self.now.abs_diff(sent) <= 300).then_some(())
    }

    fn nxos_by_hand(&self, key: &Hmac<Sha256>) -> Option<NxosEvent> {
        let (id, timestamp) = (self.header("svix-id")?, self.header("svix-timestamp")?);
        self.is_fresh(timestamp)?;
        let mut mac = key.clone();
        [id.as_bytes(), b".", timestamp.as_bytes(), b".", self.body].iter().for_each(|part| mac.update(part));
        let signatures = self.header("svix-signature")?;
        let signature = signatures.split(' ').find_map(|one| one.strip_prefix("v1,"))?;
        let mut decoded = [0; 33];
        let length = STANDARD.decode_slice(signature, &mut decoded).ok()?;
        mac.verify_slice(&decoded[..length]).ok()?;
        serde_json::from_slice(self.body).ok()
    }

    fn stripe_by_hand(&self, key: &Hmac<Sha256>) -> Option<StripeEvent> {
        let (timestamp, signature) = self.header("stripe-signature")?.split_once(',')?;
        let timestamp = timestamp.strip_prefix("t=")?;
        self.is_fresh(timestamp)?;
        let mut mac = key.clone();
        [timestamp.as_bytes(), b".", self.body].iter().for_each(|part| mac.update(part));
        let mut decoded = [0; 32];
        base16(signature.strip_prefix("v1=")?, &mut decoded)?;
        mac.verify_slice(&decoded).ok()?;
        serde_json::from_slice(self.body).ok()
    }

    fn baanx_by_hand(&self, key: &Hmac<Sha256>) -> Option<BaanxEvent> {
        let timestamp = self.header("x-timestamp")?;
        self.is_fresh(timestamp)?;
        let mut mac = key.clone();
        [timestamp.as_bytes(), b".", self.body].iter().for_each(|part| mac.update(part));
        let mut decoded = [0; 32];
        base16(self.header("x-signature")?, &mut decoded)?;
        mac.verify_slice(&decoded).ok()?;
        serde_json::from_slice(self.body).ok()
    }
}

/// A signature over the body alone, in hexadecimal.
impl Delivery {
    fn hex_by_hand<T: DeserializeOwned>(&self, key: &Hmac<Sha256>, header: &str) -> Option<T> {
        let mut mac = key.clone();
        mac.update(self.body);
        let mut decoded = [0; 32];
        base16(self.header(header)?, &mut decoded)?;
        mac.verify_slice(&decoded).ok()?;
        serde_json::from_slice(self.body).ok()
    }
}

fn seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
    i64::try_from(since.as_secs()).expect("a time before the end of time")
}

fn key(secret: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret).expect("HMAC takes keys of any length")
}

fn base16(text: &str, into: &mut [u8; 32]) -> Option<()> {
    let digits = text.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    for (index, byte) in into.iter_mut().enumerate() {
        *byte = digit(*digits.get(2 * index)?)? << 4 | digit(*digits.get(2 * index + 1)?)?;
    }
    (digits.len() == 64).then_some(())
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
struct NxosEvent {
    #[serde(rename = "type")]
    event_type: String,
    timestamp: String,
    data: NxosData,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
struct NxosData {
    #[serde(rename = "organizationId")]
    organization: String,
    status: NxosStatus,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
#[serde(rename_all = "camelCase")]
struct SumsubEvent {
    external_user_id: String,
    #[serde(rename = "type")]
    event_type: String,
    review_status: String,
    review_result: Option<SumsubResult>,
    created_at_ms: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
struct BaanxEvent {
    event_id: String,
    event_type: String,
    user_id: String,
    user_external_id: Option<String>,
    event_object: BaanxObject,
    occurred_at: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
struct BaanxObject {
    status: BaanxWord,
    failure_code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BaanxWord {
    Pending,
    Completed,
    Failed,
}

/// Reads a webhook again and again. One that were refused would take no time, and make idv look slow.
fn repeated<T>(read: impl Fn() -> Option<T>) -> impl FnMut(u64) {
    move |times| {
        for _ in 0..times {
            std::hint::black_box(read().expect("an authentic webhook"));
        }
    }
}

/// What an application gets from idv: an authentic event in our words.
fn verified(delivery: Delivery, provider: &str) -> impl FnMut(u64) + use<> {
    let registry = Registry::from_toml_str(&format!(
        r#"active = "nxos"
[providers.nxos]
kind = "nxos"
environment = "sandbox"
api_key = "nxos_sk_test_1"
webhook_secrets = ["{SVIX_SECRET}"]
[providers.user]
kind = "baanx-user"
base_url = "https://dev.api.baanx.com"
client_key = "1"
webhook_secrets = ["{BAANX_SECRET}"]
[providers.sumsub]
kind = "sumsub"
app_token = "prd:1"
secret_key = "1"
level = "basic-kyc"
webhook_secrets = ["{SUMSUB_SECRET}"]
[providers.veriff]
kind = "veriff"
base_url = "https://stationapi.veriff.com"
api_key = "{}"
shared_secrets = ["{}"]
[providers.stripe]
kind = "stripe-identity"
secret_key = "sk_test_1"
webhook_secrets = ["{WEBHOOK_SECRET}"]
"#,
        VERIFF_KEYS[0], VERIFF_KEYS[1]
    ));
    let (registry, provider) =
        (registry.expect("a registry"), provider.parse::<ProviderId>().expect("an id"));
    move |times| {
        for _ in 0..times {
            let now = idv::Timestamp::from_unix_seconds(delivery.now);
            let webhook = WebhookRequest::new(&delivery.headers, delivery.body, now);
            let outcome = registry.verify_webhook(&provider, &webhook).expect("an authentic webhook");
            assert!(matches!(&outcome, WebhookOutcome::Event(event) if event.status().is_some()));
            std::hint::black_box(outcome);
        }
    }
}
