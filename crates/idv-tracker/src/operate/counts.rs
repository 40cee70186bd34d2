//! How much is in a store, and how much waits.

use std::collections::BTreeMap;

use serde::Serialize;

/// How much is in a store, and how much waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Verifications by status; those without one stand under their phase.
    pub verifications: BTreeMap<String, i64>,
    /// How many are due now.
    pub due: i64,
    /// By how much the oldest of them is overdue, in milliseconds.
    pub overdue_ms: i64,
    /// How many wait for an applicant's credential.
    pub waiting_for_credential: i64,
    /// How many wait for an operator.
    pub waiting_for_operator: i64,
    /// Events whose session is not known.
    pub parked: i64,
    /// Starts whose answer was lost.
    pub uncertain: i64,
    /// Transitions in all.
    pub transitions: i64,
    /// Transitions on their way to a URL of the application.
    pub undelivered: i64,
    /// Transitions that the application's URL refused for good.
    pub dead: i64,
}
