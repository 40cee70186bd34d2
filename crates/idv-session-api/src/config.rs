//! The options of an instance, beside the description of its vendor.

use std::collections::BTreeMap;
use std::path::PathBuf;

use idv_core::{BaseUrl, HumanDuration, SecretSource};
use serde::Deserialize;

/// The options of a session API.
///
/// The vendor is described by a document: a built-in one (`preset`), one in a file (`description`), or these options themselves, beside
/// the keys here. Keys of a document that stand beside `preset` or `description` lie over it, row by row.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SessionApiConfig {
    /// The name of a built-in description, such as `deepidv`; default: none.
    pub preset: Option<String>,
    /// The file of a description, relative to the configuration; default: none.
    pub description: Option<PathBuf>,
    /// Where the vendor's API is; default: where the description says.
    pub base_url: Option<BaseUrl>,
    /// The API key.
    pub api_key: SecretSource,
    /// Further secrets of requests, by the name that the description gives them; default: none.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretSource>,
    /// The workflow of sessions that do not name one; default: none, the vendor decides.
    pub workflow_id: Option<String>,
    /// Secrets of the webhook endpoint; several during a rotation; default: none, webhooks are refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// How long an approval is trusted before it should be looked at again; default: no time.
    pub recheck_after: Option<HumanDuration>,
}

/// The keys of an instance. All others belong to the description.
pub(crate) const INSTANCE_KEYS: &[&str] = &[
    "preset",
    "description",
    "base_url",
    "api_key",
    "secrets",
    "workflow_id",
    "webhook_secrets",
    "recheck_after",
];
