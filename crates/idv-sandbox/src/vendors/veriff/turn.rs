//! Changes of one session, with their webhooks.

use crate::front::Front;
use crate::vendors::veriff::agenda::Agenda;
use crate::vendors::veriff::attempt::{Attempt, Decision, MAX_ATTEMPTS};
use crate::vendors::veriff::codes::{is_decision, overdue};
use crate::vendors::veriff::events;
use crate::vendors::veriff::reasons::{Granular, TOO_MANY_ATTEMPTS};
use crate::vendors::veriff::settings::Settings;
use crate::vendors::veriff::state::{Session, State};
use crate::webhooks::{Event, MINUTE};

/// The time for which a resubmission is not told, as the applicant is asked on the page first (Veriff documentation,
/// decision webhook).
const WITHHELD: i64 = 5 * MINUTE;

/// A session that changes at some time.
pub(crate) struct Turn<'a> {
    pub(crate) session: &'a mut Session,
    agenda: &'a mut Agenda,
    front: &'a Front,
    settings: Settings,
    now: i64,
}

impl<'a> Turn<'a> {
    pub(crate) fn of(state: &'a mut State, front: &'a Front, id: &str, now: i64) -> Option<Self> {
        let State { sessions, agenda, settings, .. } = state;
        Some(Self { session: sessions.get_mut(id)?, agenda, front, settings: *settings, now })
    }

    /// Begins an attempt, unless one is under way.
    pub(crate) fn open(&mut self) {
        match self.session.status.as_str() {
            "created" => {}
            "resubmission_requested" => {
                let (id, status) = (self.front.random.uuid(), "started".to_owned());
                self.session.attempts.push(Attempt { id, status, created_at: self.now });
            }
            _ => return,
        }
        self.session.set_status("started", self.now);
        self.tell(events::progress(self.session, self.settings));
    }

    /// Ends the attempt. The last of a session is declined at once; true if that happened.
    pub(crate) fn submit(&mut self) -> bool {
        self.open();
        self.release();
        self.session.set_status("submitted", self.now);
        self.tell(events::progress(self.session, self.settings));
        self.session.attempts.len() >= MAX_ATTEMPTS && {
            self.decide("declined", Some(Granular::new(TOO_MANY_ATTEMPTS)));
            true
        }
    }

    /// Asks for another attempt, or declines where there can be none.
    pub(crate) fn ask_again(&mut self, reason: Granular) {
        if self.session.attempts.len() >= MAX_ATTEMPTS {
            return self.decide("declined", Some(Granular::new(TOO_MANY_ATTEMPTS)));
        }
        self.set_decision("resubmission_requested", Some(reason));
        let event = events::decision(self.session, self.settings);
        if self.session.is_upload {
            return self.tell(event);
        }
        let until = self.now.saturating_add(WITHHELD);
        self.agenda.add(until, &self.session.id);
        self.session.held = Some((until, event));
        self.front.hub.wake();
    }

    /// Decides, and tells it.
    pub(crate) fn decide(&mut self, word: &str, reason: Option<Granular>) {
        self.set_decision(word, reason);
        self.tell(events::decision(self.session, self.settings));
    }

    /// Ends a session that was not finished in time.
    pub(crate) fn end(&mut self) {
        self.decide(overdue(&self.session.status), None);
    }

    /// Uses any word.
    pub(crate) fn say(&mut self, word: &str) {
        if is_decision(word) {
            return self.decide(word, None);
        }
        self.release();
        self.session.set_status(word, self.now);
        if matches!(word, "started" | "submitted") {
            self.tell(events::progress(self.session, self.settings));
        }
    }

    /// Sends the webhook that was withheld until now.
    pub(crate) fn send_held(&mut self) {
        if let Some((_, event)) = self.session.held.take_if(|(until, _)| *until <= self.now) {
            self.tell(event);
        }
    }

    fn set_decision(&mut self, word: &str, reason: Option<Granular>) {
        self.release();
        self.session.set_status(word, self.now);
        let attempt_id = self.session.attempt_id().to_owned();
        self.session.decision = Some(Decision { attempt_id, word: word.to_owned(), reason, at: self.now });
    }

    /// Drops the webhook that is withheld.
    fn release(&mut self) {
        if let Some((until, _)) = self.session.held.take() {
            self.agenda.remove(until, &self.session.id);
        }
    }

    fn tell(&self, event: Event) {
        if self.front.outbox.is_listening() {
            self.front.outbox.post(event, self.now);
        }
    }
}
