//! Session counts for caps.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use idv_core::ProviderId;

/// Says how many sessions count against the cap of a provider, where the registry's own count is not what an application
/// means: the sessions of a whole fleet, of this month, or those that are open.
pub trait SessionCounts: fmt::Debug + Send + Sync + 'static {
    /// How many sessions count against the cap of a provider now. It is asked for every decision, so it must do no I/O.
    fn sessions(&self, provider: &ProviderId) -> u64;
}

/// The sessions that this registry has started, starts under way included. A counter is shared by all configurations that a
/// provider lives through, so that a start is taken back where it counts now.
#[derive(Debug, Default)]
pub(super) struct StartedHere(BTreeMap<ProviderId, Arc<AtomicU64>>);

impl StartedHere {
    /// Goes on with the counters of the earlier ones.
    pub(super) fn new(providers: impl IntoIterator<Item = ProviderId>, earlier: Option<&Self>) -> Self {
        let count = |id: &ProviderId| earlier.and_then(|earlier| earlier.0.get(id)).cloned();
        let counted = providers.into_iter().map(|id| (id.clone(), count(&id).unwrap_or_default()));
        Self(counted.collect())
    }

    pub(super) fn sessions(&self, provider: &ProviderId) -> u64 {
        self.0.get(provider).map_or(0, |count| count.load(Ordering::SeqCst))
    }

    /// Counts a start unless that would exceed the cap.
    pub(super) fn begin(&self, provider: &ProviderId, cap: u64) -> bool {
        let Some(count) = self.0.get(provider) else { return true };
        let next = |now: u64| (now < cap).then(|| now.saturating_add(1));
        count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).is_ok()
    }

    /// Takes back a start that made no session.
    pub(super) fn undo(&self, provider: &ProviderId) {
        if let Some(count) = self.0.get(provider) {
            let _ = count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| now.checked_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_begins_only_below_the_cap() {
        let id: ProviderId = "primary".parse().unwrap();
        let started = StartedHere::new([id.clone()], None);
        assert!(started.begin(&id, 2) && started.begin(&id, 2) && !started.begin(&id, 2));
        started.undo(&id);
        assert!(started.begin(&id, 2) && !started.begin(&id, 2));
        assert_eq!(started.sessions(&id), 2);
    }
}
