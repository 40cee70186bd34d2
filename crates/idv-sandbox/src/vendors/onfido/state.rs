//! The applicants and runs of the simulated Onfido.

use std::collections::BTreeSet;

use crate::history::History;
use crate::kept::Kept;
use crate::random::Random;
use crate::script::{Directives, Plot, Scripts};
use crate::vendors::onfido::applicant::Applicant;
use crate::vendors::onfido::rate::Rate;
use crate::vendors::onfido::run::{AWAITING_INPUT, Run, Wanted};
use crate::webhooks::HOUR;

/// The time between the wish for a deletion and the deletion.
const DELAY: i64 = 24 * HOUR;

/// The ids of the workflows.
#[derive(Clone, Debug)]
pub(crate) struct Workflows {
    /// The one with a task for the applicant.
    pub(crate) interactive: String,
    /// The one without.
    pub(crate) silent: String,
}

/// The settings of the simulated Onfido.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Whether ends without a verdict are told as well.
    pub(crate) every_end_is_told: bool,
    /// Whether events have a resource beside the object.
    pub(crate) resources_are_sent: bool,
}

/// Times, in milliseconds, with the ids that are due then.
pub(crate) type Agenda = BTreeSet<(i64, String)>;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) workflows: Workflows,
    pub(crate) applicants: Kept<Applicant>,
    pub(crate) runs: Kept<Run>,
    /// The ends of links.
    pub(crate) ends: Agenda,
    /// The deletions of applicants.
    pub(crate) deletions: Agenda,
    pub(crate) rate: Rate,
    pub(crate) settings: Settings,
    pub(crate) scripts: Scripts,
}

impl State {
    pub(crate) fn new(random: Random, workflows: Workflows) -> Self {
        Self {
            random,
            workflows,
            applicants: Kept::default(),
            runs: Kept::default(),
            ends: Agenda::new(),
            deletions: Agenda::new(),
            rate: Rate::default(),
            settings: Settings { every_end_is_told: false, resources_are_sent: true },
            scripts: Scripts::default(),
        }
    }

    /// Creates a run, and returns its id.
    pub(crate) fn create(&mut self, wanted: Wanted, now: i64) -> String {
        let id = self.random.uuid();
        let is_interactive = wanted.workflow_id == self.workflows.interactive;
        let directives = wanted.customer_user_id.as_deref().map(Directives::parse).unwrap_or_default();
        let sdk_token = [36, 120, 43].map(|length| self.random.word(length)).join(".");
        let run = Run {
            id: id.clone(),
            status: if is_interactive { AWAITING_INPUT } else { "processing" }.to_owned(),
            reasons: Vec::new(),
            sdk_token: is_interactive.then(|| format!("ey{sdk_token}")),
            created_at: now,
            updated_at: now,
            ended_at: None,
            history: History::default(),
            no_webhook: directives.no_webhook,
            wanted,
        };
        if let Some(at) = run.wanted.link.expires_at.filter(|_| is_interactive) {
            self.ends.insert((at, id.clone()));
        }
        if let Some(plot) = &directives.plot {
            self.scripts.begin(&id, plot.steps(self.is_again(plot, &run)), now);
        }
        self.runs.add(id.clone(), run);
        id
    }

    /// Whether another run of the same reference was declined.
    fn is_again(&self, plot: &Plot, run: &Run) -> bool {
        let is_one = |other: &Run| {
            other.status == "declined" && other.wanted.customer_user_id == run.wanted.customer_user_id
        };
        *plot == Plot::Resubmit && self.runs.values().any(is_one)
    }

    /// An applicant who is shown: one that exists and is not to be deleted.
    pub(crate) fn shown(&self, id: &str) -> Option<&Applicant> {
        self.applicants.get(id).filter(|applicant| applicant.delete_at.is_none())
    }

    /// Plans the deletion of an applicant. False where there is none to be deleted.
    pub(crate) fn delete(&mut self, id: &str, now: i64) -> bool {
        let at = now.saturating_add(DELAY);
        match self.applicants.get_mut(id).filter(|applicant| applicant.delete_at.is_none()) {
            Some(applicant) => {
                applicant.delete_at = Some(at);
                self.deletions.insert((at, id.to_owned()));
                true
            }
            None => false,
        }
    }

    /// Takes a deletion back. False where none is planned.
    pub(crate) fn restore(&mut self, id: &str) -> bool {
        match self.applicants.get_mut(id).and_then(|applicant| applicant.delete_at.take()) {
            Some(at) => self.deletions.remove(&(at, id.to_owned())),
            None => false,
        }
    }

    /// Deletes an applicant and all of its runs.
    pub(crate) fn erase(&mut self, applicant: &str) {
        self.applicants.remove(applicant);
        let is_of = |run: &&Run| run.wanted.applicant_id == applicant;
        let runs: Vec<String> = self.runs.values().filter(is_of).map(|run| run.id.clone()).collect();
        for id in runs {
            if let Some(run) = self.runs.remove(&id) {
                self.forget(&id, &run);
            }
        }
    }

    /// Evicts the oldest applicants until there is space for another one.
    pub(crate) fn evict_applicants(&mut self, capacity: usize) {
        while let Some((oldest, applicant)) = self.applicants.evict(capacity) {
            if let Some(at) = applicant.delete_at {
                self.deletions.remove(&(at, oldest));
            }
        }
    }

    /// Evicts the oldest runs until there is space for another one.
    pub(crate) fn evict_runs(&mut self, capacity: usize) {
        while let Some((oldest, run)) = self.runs.evict(capacity) {
            self.forget(&oldest, &run);
        }
    }

    /// Drops what leads to a run that is gone.
    fn forget(&mut self, id: &str, run: &Run) {
        if let Some(at) = run.wanted.link.expires_at {
            self.ends.remove(&(at, id.to_owned()));
        }
        self.scripts.stop(id);
    }
}
