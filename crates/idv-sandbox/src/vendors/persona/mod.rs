//! Persona inquiries: links that open once, three spellings of names, stored failures, and inquiries that expire and come
//! back to life.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `find`, `link`, `resume`, `expire`, `redact`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 3, 66, 731, 4098, 15627, 46658 and 117651 s (Persona
//! documentation, webhook best practices); a 2xx within 5 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - checks come in the order key, permission, limits, version, idempotency key, fields; members that no page lists are
//!   ignored;
//! - without `Key-Inflection` the names of an answer are in camel case, and those of webhooks have dashes;
//! - every template id with the right beginning exists;
//! - an idempotency key that comes back with other parameters is answered 409;
//! - opening leaves an inquiry `created`; leaving makes it `pending`, and ends the page, and the browser stays where it is;
//! - a link for an inquiry that is neither created nor pending is refused with 409, and so is an expiry; one that is expired
//!   already stays so;
//! - a resumption beyond the 25th inquiry session is refused with 409;
//! - sparse fields cut relationships as they cut attributes;
//! - `void` expires, as there is no word for a withdrawal; an undocumented word sends `inquiry.transitioned`.
//!
//! Not simulated: templates, accounts and reports of their own, the expiry that counts from the start, the headers that
//! count webhook attempts, and the delay of a redaction.

mod api;
mod create;
mod dialect;
mod idempotency;
mod inquiry;
mod pages;
mod profile;
mod record;
mod refusal;
mod signing;
mod spelling;
mod vendor;

use std::ops::Deref;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;
use crate::vendors::hosted::Hosted;

pub use spelling::PersonaInflection;
pub(crate) use vendor::REGISTRATION;

use dialect::Words;

/// A handle on the simulated Persona. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Persona {
    hosted: Hosted<Words>,
    keys: Arc<Keys>,
}

#[derive(Debug)]
struct Keys {
    api_key: String,
    template_id: String,
}

impl Deref for Persona {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.hosted.runtime
    }
}

impl Persona {
    pub(crate) fn new(front: Front) -> Self {
        let api_key = format!("persona_sandbox_{}", front.random.uuid());
        let template_id = format!("itmpl_{}", front.random.word(24));
        Self { hosted: Hosted::new(front), keys: Arc::new(Keys { api_key, template_id }) }
    }

    /// The base URL of the API, `http://127.0.0.1:PORT/api/v1`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/api/v1", self.base_url())
    }

    /// The API key, `persona_sandbox_…`.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.keys.api_key
    }

    /// The id of a template, `itmpl_…`. Any other of this form exists too.
    #[must_use]
    pub fn template_id(&self) -> &str {
        &self.keys.template_id
    }

    /// Gives the key the permissions for inquiries, or takes them away. It has them at first.
    pub fn permit(&self, permit: bool) {
        self.hosted.lock().extra.is_permitted = permit;
    }

    /// Applies the limits of 300 requests and 150 creations a minute, or lifts them. They apply at first.
    pub fn apply_rate_limits(&self, apply: bool) {
        self.hosted.lock().rate.set(apply);
    }

    /// Lets this many creations fail with 500. Such an answer is stored under its idempotency key like any other.
    pub fn break_next_starts(&self, count: u32) {
        self.hosted.lock().extra.broken_starts = count;
    }

    /// The spelling of names in answers to requests without `Key-Inflection`.
    pub fn set_inflection(&self, inflection: PersonaInflection) {
        self.hosted.lock().extra.inflection = inflection;
    }

    /// The spelling of names in webhooks, which have a setting of their own.
    pub fn set_webhook_inflection(&self, inflection: PersonaInflection) {
        self.hosted.lock().extra.webhook_inflection = inflection;
    }

    /// Leaves these attributes out of webhooks, named with dashes, such as `status`.
    pub fn block_webhook_attributes(&self, names: &[&str]) {
        self.hosted.lock().extra.blocked = names.iter().map(|name| (*name).to_owned()).collect();
    }

    /// The ids of the inquiries, oldest first.
    #[must_use]
    pub fn inquiries(&self) -> Vec<String> {
        self.hosted.lock().sessions.ids()
    }

    /// The status of an inquiry.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.hosted.lock().sessions.get(id).map(|inquiry| inquiry.status.clone())
    }

    /// An event of this name, such as `inquiry.approved`, about the current state of an inquiry.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the inquiry does not exist.
    pub fn event(&self, id: &str, name: &str) -> Result<SignedWebhook> {
        let state = self.hosted.lock();
        let inquiry =
            state.sessions.get(id).ok_or_else(|| Error::Unknown { what: "inquiry", id: id.to_owned() })?;
        let event = dialect::event(&state.extra, self.hosted.front(), inquiry, name, self.now());
        Ok(self.front.outbox.sign(&event.id, event.body, self.now()))
    }
}
