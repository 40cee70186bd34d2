//! A simulated flow, as stages, configurations and demonstrations need it.

use std::fmt;
use std::time::Duration;

use idv_core::{SessionRef, StartRequest};
use idv_sandbox::{Runtime, Sandbox};

use crate::storyline::{Case, Held, StageError};

/// The secrets of a flow: names of environment variables, and values.
pub(super) type Secrets = Vec<(&'static str, String)>;

/// The facts of one flow that differ from vendor to vendor.
pub(super) trait Simulated: fmt::Debug + Sync {
    /// The kind of the flow's provider.
    fn kind(&self) -> &'static str;

    /// The built-in description of the provider, where it is not the one that stands for its kind.
    fn preset(&self) -> Option<&'static str> {
        None
    }

    /// The id of the flow's provider in the configurations of the sandbox.
    fn id(&self) -> &'static str;

    /// The options of the provider in TOML, without its kind. Secrets are `{ env = "NAME" }`, with the names of
    /// [`Self::secrets`].
    fn options(&self, sandbox: &Sandbox) -> String;

    fn secrets(&self, sandbox: &Sandbox) -> Secrets;

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime;

    /// The sandbox's name for the operation that starts a session.
    fn start(&self) -> &'static str;

    /// Lifts the vendor's limits on calls, where it has any.
    fn lift_limits(&self, _sandbox: &Sandbox) {}

    /// Lets return URLs lead to this machine, where the vendor asks for more.
    fn allow_loopback(&self, _sandbox: &Sandbox) {}

    /// Adds a fresh applicant for a start.
    fn enter(&self, sandbox: &Sandbox, start: StartRequest) -> Result<Case, StageError>;

    /// Gives the applicant fresh credentials, where the flow has any.
    fn renew(&self, _sandbox: &Sandbox, _case: &mut Case) -> Result<(), StageError> {
        Ok(())
    }

    /// The sandbox's id of the verification.
    fn verification<'a>(&self, case: &'a Case, _session: &'a SessionRef) -> &'a str {
        &case.subject
    }

    /// The time after which a verification has run out, where time alone ends it.
    fn lifetime(&self) -> Option<Duration> {
        None
    }

    /// The records that the vendor holds for the applicant.
    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held;

    /// A start without any of our code: a line for a shell with curl, and openssl where requests are signed.
    fn curl(&self, sandbox: &Sandbox, case: &Case) -> String;
}

/// The header of a JSON body, for curl.
pub(super) const JSON: &str = "-H 'Content-Type: application/json'";

/// The number of sessions with the application's own id.
pub(super) fn sessions_of(vendor: &Runtime, external_id: &str) -> usize {
    let all = vendor.verifications(usize::MAX);
    all.iter().filter(|one| one.external_id.as_deref() == Some(external_id)).count()
}
