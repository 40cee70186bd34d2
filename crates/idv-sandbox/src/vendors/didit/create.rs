//! The fields of a create call (Didit documentation, create a session).

use serde_json::{Map, Value, json};
use url::Url;

/// The longest `vendor_data` (a validator of another client).
const LONGEST_REFERENCE: usize = 255;

/// A valid create call.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) workflow: String,
    pub(super) reference: Option<String>,
    pub(super) callback: Option<String>,
    pub(super) metadata: Value,
    pub(super) contact: Value,
    pub(super) expected: Value,
}

impl Wanted {
    /// Reads a body, or returns the problems of its fields.
    pub(super) fn parse(body: &Map<String, Value>) -> Result<Self, Map<String, Value>> {
        let mut problems = Map::new();
        let mut text = |name: &str| match body.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                problem(&mut problems, name, "Not a valid string.");
                None
            }
        };
        let (workflow, reference, callback, method) =
            (text("workflow_id"), text("vendor_data"), text("callback"), text("callback_method"));
        text("language");
        match &workflow {
            None => problem(&mut problems, "workflow_id", "This field is required."),
            Some(id) if !is_uuid(id) => problem(&mut problems, "workflow_id", "Must be a valid UUID."),
            Some(_) => {}
        }
        if reference.as_ref().is_some_and(|text| text.chars().count() > LONGEST_REFERENCE) {
            problem(&mut problems, "vendor_data", "Ensure this field has no more than 255 characters.");
        }
        // A custom scheme leads back into an app.
        if callback.as_ref().is_some_and(|url| Url::parse(url).is_err()) {
            problem(&mut problems, "callback", "Enter a valid URL.");
        }
        if method.is_some_and(|method| !["initiator", "completer", "both"].contains(&method.as_str())) {
            problem(&mut problems, "callback_method", "Not a valid choice.");
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let other = |name: &str| body.get(name).cloned().unwrap_or(Value::Null);
        Ok(Self {
            workflow: workflow.unwrap_or_default(),
            reference,
            callback,
            metadata: other("metadata"),
            contact: other("contact_details"),
            expected: other("expected_details"),
        })
    }
}

fn problem(problems: &mut Map<String, Value>, name: &str, text: &str) {
    problems.insert(name.to_owned(), json!([text]));
}

fn is_uuid(text: &str) -> bool {
    uuid::Uuid::parse_str(text).is_ok()
}
