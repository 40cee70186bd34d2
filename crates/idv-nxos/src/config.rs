//! The options of an instance.

use idv_core::{BaseUrl, HumanDuration, SecretSource};
use serde::Deserialize;

/// The options of an nxos instance.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NxosConfig {
    /// Which nxos to talk to. Exactly one of `environment` and `base_url` is given.
    pub environment: Option<Environment>,
    /// The address of another nxos, such as a test server. Exactly one of `environment` and `base_url` is given.
    pub base_url: Option<BaseUrl>,
    /// The API key, `nxos_sk_…`. One key belongs to one organization (docs.nxos.io, "Authentication").
    pub api_key: SecretSource,
    /// The customer organization that requests are about unless they name another; default: the key's own
    /// organization. It is sent as `Nxos-On-Behalf-Of` (docs.nxos.io, "Verification").
    pub on_behalf_of: Option<String>,
    /// The id of the API key's own organization, `org_…`; default: not known. nxos needs no id where a request is about the
    /// key's own organization, but its webhooks name one: with it they get the reference of the starts, `ID:self`.
    pub own_organization: Option<String>,
    /// Secrets of the webhook endpoint, `whsec_…`; several during a rotation; default: none, webhooks are refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// How long an approval is trusted before it should be looked at again; default: no time. nxos approvals can lapse
    /// (docs.nxos.io, "Verification").
    pub recheck_after: Option<HumanDuration>,
}

/// The documented environments (docs.nxos.io, "Start verification", servers).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Environment {
    /// `https://api.nxos.io`.
    Production,
    /// `https://api.sandbox.nxos.io`.
    Sandbox,
}

impl Environment {
    /// The documented base URL.
    #[must_use]
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Production => "https://api.nxos.io",
            Self::Sandbox => "https://api.sandbox.nxos.io",
        }
    }
}
