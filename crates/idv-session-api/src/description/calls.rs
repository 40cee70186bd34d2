//! The tables of the calls.

use std::collections::BTreeMap;

use idv_core::HumanDuration;
use serde::Deserialize;
use serde_json::Value;

use super::link::LinkTemplate;
use super::path::Path;
use super::request_places::RequestPlaces;
use super::words::{StatusWord, WordTable};
use crate::places::Places;

/// The POST that creates a session.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct StartTable {
    /// The path, such as `/v1/sessions`.
    pub(crate) path: Path,
    /// The places of the inputs in the request. An input without a place is none that the vendor takes.
    #[serde(default)]
    pub(crate) fields: FieldsTable,
    /// The places of the named attributes of a start in the request; default: none.
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, RequestPlaces>,
    /// Values that every request has, by their place: `"/meta/auto-create-one-time-link" = true`; default: none.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, AnyValue>"))]
    #[serde(default)]
    pub(crate) constants: BTreeMap<String, Value>,
    /// The inputs and attributes without which the vendor creates nothing; default: none beside the reference.
    #[serde(default)]
    pub(crate) required: Vec<String>,
    /// The header with the idempotency key; default: the vendor recognises no repeated call.
    pub(crate) idempotency_header: Option<String>,
    /// Whether the vendor recognises the reference, so that a repeated start gives the same session again; default: `false`. A start
    /// that gives a session that has ended is a `conflict` then: its answer has the session as the answer to a check does.
    #[serde(default)]
    pub(crate) repeatable: bool,
    /// Whether the vendor takes the reference for the id of the session, so that a second start with it is refused; default: `false`. A
    /// find reads that session then.
    #[serde(default)]
    pub(crate) reference_is_id: bool,
    /// Whether the vendor stores each answer under its key, failures included, so that a key that met a 5xx meets it for ever;
    /// default: `false`.
    #[serde(default)]
    pub(crate) stored_errors: bool,
    /// Where the session id stands in the answer; default: `/id`.
    pub(crate) id: Option<Places>,
    /// Where the link stands in the answer; default: `/session_url`, `/sessionUrl`, `/url`.
    pub(crate) url: Option<Places>,
    /// Where further links stand in the answer, as texts or as `{url, type}`; default: `/links`.
    pub(crate) links: Option<Places>,
    /// Where a token for the vendor's own component stands in the answer; default: nowhere.
    pub(crate) token: Option<Places>,
    /// The link where the answer has none: `https://id.example/start?token={token}`, with `{id}` or `{token}`; default: none, an
    /// answer without a link is refused.
    pub(crate) link: Option<LinkTemplate>,
    /// Where the time stands in the answer at which the link ends; default: nowhere.
    pub(crate) expires_at: Option<Places>,
    /// Where the seconds stand in the answer after which the link ends; default: nowhere.
    pub(crate) lifetime: Option<Places>,
    /// How long a link lives by the vendor's documentation, where the answer does not say it; default: not known.
    pub(crate) lives: Option<HumanDuration>,
    /// Whether a link can be opened once only; default: `false`.
    #[serde(default)]
    pub(crate) opens_once: bool,
}

/// The places of the inputs of a start in a request. An input without a place is none that the vendor takes.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FieldsTable {
    /// The caller's own reference.
    pub(crate) reference: Option<RequestPlaces>,
    /// The first name.
    pub(crate) first_name: Option<RequestPlaces>,
    /// The last name.
    pub(crate) last_name: Option<RequestPlaces>,
    /// The e-mail address.
    pub(crate) email: Option<RequestPlaces>,
    /// The phone number.
    pub(crate) phone: Option<RequestPlaces>,
    /// The date of birth, sent as ISO 8601 writes it.
    pub(crate) date_of_birth: Option<RequestPlaces>,
    /// The country, sent as ISO 3166-1 alpha-2 writes it.
    pub(crate) country: Option<RequestPlaces>,
    /// The language, sent as BCP 47 writes it.
    pub(crate) language: Option<RequestPlaces>,
    /// Where the browser goes when the applicant has finished.
    pub(crate) redirect_url: Option<RequestPlaces>,
    /// Which workflow to run.
    pub(crate) workflow: Option<RequestPlaces>,
    /// The flag that lets the vendor write an e-mail to the applicant; always sent, `false` unless asked for.
    pub(crate) invite_email: Option<RequestPlaces>,
    /// The flag that lets the vendor text the applicant; always sent, `false` unless asked for.
    pub(crate) invite_sms: Option<RequestPlaces>,
}

/// The call that reads a session: a GET of a path with `{id}`, or a POST with the id in its body.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckTable {
    /// The path, such as `/v1/sessions/{id}`.
    pub(crate) path: Path,
    /// The place of the id in the body, which makes the call a POST; default: none, the id stands in the path.
    pub(crate) id_field: Option<RequestPlaces>,
}

