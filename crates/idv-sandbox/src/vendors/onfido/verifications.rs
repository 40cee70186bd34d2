//! The verifications of runs, as the shared machinery sees them.

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::reason::Reason;
use crate::script::Scripts;
use crate::vendor_state::VendorState;
use crate::vendors::onfido::actions;
use crate::vendors::onfido::state::State;
use crate::verification::{SimulatedVerification, Subject};

impl VendorState for State {
    fn scripts(&mut self) -> &mut Scripts {
        &mut self.scripts
    }

    fn history(&mut self, id: &str) -> Option<(&mut History, &str)> {
        self.runs.get_mut(id).map(|found| (&mut found.history, found.status.as_str()))
    }

    fn verification(&self, front: &Front, id: &str) -> Option<SimulatedVerification> {
        let run = self.runs.get(id)?;
        let page = run.awaits_input().then(|| front.page_url(&run.id));
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: run.id.clone(),
            subject: Subject::Session,
            external_id: run.wanted.customer_user_id.clone(),
            status: run.status.clone(),
            progress: None,
            open_pages: page.into_iter().collect(),
            updated_at: iso(run.updated_at),
            acts: actions::possible(run),
            history: run.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        self.runs.newest(limit, |run| Some(run.updated_at))
    }

    /// A link is that of its run, for the life of it.
    fn linked(&self, link: &str, _: i64) -> Result<String, Closed> {
        let run = self.runs.get(link).ok_or(Closed::Unknown)?;
        match run.status.as_str() {
            _ if run.awaits_input() => Ok(run.id.clone()),
            "abandoned" => Err(Closed::Expired),
            _ => Err(Closed::UsedUp),
        }
    }

    fn perform(&mut self, front: &Front, id: &str, _: Option<&str>, act: &Act, by: Actor) -> Result<Acted> {
        actions::perform(self, front, id, act, by)
    }

    /// A workflow asks for corrections without a state for it, and an approval does not lapse.
    fn nearest_step(&self, step: Act) -> Option<Act> {
        match step {
            Act::RequireResubmission => Some(Act::Reject { reason: Some(Reason::unreadable()) }),
            Act::Lapse => None,
            step => Some(step),
        }
    }

    fn pass_time(&mut self, front: &Front, now: i64) -> Option<i64> {
        actions::pass_time(self, front, now)
    }
}
