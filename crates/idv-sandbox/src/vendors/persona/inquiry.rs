//! The facts of an inquiry.

use serde_json::{Map, Value};

use crate::vendors::hosted::Session;

/// The words of inquiries that the applicant can go on with.
pub(super) const OPEN: &[&str] = &["created", "pending"];

/// The facts of an inquiry that the shared machinery does not know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The id of the template, and the name of the member that held it.
    pub(super) template: (&'static str, String),
    pub(super) account: Option<String>,
    pub(super) redirect: Option<String>,
    pub(super) fields: Map<String, Value>,
    pub(super) note: Option<String>,
    pub(super) tags: Vec<String>,
    /// The codes of links that open once, oldest first.
    pub(super) codes: Vec<Code>,
    /// The time that a resumed inquiry has, in milliseconds.
    pub(super) resumed_for: i64,
    pub(super) redacted_at: Option<i64>,
}

/// A code of a link that opens once.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) until: i64,
    pub(super) is_used: bool,
}

pub(super) type Inquiry = Session<Facts>;

/// The code of the inquiry that can still be opened.
pub(super) fn good_code(inquiry: &Inquiry, now: i64) -> Option<&Code> {
    let is_good = |code: &&Code| !code.is_used && now < code.until;
    inquiry.facts.codes.iter().rev().find(is_good).filter(|_| OPEN.contains(&inquiry.status.as_str()))
}
