//! Acme's JSON.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) token: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Check {
    pub(crate) id: String,
    pub(crate) state: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct List {
    pub(crate) checks: Vec<Check>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    pub(crate) check: Option<Value>,
}
