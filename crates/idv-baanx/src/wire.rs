//! Baanx's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
pub(crate) struct Event(Value);

impl Event {
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().map(Self)
    }

    /// The text or number at the first of these places that has one. A place is a path of names such as `/a/b`.
    pub(crate) fn text(&self, places: &[&str]) -> Option<Cow<'_, str>> {
        places.iter().find_map(|place| {
            match place.split('/').skip(1).try_fold(&self.0, |value, name| value.get(name))? {
                Value::String(text) if !text.is_empty() => Some(Cow::Borrowed(text.as_str())),
                Value::Number(number) => Some(Cow::Owned(number.to_string())),
                _ => None,
            }
        })
    }
}
