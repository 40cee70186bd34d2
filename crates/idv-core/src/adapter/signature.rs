//! Verification of webhook signatures over raw bytes, fail closed, and signatures of requests.
//!
//! A [`SignatureScheme`] says as data how a vendor signs, and makes a [`WebhookVerifier`] of it. A vendor crate that knows its
//! scheme uses the type of the scheme: [`Svix`], [`HmacHex`], [`TimestampedHmac`] or [`SharedSecret`]. Each takes several keys,
//! for rotation, and refuses an empty one when it is built. Comparison is in constant time; a refusal never says what would have
//! been right. [`sign_hex`] signs the requests of vendors that ask for it.

mod algorithm;
mod bytes;
mod form;
mod formed;
mod headers;
mod hmac_hex;
mod keys;
mod scheme;
mod shared_secret;
mod sign;
mod suffixed_digest;
mod svix;
#[cfg(test)]
mod tests;
mod timestamped_hmac;
mod unsigned;
mod verifier;

use ring::digest::{SHA256, digest};

pub use algorithm::HmacAlgorithm;
pub use form::{FormError, HmacForm, SignatureEncoding};
pub use hmac_hex::HmacHex;
pub use keys::KeyError;
pub use scheme::SignatureScheme;
pub use shared_secret::SharedSecret;
pub use sign::sign_hex;
pub use suffixed_digest::{SuffixForm, SuffixedDigest};
pub use svix::Svix;
pub use timestamped_hmac::TimestampedHmac;
pub use verifier::WebhookVerifier;

use crate::VendorWord;

/// How far a signed timestamp may be from the present, both ways, in seconds (Svix, Stripe and Baanx document 300).
pub const TOLERANCE_SECONDS: u64 = 300;

/// The SHA-256 of a body in hex: what to deduplicate on where a vendor gives its events no id.
#[must_use]
pub fn body_digest(body: &[u8]) -> VendorWord {
    VendorWord::new(&base16ct::lower::encode_string(digest(&SHA256, body).as_ref()))
}
