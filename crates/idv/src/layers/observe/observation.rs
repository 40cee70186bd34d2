//! The observation that an application asks for: audit hook, trace and pseudonyms.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use idv_core::{OsRandomness, SessionRef, TraceSource};
use secrecy::{ExposeSecret, SecretString};

use super::{AuditRecord, Pseudonym};
use crate::util::keyed_hash::KeyedHash;

type Hook = dyn Fn(&AuditRecord) + Send + Sync;

/// The observation that an application asks for, beside the spans, events and metrics that are always there. Nothing of it
/// holds a secret, a URL or personal data: sessions and references are [`Pseudonym`]s.
///
/// ```
/// use idv::Registry;
/// use idv::observe::Observation;
///
/// let observation = Observation::new().audit(|record| println!("{} {}", record.at, record.operation));
/// let builder = Registry::builder().observation(observation);
/// ```
#[derive(Clone, Default)]
pub struct Observation {
    audit: Option<Arc<Hook>>,
    trace: Option<Arc<dyn TraceSource>>,
    hash: Arc<OnceLock<KeyedHash>>,
}

impl Observation {
    /// Nothing more than spans, events and metrics.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The audit hook: gets every outcome of every call, return URLs and webhooks included, whether it is an answer or an
    /// error.
    ///
    /// The function is called where the call ends, before its caller hears of it: it must not block (send the record into
    /// a channel), and it should not panic: a panic is caught and logged, and the record is lost.
    #[must_use]
    pub fn audit(mut self, audit: impl Fn(&AuditRecord) + Send + Sync + 'static) -> Self {
        self.audit = Some(Arc::new(audit));
        self
    }

    /// A source of the trace of each attempt, so that vendors get a `traceparent`. A request that names a trace itself goes
    /// first ([`StartRequest::trace`](crate::StartRequest::trace)); without either, none is sent.
    #[must_use]
    pub fn trace(mut self, source: Arc<dyn TraceSource>) -> Self {
        self.trace = Some(source);
        self
    }

    /// Makes pseudonyms under a key of the application, so that they are the same in all its processes and after a restart.
    /// Without it each process has a random key of its own. Take 16 random bytes or more, in any form.
    #[must_use]
    pub fn pseudonym_key(mut self, key: &SecretString) -> Self {
        self.hash = Arc::new(OnceLock::from(KeyedHash::new(key.expose_secret().as_bytes())));
        self
    }

    /// The pseudonym of a session in spans, events and audit records of all registries that have this observation or a clone
    /// of it.
    #[must_use]
    pub fn pseudonym(&self, session: &SessionRef) -> Pseudonym {
        Pseudonym::of_session(self.hash(), session)
    }

    /// The pseudonym of a caller's own reference.
    #[must_use]
    pub fn pseudonym_of_reference(&self, reference: &str) -> Pseudonym {
        Pseudonym::of_reference(self.hash(), reference)
    }

    pub(super) fn hash(&self) -> &KeyedHash {
        self.hash.get_or_init(|| KeyedHash::random(&OsRandomness))
    }

    pub(super) fn is_audited(&self) -> bool {
        self.audit.is_some()
    }

    pub(super) fn tell(&self, record: &AuditRecord) {
        let Some(audit) = &self.audit else { return };
        // It may report a call that is cut short by a panic: a second one would end the process.
        if catch_unwind(AssertUnwindSafe(|| audit(record))).is_err() {
            tracing::error!(
                idv.provider = record.provider.as_ref().map(display), idv.operation = %record.operation,
                "the audit hook panicked: the record is lost"
            );
        }
    }

    /// The source of the trace of calls that name none.
    pub(crate) fn source(&self) -> Option<Arc<dyn TraceSource>> {
        self.trace.clone()
    }
}

impl fmt::Debug for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observation")
            .field("audit", &self.audit.is_some())
            .field("trace", &self.trace)
            .finish_non_exhaustive()
    }
}
