//! Acme's JSON.

use std::fmt;

use idv_core::Timestamp;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(crate) struct Opened {
    #[serde(default)]
    pub(crate) id: Id,
    pub(crate) url: Option<String>,
    pub(crate) token: Option<String>,
    /// The time that is left, in seconds.
    pub(crate) expires_in: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Check {
    #[serde(default)]
    pub(crate) id: Id,
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) changed: Changed,
    pub(crate) reference: Option<String>,
    /// Only a flaw looks at it: an error names nobody.
    pub(crate) error: Option<IgnoredAny>,
    /// The name of a person whom Acme approved.
    pub(crate) person: Option<Value>,
}

impl Check {
    pub(crate) fn new(id: &str, state: &str) -> Self {
        let id = Id { text: Some(id.to_owned()), is_number: false };
        Self {
            id,
            state: state.to_owned(),
            changed: Changed(None),
            reference: None,
            error: None,
            person: None,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Deletion {
    pub(crate) state: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct List {
    pub(crate) checks: Vec<Check>,
    pub(crate) next: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    #[serde(rename = "type", default)]
    pub(crate) event_type: String,
    pub(crate) check: Option<Changing>,
    pub(crate) now: Option<String>,
    #[serde(default)]
    pub(crate) at: Changed,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Changing {
    #[serde(default)]
    pub(crate) id: Id,
    pub(crate) state: Option<String>,
}

/// An id, which may be a number: it is the same as its text.
#[derive(Debug, Default)]
pub(crate) struct Id {
    pub(crate) text: Option<String>,
    pub(crate) is_number: bool,
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
        Ok(Id { text: Some(text.to_owned()), is_number: false })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id { text: Some(number.to_string()), is_number: true })
    }

    fn visit_unit<E: Error>(self) -> Result<Id, E> {
        Ok(Id::default())
    }
}

/// When a check changed, where that can be read.
#[derive(Debug, Default)]
pub(crate) struct Changed(pub(crate) Option<Timestamp>);

impl<'de> Deserialize<'de> for Changed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Told {
            Text(String),
            Other(IgnoredAny),
        }
        Ok(match Told::deserialize(deserializer)? {
            Told::Text(text) => Self(text.parse().ok()),
            Told::Other(_) => Self(None),
        })
    }
}

/// Reads as many a reader does: of two members with one name the last one counts.
#[derive(Debug, Default)]
pub(crate) struct Loose {
    id: Id,
    state: Option<String>,
    person: Option<Value>,
}

impl From<Loose> for Check {
    fn from(loose: Loose) -> Self {
        Self { id: loose.id, person: loose.person, ..Self::new("", &loose.state.unwrap_or_default()) }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a check")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        let mut loose = Loose::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "id" => loose.id = map.next_value()?,
                "state" => loose.state = map.next_value()?,
                "person" => loose.person = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(loose)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct LooseEvent {
    id: String,
    #[serde(rename = "type")]
    event_type: String,
    check: Option<Loose>,
    now: Option<String>,
    #[serde(default)]
    at: Changed,
}

impl From<LooseEvent> for Event {
    fn from(loose: LooseEvent) -> Self {
        let check = loose.check.map(|check| Changing { id: check.id, state: check.state });
        Self { id: loose.id, event_type: loose.event_type, check, now: loose.now, at: loose.at }
    }
}
