//! The fields of a create call (Persona documentation, create an inquiry).

use serde_json::{Map, Value};
use url::Url;

use crate::vendors::persona::refusal::Refusal;
use crate::webhooks::{HOUR, SECOND};

/// The members that can name a template, exactly one of which is given.
const TEMPLATES: [(&str, &str); 3] =
    [("inquiry-template-id", "itmpl_"), ("inquiry-template-version-id", "itmplv_"), ("template-id", "tmpl_")];

/// The time that an inquiry has from its creation, and anew from being resumed.
const LIFETIME: i64 = 24 * HOUR;

/// A valid create call.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) template: (&'static str, String),
    pub(super) reference: Option<String>,
    pub(super) account: Option<String>,
    pub(super) redirect: Option<String>,
    pub(super) fields: Map<String, Value>,
    pub(super) note: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) has_account: bool,
    pub(super) with_session: bool,
    pub(super) with_link: bool,
    pub(super) lives_for: i64,
    pub(super) resumed_for: i64,
}

impl Wanted {
    /// Reads a body whose names have dashes. Unknown members are ignored, as Persona does: a link that is asked for in
    /// the wrong place is not given.
    pub(super) fn parse(body: &Map<String, Value>) -> Result<Self, Refusal> {
        let data = body.get("data").and_then(|data| data.get("attributes")).and_then(Value::as_object);
        let data = data.ok_or_else(|| Refusal::bad("data.attributes is missing"))?;
        let empty = Map::new();
        let meta = body.get("meta").and_then(Value::as_object).unwrap_or(&empty);
        let has_account = flag(meta, "auto-create-account")?.unwrap_or(true);
        let of_account = text(meta, "auto-create-account-reference-id")?;
        if !has_account && of_account.is_some() {
            return Err(Refusal::bad("meta.auto-create-account must not be false"));
        }
        let (reference, account) = (text(data, "reference-id")?, text(data, "account-id")?);
        if reference.is_some() && account.is_some() {
            return Err(Refusal::bad("data.attributes has both reference-id and account-id"));
        }
        let wanted = Self {
            template: template(data)?,
            reference: reference.or(of_account),
            account,
            redirect: text(data, "redirect-uri")?,
            fields: fields(data)?,
            note: text(data, "note")?,
            tags: tags(data),
            has_account,
            with_session: flag(meta, "auto-create-inquiry-session")?.unwrap_or(false),
            with_link: flag(meta, "auto-create-one-time-link")?.unwrap_or(false),
            lives_for: seconds(meta, "expiration-after-create-interval-seconds")?,
            resumed_for: seconds(meta, "expiration-after-resume-interval-seconds")?,
        };
        match &wanted.redirect {
            Some(url) if Url::parse(url).is_err() => {
                Err(Refusal::bad("data.attributes.redirect-uri is not a valid URI"))
            }
            _ => Ok(wanted),
        }
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::bad(format!("{name} is not a string"))),
    }
}

fn flag(members: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Refusal::bad(format!("{name} is not a boolean"))),
    }
}

/// Milliseconds; a day where the member is missing.
fn seconds(members: &Map<String, Value>, name: &str) -> Result<i64, Refusal> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(LIFETIME),
        Some(value) => match value.as_i64() {
            Some(seconds) if seconds > 0 => Ok(seconds.saturating_mul(SECOND)),
            _ => Err(Refusal::bad(format!("{name} is not a positive number"))),
        },
    }
}

fn template(data: &Map<String, Value>) -> Result<(&'static str, String), Refusal> {
    let mut found = Vec::new();
    for (name, prefix) in TEMPLATES {
        if let Some(id) = text(data, name)? {
            if !id.starts_with(prefix) {
                return Err(Refusal::not_found());
            }
            found.push((name, id));
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Refusal::bad("data.attributes.inquiry-template-id is missing")),
        (Some(_), false) => Err(Refusal::bad("data.attributes names more than one template")),
    }
}

/// The prefilled fields, as plain texts or as objects with a `value`.
fn fields(data: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let Some(given) = data.get("fields").filter(|given| !given.is_null()) else { return Ok(Map::new()) };
    let given = given.as_object().ok_or_else(|| Refusal::bad("data.attributes.fields is not an object"))?;
    let plain = |value: &Value| value.get("value").unwrap_or(value).clone();
    Ok(given.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
}

fn tags(data: &Map<String, Value>) -> Vec<String> {
    let tags = data.get("tags").and_then(Value::as_array).into_iter().flatten();
    tags.filter_map(Value::as_str).map(str::to_owned).collect()
}
