//! The hash function of an HMAC.

use ring::hmac::{Algorithm, HMAC_SHA1_FOR_LEGACY_USE_ONLY, HMAC_SHA256, HMAC_SHA512};

use crate::string_enum::string_enum;

string_enum! {
    /// The hash function of an HMAC.
    ///
    /// It is pinned by configuration or by the adapter. A header in which the sender names one is not read, because a forger
    /// could then choose the weakest.
    pub enum HmacAlgorithm {
        /// SHA-1, for endpoints that still use it. Collisions of SHA-1 do not break its HMAC (RFC 6194, section 3.3).
        Sha1 = "sha1",
        /// SHA-256.
        Sha256 = "sha256",
        /// SHA-512.
        Sha512 = "sha512",
    }
}

impl HmacAlgorithm {
    pub(super) fn of_ring(self) -> Algorithm {
        match self {
            Self::Sha1 => HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => HMAC_SHA256,
            Self::Sha512 => HMAC_SHA512,
        }
    }
}
