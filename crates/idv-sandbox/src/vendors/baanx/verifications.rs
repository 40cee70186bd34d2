//! The verifications of users and of registrations, as the shared machinery sees them.

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::{Scripts, without_review};
use crate::vendor_state::{VendorState, newest_ids};
use crate::vendors::baanx::actions;
use crate::vendors::baanx::state::State;
use crate::verification::{SimulatedVerification, Subject};

impl VendorState for State {
    fn scripts(&mut self) -> &mut Scripts {
        &mut self.scripts
    }

    fn history(&mut self, id: &str) -> Option<(&mut History, &str)> {
        self.applicants.get_mut(id).map(|found| (&mut found.history, found.state.as_str()))
    }

    /// An onboarding leads to its user.
    fn kept_id(&self, id: &str) -> String {
        self.user_id(id).to_owned()
    }

    fn verification(&self, front: &Front, id: &str) -> Option<SimulatedVerification> {
        let found = self.applicants.get(id)?;
        let open_links = self.open_links(id, front.clock.now());
        let open_pages: Vec<String> = open_links.map(|link| front.page_url(link)).collect();
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: id.to_owned(),
            subject: if found.names.is_some() { Subject::User } else { Subject::Onboarding },
            external_id: found.external_id.clone(),
            status: found.state.clone(),
            progress: None,
            acts: actions::possible(!open_pages.is_empty()),
            open_pages,
            updated_at: iso(found.updated_at),
            history: found.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        newest_ids(self.applicants.iter().map(|(id, found)| (found.updated_at, id)), limit)
    }

    fn linked(&self, link: &str, now: i64) -> Result<String, Closed> {
        match self.links.get(link).ok_or(Closed::Unknown)? {
            found if found.is_open(now) => Ok(found.user_id.clone()),
            found if found.was_used() => Err(Closed::UsedUp),
            _ => Err(Closed::Expired),
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

    fn nearest_step(&self, step: Act) -> Option<Act> {
        without_review(step)
    }
}
