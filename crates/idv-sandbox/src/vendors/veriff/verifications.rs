//! The verifications of sessions, as the shared machinery sees them.

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::Scripts;
use crate::vendor_state::VendorState;
use crate::vendors::veriff::actions;
use crate::vendors::veriff::codes::is_open;
use crate::vendors::veriff::state::State;
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
        let page = is_open(&session.status).then(|| session.url(&front.base_url));
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: session.id.clone(),
            subject: Subject::Session,
            external_id: session.wanted.vendor_data.clone(),
            status: session.status.clone(),
            progress: None,
            open_pages: page.into_iter().collect(),
            updated_at: iso(session.updated_at),
            acts: actions::possible(session),
            history: session.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        self.sessions.newest(limit, |session| Some(session.updated_at))
    }

    fn linked(&self, link: &str, now: i64) -> Result<String, Closed> {
        let session = self.tokens.get(link).and_then(|id| self.sessions.get(id)).ok_or(Closed::Unknown)?;
        match session.status.as_str() {
            "expired" | "abandoned" => Err(Closed::Expired),
            word if !is_open(word) => Err(Closed::UsedUp),
            _ if now >= session.expires_at() => Err(Closed::Expired),
            _ => Ok(session.id.clone()),
        }
    }

    fn perform(&mut self, front: &Front, id: &str, _: Option<&str>, act: &Act, by: Actor) -> Result<Acted> {
        actions::perform(self, front, id, act, by)
    }

    /// An approval does not lapse.
    fn nearest_step(&self, step: Act) -> Option<Act> {
        Some(step).filter(|step| !matches!(step, Act::Lapse))
    }

    fn pass_time(&mut self, front: &Front, now: i64) -> Option<i64> {
        actions::pass_time(self, front, now)
    }
}
