//! The acts that a vendor knows, as a table.

use crate::act::ActName;

/// The acts of the applicant, which need an open page.
pub(crate) const ON_PAGE: [ActName; 4] = [ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave];

/// The word to which an act leads. The first row that fits counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) act: ActName,
    /// The words in which the act is possible.
    pub(crate) from: &'static [&'static str],
    /// The word afterwards; `None` where it stays.
    pub(crate) to: Option<&'static str>,
}

impl Turn {
    pub(crate) const fn new(act: ActName, from: &'static [&'static str], to: &'static str) -> Self {
        Self { act, from, to: Some(to) }
    }

    /// An act that leaves the word as it is.
    pub(crate) const fn stay(act: ActName, from: &'static [&'static str]) -> Self {
        Self { act, from, to: None }
    }
}

/// The row for an act on a session with this word. A word that stands in no row is one that the vendor does not document:
/// what people or time do to it is possible, as from any other.
pub(crate) fn turn<'a>(turns: &'a [Turn], act: ActName, status: &str) -> Option<&'a Turn> {
    let is_known = |turn: &Turn| turn.from.contains(&status) || turn.to == Some(status);
    let is_new = !ON_PAGE.contains(&act) && !turns.iter().any(is_known);
    turns.iter().find(|turn| turn.act == act && (is_new || turn.from.contains(&status)))
}

/// A change of a session.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The act; none for what the application did by a call.
    pub(crate) act: Option<ActName>,
    /// The word before; none for a creation.
    pub(crate) from: Option<String>,
    pub(crate) to: String,
}

impl Change {
    pub(crate) fn creation(status: &str) -> Self {
        Self { act: None, from: None, to: status.to_owned() }
    }

    /// Whether the session got another word, or was made.
    pub(crate) fn is_real(&self) -> bool {
        self.from.as_deref() != Some(self.to.as_str())
    }
}
