//! The signatures of the vendors, from their pages: Svix at nxos, HMAC over `timestamp.body` at Baanx.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// `v1,…` over `id.timestamp.body`; the key is the decoded part after `whsec_`.
pub(crate) fn svix(secret: &str, id: &str, at: u64, body: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let signature = hmac(&key, &[format!("{id}.{at}.").as_bytes(), body.as_bytes()]);
    format!("v1,{}", STANDARD.encode(signature))
}

/// Lower-case hex over `timestamp.body`; the key is the text itself.
pub(crate) fn baanx(secret: &str, at: u64, body: &str) -> String {
    hex(&hmac(secret.as_bytes(), &[format!("{at}.").as_bytes(), body.as_bytes()]))
}

/// Lower-case hex over the parts, without anything between them; the key is the text itself.
pub(crate) fn hmac_hex(secret: &str, parts: &[&[u8]]) -> String {
    hex(&hmac(secret.as_bytes(), parts))
}
