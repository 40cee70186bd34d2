//! The fields of a start (iDenfy documentation, generate a token).

use serde_json::{Map, Value, json};
use url::Url;

use crate::vendors::idenfy::refusal::Refusal;
use crate::vendors::idenfy::session::Facts;

/// The longest life of a token, and the usual one, in seconds.
const LONGEST_EXPIRY: i64 = 2_592_000;
const USUAL_EXPIRY: i64 = 3600;

/// The text fields with the most characters of each.
const TEXTS: [(&str, usize); 14] = [
    ("clientId", 100),
    ("externalRef", 40),
    ("firstName", 100),
    ("lastName", 100),
    ("dateOfBirth", 10),
    ("sex", 1),
    ("nationality", 2),
    ("personalNumber", 50),
    ("documentNumber", 50),
    ("locale", 7),
    ("successUrl", 2048),
    ("errorUrl", 2048),
    ("unverifiedUrl", 2048),
    ("callbackUrl", 2048),
];

/// A valid start.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) client_id: String,
    /// Seconds.
    pub(super) expiry: i64,
    pub(super) facts: Facts,
}

impl Wanted {
    pub(super) fn parse(body: &Map<String, Value>) -> Result<Self, Refusal> {
        let mut echo = Map::new();
        for (name, longest) in TEXTS {
            let text = text(body, name, longest)?;
            let is_name = matches!(name, "firstName" | "lastName");
            echo.insert(
                name.to_owned(),
                json!(text.map(|text| if is_name { text.to_uppercase() } else { text })),
            );
        }
        let told = |name: &str| echo.get(name).and_then(Value::as_str).map(str::to_owned);
        let client_id = told("clientId").ok_or_else(|| Refusal::missing("clientId"))?;
        if !client_id.is_ascii() {
            return Err(Refusal::value("Field 'clientId' must have ASCII characters only."));
        }
        for name in ["firstName", "lastName"] {
            let is_letter = |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '\'' | '.');
            if told(name).is_some_and(|told| !told.chars().all(is_letter)) {
                return Err(Refusal::value(format!("Field '{name}' must have letters only.")));
            }
        }
        for name in ["successUrl", "errorUrl", "unverifiedUrl", "callbackUrl"] {
            if told(name).is_some_and(|told| told.len() < 5 || Url::parse(&told).is_err()) {
                return Err(Refusal::value(format!("Field '{name}' must be a valid URL.")));
            }
        }
        let facts = Facts {
            auth_token: String::new(),
            external_ref: told("externalRef"),
            success_url: told("successUrl"),
            error_url: told("errorUrl"),
            unverified_url: told("unverifiedUrl"),
            echo: Map::new(),
        };
        let kind = token_type(body)?;
        let expiry = number(body, "expiryTime", 0..=LONGEST_EXPIRY, USUAL_EXPIRY)?;
        echo.insert("sessionLength".to_owned(), json!(number(body, "sessionLength", 60..=3600, 600)?));
        echo.insert("expiryTime".to_owned(), json!(expiry));
        echo.insert("tokenType".to_owned(), json!(kind));
        echo.insert("country".to_owned(), body.get("country").cloned().unwrap_or(Value::Null));
        Ok(Self { client_id, expiry, facts: Facts { echo, ..facts } })
    }
}

fn text(body: &Map<String, Value>, name: &str, longest: usize) -> Result<Option<String>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() || text.chars().count() > longest => {
            Err(Refusal::value(format!("Field '{name}' must have 1 to {longest} characters.")))
        }
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::value(format!("Field '{name}' must be a string."))),
    }
}

fn number(
    body: &Map<String, Value>,
    name: &str,
    range: std::ops::RangeInclusive<i64>,
    usual: i64,
) -> Result<i64, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(usual),
        Some(value) => value.as_i64().filter(|number| range.contains(number)).ok_or_else(|| {
            Refusal::value(format!("Field '{name}' must be from {} to {}.", range.start(), range.end()))
        }),
    }
}

/// The pages contradict each other on whether it is required; the specification says so.
fn token_type(body: &Map<String, Value>) -> Result<String, Refusal> {
    match text(body, "tokenType", 40)?.as_deref() {
        None => Err(Refusal::missing("tokenType")),
        Some(kind @ ("IDENTIFICATION" | "DOCUMENT")) => Ok(kind.to_owned()),
        Some(_) => Err(Refusal::value("Field 'tokenType' must be IDENTIFICATION or DOCUMENT.")),
    }
}
