//! The table of webhooks.

use idv_core::HumanDuration;
use idv_core::signature::{HmacAlgorithm, SignatureEncoding, SuffixForm};
use serde::Deserialize;

use super::words::{StatusWord, WordTable};
use crate::places::Places;

/// The vendor's webhooks: how they are signed, and where their facts stand.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookTable {
    /// How a webhook shows that it is the vendor's.
    pub(crate) scheme: SchemeWord,
    /// The header with the signature or the secret; required by every `scheme` but `svix` and `unsigned`.
    pub(crate) header: Option<String>,
    /// `hmac`: how the header is written, such as `t={time},v1={signature}`; default: `{signature}`.
    pub(crate) header_form: Option<String>,
    /// `hmac`: what is signed, such as `{time}.{body}`; default: `{body}`.
    pub(crate) signs: Option<String>,
    /// `hmac`: the header with the seconds since 1970, where they are signed and do not stand in `header`; default: none.
    pub(crate) time_header: Option<String>,
    /// `hmac`: the hash function, `sha256` (default), `sha512` or `sha1`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) digest: Option<HmacAlgorithm>,
    /// `hmac`: how the signature is written, `hex` (default) or `base64`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) encoding: Option<SignatureEncoding>,
    /// How far a signed time may be from the present, both ways; default: 300 s.
    pub(crate) tolerance: Option<HumanDuration>,
    /// `sha256-suffix`: how the secret stands behind the body, `hashed` (default) or `plain`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) secret: Option<SuffixForm>,
    /// The beginning of every secret of the vendor, such as `whsec_`, to warn about another one; default: none is known.
    pub(crate) secret_prefix: Option<String>,
    /// Where the event type stands; default: `/type`, or nowhere where there is an `event_word`.
    pub(crate) event_type: Option<Places>,
    /// The event type of webhooks whose body names none; default: none, such a webhook is refused.
    pub(crate) event_word: Option<String>,
    /// Where the id of the event stands, to deduplicate on; default: nowhere, the digest of the body is taken. Svix has it in
    /// a header.
    pub(crate) event_id: Option<Places>,
    /// The header that tells one event from another with the same body, where the body has no id; default: none, the digest of the body
    /// is taken.
    pub(crate) id_header: Option<String>,
    /// Where the time of the event stands; default: `/timestamp`.
    pub(crate) event_time: Option<Places>,
    /// Where a time stands in the signed body that must be within `tolerance` of the present; default: nowhere, so that an old
    /// webhook can be played again.
    pub(crate) fresh: Option<Places>,
    /// Where the session stands; default: `/data`, or the whole of it.
    pub(crate) session: Option<Places>,
    /// Where the id stands in the session; default: as in `[session]`.
    pub(crate) id: Option<Places>,
    /// Where the status stands in the session; default: as in `[session]`.
    pub(crate) status: Option<Places>,
    /// Where the second word stands in the session; default: as in `[session]`.
    pub(crate) detail: Option<Places>,
    /// Rows of `status_words` that webhooks have otherwise; default: none.
    #[serde(default)]
    pub(crate) status_words: WordTable<StatusWord>,
    /// The event types about sessions; a `*` at the end stands for any ending; default: `*`.
    #[serde(default)]
    pub(crate) events: Vec<String>,
    /// The event types whose status may be an old one: they are notices; a `*` at the end stands for any ending; default: none.
    #[serde(default)]
    pub(crate) notices: Vec<String>,
}

/// How a webhook shows that it is the vendor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SchemeWord {
    /// Svix, also known as Standard Webhooks. Signed.
    Svix,
    /// An HMAC under the secret as text. Signed.
    Hmac,
    /// The SHA-256 of the body with the secret behind it, in hex. Signed.
    #[serde(rename = "sha256-suffix")]
    Sha256Suffix,
    /// The header is the secret itself. Not signed: such a webhook carries no status.
    SharedSecret,
    /// By nothing. Not signed: such a webhook carries no status.
    Unsigned,
}
