//! Shares that stick: which of several weighted providers a reference belongs to.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use idv_core::ProviderId;
use sha2::Sha256;

/// The key where none is configured: it keeps shares the same in every process, and hides nothing.
const COMMON_KEY: &[u8] = b"idv routing shares, version 1";

/// Deals references to providers by weighted rendezvous hashing: each provider draws a number for the reference, and the best
/// one wins. So a reference stays while the weights stay, and a change of one weight moves only references to or from
/// that provider.
#[derive(Clone)]
pub(super) struct Shares(Hmac<Sha256>);

impl Shares {
    pub(super) fn new(key: Option<&[u8]>) -> Option<Self> {
        Hmac::new_from_slice(key.unwrap_or(COMMON_KEY)).ok().map(Self)
    }

    /// The provider to which a reference belongs; `None` where nobody has any weight.
    pub(super) fn pick<'a>(
        &self,
        reference: &str,
        weights: impl IntoIterator<Item = (&'a ProviderId, u32)>,
    ) -> Option<&'a ProviderId> {
        let drawn = weights.into_iter().filter(|(_, weight)| *weight > 0);
        let drawn = drawn.map(|(id, weight)| (self.draw(reference, id, weight), id));
        drawn.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1))).map(|(_, id)| id)
    }

    /// A provider's number for a reference: the larger its weight, the larger it tends to be.
    fn draw(&self, reference: &str, provider: &ProviderId, weight: u32) -> f64 {
        let mut mac = self.0.clone();
        // A provider id has no colon, so no other pair reads the same.
        mac.update(provider.as_str().as_bytes());
        mac.update(b":");
        mac.update(reference.as_bytes());
        let digest = mac.finalize().into_bytes();
        let bits = digest.iter().take(8).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        // The upper 52 bits as a fraction strictly between 0 and 1, which a double holds exactly.
        let fraction = ((bits >> 12) as f64 + 0.5) / (1u64 << 52) as f64;
        f64::from(weight) / -fraction.ln()
    }
}

impl fmt::Debug for Shares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shares").finish_non_exhaustive()
    }
}
