//! The options of an instance.

use idv_core::{BaseUrl, HumanDuration, SecretSource};
use serde::{Deserialize, Serialize};

/// The options of an instance of Stripe Identity. The key decides between test mode and live mode, and not the address
/// (docs.stripe.com, "API keys").
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StripeConfig {
    /// The address; default: `https://api.stripe.com`.
    pub base_url: Option<BaseUrl>,
    /// The secret key, `sk_…`, or a restricted key, `rk_…`, that may write "Identity Verification Sessions and Reports"
    /// (docs.stripe.com, "API keys").
    pub secret_key: SecretSource,
    /// Signing secrets of the webhook endpoints, `whsec_…`: several during a rotation, and where an endpoint gets snapshots and
    /// another one thin events; default: none, webhooks are refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// The check of a start that names no workflow; default: `document`. Not together with `workflow_id`.
    pub verification_type: Option<VerificationType>,
    /// The verification flow of a start that names no workflow, `vf_…` (docs.stripe.com, "Verification flows"); default: none. It
    /// brings its own checks, so it is given in place of `verification_type` and `document`.
    pub workflow_id: Option<String>,
    /// The demands on a document; default: as Stripe does by itself. It is left out where a start names a workflow.
    pub document: Option<DocumentChecks>,
    /// Whether a session also carries the client secret for Stripe's component; default: false. A client secret is good for 24
    /// hours, a link alone for 48.
    #[serde(default)]
    pub embed: bool,
    /// Whether a check that asks for the identity asks for date of birth, document number and expiry too; default: false. Stripe
    /// gives them to a restricted key with the permission "Access recent sensitive verification results" only, for 48 hours, or
    /// longer where the key is bound to IP addresses (docs.stripe.com, "Access verification results").
    #[serde(default)]
    pub sensitive_results: bool,
    /// The connected account that the sessions belong to, `acct_…`, sent as `Stripe-Account`; default: the account of the key.
    pub account: Option<String>,
    /// How long an approval is trusted before it should be looked at again; default: no time.
    pub recheck_after: Option<HumanDuration>,
}

/// The checks that a session can be made for (docs.stripe.com, "Create a VerificationSession": `type`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VerificationType {
    /// An identity document.
    #[default]
    Document,
    /// Name, date of birth and national id number.
    IdNumber,
}

/// The demands on a document (docs.stripe.com, "Create a VerificationSession": `options.document`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DocumentChecks {
    /// The documents that are taken; default: all that Stripe takes.
    pub allowed_types: Vec<DocumentType>,
    /// Whether the id number is collected and checked with the name and date of birth of the document; default: false.
    pub require_id_number: Option<bool>,
    /// Whether pictures have to be taken with the camera, and uploads are refused; default: false.
    pub require_live_capture: Option<bool>,
    /// Whether a selfie is compared with the picture of the document; default: false.
    pub require_matching_selfie: Option<bool>,
}

/// The documents that can be allowed (docs.stripe.com, "Create a VerificationSession": `options.document.allowed_types`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentType {
    /// A driver's licence.
    DrivingLicense,
    /// A national identity card.
    IdCard,
    /// A passport.
    Passport,
}
