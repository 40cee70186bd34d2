//! The fields of a create call (Plaid's OpenAPI document, `IdentityVerificationCreateRequest`).

use serde_json::{Map, Value};

use crate::vendors::plaid::refusal::Refusal;

const FIELDS: [&str; 9] = [
    "client_id",
    "secret",
    "is_shareable",
    "template_id",
    "gave_consent",
    "client_user_id",
    "user_id",
    "is_idempotent",
    "user",
];
const USER: [&str; 6] = ["email_address", "phone_number", "date_of_birth", "name", "address", "id_number"];

/// A valid create call.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) template: String,
    pub(super) reference: String,
    pub(super) is_shareable: bool,
    pub(super) is_idempotent: bool,
    pub(super) user: Value,
}

impl Wanted {
    pub(super) fn parse(body: &Map<String, Value>) -> Result<Self, Refusal> {
        known(body, &FIELDS)?;
        let user = body.get("user").cloned().unwrap_or(Value::Null);
        if let Some(user) = user.as_object() {
            known(user, &USER)?;
            check_name(user)?;
        }
        // All three are required, though only one of them says anything.
        let (is_shareable, _) = (flag(body, "is_shareable")?, flag(body, "gave_consent")?);
        let is_idempotent = body.get("is_idempotent").is_some_and(|flag| flag == true);
        Ok(Self {
            template: text(body, "template_id")?,
            reference: text(body, "client_user_id")?,
            is_shareable,
            is_idempotent,
            user,
        })
    }
}

/// Refuses a field that the document does not list.
pub(super) fn known(body: &Map<String, Value>, fields: &[&str]) -> Result<(), Refusal> {
    match body.keys().find(|name| !fields.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Refusal::request(
            "UNKNOWN_FIELDS",
            format!("the following fields are not recognized by this endpoint: {name}"),
        )),
    }
}

pub(super) fn text(body: &Map<String, Value>, name: &str) -> Result<String, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Err(missing(name)),
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(_) => Err(Refusal::request("INVALID_FIELD", format!("{name} must be a non-empty string"))),
    }
}

fn flag(body: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Err(missing(name)),
        Some(value) => value
            .as_bool()
            .ok_or_else(|| Refusal::request("INVALID_FIELD", format!("{name} must be a boolean"))),
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::request("MISSING_FIELDS", format!("the following required fields are missing: {name}"))
}

/// A name is whole or not given.
fn check_name(user: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(name) = user.get("name").and_then(Value::as_object) else { return Ok(()) };
    text(name, "given_name").and_then(|_| text(name, "family_name")).map(drop)
}
