//! Baanx's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::members::Members;

/// The answer of both calls that open a session (docs.baanx.com, "Start User Verification").
#[derive(Deserialize)]
pub(crate) struct Session {
    #[serde(rename = "sessionUrl")]
    pub(crate) url: String,
}

/// What is kept of a user (docs.baanx.com, "Get user" and "Get onboarding status"). The answer holds the whole profile;
/// what has no field here is never stored. Only the state has to have its documented form: what stands beside it must not
/// hide it.
#[derive(Deserialize)]
pub(crate) struct User {
    pub(crate) id: Option<Value>,
    #[serde(rename = "verificationState")]
    pub(crate) state: String,
}

/// The body that opens a session of a registration (docs.baanx.com, "Generate KYC Verification Session").
#[derive(Serialize)]
pub(crate) struct Onboarding<'a> {
    #[serde(rename = "onboardingId")]
    pub(crate) id: &'a str,
}

/// A webhook. It stays open, because the documentation has two shapes and several spellings: the webhooks guide writes
/// snake_case, its delivery logs camelCase, and "Start User Verification" shows a flat object of its own.
pub(crate) struct Event<'a> {
    whole: Members<'a>,
    snake: Option<Members<'a>>,
    camel: Option<Members<'a>>,
}

impl<'a> Event<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let whole = Members::read(body)?;
        let object = |name: &str| whole.get(name)?.members();
        let (snake, camel) = (object("event_object"), object("eventObject"));
        Some(Self { whole, snake, camel })
    }

    /// The text or number at the first of these places that has one.
    pub(crate) fn text(&self, places: &[Place]) -> Option<Cow<'a, str>> {
        places.iter().find_map(|place| {
            let value = match *place {
                Place::Whole(name) => self.whole.get(name)?,
                Place::Snake(name) => self.snake.as_ref()?.get(name)?,
                Place::Camel(name) => self.camel.as_ref()?.get(name)?,
            };
            value.number().map(Cow::Borrowed).or_else(|| value.text().filter(|text| !text.is_empty()))
        })
    }
}

/// Where a fact can stand in a webhook.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// A member of the whole.
    Whole(&'static str),
    /// A member of its `event_object`.
    Snake(&'static str),
    /// A member of its `eventObject`.
    Camel(&'static str),
}
