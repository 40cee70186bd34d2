//! The document: the schema of a vendor's description, as it is written.

use std::collections::BTreeMap;

use idv_core::BaseUrl;
use serde::Deserialize;

use super::calls::{CancelTable, CheckTable, EraseTable, FindTable, RefreshTable, StartTable};
use super::facts::FactsTable;
use super::identity_table::IdentityTable;
use super::names::NameList;
use super::samples::Sample;
use super::webhook_table::WebhookTable;
use super::words::{ClaimWord, ReasonWord, StatusWord, WordTable};
use crate::places::Places;
use crate::reason_places::ReasonPlaces;
use idv_core::{ErrorKind, HumanDuration, PolicyAction};

/// A vendor of hosted sessions, described.
///
/// Places are JSON pointers (RFC 6901), one or a list of them; the first counts at which something other than `null` and an empty
/// text stands, and `""` is the document itself. In tables of words a key is the vendor's word, whatever its case, or
/// `word + detail` for a word beside a second one; words that stand in no table are `unrecognized`, or `other` for reasons.
/// Numbers and booleans are words as they are written. Times are RFC 3339, or seconds or milliseconds since 1970.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    /// The vendor's name, for people; default: `session API`.
    pub(crate) vendor: Option<String>,
    /// Where the vendor's API is, unless an instance says otherwise; default: every instance has to say it.
    pub(crate) base_url: Option<BaseUrl>,
    /// How requests carry the credential.
    #[serde(default)]
    pub(crate) auth: AuthTable,
    /// Headers that every request has, such as the version of the API; default: none.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Query parameters that every request has, such as the fields that are asked for; default: none.
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
    /// The POST that creates a session.
    pub(crate) start: StartTable,
    /// The call that reads a session.
    pub(crate) check: CheckTable,
    /// Where the facts of a session stand, in every answer and list.
    #[serde(default)]
    pub(crate) session: SessionTable,
    /// The call that lists sessions by reference; default: there is none.
    pub(crate) find: Option<FindTable>,
    /// How a session gets a fresh link; default: it keeps its one link.
    pub(crate) refresh: Option<RefreshTable>,
    /// The call that withdraws a session, and answers with it; default: there is none.
    pub(crate) cancel: Option<CancelTable>,
    /// The call that has the applicant's data deleted; default: there is none.
    pub(crate) erase: Option<EraseTable>,
    /// Where the vendor tells whom it verified; default: it does not.
    pub(crate) identity: Option<IdentityTable>,
    /// The meaning of each status word: one of idv's statuses, such as `in_review` or `approved`.
    pub(crate) status_words: WordTable<StatusWord>,
    /// The reason that a status word implies, such as `attempts_exhausted`; default: none.
    #[serde(default)]
    pub(crate) status_reasons: WordTable<ReasonWord>,
    /// The meaning of each reason word: one of idv's reasons, such as `face_mismatch`; default: none.
    #[serde(default)]
    pub(crate) reason_words: WordTable<ReasonWord>,
    /// The parameters that the vendor adds to the return URL; default: return URLs are not read.
    pub(crate) return_url: Option<ReturnUrlTable>,
    /// The vendor's webhooks; default: it sends none.
    pub(crate) webhook: Option<WebhookTable>,
    /// Where errors stand, and what they mean where the HTTP status does not say it.
    #[serde(default)]
    pub(crate) errors: ErrorsTable,
    /// The next actions of an application, and how often it asks.
    #[serde(default)]
    pub(crate) policy: PolicyTable,
    /// Limits, lifetimes and notes for people.
    #[serde(default)]
    pub(crate) facts: FactsTable,
    /// The vendor's page for a place of this document, such as `"start.url" = "example.com/docs, \"Create session\""`.
    #[serde(default)]
    pub(crate) sources: BTreeMap<String, String>,
    /// Answers, webhooks and return URLs of the vendor, with what an application has to see of each. They are tests.
    #[serde(default)]
    pub(crate) samples: Vec<Sample>,
}

