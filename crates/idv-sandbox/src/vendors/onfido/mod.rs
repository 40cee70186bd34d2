//! Onfido: applicants, workflow runs with one link for life, and webhooks about their end.
//!
//! Operations of [faults](crate::fault): `start_run`, `start_applicant`, `check`, `find`, `applicant`, `applicants`, `update_applicant`,
//! `delete_applicant`, `restore_applicant`, `other`; `start` stands for the first two.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 1 min, 10 min and 1 h; a 2xx within 10 s ends them (OpenAPI specification of
//! Onfido). Onfido documents no schedule: this one is this simulation's own.
//!
//! Decisions of this simulation where the documentation is silent:
//! - it has one environment, the sandbox: the token begins with `api_sandbox.`;
//! - checks come in the order token, rate, fields; the 400 requests of a minute are counted in windows from their first
//!   request, all endpoints together; every answer has an `X-Request-Id`;
//! - a field that the specification does not list is refused with `validation_error`, as a wrong one is;
//! - there are two workflows: one with a task for the applicant, and one without, whose runs are `processing` at once and
//!   have no SDK token; neither takes inputs, so `custom_data` has to be empty; another workflow is refused with 422;
//! - a page of a list has 20 records, and one after the last is empty; runs are listed by the time of their end, those without
//!   one first; a search for several tags finds runs that have all of them;
//! - a run ends as `abandoned` when its link expires, and otherwise when an operator lets its time run out; leaving the page
//!   changes nothing, and the link stays open;
//! - an applicant whose last name is `Consider` goes into `review` by submitting, as the reports on that name are not clear;
//! - a person may decide anew, in a review and after it: each end is told; an end as `abandoned` or `error` is told only
//!   where [`Onfido::tell_every_end`] says so, because Onfido documents no event for it;
//! - a deleted applicant is not shown any more, and its data and runs are gone a day later, unless it was restored;
//! - a submission is told as `workflow_task.completed`.
//!
//! Not simulated: checks and reports, tasks and their completion by the application's server, documents and media, watchlists,
//! the management of webhooks, OAuth, other regions, and the SDK.

mod actions;
mod api;
mod applicant;
mod change;
mod control;
mod events;
mod fields;
mod operations;
mod profile;
mod rate;
mod reasons;
mod refusal;
mod run;
mod signing;
mod state;
mod vendor;
mod verifications;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;

pub(crate) use vendor::REGISTRATION;

use run::Run;
use state::{State, Workflows};

/// A handle on the simulated Onfido. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Onfido {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runtime: Arc<Runtime>,
    api_url: String,
    api_token: String,
    workflows: Workflows,
    state: Arc<Mutex<State>>,
}

impl Deref for Onfido {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.shared.runtime
    }
}

impl Onfido {
    pub(crate) fn new(front: Front) -> Self {
        let (api_url, random) = (format!("{}/v3.6", front.base_url), front.random.clone());
        let api_token = format!("api_sandbox.{}.{}", random.word(11), random.word(32));
        let workflows = Workflows { interactive: random.uuid(), silent: random.uuid() };
        let state = Arc::new(Mutex::new(State::new(random, workflows.clone())));
        let runtime = Arc::new(Runtime::new(front, state.clone()));
        Self { shared: Arc::new(Shared { runtime, api_url, api_token, workflows, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_run<T>(&self, id: &str, look: impl FnOnce(&Run) -> T) -> Result<T> {
        let unknown = || Error::Unknown { what: "workflow run", id: id.to_owned() };
        self.lock().runs.get(id).map(look).ok_or_else(unknown)
    }

    /// The address of the API, with its version: `http://127.0.0.1:PORT/v3.6`.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.shared.api_url
    }

    /// The API token, `api_sandbox.…`.
    #[must_use]
    pub fn api_token(&self) -> &str {
        &self.shared.api_token
    }

    /// The workflow with a task for the applicant.
    #[must_use]
    pub fn workflow_id(&self) -> &str {
        &self.shared.workflows.interactive
    }

    /// The workflow without a task for the applicant: its runs are `processing` from the beginning.
    #[must_use]
    pub fn silent_workflow_id(&self) -> &str {
        &self.shared.workflows.silent
    }

    /// Sends `workflow_run.completed` for runs that end as `abandoned` or `error` too, or for verdicts and reviews alone. Alone at first.
    pub fn tell_every_end(&self, every: bool) {
        self.lock().settings.every_end_is_told = every;
    }

    /// Puts the resource into events beside the object, or leaves it out. In at first.
    pub fn send_resources(&self, send: bool) {
        self.lock().settings.resources_are_sent = send;
    }

    /// The requests allowed in a minute, 400 unless set; `None` lifts the limit.
    pub fn set_rate_limit(&self, per_minute: Option<u32>) {
        self.lock().rate.set(per_minute);
    }

    /// The ids of the runs, oldest first.
    #[must_use]
    pub fn runs(&self) -> Vec<String> {
        self.lock().runs.ids()
    }

    /// The ids of the applicants, oldest first, those that are to be deleted included.
    #[must_use]
    pub fn applicants(&self) -> Vec<String> {
        self.lock().applicants.ids()
    }

    /// The status of a run.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.with_run(id, |run| run.status.clone()).ok()
    }

    /// The applicant of a run.
    #[must_use]
    pub fn applicant_of(&self, id: &str) -> Option<String> {
        self.with_run(id, |run| run.wanted.applicant_id.clone()).ok()
    }

    /// An event about the current state of a run, as if it had just ended with it.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the run does not exist.
    pub fn event(&self, id: &str) -> Result<SignedWebhook> {
        let (front, now) = (&self.front, self.now());
        let has_resource = self.lock().settings.resources_are_sent;
        let event = self.with_run(id, |run| events::completed(run, front, has_resource, now))?;
        Ok(front.outbox.sign(&event.id, event.body, now))
    }
}
