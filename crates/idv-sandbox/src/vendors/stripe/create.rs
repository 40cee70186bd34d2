//! The fields of a create call (Stripe documentation, create a VerificationSession).

use serde_json::{Map, Value, json};
use url::Url;

use crate::vendors::stripe::form::Form;
use crate::vendors::stripe::refusal::Refusal;

/// The fields that a create call takes, each with the inner names that it has.
const FIELDS: &[(&str, &[&str])] = &[
    ("type", &[]),
    ("verification_flow", &[]),
    ("return_url", &[]),
    ("client_reference_id", &[]),
    ("metadata", &["*"]),
    ("options", &["document"]),
    ("provided_details", &["email", "phone"]),
    ("related_customer", &[]),
    ("related_customer_account", &[]),
    ("related_person", &["account", "person"]),
    ("expand", &["*"]),
];
const DOCUMENT: [&str; 4] =
    ["allowed_types", "require_id_number", "require_live_capture", "require_matching_selfie"];
const TYPES: [&str; 2] = ["document", "id_number"];
const DOCUMENTS: [&str; 3] = ["driving_license", "id_card", "passport"];

/// The most entries of metadata, and the longest key and value (Stripe documentation, metadata).
const METADATA: (usize, usize, usize) = (50, 40, 500);

/// A valid create call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) kind: String,
    pub(crate) flow: Option<String>,
    pub(crate) return_url: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) options: Map<String, Value>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

impl Wanted {
    pub(crate) fn parse(form: &Form) -> Result<Self, Refusal> {
        known(form)?;
        let text = |path: &[&str]| form.text(path).map(str::to_owned);
        let (flow, kind) = (text(&["verification_flow"]), text(&["type"]));
        let wanted = Self {
            kind: checked_kind(kind, flow.is_some())?,
            flow,
            return_url: text(&["return_url"]),
            reference: text(&["client_reference_id"]),
            metadata: metadata(form)?,
            options: options(form)?,
            email: text(&["provided_details", "email"]),
            phone: text(&["provided_details", "phone"]),
        };
        match &wanted.return_url {
            Some(url) if !is_url(url) => Err(Refusal::field("url_invalid", "return_url", "Not a valid URL")),
            _ => Ok(wanted),
        }
    }

    /// Takes over the fields of an update. The return URL and the reference stay as they are (Stripe documentation, update a
    /// VerificationSession).
    pub(crate) fn update(&mut self, form: &Form) -> Result<(), Refusal> {
        for name in ["return_url", "client_reference_id", "verification_flow"] {
            if form.paths().any(|path| path.first().is_some_and(|first| first == name)) {
                return Err(unknown(name));
            }
        }
        known(form)?;
        self.metadata.extend(metadata(form)?);
        let options = options(form)?;
        if !options.is_empty() {
            self.options = options;
        }
        if let Some(kind) = form.text(&["type"]) {
            self.kind = checked_kind(Some(kind.to_owned()), false)?;
        }
        Ok(())
    }
}

fn unknown(name: &str) -> Refusal {
    Refusal::field("parameter_unknown", name, format!("Received unknown parameter: {name}"))
}

/// Refuses a field that no page lists.
fn known(form: &Form) -> Result<(), Refusal> {
    for path in form.paths() {
        let name = || {
            let (first, rest) =
                path.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
            rest.iter().fold(first.to_owned(), |name, part| format!("{name}[{part}]"))
        };
        let inner = path.first().and_then(|first| FIELDS.iter().find(|(known, _)| known == first));
        let (_, inner) = inner.ok_or_else(|| unknown(&name()))?;
        let fits = match path.get(1) {
            None => inner.is_empty(),
            Some(second) => inner.contains(&"*") || inner.contains(&second.as_str()),
        };
        let is_document = path.first().is_some_and(|first| first == "options");
        let is_option = || path.get(2).is_some_and(|third| DOCUMENT.contains(&third.as_str()));
        if !fits || (is_document && !is_option()) {
            return Err(unknown(&name()));
        }
    }
    Ok(())
}

fn checked_kind(kind: Option<String>, has_flow: bool) -> Result<String, Refusal> {
    match kind {
        None if has_flow => Ok("verification_flow".to_owned()),
        None => Err(Refusal::field("parameter_missing", "type", "Missing required param: type.")),
        Some(_) if has_flow => {
            Err(Refusal::field("parameter_invalid", "type", "Give either type or verification_flow."))
        }
        Some(kind) if TYPES.contains(&kind.as_str()) => Ok(kind),
        Some(_) => Err(Refusal::field(
            "parameter_invalid",
            "type",
            "Invalid type: must be one of document or id_number",
        )),
    }
}

