//! What is wrong with the configured providers, before an applicant finds out.

mod at_home;
mod at_vendor;
mod finding;
mod in_use;

use idv_core::ProviderId;

use crate::Registry;
use crate::registry::{Instance, Snapshot};

use finding::Findings;
pub use finding::{Finding, HealthCheck, HealthOutcome};

impl Registry {
    /// Looks for what is wrong with each provider, retired ones included. Every check gives at least one finding, in the
    /// order of the providers' names and of [`HealthCheck`].
    ///
    /// The vendor is asked once: for the state of a session that cannot exist, without repeating and within ten seconds.
    /// That creates nothing, mails nobody and costs nothing. All vendors are asked at the same time. The question passes the
    /// layers by: what the findings say of breaker, retry budget, bulkhead and rate limits comes from the calls that were made
    /// before.
    pub async fn health(&self) -> Vec<Finding> {
        let snapshot = self.snapshot();
        let of_each = snapshot.instances.iter().map(|(id, instance)| health_of(&snapshot, id, instance));
        futures_util::future::join_all(of_each).await.into_iter().flatten().collect()
    }
}

async fn health_of(snapshot: &Snapshot, id: &ProviderId, instance: &Instance) -> Vec<Finding> {
    let mut findings = Findings { provider: id, found: Vec::new() };
    at_home::look(snapshot, instance, &mut findings);
    at_vendor::look(instance, &mut findings).await;
    in_use::look(instance, &mut findings);
    findings.found
}
