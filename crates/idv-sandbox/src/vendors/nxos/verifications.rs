//! The verifications of organizations, as the shared machinery sees them.

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::Scripts;
use crate::vendor_state::{VendorState, newest_ids};
use crate::vendors::nxos::actions;
use crate::vendors::nxos::state::State;
use crate::verification::{SimulatedVerification, Subject};

impl VendorState for State {
    fn scripts(&mut self) -> &mut Scripts {
        &mut self.scripts
    }

    fn history(&mut self, id: &str) -> Option<(&mut History, &str)> {
        self.organizations.get_mut(id).map(|found| (&mut found.history, found.status.as_str()))
    }

    fn verification(&self, front: &Front, id: &str) -> Option<SimulatedVerification> {
        let (found, now) = (self.organizations.get(id)?, front.clock.now());
        let is_open = |link: &str| self.links.get(link).is_some_and(|pass| now < pass.expires_at);
        let links = found.sessions.iter().filter(|(link, _)| is_open(link));
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: id.to_owned(),
            subject: Subject::Organization,
            external_id: None,
            status: found.status.clone(),
            progress: None,
            open_pages: links.map(|(link, _)| front.page_url(link)).collect(),
            updated_at: iso(found.updated_at),
            acts: actions::possible(found),
            history: found.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        newest_ids(self.organizations.iter().map(|(id, found)| (found.updated_at, id)), limit)
    }

    fn linked(&self, link: &str, now: i64) -> Result<String, Closed> {
        let pass = self.links.get(link).ok_or(Closed::Unknown)?;
        if now < pass.expires_at { Ok(pass.organization.clone()) } else { Err(Closed::Expired) }
    }

    fn perform(&mut self, front: &Front, id: &str, _: Option<&str>, act: &Act, by: Actor) -> Result<Acted> {
        actions::perform(self, front, id, act, by)
    }
}
