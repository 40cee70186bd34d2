//! The options of an instance.

use idv_core::{BaseUrl, HumanDuration, ProviderId, SecretSource};
use serde::Deserialize;

/// The options of an instance that verifies registered users.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BaanxUserConfig {
    /// The address of the API. `https://dev.api.baanx.com` is the test environment (docs.baanx.com, "Start User
    /// Verification"); each partner gets its own for production.
    pub base_url: BaseUrl,
    /// The client key, sent as `x-client-key` (docs.baanx.com, "Start User Verification").
    pub client_key: SecretSource,
    /// Which of Baanx's two environments the users live in; default: international.
    #[serde(default)]
    pub region: Region,
    /// Keys of the webhook endpoint, `whk_…`; several during a rotation; default: none, webhooks are refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// How long an approval is trusted before it should be looked at again; default: no time.
    pub recheck_after: Option<HumanDuration>,
}

/// The options of an instance that verifies during the registration.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BaanxRegistrationConfig {
    /// The address of the API. `https://dev.api.baanx.com` is the test environment (docs.baanx.com, "Generate KYC
    /// Verification Session"); each partner gets its own for production.
    pub base_url: BaseUrl,
    /// The client key, sent as `x-client-key` (docs.baanx.com, "Generate KYC Verification Session").
    pub client_key: SecretSource,
    /// Which of Baanx's two environments the users live in; default: international.
    #[serde(default)]
    pub region: Region,
    /// Keys of the webhook endpoint, `whk_…`; several during a rotation; default: none, webhooks are refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// How long an approval is trusted before it should be looked at again; default: no time.
    pub recheck_after: Option<HumanDuration>,
    /// The configured `baanx-user` provider at which a rejected applicant tries again, once registered; default: none.
    /// The registration flow itself takes no second try (docs.baanx.com, "Generate KYC Verification Session", retry
    /// after rejection).
    pub successor: Option<ProviderId>,
}

/// The options that both kinds have. Two structs and not one inside the other, because serde cannot refuse unknown keys
/// around a flattened one.
pub(crate) struct Common<'a> {
    pub(crate) base_url: &'a BaseUrl,
    pub(crate) client_key: &'a SecretSource,
    pub(crate) region: Region,
    pub(crate) webhook_secrets: &'a [SecretSource],
}

macro_rules! common {
    ($($config:ident),+) => {$(
        impl $config {
            pub(crate) fn common(&self) -> Common<'_> {
                let Self { base_url, client_key, region, webhook_secrets, .. } = self;
                Common { base_url, client_key, region: *region, webhook_secrets }
            }
        }
    )+};
}

common!(BaanxUserConfig, BaanxRegistrationConfig);

/// The environment of the users (docs.baanx.com, "Start User Verification", `x-us-env`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Region {
    /// The default of Baanx: no header is sent.
    #[default]
    International,
    /// The United States: `x-us-env: true` is sent.
    Us,
}
