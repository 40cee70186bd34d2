//! Verification of webhook signatures over raw bytes, fail closed.
//!
//! There are three schemes: [`Svix`], [`HmacHex`] and [`SharedSecret`]. Each takes several keys, for rotation, and refuses an
//! empty one when it is built. Comparison is in constant time; a refusal never says what would have been right.

mod headers;
mod hmac_hex;
mod keys;
mod shared_secret;
mod svix;
#[cfg(test)]
mod tests;

use ring::digest::{SHA256, digest};

pub use hmac_hex::HmacHex;
pub use keys::KeyError;
pub use shared_secret::SharedSecret;
pub use svix::Svix;

use crate::VendorWord;

/// How far a signed timestamp may be from the present, both ways, in seconds (Svix and Baanx both document 300).
pub const TOLERANCE_SECONDS: u64 = 300;

/// The SHA-256 of a body in hex: what to deduplicate on where a vendor gives its events no id.
#[must_use]
pub fn body_digest(body: &[u8]) -> VendorWord {
    VendorWord::new(&base16ct::lower::encode_string(digest(&SHA256, body).as_ref()))
}
