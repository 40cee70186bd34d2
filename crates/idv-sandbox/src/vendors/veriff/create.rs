//! The body of a create call (Veriff documentation, POST /v1/sessions).

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use url::Url;

use crate::signed::is_loopback;
use crate::webhooks::HOUR;

const MAX_VENDOR_DATA: usize = 1000;
const DOCUMENT_TYPES: [&str; 4] = ["ID_CARD", "PASSPORT", "DRIVERS_LICENSE", "RESIDENCE_PERMIT"];

/// The reason why a body is refused: the code and the text.
pub(crate) type Invalid = (&'static str, &'static str);

/// A valid create call.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) callback: Option<String>,
    pub(crate) vendor_data: Option<String>,
    pub(crate) end_user_id: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) document_type: Option<String>,
    pub(crate) document_country: Option<String>,
}

impl Wanted {
    pub(crate) fn parse(body: &[u8], loopback_callbacks: bool, now: i64) -> Result<Self, Invalid> {
        let body: Value = serde_json::from_slice(body).map_err(|_| INVALID)?;
        let wanted = body.get("verification").filter(|value| !value.is_null());
        let wanted =
            wanted.ok_or(("1102", "Mandatory parameters are missing from the request: verification"))?;
        let wanted = wanted.as_object().ok_or(INVALID)?;
        let (person, document) = (object(wanted, "person")?, object(wanted, "document")?);
        let parsed = Self {
            callback: text(wanted, "callback")?,
            vendor_data: vendor_data(wanted)?,
            end_user_id: text(wanted, "endUserId")?,
            first_name: text(&person, "firstName")?,
            last_name: text(&person, "lastName")?,
            document_type: text(&document, "type")?,
            document_country: text(&document, "country")?,
        };
        parsed.check(loopback_callbacks)?;
        birth_date(&person)?;
        old_extras(wanted, now)?;
        consents(wanted)?;
        Ok(parsed)
    }

    fn check(&self, loopback_callbacks: bool) -> Result<(), Invalid> {
        if self.callback.as_ref().is_some_and(|url| !is_callback(url, loopback_callbacks)) {
            return Err(("1302", "Only HTTPS return URLs are allowed"));
        }
        if self.end_user_id.as_ref().is_some_and(|id| uuid::Uuid::try_parse(id).is_err()) {
            return Err(("1104", "endUserId must be a UUID"));
        }
        if self.document_type.as_ref().is_some_and(|kind| !DOCUMENT_TYPES.contains(&kind.as_str())) {
            return Err(("1104", "document.type is not supported"));
        }
        let alpha_2 =
            |country: &String| country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        match &self.document_country {
            Some(country) if !alpha_2(country) => Err(("1104", "document.country must have two letters")),
            _ => Ok(()),
        }
    }
}

const INVALID: Invalid = ("1104", "Request contains invalid parameters");

fn present<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

fn text(object: &Map<String, Value>, name: &str) -> Result<Option<String>, Invalid> {
    match present(object, name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(INVALID),
    }
}

/// An object that may be left out.
fn object(body: &Map<String, Value>, name: &str) -> Result<Map<String, Value>, Invalid> {
    match present(body, name) {
        None => Ok(Map::new()),
        Some(value) => value.as_object().cloned().ok_or(INVALID),
    }
}

fn vendor_data(body: &Map<String, Value>) -> Result<Option<String>, Invalid> {
    let value = text(body, "vendorData").map_err(|_| ("1501", "vendorData must be a string"))?;
    match value {
        Some(value) if value.chars().count() > MAX_VENDOR_DATA => {
            Err(("1500", "vendorData has more than 1000 characters"))
        }
        value => Ok(value),
    }
}

fn birth_date(person: &Map<String, Value>) -> Result<(), Invalid> {
    match text(person, "dateOfBirth")? {
        Some(date) if date.parse::<Date>().is_err() => Err(("1203", "Invalid date: dateOfBirth")),
        _ => Ok(()),
    }
}

/// The fields that older clients send: `timestamp` of the last hour, and `features`.
fn old_extras(body: &Map<String, Value>, now: i64) -> Result<(), Invalid> {
    if let Some(timestamp) = text(body, "timestamp")? {
        let instant: Timestamp = timestamp.parse().map_err(|_| ("1201", "Invalid timestamp"))?;
        if now.saturating_sub(instant.as_millisecond()) > HOUR {
            return Err(("1202", "The timestamp is older than an hour"));
        }
    }
    match present(body, "features") {
        Some(Value::Array(features)) if features.iter().all(Value::is_string) => Ok(()),
        None => Ok(()),
        Some(_) => Err(("1301", "features must be a list of names")),
    }
}

fn consents(body: &Map<String, Value>) -> Result<(), Invalid> {
    let approved = |consent: &Value| consent.get("approved") == Some(&Value::Bool(true));
    match present(body, "consents") {
        None => Ok(()),
        Some(Value::Array(consents)) if consents.iter().all(approved) => Ok(()),
        Some(_) => Err(("1104", "consents must be approved")),
    }
}

fn is_callback(value: &str, loopback_callbacks: bool) -> bool {
    let Ok(url) = Url::parse(value) else { return false };
    url.has_host()
        && (url.scheme() == "https" || (loopback_callbacks && url.scheme() == "http" && is_loopback(&url)))
}
