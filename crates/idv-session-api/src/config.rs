//! The options of an instance.

use std::collections::BTreeMap;

use idv_core::{BaseUrl, HumanDuration, SecretSource};
use serde::Deserialize;

/// The options of a session API.
///
/// With a `preset`, only `base_url`, `api_key`, `workflow_id`, `webhook_secrets` and `recheck_after` go beside it.
/// Without one, the other keys describe the vendor; `base_url`, `create_path`, `read_path` and `status_words` are then
/// required.
///
/// Places in JSON documents are lists of JSON pointers (RFC 6901), of which the first counts at which something other than
/// `null` and an empty text stands; `""` is the document itself. Numbers and booleans are words as well, as they are written.
/// In tables of words, a key is the vendor's word, whatever its case, or `word + detail` for a word
/// beside a second one; words that stand in no table are `unrecognized`, or `other` for reasons.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SessionApiConfig {
    /// A vendor that is built in; default: none, the vendor is described here.
    pub preset: Option<Preset>,
    /// Where the vendor's API is; default: where the preset's vendor documents it.
    pub base_url: Option<BaseUrl>,
    /// The API key.
    pub api_key: SecretSource,
    /// The workflow of sessions that do not name one; default: none, the vendor decides.
    pub workflow_id: Option<String>,
    /// Secrets of the webhook endpoint; several during a rotation; default: none, webhooks are refused.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// How long an approval is trusted before it should be looked at again; default: no time.
    pub recheck_after: Option<HumanDuration>,

    /// The vendor's name, for people; default: `session API`.
    pub vendor: Option<String>,
    /// The header that carries the API key; default: `x-api-key`.
    pub api_key_header: Option<String>,
    /// Text before the key in its header, such as `Bearer ` with its space; default: nothing.
    pub api_key_prefix: Option<String>,

    /// The path of the POST that creates a session, such as `/v1/sessions`.
    pub create_path: Option<String>,
    /// The names of the inputs in the request. An input without a name has no place at the vendor.
    #[serde(default)]
    pub request_fields: RequestFields,
    /// The names of the named attributes of a start in the request; default: none.
    #[serde(default)]
    pub request_attributes: BTreeMap<String, String>,
    /// The inputs and attributes without which the vendor creates nothing; default: none beside the reference.
    #[serde(default)]
    pub required_inputs: Vec<String>,
    /// Where the session id stands in the answer to a create call; default: `/id`.
    #[serde(default)]
    pub created_id: Vec<String>,
    /// Where the link stands in the answer to a create call; default: `/session_url`, `/sessionUrl`, `/url`.
    #[serde(default)]
    pub created_url: Vec<String>,
    /// Where further links stand in the answer to a create call, as texts or as `{url, type}`; default: `/links`.
    #[serde(default)]
    pub created_links: Vec<String>,

    /// The path of the GET that reads a session, with the segment `{id}`, such as `/v1/sessions/{id}`.
    pub read_path: Option<String>,
    /// Where a session stands in an answer, and in an element of a list; default: the whole of it.
    #[serde(default)]
    pub record: Vec<String>,
    /// Where the id stands in a session; default: `/id`. An answer without it, or with another one, is no state.
    #[serde(default)]
    pub record_id: Vec<String>,
    /// Where the status stands in a session; default: `/status`.
    #[serde(default)]
    pub record_status: Vec<String>,
    /// Where a second word stands that can change the meaning of the status; default: nowhere. Where something stands there
    /// that is no word, the status is `unrecognized`.
    #[serde(default)]
    pub record_detail: Vec<String>,
    /// Where the reason stands in a session, a word or a list of words; default: nowhere.
    #[serde(default)]
    pub record_reason: Vec<String>,
    /// Where the caller's own reference stands in a session; default: `/external_id`, `/externalId`.
    #[serde(default)]
    pub record_reference: Vec<String>,
    /// Where the time of creation stands in a session, as RFC 3339; default: `/created_at`, `/createdAt`.
    #[serde(default)]
    pub record_created_at: Vec<String>,
    /// Where the time of the last change stands in a session, as RFC 3339; default: `/updated_at`, `/updatedAt`.
    #[serde(default)]
    pub record_updated_at: Vec<String>,

    /// The path of the GET that lists sessions by reference; default: none, there is no such call.
    pub find_path: Option<String>,
    /// The query parameter with the reference; default: `external_id`.
    pub find_parameter: Option<String>,
    /// Where the list stands in the answer; default: `/sessions`.
    #[serde(default)]
    pub find_list: Vec<String>,
    /// Where the token of the next page stands in the answer; default: `/next_token`, `/nextToken`.
    #[serde(default)]
    pub find_next: Vec<String>,
    /// The query parameter with the token of the next page; default: `next_token`.
    pub find_next_parameter: Option<String>,
    /// The query parameter with the number of sessions of a page; 5 are asked for. Default: none, the vendor decides.
    pub find_size_parameter: Option<String>,

    /// The meaning of each status word: one of idv's statuses, such as `in_review` or `approved`.
    #[serde(default)]
    pub status_words: BTreeMap<String, String>,
    /// The reason that a status word implies, such as `attempts_exhausted`; default: none.
    #[serde(default)]
    pub status_reasons: BTreeMap<String, String>,
    /// The meaning of each reason word: one of idv's reasons, such as `face_mismatch`; default: none.
    #[serde(default)]
    pub reason_words: BTreeMap<String, String>,

    /// The names of the session id in the return URL; default: `session_id`, `sessionId`.
    #[serde(default)]
    pub redirect_session: Vec<String>,
    /// The name of the status in the return URL; default: `status`.
    pub redirect_status: Option<String>,
    /// The name of the reason in the return URL; default: `reason`.
    pub redirect_reason: Option<String>,
    /// The claim of each status word in the return URL: `submitted`, `abandoned`, `expired`, `cancelled` or `failed`, never a
    /// decision. The detail is the reason. Default: none, return URLs are not read.
    #[serde(default)]
    pub redirect_words: BTreeMap<String, String>,
    /// The meaning of each reason word in the return URL; default: as `reason_words`.
    #[serde(default)]
    pub redirect_reasons: BTreeMap<String, String>,

    /// How webhooks are signed; default: `none`, the vendor sends none.
    #[serde(default)]
    pub webhook_scheme: WebhookScheme,
    /// The header with the signature or the secret; required by every `webhook_scheme` but `svix`, which has names of its own.
    pub webhook_header: Option<String>,
    /// The header with the seconds since 1970 that `hmac-sha1-hex`, `hmac-sha256-hex` and `hmac-sha512-hex` sign as
    /// `timestamp.body`; default: none, the bare body is signed. `svix` and `timestamped-hmac-sha256` have a place of their own
    /// for it.
    pub webhook_timestamp_header: Option<String>,
    /// Where the event type stands in a webhook; default: `/type`.
    #[serde(default)]
    pub webhook_type: Vec<String>,
    /// Where the time of the event stands in a webhook, as RFC 3339; default: `/timestamp`.
    #[serde(default)]
    pub webhook_time: Vec<String>,
    /// Where the id of the event stands in a webhook, to deduplicate on; default: nowhere, the digest of the body is taken. Svix
    /// has it in a header.
    #[serde(default)]
    pub webhook_event_id: Vec<String>,
    /// Where the session stands in a webhook; default: `/data`, or the whole of it.
    #[serde(default)]
    pub webhook_record: Vec<String>,
    /// Where the id stands in the session of a webhook; default: as `record_id`.
    #[serde(default)]
    pub webhook_id: Vec<String>,
    /// Where the status stands in the session of a webhook; default: as `record_status`.
    #[serde(default)]
    pub webhook_status: Vec<String>,
    /// The event types about sessions; a `*` at the end stands for any ending; default: `*`.
    #[serde(default)]
    pub webhook_events: Vec<String>,
}

