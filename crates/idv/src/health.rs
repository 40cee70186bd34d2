//! Health checks: problems of the configured providers, before an applicant finds out.

mod finding;
mod local;
mod remote;
mod runtime;

use idv_core::ProviderId;

use crate::Registry;
use crate::registry::{Instance, Snapshot};

use finding::Findings;
pub use finding::{Finding, HealthCheck, HealthOutcome};

impl Registry {
    /// Runs the health checks of each provider, retired ones included. Every check gives at least one finding, in the order
    /// of the providers' names and of [`HealthCheck`].
    ///
    /// One request goes to the vendor: for the state of a session that cannot exist, without retries and within ten seconds.
    /// It creates nothing, sends no mail and costs nothing. All vendors are asked at the same time. The request bypasses the
    /// layers: the findings on circuit breaker, retry budget, concurrency limit and rate limits come from the calls that were
    /// made before.
    pub async fn health(&self) -> Vec<Finding> {
        let snapshot = self.snapshot();
        let of_each = snapshot.instances.iter().map(|(id, instance)| health_of(&snapshot, id, instance));
        futures_util::future::join_all(of_each).await.into_iter().flatten().collect()
    }
}

async fn health_of(snapshot: &Snapshot, id: &ProviderId, instance: &Instance) -> Vec<Finding> {
    let mut findings = Findings { provider: id, found: Vec::new() };
    local::look(snapshot, instance, &mut findings);
    remote::look(instance, &mut findings).await;
    runtime::look(instance, &mut findings);
    findings.found
}