fn metadata(form: &Form) -> Result<Map<String, Value>, Refusal> {
    let (entries, longest_key, longest_value) = METADATA;
    let mut metadata = Map::new();
    for (path, value) in form.below("metadata") {
        let key = path.first().map(String::as_str).unwrap_or_default();
        if key.is_empty() || key.len() > longest_key || value.len() > longest_value {
            return Err(Refusal::field("parameter_invalid", "metadata", "Invalid metadata"));
        }
        metadata.insert(key.to_owned(), json!(value));
    }
    match metadata.len() > entries {
        true => Err(Refusal::field("parameter_invalid", "metadata", "Metadata can have up to 50 keys")),
        false => Ok(metadata),
    }
}

fn options(form: &Form) -> Result<Map<String, Value>, Refusal> {
    let mut document = Map::new();
    for name in &DOCUMENT[1..] {
        let param = || format!("options[document][{name}]");
        match form.text(&["options", "document", name]) {
            None => {}
            Some(flag @ ("true" | "false")) => {
                drop(document.insert((*name).to_owned(), json!(flag == "true")))
            }
            Some(_) => {
                return Err(Refusal::field("parameter_invalid", param(), "Invalid boolean"));
            }
        }
    }
    let allowed = form.list(&["options", "document", "allowed_types"]);
    if allowed.iter().any(|kind| !DOCUMENTS.contains(kind)) {
        let param = "options[document][allowed_types]";
        return Err(Refusal::field("parameter_invalid", param, "Invalid document type"));
    }
    if !allowed.is_empty() {
        document.insert("allowed_types".to_owned(), json!(allowed));
    }
    Ok(match document.is_empty() {
        true => Map::new(),
        false => [("document".to_owned(), Value::Object(document))].into_iter().collect(),
    })
}

fn is_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A body as Stripe's own clients send it.
    const BODY: &str = "type=document&client_reference_id=user+7%2F%C3%A9&metadata%5Buser_id%5D=user-7&\
        return_url=https%3A%2F%2Fapp.example%2Fback%3Fref%3D7&options%5Bdocument%5D%5Brequire_matching_selfie%5D=true&\
        options%5Bdocument%5D%5Ballowed_types%5D%5B%5D=passport&options%5Bdocument%5D%5Ballowed_types%5D%5B%5D=id_card";

    fn parse(body: &str) -> Result<Wanted, Value> {
        let refused = |refusal: Refusal| json!(format!("{refusal:?}"));
        Wanted::parse(&Form::parse(body.as_bytes())).map_err(refused)
    }

    #[test]
    fn a_nested_body_is_read() {
        let wanted = parse(BODY).unwrap();
        assert_eq!((wanted.kind.as_str(), wanted.reference.as_deref()), ("document", Some("user 7/é")));
        assert_eq!(wanted.return_url.as_deref(), Some("https://app.example/back?ref=7"));
        assert_eq!(Value::Object(wanted.metadata), json!({ "user_id": "user-7" }));
        let document = json!({ "require_matching_selfie": true, "allowed_types": ["passport", "id_card"] });
        assert_eq!(Value::Object(wanted.options), json!({ "document": document }));
    }

    #[test]
    fn what_no_page_lists_is_refused() {
        for (body, told) in [
            ("", "parameter_missing"),
            ("type=selfie", "parameter_invalid"),
            ("type=document&verification_flow=vf_1", "parameter_invalid"),
            ("type=document&colour=blue", "parameter_unknown"),
            ("type=document&options%5Bselfie%5D=true", "parameter_unknown"),
            ("type=document&options%5Bdocument%5D%5Bcolour%5D=true", "parameter_unknown"),
            ("type=document&options%5Bdocument%5D%5Brequire_live_capture%5D=1", "parameter_invalid"),
            ("type=document&options%5Bdocument%5D%5Ballowed_types%5D%5B0%5D=visa", "parameter_invalid"),
            ("type=document&return_url=app", "url_invalid"),
            ("{\"type\":\"document\"}", "parameter_unknown"),
        ] {
            assert!(parse(body).unwrap_err().to_string().contains(told), "{body}");
        }
        assert_eq!(parse("verification_flow=vf_1").unwrap().kind, "verification_flow");
    }
}
