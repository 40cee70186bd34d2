//! The table of facts for people.

use idv_core::{Certainty, HumanDuration, Lifetime, Limit, LimitScope, Note};
use serde::Deserialize;

/// Limits, lifetimes and notes for people, each with the vendor's page.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FactsTable {
    /// The vendor's limits on use; those of calls are kept by the rate limiter.
    pub(crate) limits: Vec<LimitRow>,
    /// How long links, tokens and sessions live.
    pub(crate) lifetimes: Vec<LifetimeRow>,
    /// How long decisions take.
    pub(crate) decision_times: Vec<NoteRow>,
    /// The documents that applicants have to show.
    pub(crate) documents: Vec<NoteRow>,
}

/// A limit on use.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitRow {
    /// The unit that is counted, such as `calls`, `calls in a burst`, `calls that read` or `calls that write`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) scope: LimitScope,
    /// How many.
    pub(crate) count: u32,
    /// In what time; default: at any one time.
    pub(crate) per: Option<HumanDuration>,
    /// The vendor's page.
    pub(crate) source: String,
}

/// How long something lives.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct LifetimeRow {
    /// The subject of the lifetime: `link`, `session`.
    pub(crate) what: String,
    /// For how long.
    pub(crate) lives: HumanDuration,
    /// Whether the vendor says so only roughly, or for a default that can be changed; default: `false`.
    #[serde(default)]
    pub(crate) estimated: bool,
    /// The vendor's page.
    pub(crate) source: String,
}

/// A statement.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteRow {
    /// The statement.
    pub(crate) text: String,
    /// The vendor's page.
    pub(crate) source: String,
}

/// The facts, as a profile has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) limits: Vec<Limit>,
    pub(crate) lifetimes: Vec<Lifetime>,
    pub(crate) decision_times: Vec<Note>,
    pub(crate) documents: Vec<Note>,
}

impl From<&FactsTable> for Facts {
    fn from(table: &FactsTable) -> Self {
        let limit = |row: &LimitRow| {
            Limit::new(row.scope, row.count, row.per.map(HumanDuration::get), row.source.clone())
        };
        let lifetime = |row: &LifetimeRow| {
            let certainty = if row.estimated { Certainty::Estimated } else { Certainty::Documented };
            Lifetime::new(row.what.clone(), row.lives.get(), certainty, row.source.clone())
        };
        let note = |row: &NoteRow| Note::new(row.text.clone(), row.source.clone());
        Self {
            limits: table.limits.iter().map(limit).collect(),
            lifetimes: table.lifetimes.iter().map(lifetime).collect(),
            decision_times: table.decision_times.iter().map(note).collect(),
            documents: table.documents.iter().map(note).collect(),
        }
    }
}
