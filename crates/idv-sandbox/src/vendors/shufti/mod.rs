//! Shufti verifications: the application's own reference as the id, events in place of states, errors under several
//! statuses, and digests in place of signatures.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `delete`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 1 min, 10 min and 1 h, which is a choice of the
//! simulation as no page tells the schedule; a 2xx within 10 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - checks come in the order key, permission, limit, fields; 600 requests a minute are allowed;
//! - a missing parameter is 402, one with a wrong value 400, and a request that switches no service on is refused with
//!   status 200;
//! - the event of a pending request, and no other, has `verification_url`, also on a read;
//! - a submission is `request.received`, `hold` is `review.pending`; leaving is `verification.cancelled`, and it, a
//!   submission and a failed try lead to the redirect URL without parameters;
//! - a verdict that replaces another is told as `verification.status.changed`, and a read says which it is;
//! - a deletion is told by a callback, and its session can still be read; `void` is not possible.
//!
//! Not simulated: off-site verifications, results of single checks, proofs, and callbacks to the URL of a request: receivers are
//! registered as at the other vendors.

mod api;
mod dialect;
mod profile;
mod reasons;
mod refusal;
mod request;
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

/// A handle on the simulated Shufti. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Shufti {
    hosted: Hosted<Words>,
    client_id: Arc<str>,
}

impl Deref for Shufti {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.hosted.runtime
    }
}

impl Shufti {
    pub(crate) fn new(front: Front) -> Self {
        let client_id = front.random.word(50).into();
        Self { hosted: Hosted::new(front), client_id }
    }

    /// The client id, which is the user name of each request.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The secret key: the password of each request, and the webhook secret.
    #[must_use]
    pub fn secret_key(&self) -> String {
        self.webhook_secret()
    }

    /// Allows the account its services, or refuses them with 403. Allowed at first.
    pub fn permit(&self, permit: bool) {
        self.hosted.lock().extra.is_permitted = permit;
    }

    /// Signs as for an account from before 15 March 2023, or as for a younger one. It is a younger one at first.
    pub fn use_old_signature(&self, old: bool) {
        self.hosted.lock().extra.has_old_signature = old;
        self.front.outbox.set_algorithm(if old { signing::OLD } else { "" });
    }

    /// Applies the limit on requests, or lifts it. It applies at first.
    pub fn apply_rate_limits(&self, apply: bool) {
        self.hosted.lock().rate.set(apply);
    }

    /// The references of the sessions, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        self.hosted.lock().sessions.ids()
    }

    /// The event that says how a session is.
    #[must_use]
    pub fn status(&self, reference: &str) -> Option<String> {
        self.hosted.lock().sessions.get(reference).map(|session| session.status.clone())
    }

    /// A callback with this event, such as `request.data.changed`, about a session.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist.
    pub fn event(&self, reference: &str, event: &str) -> Result<SignedWebhook> {
        let state = self.hosted.lock();
        let unknown = || Error::Unknown { what: "session", id: reference.to_owned() };
        let session = state.sessions.get(reference).ok_or_else(unknown)?;
        let event = dialect::event(self.hosted.front(), session, event);
        Ok(self.front.outbox.sign(&event.id, event.body, self.now()))
    }
}
