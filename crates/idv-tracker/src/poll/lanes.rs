//! A worker's polls: every provider at its own pace, so that a slow vendor holds up no other.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use idv::ProviderId;
use tokio::sync::watch;

use super::{batch, is_due};
use crate::StoreError;
use crate::pause::{LONG_REST, REST};
use crate::tracker::Shared;

/// How many batches of a provider are under way in one worker: one is claimed or settled while another is asked about.
const LANES: usize = 2;

/// The lanes that are under way: each takes batches of one provider until none is due.
#[derive(Default)]
struct Lanes<'a> {
    running: FuturesUnordered<BoxFuture<'a, ProviderId>>,
    counts: BTreeMap<ProviderId, usize>,
}

/// Polls until it is stopped. Batches that are under way then are finished.
pub(crate) async fn keep_polling(shared: &Shared, mut stopped: watch::Receiver<bool>) {
    let mut lanes = Lanes::default();
    while !*stopped.borrow() {
        let rest = match lanes.begin(shared, &stopped).await {
            Ok(()) => REST,
            Err(error) => {
                tracing::error!(%error, "the tracker could not look for what is due");
                LONG_REST
            }
        };
        let rest = tokio::time::sleep(rest);
        tokio::pin!(rest);
        loop {
            tokio::select! {
                biased;
                _ = stopped.wait_for(|stopped| *stopped) => break,
                Some(provider) = lanes.running.next() => lanes.end(&provider),
                () = &mut rest => break,
            }
        }
    }
    while lanes.running.next().await.is_some() {}
}

impl<'a> Lanes<'a> {
    /// Begins the lanes of providers that have something due.
    async fn begin(&mut self, shared: &'a Shared, stopped: &watch::Receiver<bool>) -> Result<(), StoreError> {
        for provider in shared.registry.providers() {
            let id = provider.id();
            if self.counts.contains_key(id) || !is_due(shared, id).await? {
                continue;
            }
            self.running.extend((0..LANES).map(|_| lane(shared, id.clone(), stopped.clone()).boxed()));
            self.counts.insert(id.clone(), LANES);
        }
        Ok(())
    }

    fn end(&mut self, provider: &ProviderId) {
        if let Some(count) = self.counts.get_mut(provider) {
            *count -= 1;
        }
        self.counts.retain(|_, count| *count > 0);
    }
}

/// Takes batches until none is due, or until it is stopped.
async fn lane(shared: &Shared, provider: ProviderId, mut stopped: watch::Receiver<bool>) -> ProviderId {
    let concurrency = shared.options.concurrency.div_ceil(LANES);
    while !*stopped.borrow() {
        match batch(shared, &provider, concurrency).await {
            Ok(polled) if polled.checks > 0 => {}
            Ok(_) => break,
            Err(error) => {
                tracing::error!(%error, idv.provider = %provider, "a batch of polls failed");
                tokio::select! {
                    _ = stopped.wait_for(|stopped| *stopped) => {}
                    () = tokio::time::sleep(LONG_REST) => {}
                }
                break;
            }
        }
    }
    provider
}
