//! The fields of a verification request (Shufti documentation, general parameters).

use serde_json::{Map, Value};
use url::Url;

use crate::vendors::shufti::refusal::Refusal;

/// The services that a request can switch on, by an object or an empty text.
const SERVICES: [&str; 9] = [
    "document",
    "document_two",
    "face",
    "address",
    "consent",
    "phone",
    "background_checks",
    "questionnaire",
    "enhanced_due_diligence",
];

/// The time for a verification, in minutes.
const USUAL_TTL: i64 = 60;
const LONGEST_TTL: i64 = 43_200;

/// The facts of a request that the shared machinery does not know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(super) token: String,
    pub(super) email: Option<String>,
    pub(super) country: Option<String>,
    pub(super) redirect_url: Option<String>,
    pub(super) services: Vec<&'static str>,
}

/// A valid request.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) reference: String,
    /// Minutes.
    pub(super) ttl: i64,
    pub(super) facts: Facts,
}

impl Wanted {
    pub(super) fn parse(body: &Map<String, Value>) -> Result<Self, Refusal> {
        let reference = text(body, "reference", 6..=250)?.ok_or_else(|| Refusal::missing("reference"))?;
        let country = text(body, "country", 2..=2)?;
        text(body, "language", 2..=2)?;
        text(body, "verification_mode", 1..=20)?;
        for name in ["callback_url", "redirect_url"] {
            if text(body, name, 10..=250)?.is_some_and(|url| Url::parse(&url).is_err()) {
                return Err(Refusal::value(&reference, name, "The field must be a valid URL."));
            }
        }
        let services =
            SERVICES.into_iter().filter(|name| body.get(*name).is_some_and(is_on)).collect::<Vec<_>>();
        if services.is_empty() && text(body, "journey_id", 1..=100)?.is_none() {
            return Err(Refusal::no_service(&reference));
        }
        let ttl = match body.get("ttl") {
            None | Some(Value::Null) => USUAL_TTL,
            Some(value) => value
                .as_i64()
                .filter(|ttl| (1..=LONGEST_TTL).contains(ttl))
                .ok_or_else(|| Refusal::value(&reference, "ttl", "The ttl must be from 1 to 43200."))?,
        };
        let facts = Facts {
            token: String::new(),
            email: text(body, "email", 6..=128)?,
            country,
            redirect_url: text(body, "redirect_url", 10..=250)?,
            services,
        };
        Ok(Self { reference, ttl, facts })
    }
}

/// An empty object or text switches a service on.
fn is_on(value: &Value) -> bool {
    value.is_object() || value.as_str() == Some("")
}

fn text(
    body: &Map<String, Value>,
    name: &str,
    lengths: std::ops::RangeInclusive<usize>,
) -> Result<Option<String>, Refusal> {
    let reference = body.get("reference").and_then(Value::as_str).unwrap_or_default();
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if lengths.contains(&text.chars().count()) => Ok(Some(text.clone())),
        Some(_) => {
            let range = format!("The {name} must have {} to {} characters.", lengths.start(), lengths.end());
            Err(Refusal::value(reference, name, &range))
        }
    }
}
