//! Svix, also known as Standard Webhooks (docs.svix.com, "Verifying payloads manually").

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use smallvec::SmallVec;

use crate::{Assurance, Error, Result, VendorWord, WebhookRequest};

use super::bytes::{SHA256, Signature};
use super::headers::{fresh_timestamp, single};
use super::keys::{HmacKeys, KeyError};
use super::{HmacAlgorithm, TOLERANCE_SECONDS, WebhookVerifier, body_digest};

const TOLERANCE: Duration = Duration::from_secs(TOLERANCE_SECONDS);
/// Longest id header, in bytes.
const ID_LIMIT: usize = 256;
/// Longest signature header, in bytes.
const SIGNATURE_LIMIT: usize = 4096;
/// Most signatures in one header: senders list one for each key during a rotation.
const SIGNATURE_COUNT: usize = 16;

/// Verifies `id.timestamp.body` under HMAC-SHA256 with a base64 `whsec_` key.
///
/// The three headers are `svix-id`, `svix-timestamp`, `svix-signature`, or the same with `webhook-`; the families are
/// never mixed. Signatures of another version than `v1` are passed over. Signatures that a proxy joined with commas are read
/// like those that the sender listed; a header that is given twice is refused.
#[derive(Clone)]
pub struct Svix(HmacKeys);

impl Svix {
    /// A verifier for one or several secrets.
    ///
    /// # Errors
    /// When there is none, or one is not `whsec_` and base64, or is empty.
    pub fn new(secrets: &[SecretString]) -> std::result::Result<Self, KeyError> {
        HmacKeys::new(HmacAlgorithm::Sha256, secrets.iter().map(decode)).map(Self)
    }

    /// Verifies a webhook, and gives its id, which stays the same when it is sent again.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<VendorWord> {
        let names = Family::of(webhook);
        let id = single(webhook.headers, &names.id, ID_LIMIT)?;
        let timestamp = fresh_timestamp(webhook.headers, &names.timestamp, webhook.received_at, TOLERANCE)?;
        let listed = single(webhook.headers, &names.signature, SIGNATURE_LIMIT)?;
        let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", webhook.body];
        let known = signatures(listed)?;
        match self.0.verify(&parts, known.iter().copied()) {
            true => Ok(distinct(id)),
            false => Err(Error::webhook_unverified(match known.is_empty() {
                false => "no signature matches any configured secret",
                true => "the signature header holds no `v1` signature in base64",
            })),
        }
    }
}

impl WebhookVerifier for Svix {
    fn assurance(&self) -> Assurance {
        Assurance::Signed
    }

    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        self.verify(webhook).map(Some)
    }
}

impl fmt::Debug for Svix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Svix([redacted])")
    }
}

struct Family {
    id: HeaderName,
    timestamp: HeaderName,
    signature: HeaderName,
}

static SVIX: Family = Family {
    id: HeaderName::from_static("svix-id"),
    timestamp: HeaderName::from_static("svix-timestamp"),
    signature: HeaderName::from_static("svix-signature"),
};

static STANDARD_WEBHOOKS: Family = Family {
    id: HeaderName::from_static("webhook-id"),
    timestamp: HeaderName::from_static("webhook-timestamp"),
    signature: HeaderName::from_static("webhook-signature"),
};

impl Family {
    /// That of Svix as soon as one of its headers is there: the families are never mixed.
    fn of(webhook: &WebhookRequest<'_>) -> &'static Self {
        let is_there = |name: &&HeaderName| webhook.headers.contains_key(*name);
        let svix = [&SVIX.id, &SVIX.timestamp, &SVIX.signature].iter().any(is_there);
        if svix { &SVIX } else { &STANDARD_WEBHOOKS }
    }
}

/// The id as a word. Two long ids that differ only where a word is cut must not look like one event, so such an id
/// is told by its digest.
fn distinct(id: &str) -> VendorWord {
    let word = VendorWord::new(id);
    if word == id { word } else { body_digest(id.as_bytes()) }
}

fn decode(secret: &SecretString) -> std::result::Result<Vec<u8>, KeyError> {
    let encoded = secret.expose_secret();
    if encoded.is_empty() {
        return Err(KeyError::Empty);
    }
    let encoded = encoded.strip_prefix("whsec_").ok_or(KeyError::NotSvix)?;
    STANDARD.decode(encoded).map_err(|_| KeyError::NotSvix)
}

/// One signature of a header: its version and its base64. What is no pair of these has no version.
#[derive(Clone, Copy)]
struct ListedSignature<'a> {
    version: &'a str,
    encoded: &'a str,
}

/// The signatures between two blanks: senders put blanks between signatures, and proxies that join two headers into one put
/// commas, with blanks or without (RFC 9110, section 5.3), though a comma also stands between version and signature.
#[derive(Clone)]
struct ListedSignatures<'a> {
    rest: &'a str,
    commas: usize,
}

impl<'a> ListedSignatures<'a> {
    fn of(word: &'a str) -> Self {
        Self { rest: word, commas: word.bytes().filter(|byte| *byte == b',').count() }
    }
}

impl<'a> Iterator for ListedSignatures<'a> {
    type Item = ListedSignature<'a>;

    fn next(&mut self) -> Option<ListedSignature<'a>> {
        let whole = std::mem::take(&mut self.rest);
        if whole.is_empty() {
            return None;
        }
        // Where they do not come out even, it is unknown which signature belongs to which version.
        let pair = whole.split_once(',').filter(|_| self.commas % 2 == 1);
        let Some((version, tail)) = pair else {
            return Some(ListedSignature { version: "", encoded: whole });
        };
        let (encoded, rest) =
            if self.commas == 1 { (tail, "") } else { tail.split_once(',').unwrap_or((tail, "")) };
        self.rest = rest;
        self.commas = self.commas.saturating_sub(2);
        Some(ListedSignature { version, encoded })
    }
}

/// The signatures of a header that can be right: those of version `v1` that are as long as a SHA-256.
fn signatures(header: &str) -> Result<SmallVec<[Signature<SHA256>; 2]>> {
    let mut known = SmallVec::new();
    let mut listed = 0;
    for word in header.split(' ') {
        for entry in ListedSignatures::of(word.trim_matches(',')) {
            listed += 1;
            if listed > SIGNATURE_COUNT {
                return Err(Error::webhook_unverified("too many signatures"));
            }
            if entry.version == "v1" {
                known.extend(decoded(entry.encoded));
            }
        }
    }
    Ok(known)
}

fn decoded(encoded: &str) -> Option<Signature<SHA256>> {
    // The decoder asks for whole groups of three bytes.
    let mut bytes = [0; 33];
    let length = STANDARD.decode_slice(encoded, &mut bytes).ok()?;
    Signature::new(bytes.get(..length)?)
}
