//! Baanx's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use idv_core::Result;
use idv_http::json::{self, Found, JsonError, Object, Value};
use serde::Serialize;

/// The answer of both calls that open a session (docs.baanx.com, "Start User Verification").
pub(crate) struct Session<'a> {
    pub(crate) url: Cow<'a, str>,
}

impl<'a> Session<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        Ok(Self { url: Object::parse_only(text, &["sessionUrl"])?.required_text("sessionUrl")? })
    }
}

/// What is kept of a user (docs.baanx.com, "Get user" and "Get onboarding status"). The answer holds the whole profile, of
/// which the rest is never stored. Only the state has to have its documented form: what stands beside it must not hide it.
/// The call names no user, so an answer without an id is about the owner of the credential.
pub(crate) struct User<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) state: Cow<'a, str>,
}

impl<'a> User<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let object = Object::parse_only(text, &["id", "verificationState", "object", "error", "errors"])?;
        object.refuse_error_envelope()?;
        Ok(Self { id: object.word("id").given(), state: object.required_text("verificationState")? })
    }
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
    whole: Object<'a>,
    snake: Option<Object<'a>>,
    camel: Option<Object<'a>>,
}

impl<'a> Event<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, JsonError> {
        let whole = Object::of_body(body)?;
        let (snake, camel) = (whole.object("event_object").given(), whole.object("eventObject").given());
        Ok(Self { whole, snake, camel })
    }

    /// What every one of these places says that says anything: a text or number, and the same for all of them in the eyes of
    /// `same`. A place that cannot be read makes all of them unreadable.
    pub(crate) fn fact(&self, places: &[Place], same: impl Fn(&str, &str) -> bool) -> Found<Cow<'a, str>> {
        json::agreed(places.iter().map(|place| (place.name(), self.word(*place))), same)
    }

    /// What the status was changed to, where the event lists its changes as `{field: [before, after]}` (docs.baanx.com, guide
    /// "Webhooks: KYC events").
    fn changed_status(&self, name: &str) -> Found<Cow<'a, str>> {
        let Some(changes) = self.whole.object(name).given() else { return Found::Absent };
        let list = changes.get("status").and_then(|value| value.list("status"));
        let after = list.given().and_then(|list| list.into_iter().nth(1));
        after.map_or(Found::Absent, |value| value.word("status"))
    }

    fn word(&self, place: Place) -> Found<Cow<'a, str>> {
        let object = match place {
            Place::Change(name) => return self.changed_status(name),
            Place::Whole(_) => Some(&self.whole),
            Place::Snake(_) => self.snake.as_ref(),
            Place::Camel(_) => self.camel.as_ref(),
        };
        let value: Found<Value<'a>> = object.map_or(Found::Absent, |object| object.get(place.name()));
        value.and_then(|value| value.word(place.name())).filter(|text| !text.is_empty())
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
    /// What the status was changed to, by this member of the whole.
    Change(&'static str),
}

impl Place {
    const fn name(self) -> &'static str {
        match self {
            Self::Whole(name) | Self::Snake(name) | Self::Camel(name) | Self::Change(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place::{Camel, Snake, Whole};
    use super::*;

    const PLACES: &[Place] = &[Snake("a"), Camel("a"), Whole("a")];

    fn fact(body: &str) -> Found<String> {
        let event = Event::parse(body.as_bytes()).unwrap();
        event.fact(PLACES, str::eq_ignore_ascii_case).and_then(|word| Found::Given(word.into_owned()))
    }

    #[test]
    fn places_that_say_nothing_do_not_count() {
        for body in [
            r#"{"event_object":{"a":"x"},"a":null}"#,
            r#"{"event_object":{"a":""},"eventObject":{"a":"x"}}"#,
            r#"{"event_object":[],"a":"x"}"#,
            r#"{"event_object":{"a":"x"},"eventObject":{"a":"X"},"a":"x"}"#,
        ] {
            assert_eq!(fact(body), Found::Given("x".to_owned()), "{body}");
        }
        assert_eq!(fact(r#"{"a":7}"#), Found::Given("7".to_owned()));
        assert_eq!(fact("{}"), Found::Absent);
    }

    #[test]
    fn places_that_disagree_or_cannot_be_read_say_nothing() {
        for body in [
            r#"{"event_object":{"a":"x"},"a":"y"}"#,
            r#"{"a":"y","event_object":{"a":"x"}}"#,
            r#"{"a":"x","a":"x"}"#,
            r#"{"a":["x"],"event_object":{"a":"x"}}"#,
            r#"{"a":"\ud83d"}"#,
        ] {
            assert!(matches!(fact(body), Found::Unreadable(_)), "{body}");
        }
    }

    #[test]
    fn depth_does_not_overflow_the_stack() {
        let deep = "[".repeat(500_000) + &"]".repeat(500_000);
        assert_eq!(
            fact(&format!(r#"{{"event_object":{{"b":{deep},"a":"x"}}}}"#)),
            Found::Given("x".to_owned())
        );
    }
}
