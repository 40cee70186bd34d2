//! The verifications of applicants, as the shared machinery sees them.

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::Scripts;
use crate::vendor_state::VendorState;
use crate::vendors::sumsub::actions;
use crate::vendors::sumsub::state::State;
use crate::verification::{SimulatedVerification, Subject};

impl VendorState for State {
    fn scripts(&mut self) -> &mut Scripts {
        &mut self.scripts
    }

    fn history(&mut self, id: &str) -> Option<(&mut History, &str)> {
        self.applicants.get_mut(id).map(|found| (&mut found.history, found.word.as_str()))
    }

    /// The application's own id leads to the applicant too.
    fn kept_id(&self, id: &str) -> String {
        self.by_external.get(id).map_or(id, String::as_str).to_owned()
    }

    fn verification(&self, front: &Front, id: &str) -> Option<SimulatedVerification> {
        let (applicant, now) = (self.applicants.get(id)?, front.clock.now());
        let open = |key: &&String| self.links.get(key).is_some_and(|link| now < link.expires_at);
        let keys = applicant.links.iter().filter(open).filter(|_| applicant.is_open());
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: applicant.id.clone(),
            subject: Subject::User,
            external_id: Some(applicant.external_id.clone()),
            status: applicant.word.clone(),
            progress: None,
            open_pages: keys.map(|key| front.page_url(key)).collect(),
            updated_at: iso(applicant.updated_at),
            acts: actions::possible(applicant),
            history: applicant.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        self.applicants.newest(limit, |found| Some(found.updated_at))
    }

    fn linked(&self, link: &str, now: i64) -> Result<String, Closed> {
        let found = self.links.get(link).ok_or(Closed::Unknown)?;
        if now < found.expires_at { Ok(found.applicant.clone()) } else { Err(Closed::Expired) }
    }

    fn perform(
        &mut self,
        front: &Front,
        id: &str,
        link: Option<&str>,
        act: &Act,
        by: Actor,
    ) -> Result<Acted> {
        let id = self.kept_id(id);
        actions::perform(self, front, &id, link, act, by)
    }
}
