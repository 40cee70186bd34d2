//! Changes of one run, with their events.

use crate::front::Front;
use crate::vendors::onfido::events;
use crate::vendors::onfido::run::Run;
use crate::vendors::onfido::state::{Agenda, Settings, State};

/// The ends of a run that Onfido tells (OpenAPI specification of Onfido, `webhook_event_type`), and those of which it does not say
/// whether it does.
const TOLD: [&str; 3] = ["approved", "declined", "review"];
const UNTOLD: [&str; 2] = ["abandoned", "error"];

/// A run that changes at some time.
pub(crate) struct Change<'a> {
    pub(crate) run: &'a mut Run,
    ends: &'a mut Agenda,
    front: &'a Front,
    settings: Settings,
    /// Whether the reports on the applicant are not clear.
    is_suspicious: bool,
    now: i64,
}

impl<'a> Change<'a> {
    pub(crate) fn of(state: &'a mut State, front: &'a Front, id: &str, now: i64) -> Option<Self> {
        let State { runs, ends, settings, applicants, .. } = state;
        let run = runs.get_mut(id)?;
        let applicant = applicants.get(&run.wanted.applicant_id);
        let is_suspicious = applicant.is_some_and(|applicant| applicant.told.last_name == "Consider");
        Some(Self { run, ends, front, settings: *settings, is_suspicious, now })
    }

    /// The applicant is done, and the vendor works.
    pub(crate) fn submit(&mut self) {
        self.turn("processing", Vec::new());
        self.post(events::submitted(self.run, self.front, self.now));
        if self.is_suspicious {
            self.turn("review", Vec::new());
        }
    }

    /// Gets to a status, with the reasons that the workflow has for it.
    pub(crate) fn turn(&mut self, word: &str, reasons: Vec<String>) {
        word.clone_into(&mut self.run.status);
        (self.run.reasons, self.run.updated_at) = (reasons, self.now);
        if let Some(at) = self.run.wanted.link.expires_at.filter(|_| !self.run.awaits_input()) {
            self.ends.remove(&(at, self.run.id.clone()));
        }
        let is_untold = UNTOLD.contains(&word);
        let is_end = TOLD.contains(&word) || is_untold;
        self.run.ended_at = is_end.then_some(self.now);
        if is_end && (!is_untold || self.settings.every_end_is_told) {
            let has_resource = self.settings.resources_are_sent;
            self.post(events::completed(self.run, self.front, has_resource, self.now));
        }
    }

    fn post(&self, event: crate::webhooks::Event) {
        if self.front.outbox.is_listening() {
            self.front.outbox.post(event, self.now);
        }
    }
}
