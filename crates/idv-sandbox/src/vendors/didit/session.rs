//! The facts of a session.

use serde_json::Value;

/// The facts of a session that the shared machinery does not know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(super) number: u64,
    /// The token in the URL, which is that of the page.
    pub(super) token: String,
    pub(super) workflow: String,
    pub(super) callback: Option<String>,
    pub(super) metadata: Value,
    pub(super) contact: Value,
    pub(super) expected: Value,
}
