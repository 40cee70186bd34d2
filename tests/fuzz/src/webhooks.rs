//! Webhooks: as they come, then rightly signed, then tampered with.
//!
//! The first line of an input says how many seconds ago it was sent (a minus: ahead of the present).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use idv::{ErrorKind, Result, Timestamp, VerificationProvider, WebhookOutcome, WebhookRequest};
use sha2::Sha256;

use crate::message::Message;
use crate::properties;
use crate::providers::{KEY, NOW, SVIX_KEY, TEXT_SECRET, provider};
use crate::texts::Texts;
use crate::words::Row;

/// The furthest that a timestamp may be from the present, in seconds (docs.svix.com; docs.baanx.com, "Webhooks").
const TOLERANCE: u64 = 300;

/// How a vendor shows that a webhook is its own.
#[derive(Debug, Clone, Copy)]
pub enum Scheme {
    /// `svix-id`, `svix-timestamp`, `svix-signature`, or the same with `webhook-`.
    Svix,
    /// `x-signature` over the body, or over `x-timestamp` and the body.
    Hmac {
        /// Whether the timestamp is there and signed.
        dated: bool,
    },
    /// The signature is over a time and the body, with the time in the same header: `t=…,v1=…`.
    Timestamped(&'static str),
    /// The signature is over the body alone, in this header.
    Bare(&'static str),
    /// `deepidv-signature` is the secret.
    Secret,
}

/// Where webhooks of a vendor arrive.
#[derive(Debug)]
pub struct Endpoint {
    provider: Arc<dyn VerificationProvider>,
    scheme: Scheme,
    rows: Option<&'static [Row]>,
}

impl Endpoint {
    /// The endpoint of a provider, whose vendor has these words for a status.
    #[must_use]
    pub fn new(id: &str, scheme: Scheme, rows: Option<&'static [Row]>) -> Self {
        Self { provider: provider(id), scheme, rows }
    }

    /// Lets an input arrive.
    pub fn receive(&self, data: &[u8]) {
        let message = Message::read(data);
        let sent = NOW.saturating_sub(message.number().unwrap_or(0));
        let outcome = self.arrive(&message.headers, message.body);
        if !self.is_authentic(&message) {
            refused(&outcome, 401);
        }
        let signed = self.sign(&message, sent);
        let outcome = self.arrive(&signed, message.body);
        if self.is_dated() && NOW.abs_diff(sent) > TOLERANCE {
            refused(&outcome, 401);
        } else if outcome.is_err() {
            refused(&outcome, 400);
        }
        self.tamper(signed, message.body);
    }

    fn arrive(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookOutcome> {
        let received_at = Timestamp::from_unix_seconds(NOW);
        let outcome = self.provider.verify_webhook(&WebhookRequest::new(headers, body, received_at));
        match &outcome {
            Ok(WebhookOutcome::Event(event)) => {
                properties::event(event, self.rows, &Texts::of([body]));
            }
            Ok(WebhookOutcome::Ignored { provider_event_type, .. }) => {
                properties::word(provider_event_type.as_str());
            }
            Ok(other) => panic!("an outcome that cannot be: {other:?}"),
            Err(error) => properties::error(error),
        }
        outcome
    }

    /// A signature does not outlive a change of a single bit.
    fn tamper(&self, mut headers: HeaderMap, body: &[u8]) {
        if let Scheme::Secret = self.scheme {
            let mut secret = TEXT_SECRET.as_bytes().to_vec();
            let at = body.len() % secret.len();
            secret[at] ^= 1;
            headers.insert("deepidv-signature", HeaderValue::from_bytes(&secret).expect("printable"));
            return refused(&self.arrive(&headers, body), 401);
        }
        let mut other = body.to_vec();
        match other.len() {
            0 => other.push(b' '),
            length => other[length * 7 / 11] ^= 1,
        }
        refused(&self.arrive(&headers, &other), 401);
        other.truncate(body.len().saturating_sub(1));
        if !body.is_empty() {
            refused(&self.arrive(&headers, &other), 401);
        }
    }

    fn is_dated(&self) -> bool {
        matches!(self.scheme, Scheme::Svix | Scheme::Hmac { dated: true } | Scheme::Timestamped(_))
    }

    /// The headers of a message, with the right signature in place of what was there.
    fn sign(&self, message: &Message<'_>, sent: i64) -> HeaderMap {
        let mut headers = message.headers.clone();
        let mut set = |name: &'static str, value: &str| {
            headers.insert(name, value.parse().expect("a header"));
        };
        let at = sent.to_string();
        match self.scheme {
            Scheme::Svix => {
                let family =
                    if message.headers.contains_key("webhook-id") { STANDARD_HEADERS } else { SVIX_HEADERS };
                let id = text(message, family[0])
                    .filter(|id| !id.is_empty() && id.len() <= 256)
                    .unwrap_or("msg_1");
                let signature = svix_signature(id, &at, message.body);
                SVIX_HEADERS.iter().chain(&STANDARD_HEADERS).for_each(|name| drop(headers.remove(*name)));
                for (name, value) in family.into_iter().zip([id, &at, &signature]) {
                    headers.insert(name, value.parse().expect("a header"));
                }
            }
            Scheme::Hmac { dated } => {
                let before = if dated { format!("{at}.") } else { String::new() };
                set("x-timestamp", &at);
                set("x-signature", &hex_signature(&before, message.body));
            }
            Scheme::Timestamped(header) => {
                set(header, &format!("t={at},v1={}", hex_signature(&format!("{at}."), message.body)));
            }
            Scheme::Bare(header) => {
                set(header, &hex_signature("", message.body));
                set("x-auth-client", KEY);
            }
            Scheme::Secret => set("deepidv-signature", TEXT_SECRET),
        }
        headers
    }

    /// Whether an input brings the right signature itself.
    fn is_authentic(&self, message: &Message<'_>) -> bool {
        let given = |name| text(message, name).unwrap_or_default();
        match self.scheme {
            Scheme::Svix => [SVIX_HEADERS, STANDARD_HEADERS].into_iter().any(|[id, at, signature]| {
                let right = svix_signature(given(id), given(at), message.body);
                given(signature).split(' ').any(|listed| listed == right)
            }),
            Scheme::Hmac { dated } => {
                let before = if dated { format!("{}.", given("x-timestamp")) } else { String::new() };
                given("x-signature").eq_ignore_ascii_case(&hex_signature(&before, message.body))
            }
            Scheme::Timestamped(header) => {
                let header = given(header).to_ascii_lowercase();
                header.split([' ', ',']).filter_map(|entry| entry.strip_prefix("t=")).any(|at| {
                    header.contains(&format!("v1={}", hex_signature(&format!("{at}."), message.body)))
                })
            }
            Scheme::Bare(header) => given(header).eq_ignore_ascii_case(&hex_signature("", message.body)),
            Scheme::Secret => given("deepidv-signature") == TEXT_SECRET,
        }
    }
}

const SVIX_HEADERS: [&str; 3] = ["svix-id", "svix-timestamp", "svix-signature"];
const STANDARD_HEADERS: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

fn text<'a>(message: &'a Message<'_>, name: &str) -> Option<&'a str> {
    message.headers.get(name)?.to_str().ok()
}

fn svix_signature(id: &str, at: &str, body: &[u8]) -> String {
    let signed = [id.as_bytes(), b".", at.as_bytes(), b".", body].concat();
    format!("v1,{}", STANDARD.encode(hmac(SVIX_KEY, &signed)))
}

pub(crate) fn hex_signature(before: &str, body: &[u8]) -> String {
    base16ct::lower::encode_string(&hmac(TEXT_SECRET.as_bytes(), &[before.as_bytes(), body].concat()))
}

fn hmac(key: &[u8], signed: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(signed);
    mac.finalize().into_bytes().to_vec()
}

/// A webhook is refused, with what its sender is to be told.
fn refused(outcome: &Result<WebhookOutcome>, status: u16) {
    match outcome {
        Ok(accepted) => panic!("accepted: {accepted:?}"),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WebhookRejected);
            assert_eq!(error.webhook_response_status(), status, "{error}");
        }
    }
}
