//! Webhook endpoints.

use serde::Serialize;
use serde_json::{Map, Value};

use utoipa::ToSchema;

use crate::webhooks::scheme::Keys;

/// A registered receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// The vendor's id of the endpoint.
    pub id: String,
    /// The URL, on loopback.
    pub url: String,
    /// The event types wanted, exact or as `kyc.*`; all where this is empty.
    pub event_types: Vec<String>,
    /// Whether events are sent.
    pub enabled: bool,
    /// The signing secret.
    pub secret: String,
}

/// An endpoint as the outbox keeps it. The last fields serve the vendors' own management calls.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) event_types: Vec<String>,
    pub(crate) enabled: bool,
    /// `None` stands for the vendor's first key, which the handle returns.
    pub(crate) keys: Option<Keys>,
    /// The beginning of the current run of failures.
    pub(crate) failing_since: Option<i64>,
    pub(crate) name: String,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Endpoint {
    pub(crate) fn new(id: String, url: String, now: i64) -> Self {
        Self {
            id,
            url,
            event_types: Vec::new(),
            enabled: true,
            keys: None,
            failing_since: None,
            name: String::new(),
            metadata: Map::new(),
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn wants(&self, event_type: &str) -> bool {
        let admits = |pattern: &String| match pattern.strip_suffix('*') {
            Some(prefix) => event_type.starts_with(prefix),
            None => pattern == event_type,
        };
        self.enabled && (self.event_types.is_empty() || self.event_types.iter().any(admits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_exact_or_end_in_a_star() {
        let mut endpoint = Endpoint::new(String::new(), String::new(), 0);
        assert!(endpoint.wants("kyc.status.changed"));
        endpoint.event_types = vec!["card.*".to_owned(), "kyc.status.changed".to_owned()];
        assert!(endpoint.wants("kyc.status.changed") && endpoint.wants("card.activated"));
        assert!(!endpoint.wants("kyc.status") && !endpoint.wants("transaction.cleared"));
        endpoint.event_types = vec!["*".to_owned()];
        assert!(endpoint.wants("transaction.cleared"));
        endpoint.enabled = false;
        assert!(!endpoint.wants("transaction.cleared"));
    }
}
