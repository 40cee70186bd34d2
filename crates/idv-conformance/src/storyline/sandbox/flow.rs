//! A flow of the sandbox: its name, and a configuration that uses it.

use std::fmt;
use std::hash::{Hash, Hasher};

use idv_core::StartRequest;
use idv_sandbox::{Runtime, Sandbox};

use super::flows;
use super::simulated::Simulated;
use crate::storyline::{Case, StageError};

/// A flow that the sandbox simulates: one kind of provider at one of its vendors.
#[derive(Clone, Copy)]
pub struct Flow(&'static dyn Simulated);

impl Flow {
    /// All flows, in the order of the documentation.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        flows::ALL.iter().copied().map(Self)
    }

    /// One flow for each kind of provider. The built-in descriptions of the session API are one kind, for which deepidv
    /// stands.
    pub fn kinds() -> impl Iterator<Item = Self> + Clone {
        Self::all().filter(|flow| flow.0.preset().is_none())
    }

    /// The flow that stands for a kind.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::kinds().find(|flow| flow.kind() == kind)
    }

    /// The name of the flow, which no other has: the built-in description that its provider uses, or else the kind.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.preset().unwrap_or_else(|| self.kind())
    }

    /// The kind of the flow's provider.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.0.kind()
    }

    /// The id of the flow's provider in [`Self::configuration`].
    #[must_use]
    pub fn id(self) -> &'static str {
        self.0.id()
    }

    /// The vendor of the flow, as far as all vendors are alike.
    #[must_use]
    pub fn vendor(self, sandbox: &Sandbox) -> &Runtime {
        self.0.vendor(sandbox)
    }

    /// The table of the flow's provider in TOML: `[providers.ID]` with its options, whose secrets are environment
    /// variables. Further options can be appended.
    #[must_use]
    pub fn configuration(self, sandbox: &Sandbox) -> String {
        format!("[providers.{}]\nkind = \"{}\"\n{}", self.id(), self.kind(), self.0.options(sandbox))
    }

    /// The same with the secrets themselves: those of simulated vendors are none.
    #[must_use]
    pub fn literal_configuration(self, sandbox: &Sandbox) -> String {
        self.secrets(sandbox).iter().fold(self.configuration(sandbox), |text, (name, value)| {
            text.replace(&format!("{{ env = \"{name}\" }}"), &format!("\"{value}\""))
        })
    }

    /// The environment variables that [`Self::configuration`] names, with their values.
    #[must_use]
    pub fn secrets(self, sandbox: &Sandbox) -> Vec<(&'static str, String)> {
        self.0.secrets(sandbox)
    }

    /// Lifts the vendor's limits on calls, where it has any.
    pub fn lift_limits(self, sandbox: &Sandbox) {
        self.0.lift_limits(sandbox);
    }

    /// Lets return URLs lead to this machine without TLS, at vendors that refuse it by default.
    pub fn allow_loopback(self, sandbox: &Sandbox) {
        self.0.allow_loopback(sandbox);
    }

    /// Adds a fresh applicant, of whom the vendor holds no session, and completes the start with its credentials.
    ///
    /// # Errors
    /// [`StageError`] where the sandbox has no room for another one.
    pub fn enter(self, sandbox: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        self.0.enter(sandbox, start)
    }

    /// A start of the applicant without any of our code: a line for a shell that has curl, and openssl where requests are
    /// signed.
    #[must_use]
    pub fn curl(self, sandbox: &Sandbox, case: &Case) -> String {
        self.0.curl(sandbox, case)
    }

    pub(super) fn simulated(self) -> &'static dyn Simulated {
        self.0
    }
}

impl PartialEq for Flow {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Flow {}

impl Hash for Flow {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Flow").field(&self.name()).finish()
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
