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

#[cfg(test)]
mod tests {
    use idv_tests::json_texts;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use serde_json::Value;

    use super::Place::{Camel, Snake, Whole};
    use super::*;

    const NAMES: &[&str] = &[
        r#""a""#,
        r#""\u0061""#,
        r#""b""#,
        r#""event_object""#,
        r#""event\u005fobject""#,
        r#""eventObject""#,
    ];

    /// The first text or number of a tree.
    fn in_tree(tree: &Value, pointers: &[&str]) -> Option<Value> {
        let mut there = pointers.iter().filter_map(|pointer| tree.pointer(pointer));
        there.find(|value| value.is_number() || value.as_str().is_some_and(|text| !text.is_empty())).cloned()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn a_webhook_says_what_a_tree_says(text in json_texts(NAMES)) {
            let event = Event::parse(text.as_bytes());
            let tree = serde_json::from_str::<Value>(&text).ok().filter(Value::is_object);
            prop_assert_eq!(event.is_some(), tree.is_some());
            let (Some(event), Some(tree)) = (event, tree) else { return Ok(()) };
            for (places, pointers) in [
                (&[Whole("a"), Whole("b")][..], &["/a", "/b"][..]),
                (&[Snake("a"), Camel("a")], &["/event_object/a", "/eventObject/a"]),
                (&[Camel("b"), Snake("a"), Whole("a")], &["/eventObject/b", "/event_object/a", "/a"]),
            ] {
                let found = event.text(places);
                match in_tree(&tree, pointers) {
                    Some(Value::Number(number)) => {
                        let found = found.and_then(|text| text.parse::<serde_json::Number>().ok());
                        prop_assert_eq!(found, Some(number), "{}", text);
                    }
                    other => prop_assert_eq!(found.as_deref(), other.as_ref().and_then(Value::as_str), "{}", text),
                }
            }
        }
    }

    #[test]
    fn depth_does_not_overflow_the_stack() {
        let deep = "[".repeat(500_000) + &"]".repeat(500_000);
        let body = format!(r#"{{"event_object":{{"a":{deep},"b":"x"}}}}"#);
        assert_eq!(Event::parse(body.as_bytes()).unwrap().text(&[Snake("a"), Snake("b")]).unwrap(), "x");
    }
}
