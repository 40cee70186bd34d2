//! Sticky shares: rendezvous hashing of references to weighted providers.

use idv_core::ProviderId;

use crate::util::keyed_hash::KeyedHash;

/// The key where none is configured: it keeps shares the same in every process, and hides nothing.
const COMMON_KEY: &[u8] = b"idv routing shares, version 1";

/// Deals references to providers by weighted rendezvous hashing: each provider draws a number for the reference, and the best
/// one wins. So a reference stays while the weights stay, and a change of one weight moves only references to or from
/// that provider.
#[derive(Debug, Clone)]
pub(super) struct RendezvousHash(KeyedHash);

impl RendezvousHash {
    pub(super) fn new(key: Option<&[u8]>) -> Self {
        Self(KeyedHash::new(key.unwrap_or(COMMON_KEY)))
    }

    /// Whether references are dealt under the same key.
    pub(super) fn deal_like(&self, earlier: &Self) -> bool {
        let probe = |shares: &Self| shares.0.of(&["the same under the same key"]);
        probe(self) == probe(earlier)
    }

    /// The provider to which a reference belongs; `None` where no provider has any weight.
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
        // A provider id has no colon, so no other pair reads the same.
        let bits = self.0.of(&[provider.as_str(), ":", reference]);
        // The upper 52 bits as a fraction strictly between 0 and 1, which a double holds exactly.
        let fraction = ((bits >> 76) as f64 + 0.5) / (1u64 << 52) as f64;
        f64::from(weight) / -fraction.ln()
    }
}
