//! The options of an instance.

use idv_core::{BaseUrl, HumanDuration, SecretSource};
use serde::Deserialize;

/// The options of an instance of Onfido. The token decides between sandbox and live, and not the address
/// (documentation.onfido.com, "API tokens").
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OnfidoConfig {
    /// The region in which the account lives. Exactly one of `region` and `base_url` is given.
    pub region: Option<Region>,
    /// The address of another Onfido, such as a test server, with the version: `https://api.eu.onfido.com/v3.6`. Exactly one of
    /// `region` and `base_url` is given.
    pub base_url: Option<BaseUrl>,
    /// The API token, `api_live…` or `api_sandbox…`. A token of one region is refused in the others (documentation.onfido.com,
    /// "Regions").
    pub api_token: SecretSource,
    /// The Studio workflow of a start that names none, a UUID; default: none, each start names one.
    pub workflow_id: Option<String>,
    /// Tokens of the webhooks: several where there are several webhooks, or while one takes the place of another; default: none,
    /// webhooks are refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// How long a link is good for, sent as its end (OpenAPI specification, `workflow_run_link.expires_at`); default: no time, a link
    /// lives as long as its run.
    pub link_lifetime: Option<HumanDuration>,
    /// How long an approval is trusted before it should be looked at again; default: no time.
    pub recheck_after: Option<HumanDuration>,
}

/// The regions, each with an address of its own (OpenAPI specification, servers).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Region {
    /// The European Union: `https://api.eu.onfido.com/v3.6`.
    Eu,
    /// The United States: `https://api.us.onfido.com/v3.6`.
    Us,
    /// Canada: `https://api.ca.onfido.com/v3.6`.
    Ca,
}

impl Region {
    /// The documented base URL.
    #[must_use]
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Eu => "https://api.eu.onfido.com/v3.6",
            Self::Us => "https://api.us.onfido.com/v3.6",
            Self::Ca => "https://api.ca.onfido.com/v3.6",
        }
    }
}