/// The call that lists sessions by reference: a GET with query parameters, or a POST with `fields`. One rule says how a list goes on:
/// `next_token`, `next_url`, `next_page`, `next_offset`, or `whole = true`; a POST has the first or the last of these.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FindTable {
    /// The path, such as `/v1/sessions`.
    pub(crate) path: Path,
    /// The query parameter with the reference; default: `external_id`.
    pub(crate) parameter: Option<String>,
    /// The places of the values in the body, which make the call a POST; default: none.
    pub(crate) fields: Option<FindFieldsTable>,
    /// Values that every body has, by their place; default: none.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, AnyValue>"))]
    #[serde(default)]
    pub(crate) constants: BTreeMap<String, Value>,
    /// Query parameters that this call has beside those of every request; default: none.
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
    /// Where the list stands in the answer; default: `/sessions`.
    pub(crate) list: Option<Places>,
    /// The list goes on with a token of the answer.
    pub(crate) next_token: Option<NextToken>,
    /// Where the URL or path of the next page stands in the answer; it is followed to the same path of the same origin alone.
    pub(crate) next_url: Option<Places>,
    /// The query parameter with the number of the page, from 1; the list ends with an empty page.
    pub(crate) next_page: Option<String>,
    /// The query parameter with how many sessions to pass over; the list ends with an empty page.
    pub(crate) next_offset: Option<String>,
    /// Whether every list is whole; default: `false`.
    #[serde(default)]
    pub(crate) whole: bool,
    /// Places that say something where a list goes on: one that does on what seems to be the last page is an error; default: none.
    pub(crate) more: Option<Places>,
    /// The query parameter with the number of sessions of a page; 5 are asked for. Default: none, the vendor decides.
    pub(crate) size_parameter: Option<String>,
}

/// The places of the values in the body of a list.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FindFieldsTable {
    /// The caller's own reference.
    pub(crate) reference: RequestPlaces,
    /// The workflow, where the vendor lists the sessions of one: that of the instance, which has to have one; default: nowhere.
    pub(crate) workflow: Option<RequestPlaces>,
}

/// The token of the next page.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct NextToken {
    /// Where it stands in the answer.
    pub(crate) at: Places,
    /// The query parameter that takes it; required by a GET.
    pub(crate) parameter: Option<String>,
    /// The place in the body that takes it; required by a POST.
    pub(crate) field: Option<RequestPlaces>,
}

/// How a session gets a fresh link: by a POST of its own, or by reading the session again.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshTable {
    /// The path of a POST that gives a link, such as `/v1/sessions/{id}/link`; default: none, the answer to a check has the link.
    pub(crate) path: Option<Path>,
    /// Whether the POST can be repeated without harm, because it gives the same link again or any number of them; default: `false`.
    #[serde(default)]
    pub(crate) repeatable: bool,
    /// A POST that brings a session back to life before it gets a link.
    pub(crate) revive: Option<ReviveTable>,
    /// Where the session id stands in the answer; default: as in the answer to a start.
    pub(crate) id: Option<Places>,
    /// Where the link stands in the answer; default: as in the answer to a start.
    pub(crate) url: Option<Places>,
    /// Where a token for the vendor's own component stands in the answer; default: as in the answer to a start.
    pub(crate) token: Option<Places>,
    /// Where the time stands in the answer at which the link ends; default: as in the answer to a start.
    pub(crate) expires_at: Option<Places>,
}

/// A POST that brings a session back to life. The session is read first.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviveTable {
    /// The path, such as `/v1/sessions/{id}/resume`. The call has to be one that can be repeated without harm.
    pub(crate) path: Path,
    /// The statuses in which a session needs it, such as `["expired"]`.
    pub(crate) when: Vec<StatusWord>,
}

/// The call that withdraws a session, and answers with it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelTable {
    /// The path, such as `/v1/sessions/{id}/cancel`.
    pub(crate) path: Path,
    /// The method: `POST` (default), `PATCH`, `PUT` or `DELETE`.
    pub(crate) method: Option<MethodWord>,
    /// The place of the id in the body; default: none, the id stands in the path.
    pub(crate) id_field: Option<RequestPlaces>,
    /// Values that every such request has, by their place; default: none.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, AnyValue>"))]
    #[serde(default)]
    pub(crate) constants: BTreeMap<String, Value>,
    /// Rows of `status_words` that the answer has otherwise, such as `expired = "cancelled"` where the vendor has no word of its own for
    /// what is withdrawn; default: none.
    #[serde(default)]
    pub(crate) status_words: WordTable<StatusWord>,
}

/// The call that has the applicant's data deleted.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct EraseTable {
    /// The path, such as `/v1/sessions/{id}`.
    pub(crate) path: Path,
    /// The method: `DELETE` (default), `POST`, `PATCH` or `PUT`.
    pub(crate) method: Option<MethodWord>,
    /// The place of the id in the body; default: none, the id stands in the path.
    pub(crate) id_field: Option<RequestPlaces>,
    /// Values that every such request has, by their place; default: none.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, AnyValue>"))]
    #[serde(default)]
    pub(crate) constants: BTreeMap<String, Value>,
    /// Where the session id stands in the answer; default: nowhere, a success has an empty body.
    pub(crate) id: Option<Places>,
    /// The meaning of a success: the data is deleted (`done`), or will be (`accepted`).
    pub(crate) outcome: OutcomeWord,
    /// The HTTP statuses that say, beside a text at `errors.code` or `errors.message`, that the data is gone already, such as
    /// `[404]`; default: none.
    #[serde(default)]
    pub(crate) already_gone: Vec<u16>,
}

/// A method that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) enum MethodWord {
    /// POST.
    #[serde(rename = "POST")]
    Post,
    /// PATCH.
    #[serde(rename = "PATCH")]
    Patch,
    /// PUT.
    #[serde(rename = "PUT")]
    Put,
    /// DELETE.
    #[serde(rename = "DELETE")]
    Delete,
}

/// The meaning of a successful erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum OutcomeWord {
    /// The vendor deletes later.
    Accepted,
    /// The data is deleted.
    Done,
}

/// Any value, in the schema.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(transparent)]
struct AnyValue(#[schemars(schema_with = "anything")] ());

#[cfg(feature = "schema")]
fn anything(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"description": "Any value."})
}
