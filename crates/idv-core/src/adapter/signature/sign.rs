//! Signatures of requests, for vendors that ask for them.

use ring::hmac::{Context, Key};
use secrecy::{ExposeSecret, SecretString};

use super::HmacAlgorithm;

/// The HMAC of the parts, joined by nothing, in lower-case hex. The key is used as text.
///
/// Sign the bytes that are sent: a body or a path that is written a second time may differ.
#[must_use]
pub fn sign_hex(algorithm: HmacAlgorithm, key: &SecretString, parts: &[&[u8]]) -> String {
    let mut context = Context::with_key(&Key::new(algorithm.of_ring(), key.expose_secret().as_bytes()));
    parts.iter().for_each(|part| context.update(part));
    base16ct::lower::encode_string(context.sign().as_ref())
}
