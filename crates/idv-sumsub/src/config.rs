//! The options of an instance.

use idv_core::signature::HmacAlgorithm;
use idv_core::{BaseUrl, HumanDuration, SecretSource};
use serde::Deserialize;

/// The options of a Sumsub instance. The token decides between sandbox and production, and not the address (docs.sumsub.com,
/// "Authentication").
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SumsubConfig {
    /// The address; default: `https://api.sumsub.com`.
    pub base_url: Option<BaseUrl>,
    /// The app token, `prd:…` or `sbx:…` (docs.sumsub.com, "Authentication").
    pub app_token: SecretSource,
    /// The secret key of the app token, which signs requests.
    pub secret_key: SecretSource,
    /// The verification level of a start that names no workflow, as it is written in the dashboard; default: none, so that each
    /// start has to name one.
    pub level: Option<String>,
    /// How long a link or a token is good for; default: 30 minutes. It is always sent, because the pages disagree about the
    /// vendor's own default (docs.sumsub.com, "Generate WebSDK external link").
    pub link_lifetime: Option<HumanDuration>,
    /// The type of the applicants of the levels that are used; default: `individual`. Names, date of birth and country of a start are
    /// sent for an individual only, in a call that makes the applicant (docs.sumsub.com, "Create applicant"). For levels of both types,
    /// configure two instances.
    #[serde(default)]
    pub applicant_type: ApplicantType,
    /// Whether a start gives a token for the embedded WebSDK in place of a link; default: false.
    #[serde(default)]
    pub embed: bool,
    /// Secrets of the webhooks, which are others than the secret key; several during a rotation; default: none, webhooks are
    /// refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// The digest of the webhooks, as it is set in the dashboard; default: `sha256`. A webhook does not choose it.
    #[serde(default)]
    pub webhook_algorithm: WebhookAlgorithm,
    /// How long an approval is trusted before it should be looked at again; default: no time. An approval can be taken back
    /// (docs.sumsub.com, "User verification webhooks").
    pub recheck_after: Option<HumanDuration>,
}

/// The types of applicants (docs.sumsub.com, "Create applicant"). A level is of one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ApplicantType {
    /// A natural person.
    #[default]
    Individual,
    /// A company.
    Company,
}

/// The digests of webhooks (docs.sumsub.com, "Webhooks").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebhookAlgorithm {
    /// HMAC-SHA1, for webhooks that were set up long ago.
    Sha1,
    /// HMAC-SHA256.
    #[default]
    Sha256,
    /// HMAC-SHA512.
    Sha512,
}

impl WebhookAlgorithm {
    pub(crate) const fn hmac(self) -> HmacAlgorithm {
        match self {
            Self::Sha1 => HmacAlgorithm::Sha1,
            Self::Sha256 => HmacAlgorithm::Sha256,
            Self::Sha512 => HmacAlgorithm::Sha512,
        }
    }
}
