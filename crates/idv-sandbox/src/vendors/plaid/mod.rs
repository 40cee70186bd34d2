//! Plaid Identity Verification: two keys on every call, one session for each user and template, lists with a cursor, and
//! webhooks that tell no status.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `find`, `retry`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 1 min, 10 min and 1 h, which is a choice of the
//! simulation; a 2xx within 10 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - it stands for Plaid's sandbox; checks come in the order body, keys, fields, and nothing limits requests;
//! - every template exists, and sends each submission to review;
//! - a second session of a user under one template is refused with 400, unless the call is idempotent: then the newest one is
//!   given again, whatever became of it;
//! - a page of a list has ten sessions; a retry is refused while the session before is active;
//! - the webhook secret is the private key of the tokens, and `/webhook_verification_key/get` tells its public half; a
//!   rotation replaces it at once;
//! - leaving changes nothing, and no act leads the browser elsewhere.
//!
//! Not simulated: steps one by one, the parts that tell what was verified, shared users, and magic user data.

mod api;
mod create;
mod dialect;
mod profile;
mod record;
mod refusal;
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

/// A handle on the simulated Plaid Identity Verification. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Plaid {
    hosted: Hosted<Words>,
    keys: Arc<Keys>,
}

#[derive(Debug)]
struct Keys {
    client_id: String,
    secret: String,
    template_id: String,
}

impl Deref for Plaid {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.hosted.runtime
    }
}

impl Plaid {
    pub(crate) fn new(front: Front) -> Self {
        let keys = Keys {
            client_id: front.random.hex(24),
            secret: front.random.hex(30),
            template_id: format!("idvtmp_{}", front.random.word(14)),
        };
        Self { hosted: Hosted::new(front), keys: Arc::new(keys) }
    }

    /// The client id, the value of `PLAID-CLIENT-ID`.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.keys.client_id
    }

    /// The secret, the value of `PLAID-SECRET`.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.keys.secret
    }

    /// The id of a template. Any other text is one too.
    #[must_use]
    pub fn template_id(&self) -> &str {
        &self.keys.template_id
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

    /// A webhook with this code, such as `STEP_UPDATED`, about a session.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist.
    pub fn event(&self, id: &str, code: &str) -> Result<SignedWebhook> {
        let state = self.hosted.lock();
        let session =
            state.sessions.get(id).ok_or_else(|| Error::Unknown { what: "session", id: id.to_owned() })?;
        let event = dialect::event(session, code);
        Ok(self.front.outbox.sign(&event.id, event.body, self.now()))
    }
}
