//! The time and HMACs in hex in one header (docs.stripe.com, `Stripe-Signature`; docs.withpersona.com, "Webhooks": `Persona-Signature`).

use std::fmt;

use http::HeaderName;
use secrecy::SecretString;
use smallvec::SmallVec;

use crate::{Assurance, Error, Result, VendorWord, WebhookRequest};

use super::bytes::{SHA1, SHA256, SHA512, Signature};
use super::headers::{is_fresh, seconds, single, stale};
use super::keys::{HmacKeys, KeyError};
use super::{HmacAlgorithm, WebhookVerifier};

/// Longest header, in bytes.
const HEADER_LIMIT: usize = 4096;
/// Most signatures in one header: senders list one for each key during a rotation.
const SIGNATURE_COUNT: usize = 16;

/// Verifies `t.body` under an HMAC with a key used as text, where one header holds `t=seconds,v1=hex`.
///
/// Any number of `v1` may follow a `t`, and during a rotation several such sets follow each other: `t=1,v1=a t=1,v1=b`. A
/// signature belongs to the last `t` before it. The webhook is authentic where one signature is right and its own time is
/// within [`TOLERANCE_SECONDS`](super::TOLERANCE_SECONDS). Entries of other names than `t` and `v1` are passed over. Blanks and
/// commas both separate entries, so that sets which a proxy joined with commas are read like those that the sender listed.
#[derive(Clone)]
pub struct TimestampedHmac {
    keys: HmacKeys,
    header: HeaderName,
}

impl TimestampedHmac {
    /// A verifier for one or several secrets.
    ///
    /// # Errors
    /// When there is no secret, or one is empty.
    pub fn new(
        algorithm: HmacAlgorithm,
        secrets: &[SecretString],
        header: HeaderName,
    ) -> std::result::Result<Self, KeyError> {
        Ok(Self { keys: HmacKeys::of_texts(algorithm, secrets)?, header })
    }

    /// Verifies a webhook.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        match self.keys.algorithm() {
            HmacAlgorithm::Sha1 => self.verify_bytes::<SHA1>(webhook),
            HmacAlgorithm::Sha256 => self.verify_bytes::<SHA256>(webhook),
            HmacAlgorithm::Sha512 => self.verify_bytes::<SHA512>(webhook),
        }
    }

    fn verify_bytes<const LENGTH: usize>(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        let mut known = signatures::<LENGTH>(single(webhook.headers, &self.header, HEADER_LIMIT)?)?;
        if known.is_empty() {
            let algorithm = self.keys.algorithm();
            return Err(Error::webhook_unverified(format!(
                "the header `{}` holds no `t=` in seconds since 1970 with a `v1=` of `{algorithm}` in hex",
                self.header
            )));
        }
        known.retain(|signature| is_fresh(signature.seconds, webhook.received_at));
        if known.is_empty() {
            return Err(stale(&self.header));
        }
        let mut authentic = false;
        // Signatures of one time are compared with one HMAC of the body.
        for set in known.chunk_by(|one, other| one.time == other.time) {
            let Some(first) = set.first() else { continue };
            let parts = [first.time.as_bytes(), b".", webhook.body];
            authentic |= self.keys.verify(&parts, set.iter().map(|signature| signature.bytes));
        }
        if authentic {
            Ok(())
        } else {
            Err(Error::webhook_unverified("no signature matches any configured secret"))
        }
    }
}

impl WebhookVerifier for TimestampedHmac {
    fn assurance(&self) -> Assurance {
        Assurance::Signed
    }

    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        self.verify(webhook).map(|()| None)
    }
}

impl fmt::Debug for TimestampedHmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimestampedHmac")
            .field("algorithm", &self.keys.algorithm())
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// A signature of a header, with the time that is signed along with the body.
struct Timestamped<'a, const LENGTH: usize> {
    time: &'a str,
    seconds: u64,
    bytes: Signature<LENGTH>,
}

/// The signatures of a header that can be right: those in hex, of the right length, with a time before them.
fn signatures<const LENGTH: usize>(header: &str) -> Result<SmallVec<[Timestamped<'_, LENGTH>; 2]>> {
    let mut known = SmallVec::new();
    let mut listed = 0;
    let mut signed_at = None;
    for entry in header.split([' ', ',']) {
        match entry.split_once('=') {
            // A time that cannot be read takes the place of the one before it: what follows is not of that one.
            Some(("t", time)) => signed_at = seconds(time).map(|seconds| (time, seconds)),
            Some(("v1", encoded)) => {
                listed += 1;
                if listed > SIGNATURE_COUNT {
                    return Err(Error::webhook_unverified("too many signatures"));
                }
                let bytes = Signature::from_hex(encoded);
                let signature = signed_at.zip(bytes);
                known.extend(signature.map(|((time, seconds), bytes)| Timestamped { time, seconds, bytes }));
            }
            _ => {}
        }
    }
    Ok(known)
}
