//! Shorthand for the descriptions of vendors.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use idv_core::{MappingRow, Surface, VerificationStatus};
use sha2::Sha256;

/// The rows of a surface whose words are statuses, for [`Subject::words`](crate::Subject::words).
#[must_use]
pub fn statuses(surface: Surface, words: &[(&'static str, VerificationStatus)]) -> Vec<MappingRow> {
    words.iter().map(|(word, status)| MappingRow::status(surface, *word, *status)).collect()
}

/// HMAC-SHA256 of some parts, one after the other, in lower-case hex: the signature of many a vendor, for
/// [`Subject::authentic`](crate::Subject::authentic) and [`Webhooks::sign`](crate::Webhooks::sign). The secret is taken as text.
#[must_use]
pub fn hmac_sha256_hex(secret: &str, parts: &[&[u8]]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let signature = hmac_sha256_hex("Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(signature, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
