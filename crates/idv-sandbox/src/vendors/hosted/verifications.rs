//! The verifications of sessions, as the shared machinery sees them.

use crate::act::{Act, ActName, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::reason::Reason;
use crate::script::Scripts;
use crate::vendor_state::VendorState;
use crate::vendors::hosted::actions;
use crate::vendors::hosted::dialect::Dialect;
use crate::vendors::hosted::state::State;
use crate::verification::{SimulatedVerification, Subject};

impl<D: Dialect> VendorState for State<D> {
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
            external_id: session.reference.clone(),
            status: session.status.clone(),
            progress: None,
            open_pages: D::pages(front, session, now),
            updated_at: iso(session.updated_at),
            acts: actions::possible::<D>(front, session, now),
            history: session.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        self.sessions.newest(limit, |session| Some(session.updated_at))
    }

    fn linked(&self, link: &str, now: i64) -> Result<String, Closed> {
        match State::linked(self, link) {
            None => Err(Closed::Unknown),
            Some((_, link)) if link.is_ended => Err(Closed::UsedUp),
            Some((_, link)) if link.is_expired(now) => Err(Closed::Expired),
            Some((session, _)) => Ok(session.id.clone()),
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

    /// A correction that the vendor cannot ask for is a refusal; other steps that it does not have are left out.
    fn nearest_step(&self, step: Act) -> Option<Act> {
        let is_known = |act: ActName| act == ActName::Say || D::TURNS.iter().any(|turn| turn.act == act);
        match step {
            Act::RequireResubmission if !is_known(ActName::RequireResubmission) => {
                Some(Act::Reject { reason: Some(Reason::unreadable()) })
            }
            step => Some(step).filter(|step| is_known(step.name())),
        }
    }

    fn pass_time(&mut self, front: &Front, now: i64) -> Option<i64> {
        actions::pass_time(self, front, now)
    }
}
