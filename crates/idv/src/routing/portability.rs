//! Portability of an earlier approval: whether it still counts where the applicant would go now.

use std::fmt;

use idv_core::{ProviderId, ProviderProfile, Timestamp};
use serde::{Serialize, Serializer};

/// An approval that an applicant has already. It is bound to its vendor and the vendor's system, its workflow and its age.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EarlierApproval {
    /// The provider that approved.
    pub provider: ProviderId,
    /// The workflow that was run, as it was asked for; without one, the default of the provider.
    pub workflow: Option<String>,
    /// When the vendor approved.
    pub approved_at: Timestamp,
}

impl EarlierApproval {
    /// An approval of a start that named no workflow.
    #[must_use]
    pub fn new(provider: ProviderId, approved_at: Timestamp) -> Self {
        Self { provider, workflow: None, approved_at }
    }

    /// Sets the workflow that was run.
    #[must_use]
    pub fn workflow(mut self, id: impl Into<String>) -> Self {
        self.workflow = Some(id.into());
        self
    }

    /// Whether it counts at a provider.
    pub(super) fn at(
        &self,
        made_by: Option<&ProviderProfile>,
        goes_to: Option<&ProviderProfile>,
        workflow: Option<&str>,
        now: Timestamp,
    ) -> Portability {
        let Some(made_by) = made_by else { return Portability::UnknownProvider };
        let Some(goes_to) = goes_to else { return Portability::NoProvider };
        let too_old = made_by.actions.recheck_after.is_some_and(|limit| {
            // An approval of the future is as new as can be: clocks differ.
            now.saturating_since(self.approved_at) >= limit
        });
        if made_by.vendor != goes_to.vendor {
            Portability::OtherVendor
        } else if made_by.system != goes_to.system {
            Portability::OtherSystem
        } else if self.workflow.as_deref().or(made_by.default_workflow.as_deref())
            != workflow.or(goes_to.default_workflow.as_deref())
        {
            Portability::OtherWorkflow
        } else if too_old {
            Portability::TooOld
        } else {
            Portability::Counts
        }
    }
}

/// Whether an earlier approval still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Portability {
    /// Same vendor, same system, same workflow, younger than the `recheck_after` of the provider that made it.
    Counts,
    /// The session goes to another vendor, who knows nothing of it.
    OtherVendor,
    /// The session goes to another system of the vendor, such as production instead of a sandbox.
    OtherSystem,
    /// Another workflow is asked for, or is the default there.
    OtherWorkflow,
    /// It is as old as `recheck_after`, or older.
    TooOld,
    /// The provider that made it is not configured any more.
    UnknownProvider,
    /// No provider gets the session, so there is nowhere to count.
    NoProvider,
}

impl Portability {
    /// Whether it still counts.
    #[must_use]
    pub fn counts(self) -> bool {
        self == Self::Counts
    }

    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::OtherVendor => "other_vendor",
            Self::OtherSystem => "other_system",
            Self::OtherWorkflow => "other_workflow",
            Self::TooOld => "too_old",
            Self::UnknownProvider => "unknown_provider",
            Self::NoProvider => "no_provider",
        }
    }
}

impl fmt::Display for Portability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Portability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
