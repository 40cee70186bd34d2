//! The verifications of sessions, as the shared machinery sees them.

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::Scripts;
use crate::vendor_state::VendorState;
use crate::vendors::stripe::actions;
use crate::vendors::stripe::links::Use;
use crate::vendors::stripe::state::State;
use crate::verification::{SimulatedVerification, Subject};

impl VendorState for State {
    fn scripts(&mut self) -> &mut Scripts {
        &mut self.scripts
    }

    fn history(&mut self, id: &str) -> Option<(&mut History, &str)> {
        self.sessions.get_mut(id).map(|found| (&mut found.history, found.status.as_str()))
    }

    fn verification(&self, front: &Front, id: &str) -> Option<SimulatedVerification> {
        let session = self.sessions.get(id)?;
        let now = front.clock.now();
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: session.id.clone(),
            subject: Subject::Session,
            external_id: session.wanted.reference.clone(),
            status: session.status.clone(),
            progress: session.last_error.clone(),
            open_pages: session.links.good(now).map(|link| front.page_url(link)).collect(),
            updated_at: iso(session.updated_at),
            acts: actions::possible(session, now),
            history: session.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        self.sessions.newest(limit, |session| Some(session.updated_at))
    }

    fn linked(&self, link: &str, now: i64) -> Result<String, Closed> {
        let session = self.tokens.get(link).and_then(|id| self.sessions.get(id)).ok_or(Closed::Unknown)?;
        match session.links.look(link, now) {
            Some(Use::Good) => Ok(session.id.clone()),
            Some(Use::Expired) => Err(Closed::Expired),
            Some(Use::UsedUp) => Err(Closed::UsedUp),
            None => Err(Closed::Unknown),
        }
    }

    fn perform(
        &mut self,
        front: &Front,
        id: &str,
        link: Option<&str>,
        act: &Act,
        by: Actor,
    ) -> Result<Acted> {
        actions::perform(self, front, id, link, act, by)
    }

    /// There is no review by people, and neither sessions nor approvals end with time.
    fn nearest_step(&self, step: Act) -> Option<Act> {
        Some(step).filter(|step| !matches!(step, Act::Hold | Act::Lapse | Act::Expire))
    }

    fn pass_time(&mut self, front: &Front, now: i64) -> Option<i64> {
        actions::pass_time(self, front, now)
    }
}