/// A vendor that is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Preset {
    /// deepidv, at `https://api.deepidv.com` unless `base_url` says otherwise.
    Deepidv,
}

/// The names of the inputs of a start in a request. An input without a name has no place at the vendor.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RequestFields {
    /// The caller's own reference.
    pub reference: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The date of birth, sent as ISO 8601 writes it.
    pub date_of_birth: Option<String>,
    /// The country, sent as ISO 3166-1 alpha-2 writes it.
    pub country: Option<String>,
    /// The language, sent as BCP 47 writes it.
    pub language: Option<String>,
    /// Where the browser goes when the applicant has finished.
    pub redirect_url: Option<String>,
    /// Which workflow to run.
    pub workflow: Option<String>,
    /// The flag that lets the vendor write an e-mail to the applicant; always sent, `false` unless asked for.
    pub invite_email: Option<String>,
    /// The flag that lets the vendor text the applicant; always sent, `false` unless asked for.
    pub invite_sms: Option<String>,
}

/// How webhooks are signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WebhookScheme {
    /// The vendor sends no webhooks.
    #[default]
    None,
    /// Svix, also known as Standard Webhooks. Signed.
    Svix,
    /// HMAC-SHA1 of the body in hex, with or without a timestamp before it, for endpoints that still use it. Signed.
    #[serde(rename = "hmac-sha1-hex")]
    HmacSha1Hex,
    /// HMAC-SHA256 of the body in hex, with or without a timestamp before it. Signed.
    #[serde(rename = "hmac-sha256-hex")]
    HmacSha256Hex,
    /// HMAC-SHA512 of the body in hex, with or without a timestamp before it. Signed.
    #[serde(rename = "hmac-sha512-hex")]
    HmacSha512Hex,
    /// HMAC-SHA256 of `timestamp.body` in hex, in one header with the time: `t=…,v1=…`, with any number of `v1`, and with several
    /// such sets during a rotation. Signed.
    #[serde(rename = "timestamped-hmac-sha256")]
    TimestampedHmacSha256,
    /// The header is the secret itself. Not signed: such a webhook carries no status.
    SharedSecret,
}
