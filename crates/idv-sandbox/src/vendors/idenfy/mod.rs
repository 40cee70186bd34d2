//! iDenfy verifications: reads by POST, webhooks that are not final, suspicions without a verdict, and errors that are
//! always 400.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `find`, `data`, `delete`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 1 min, 10 min and 1 h, which is a choice of the
//! simulation as no page tells the schedule; a 2xx within 10 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - checks come in the order key, limit, tokens left, fields; every refusal is 400;
//! - a submission passes the automatic checks, which a webhook with `final: false` and `APPROVED` tells, and is then
//!   `REVIEWING` until people decide; `hold` is `SUSPECTED`, which people can still decide;
//! - a submission leads to `successUrl`, a failed try to `unverifiedUrl` or else `errorUrl`, leaving to `errorUrl`;
//! - events that tell of an archived or deleted session do not exist; `void` archives;
//! - a deletion may be repeated, and changes nothing then;
//! - both documented paths of the list are served, and a page has 50 elements unless the call says otherwise.
//!
//! Not simulated: files, re-attempts within a session, callback URLs of a session, and the ban on polling.

mod api;
mod create;
mod dialect;
mod profile;
mod record;
mod refusal;
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

/// A handle on the simulated iDenfy. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Idenfy {
    hosted: Hosted<Words>,
    keys: Arc<Keys>,
}

#[derive(Debug)]
struct Keys {
    api_key: String,
    api_secret: String,
}

impl Deref for Idenfy {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.hosted.runtime
    }
}

impl Idenfy {
    pub(crate) fn new(front: Front) -> Self {
        let keys = Keys { api_key: front.random.word(11), api_secret: front.random.word(20) };
        Self { hosted: Hosted::new(front), keys: Arc::new(keys) }
    }

    /// The API key, which is the user name of each request.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.keys.api_key
    }

    /// The API secret, which is the password of each request.
    #[must_use]
    pub fn api_secret(&self) -> &str {
        &self.keys.api_secret
    }

    /// Tells the address of the page in the answer to a start, or leaves it null as under older contracts.
    pub fn tell_redirect_url(&self, tells: bool) {
        self.hosted.lock().extra.tells_redirect_url = tells;
    }

    /// Gives the account tokens to create, or takes them away.
    pub fn fund(&self, has_tokens: bool) {
        self.hosted.lock().extra.has_tokens = has_tokens;
    }

    /// Applies the limit of 10 000 requests an hour, or lifts it. It applies at first.
    pub fn apply_rate_limits(&self, apply: bool) {
        self.hosted.lock().rate.set(apply);
    }

    /// The ids (`scanRef`) of the sessions, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        self.hosted.lock().sessions.ids()
    }

    /// The status of a session.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.hosted.lock().sessions.get(id).map(|session| session.status.clone())
    }

    /// A webhook with this overall word about a session, final or not.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist.
    pub fn event(&self, id: &str, overall: &str, is_final: bool) -> Result<SignedWebhook> {
        let state = self.hosted.lock();
        let session =
            state.sessions.get(id).ok_or_else(|| Error::Unknown { what: "session", id: id.to_owned() })?;
        let event = dialect::event(session, "IDENTIFICATION", overall, is_final, self.now());
        Ok(self.front.outbox.sign(&event.id, event.body, self.now()))
    }
}