/// How requests carry the credential.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AuthTable {
    /// The header that carries the API key; default: `x-api-key`.
    pub(crate) header: Option<String>,
    /// Text before the key in its header, such as `Bearer ` with its space; default: nothing.
    pub(crate) prefix: Option<String>,
    /// The name in `secrets` of the user of HTTP Basic, whose password is the API key; default: no Basic.
    pub(crate) basic_user: Option<String>,
    /// The client-credentials grant of OAuth 2, whose client secret is the API key; default: none.
    pub(crate) oauth2: Option<OAuth2Table>,
    /// Further headers with secrets: header to name in `secrets`; default: none.
    pub(crate) secret_headers: BTreeMap<String, String>,
}

/// The exchange of the application's credentials for an access token, which is kept until it expires.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct OAuth2Table {
    /// The address of the token endpoint.
    pub(crate) token_url: BaseUrl,
    /// The name in `secrets` of the client id.
    pub(crate) client_id: String,
    /// The scope that is asked for; default: none.
    pub(crate) scope: Option<String>,
}

/// Where the facts of a session stand.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SessionTable {
    /// Where a session stands in an answer, and in an element of a list; default: the whole of it.
    pub(crate) at: Option<Places>,
    /// Where the id stands in a session; default: `/id`. An answer without it, or with another one, is no state.
    pub(crate) id: Option<Places>,
    /// Where the status stands in a session; default: `/status`.
    pub(crate) status: Option<Places>,
    /// Where a second word stands that can change the meaning of the status; default: nowhere. Where something stands there
    /// that is no word, the status is `unrecognized`.
    pub(crate) detail: Option<Places>,
    /// Where reasons stand, each a word or a list of words; all places count, and `*` is every element of a list; default: nowhere.
    pub(crate) reason: Option<ReasonPlaces>,
    /// Where the caller's own reference stands in a session; default: `/external_id`, `/externalId`.
    pub(crate) reference: Option<Places>,
    /// Where the time of creation stands in a session; default: `/created_at`, `/createdAt`.
    pub(crate) created_at: Option<Places>,
    /// Where the time of the last change stands in a session; default: `/updated_at`, `/updatedAt`.
    pub(crate) updated_at: Option<Places>,
}

/// The parameters that the vendor adds to the return URL.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnUrlTable {
    /// The names of the session id; default: `session_id`, `sessionId`.
    pub(crate) session: Option<NameList>,
    /// The name of the status; default: `status`.
    pub(crate) status: Option<String>,
    /// The name of the reason; default: `reason`.
    pub(crate) reason: Option<String>,
    /// The claim of each status word: `submitted`, `abandoned`, `expired`, `cancelled` or `failed`, never a decision. The detail is
    /// the reason.
    pub(crate) words: WordTable<ClaimWord>,
    /// The meaning of each reason word; default: as `reason_words`.
    pub(crate) reasons: Option<WordTable<ReasonWord>>,
}

/// Where errors stand, and what they mean where the HTTP status does not say it.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ErrorsTable {
    /// Where the code stands in the body; default: the usual places, such as `/error/code`.
    pub(crate) code: Option<Places>,
    /// Where a sentence stands in the body; default: the usual places, such as `/message`.
    pub(crate) message: Option<Places>,
    /// Where the id of the request stands in the body; default: the usual places and headers.
    pub(crate) request_id: Option<Places>,
    /// The header with the wait after 429, in seconds, beside `Retry-After`; default: none.
    pub(crate) wait_header: Option<String>,
    /// The kind of an HTTP status, or of one beside a code: `"402" = "invalid_request"`, `"400 + no_credit" = "payment_required"`.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub(crate) kinds: BTreeMap<String, ErrorKind>,
    /// A sentence for people about an HTTP status: `"403" = "the key lacks a permission, or the account has no credits"`.
    pub(crate) hints: BTreeMap<String, String>,
    /// Words at the place of the status that make an answer with status 200 an error: `"request.invalid" = "invalid_request"`.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub(crate) words: BTreeMap<String, ErrorKind>,
}

/// The next actions of an application, and how often it asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PolicyTable {
    /// The action after a status, where it is another one than everywhere: `expired = "resume_session"`.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub(crate) next_actions: BTreeMap<String, PolicyAction>,
    /// How long to wait between checks while the applicant is busy; default: 10 s.
    pub(crate) poll_applicant: Option<HumanDuration>,
    /// How long to wait between checks while the vendor decides; default: 30 s.
    pub(crate) poll_vendor: Option<HumanDuration>,
}
