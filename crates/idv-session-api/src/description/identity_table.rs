//! The table of the verified identity.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::path::Path;
use super::request_places::RequestPlaces;
use super::words::{DocumentWord, WordTable};
use crate::places::Places;
use crate::reason_places::ReasonPlaces;

/// Where the vendor tells whom it verified. It is read only where a check asks for the identity, and only after an approval.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct IdentityTable {
    /// The call whose answer has the identity, and the id of the session where `session` says; default: the answer to `check` has it.
    pub(crate) call: Option<IdentityCallTable>,
    /// Where the facts stand in the answer; default: the whole of it.
    pub(crate) at: Option<Places>,
    /// Where the first name stands.
    pub(crate) first_name: Option<Places>,
    /// Where the last name stands.
    pub(crate) last_name: Option<Places>,
    /// Where the whole name stands.
    pub(crate) full_name: Option<Places>,
    /// Where the date of birth stands, as ISO 8601 writes it.
    pub(crate) date_of_birth: Option<Places>,
    /// Where the nationality stands, as ISO 3166-1 alpha-2 or alpha-3 writes it.
    pub(crate) nationality: Option<Places>,
    /// Where the parts of the address stand; those that are there are joined in this order.
    pub(crate) address: Option<ReasonPlaces>,
    /// Where the e-mail address stands.
    pub(crate) email: Option<Places>,
    /// Where the phone number stands.
    pub(crate) phone: Option<Places>,
    /// Where the facts of the document stand; default: nowhere.
    pub(crate) document: DocumentTable,
}

/// The call whose answer has the identity.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityCallTable {
    /// The path, such as `/v1/sessions/{id}/person`.
    pub(crate) path: Path,
    /// The place of the id in the body, which makes the call a POST; default: none, the id stands in the path.
    pub(crate) id_field: Option<RequestPlaces>,
    /// Query parameters of this call, which take the place of those with the same name that every request has; default: none.
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
}

/// Where the facts of a document stand, counted from `identity.at`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DocumentTable {
    /// Where the word for its kind stands; needs `kinds`.
    pub(crate) kind: Option<Places>,
    /// The meaning of each word for a kind: `passport`, `id_card`, `drivers_license` or `residence_permit`.
    pub(crate) kinds: WordTable<DocumentWord>,
    /// Where its number stands.
    pub(crate) number: Option<Places>,
    /// Where the country that issued it stands, as ISO 3166-1 alpha-2 or alpha-3 writes it.
    pub(crate) issuing_country: Option<Places>,
    /// Where the last day of its validity stands, as ISO 8601 writes it.
    pub(crate) expires_on: Option<Places>,
}
