//! The verifications of sessions, as the shared machinery sees them.

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::{Scripts, without_review};
use crate::vendor_state::VendorState;
use crate::vendors::session_api::actions;
use crate::vendors::session_api::state::State;
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
        let page = (session.status == "PENDING").then(|| session.url(&front.base_url));
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: session.id.clone(),
            subject: Subject::Session,
            external_id: session.external_id.clone(),
            status: session.status.clone(),
            progress: Some(session.progress.clone()),
            open_pages: page.into_iter().collect(),
            updated_at: iso(session.updated_at),
            acts: actions::possible(session),
            history: session.history.entries(),
        })
    }

    /// Sessions of other organizations are left out.
    fn newest(&self, limit: usize) -> Vec<String> {
        self.sessions.newest(limit, |session| self.is_own(session).then_some(session.updated_at))
    }

    fn linked(&self, link: &str, _: i64) -> Result<String, Closed> {
        let session = self.sessions.get(link).ok_or(Closed::Unknown)?;
        match session.status.as_str() {
            "PENDING" => Ok(session.id.clone()),
            "EXPIRED" => Err(Closed::Expired),
            _ => Err(Closed::UsedUp),
        }
    }

    fn perform(&mut self, front: &Front, id: &str, _: Option<&str>, act: &Act, by: Actor) -> Result<Acted> {
        actions::perform(self, front, id, act, by)
    }

    fn nearest_step(&self, step: Act) -> Option<Act> {
        without_review(step)
    }
}
