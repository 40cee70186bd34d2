//! The facts of a session.

use serde_json::{Map, Value};

/// The facts of a session that the shared machinery does not know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(super) auth_token: String,
    /// The fields of the start, as the answer repeats them.
    pub(super) echo: Map<String, Value>,
    pub(super) external_ref: Option<String>,
    pub(super) success_url: Option<String>,
    pub(super) error_url: Option<String>,
    pub(super) unverified_url: Option<String>,
}

/// The end of the names of sessions whose data was deleted.
pub(super) const DELETED: &str = "DELETED";
