//! Didit sessions: words with blanks, paths that end in a slash, 403 for money, and webhooks with three signatures.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `find`, `update`, `delete`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 1 and 4 minutes (Didit documentation, webhooks); a 2xx
//! within 5 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - it stands for a live application; checks come in the order key, permission, credits, limit, fields, and each limit is
//!   counted in windows from their first request;
//! - every workflow exists, and sends each submission to review; every path without its last slash is answered 301;
//! - opening is `In Progress`, leaving is `Abandoned` at once, and both a submission and leaving send the browser back;
//! - after seven days a session that was opened is `Abandoned`, any other `Expired`;
//! - a retried webhook has the time of the attempt in `X-Timestamp`, and that of the event in its body;
//! - an update that names the current word changes nothing; `void` is not possible.
//!
//! Not simulated: businesses, standalone checks, sharing, nodes of a resubmission, and the scenarios of a sandbox.

mod api;
mod create;
mod dialect;
mod profile;
mod record;
mod session;
mod signing;
mod vendor;

use std::ops::Deref;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;
use crate::vendors::hosted::Hosted;

pub(crate) use vendor::REGISTRATION;

use dialect::Words;

/// A handle on the simulated Didit. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Didit {
    hosted: Hosted<Words>,
    keys: Arc<Keys>,
}

#[derive(Debug)]
struct Keys {
    api_key: String,
    workflow_id: String,
}

impl Deref for Didit {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.hosted.runtime
    }
}

impl Didit {
    pub(crate) fn new(front: Front) -> Self {
        let keys = Keys { api_key: front.random.word(43), workflow_id: front.random.uuid() };
        Self { hosted: Hosted::new(front), keys: Arc::new(keys) }
    }

    /// The API key.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.keys.api_key
    }

    /// The id of a workflow. Any other UUID is one too.
    #[must_use]
    pub fn workflow_id(&self) -> &str {
        &self.keys.workflow_id
    }

    /// Gives the key its permissions, or takes them away. It has them at first.
    pub fn permit(&self, permit: bool) {
        self.hosted.lock().extra.is_permitted = permit;
    }

    /// Fills the account, or empties it: then starts are answered 403.
    pub fn fund(&self, has_credits: bool) {
        self.hosted.lock().extra.has_credits = has_credits;
    }

    /// Applies the limits on requests, or lifts them. They apply at first.
    pub fn apply_rate_limits(&self, apply: bool) {
        self.hosted.lock().rate.set(apply);
    }

    /// The ids of the sessions, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        self.hosted.lock().sessions.ids()
    }

    /// The status of a session.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.hosted.lock().sessions.get(id).map(|session| session.status.clone())
    }

    /// A webhook of this type, such as `data.updated`, about the current state of a session.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist.
    pub fn event(&self, id: &str, kind: &str) -> Result<SignedWebhook> {
        let state = self.hosted.lock();
        let session =
            state.sessions.get(id).ok_or_else(|| Error::Unknown { what: "session", id: id.to_owned() })?;
        let event = dialect::event(self.hosted.front(), session, kind, self.now());
        Ok(self.front.outbox.sign(&event.id, event.body, self.now()))
    }
}
