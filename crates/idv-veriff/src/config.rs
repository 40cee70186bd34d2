//! The options of an instance.

use idv_core::{BaseUrl, HumanDuration, SecretSource};
use serde::Deserialize;

/// The options of a Veriff instance. Test and live integrations of Veriff differ by their keys, and not by the address.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct VeriffConfig {
    /// The address that the customer portal shows, without `/v1`, such as `https://stationapi.veriff.com`.
    pub base_url: BaseUrl,
    /// The API key of the integration, sent as `X-AUTH-CLIENT` (devdocs.veriff.com, "HMAC authentication").
    pub api_key: SecretSource,
    /// Shared secret keys of the integration. The first signs requests; all verify webhooks and answers, so that a key can be
    /// rotated (devdocs.veriff.com, "HMAC authentication").
    pub shared_secrets: Vec<SecretSource>,
    /// How long an approval is trusted before it should be looked at again; default: no time.
    pub recheck_after: Option<HumanDuration>,
}
