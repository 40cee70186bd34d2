//! Changes of one session, with their events.

use std::collections::BTreeSet;

use crate::front::Front;
use crate::vendors::stripe::events;
use crate::vendors::stripe::session::{Redaction, Session};
use crate::vendors::stripe::signing::new_event_id;
use crate::vendors::stripe::state::State;
use crate::webhooks::HOUR;

/// How long a deletion takes at most (Stripe documentation, redact a VerificationSession).
const REDACTION: i64 = 4 * 24 * HOUR;

/// A session that changes at some time.
pub(crate) struct Change<'a> {
    pub(crate) session: &'a mut Session,
    redactions: &'a mut BTreeSet<(i64, String)>,
    front: &'a Front,
    is_thin: bool,
    now: i64,
}

impl<'a> Change<'a> {
    pub(crate) fn of(state: &'a mut State, front: &'a Front, id: &str, now: i64) -> Option<Self> {
        let State { sessions, redactions, settings, .. } = state;
        Some(Self { session: sessions.get_mut(id)?, redactions, front, is_thin: settings.thin_events, now })
    }

    /// The applicant opens a link: no other one of the session can be opened any more.
    pub(crate) fn open(&mut self, link: Option<&str>) {
        if let Some(link) = link {
            self.session.links.end(Some(link));
        }
    }

    pub(crate) fn submit(&mut self) {
        self.session.last_error = None;
        self.session.links.end(None);
        self.turn("processing");
    }

    /// The checks came to a good result.
    pub(crate) fn verify(&mut self) {
        self.session.last_error = None;
        self.session.links.end(None);
        self.report();
        self.turn("verified");
    }

    /// The checks failed, or were not begun: the same session goes on.
    pub(crate) fn fail(&mut self, code: String) {
        self.session.last_error = Some(code);
        self.session.links.end(None);
        self.report();
        self.turn("requires_input");
    }

    /// Stripe forgets the error, the link and the client secret of a session that is cancelled.
    pub(crate) fn cancel(&mut self) {
        self.session.last_error = None;
        self.session.links.end(None);
        self.turn("canceled");
    }

    /// Begins the deletion of the data. A session that was not finished is cancelled (Stripe documentation, redact a
    /// VerificationSession).
    pub(crate) fn redact(&mut self) {
        if self.session.requires_input() {
            self.cancel();
        }
        self.session.redaction = Some(Redaction::Processing);
        self.session.updated_at = self.now;
        self.redactions.insert((self.now.saturating_add(REDACTION), self.session.id.clone()));
        self.front.hub.wake();
    }

    /// Ends the deletion.
    pub(crate) fn redacted(&mut self) {
        self.session.redaction = Some(Redaction::Redacted);
        self.session.wanted.metadata.clear();
        self.session.updated_at = self.now;
        self.tell("redacted");
    }

    /// Uses any word.
    pub(crate) fn say(&mut self, word: &str) {
        self.turn(word);
    }

    pub(crate) fn tell(&self, what: &str) {
        if self.front.outbox.is_listening() {
            let make = if self.is_thin { events::thin } else { events::snapshot };
            let id = new_event_id(&self.front.random);
            self.front.outbox.post(make(self.session, what, &id, self.now), self.now);
        }
    }

    fn turn(&mut self, word: &str) {
        word.clone_into(&mut self.session.status);
        self.session.updated_at = self.now;
        self.tell(word);
    }

    fn report(&mut self) {
        self.session.report = Some(format!("vr_1Sim{}", self.front.random.word(20)));
    }
}
