//! Observation of calls: the audit hook and its records, pseudonyms, trace contexts, and the metrics.

pub use idv_core::{TraceParent, TraceParentError, TraceSource};

#[cfg(feature = "metrics")]
pub use crate::layers::observe::describe_metrics;
pub use crate::layers::observe::{
    AuditRecord, AuditResult, AuditedError, AuditedEvent, AuditedState, AuditedVerification, Observation,
    Pseudonym,
};
