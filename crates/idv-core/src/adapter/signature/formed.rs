//! Verification of an HMAC in any [form](HmacForm).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use smallvec::SmallVec;

use super::bytes::{SHA1, SHA256, SHA512, Signature};
use super::form::{HmacForm, Layout, SignatureEncoding};
use super::headers::{fresh_timestamp, is_fresh, seconds, single, stale};
use super::keys::{HmacKeys, KeyError};
use super::{HmacAlgorithm, WebhookVerifier};
use crate::{Assurance, Error, Result, VendorWord, WebhookRequest};

/// Longest header with entries, in bytes.
const HEADER_LIMIT: usize = 4096;
/// Most signatures in one header: senders list one for each key during a rotation.
const SIGNATURE_COUNT: usize = 16;

/// A form with its keys.
#[derive(Clone)]
pub(super) struct FormedHmac {
    keys: HmacKeys,
    form: HmacForm,
}

impl FormedHmac {
    pub(super) fn new(form: HmacForm, secrets: &[SecretString]) -> std::result::Result<Self, KeyError> {
        Ok(Self { keys: HmacKeys::of_texts(form.algorithm, secrets)?, form })
    }

    pub(super) fn form(&self) -> &HmacForm {
        &self.form
    }

    pub(super) fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        match self.form.algorithm {
            HmacAlgorithm::Sha1 => self.verify_bytes::<SHA1>(webhook),
            HmacAlgorithm::Sha256 => self.verify_bytes::<SHA256>(webhook),
            HmacAlgorithm::Sha512 => self.verify_bytes::<SHA512>(webhook),
        }
    }

    fn verify_bytes<const LENGTH: usize>(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        match &self.form.layout {
            Layout::Alone { before } => self.verify_alone::<LENGTH>(before, webhook),
            Layout::Entries { time, signature } => {
                self.verify_entries::<LENGTH>(time.as_deref(), signature, webhook)
            }
        }
    }

    fn verify_alone<const LENGTH: usize>(&self, before: &str, webhook: &WebhookRequest<'_>) -> Result<()> {
        let form = &self.form;
        let time = self.time_of_its_own(webhook)?;
        let written = single(webhook.headers, &form.header, before.len() + 2 * LENGTH)?;
        let encoded = written.strip_prefix(before);
        let signature = encoded.and_then(|encoded| read(form.encoding, encoded)).ok_or_else(|| {
            let (algorithm, encoding) = (form.algorithm, form.encoding);
            Error::webhook_unverified(format!("the signature is no HMAC of `{algorithm}` in {encoding}"))
        })?;
        match self
            .keys
            .verify(&form.signed(time, webhook.body), std::iter::once::<Signature<LENGTH>>(signature))
        {
            true => Ok(()),
            false => Err(Error::webhook_unverified("the signature matches no configured secret")),
        }
    }

    /// The fresh time of a header that holds nothing else; empty where the form has none.
    fn time_of_its_own<'a>(&self, webhook: &WebhookRequest<'a>) -> Result<&'a str> {
        match &self.form.time_header {
            Some(name) => fresh_timestamp(webhook.headers, name, webhook.received_at, self.form.tolerance),
            None => Ok(""),
        }
    }

    fn verify_entries<const LENGTH: usize>(
        &self,
        time: Option<&str>,
        signature: &str,
        webhook: &WebhookRequest<'_>,
    ) -> Result<()> {
        let form = &self.form;
        let header = single(webhook.headers, &form.header, HEADER_LIMIT)?;
        let own = match time {
            Some(_) => None,
            None => Some((self.time_of_its_own(webhook)?, 0)),
        };
        let mut known = self.entries::<LENGTH>(header, (time, signature), own)?;
        if known.is_empty() {
            let (algorithm, encoding) = (form.algorithm, form.encoding);
            let with =
                time.map_or_else(String::new, |time| format!("`{time}=` in seconds since 1970 with a "));
            return Err(Error::webhook_unverified(format!(
                "the header `{}` holds no {with}`{signature}=` of `{algorithm}` in {encoding}",
                form.header
            )));
        }
        if time.is_some() {
            known.retain(|one| is_fresh(one.seconds, webhook.received_at, form.tolerance));
        }
        if known.is_empty() {
            return Err(stale(&form.header, form.tolerance));
        }
        let mut authentic = false;
        // Signatures of one time are compared with one HMAC of the body.
        for set in known.chunk_by(|one, other| one.time == other.time) {
            let Some(first) = set.first() else { continue };
            let signed = form.signed(first.time, webhook.body);
            authentic |= self.keys.verify(&signed, set.iter().map(|one| one.bytes));
        }
        match authentic {
            true => Ok(()),
            false => Err(Error::webhook_unverified("no signature matches any configured secret")),
        }
    }

    /// The signatures of a header that can be right: those of the right length, with a time before them where the header has one.
    fn entries<'a, const LENGTH: usize>(
        &self,
        header: &'a str,
        (time_name, signature_name): (Option<&str>, &str),
        mut signed_at: Option<(&'a str, u64)>,
    ) -> Result<SmallVec<[Timestamped<'a, LENGTH>; 2]>> {
        let mut known = SmallVec::new();
        let mut listed = 0;
        for entry in header.split([' ', ',']) {
            match entry.split_once('=') {
                // A time that cannot be read takes the place of the one before it: what follows is not of that one.
                Some((name, time)) if Some(name) == time_name => {
                    signed_at = seconds(time).map(|seconds| (time, seconds));
                }
                Some((name, encoded)) if name == signature_name => {
                    listed += 1;
                    if listed > SIGNATURE_COUNT {
                        return Err(Error::webhook_unverified("too many signatures"));
                    }
                    let signature = signed_at.zip(read(self.form.encoding, encoded));
                    known.extend(signature.map(|((time, seconds), bytes)| Timestamped {
                        time,
                        seconds,
                        bytes,
                    }));
                }
                _ => {}
            }
        }
        Ok(known)
    }
}

impl WebhookVerifier for FormedHmac {
    fn assurance(&self) -> Assurance {
        Assurance::Signed
    }

    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        self.verify(webhook).map(|()| None)
    }
}

impl std::fmt::Debug for FormedHmac {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormedHmac").field("form", &self.form).finish_non_exhaustive()
    }
}

fn read<const LENGTH: usize>(encoding: SignatureEncoding, encoded: &str) -> Option<Signature<LENGTH>> {
    match encoding {
        SignatureEncoding::Hex => Signature::from_hex(encoded),
        SignatureEncoding::Base64 => Signature::new(&STANDARD.decode(encoded).ok()?),
    }
}

/// A signature of a header, with the time that is signed along with the body.
struct Timestamped<'a, const LENGTH: usize> {
    time: &'a str,
    seconds: u64,
    bytes: Signature<LENGTH>,
}
