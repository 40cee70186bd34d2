//! nxos's JSON shapes, lenient in what they accept.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// "VerificationSession" (docs.nxos.io, "Start verification").
#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) url: String,
    #[serde(rename = "accessToken")]
    pub(crate) access_token: Option<String>,
}

/// "OrganizationVerification" (docs.nxos.io, "Get verification"). Only the status has to have its documented form: what
/// stands beside it must not hide it.
#[derive(Deserialize)]
pub(crate) struct OrganizationVerification {
    pub(crate) status: String,
    #[serde(rename = "type")]
    pub(crate) subject: Option<Value>,
    #[serde(rename = "updatedAt")]
    pub(crate) updated_at: Option<Value>,
}

/// The body of an import (docs.nxos.io, "Import verification").
#[derive(Serialize)]
pub(crate) struct Import<'a> {
    #[serde(rename = "shareToken")]
    pub(crate) share_token: &'a str,
}

/// A webhook (docs.nxos.io, "Webhooks"). The fields of `data` are not documented, so it stays open.
#[derive(Deserialize)]
pub(crate) struct Event {
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    pub(crate) timestamp: Option<Value>,
    pub(crate) data: Option<Value>,
}

impl Event {
    /// JSON is UTF-8; serde_json by itself does not look at the texts that no field takes.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
    }
}
