//! One difference that an application notices, and the headings of the report.

use serde::Serialize;

/// The topic of a change, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Topic {
    Inputs,
    Operations,
    Statuses,
    Reasons,
    NextActions,
    Lifetimes,
    Polling,
    Limits,
    SessionsInFlight,
}

impl Topic {
    pub(crate) const ALL: [Self; 9] = [
        Self::Inputs,
        Self::Operations,
        Self::Statuses,
        Self::Reasons,
        Self::NextActions,
        Self::Lifetimes,
        Self::Polling,
        Self::Limits,
        Self::SessionsInFlight,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Inputs => "Inputs to collect or to drop",
            Self::Operations => "Operations and capabilities",
            Self::Statuses => "Statuses",
            Self::Reasons => "Reasons",
            Self::NextActions => "Next actions",
            Self::Lifetimes => "How long links and credentials live",
            Self::Polling => "Polling",
            Self::Limits => "Limits",
            Self::SessionsInFlight => "Sessions in flight",
        }
    }
}

/// The effect on the subject of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Turn {
    Appears,
    Vanishes,
    Changes,
    Stays,
}

/// One thing that an application notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    pub(crate) topic: Topic,
    pub(crate) change: Turn,
    /// The name of the input, capability, status or fact.
    pub(crate) subject: String,
    /// The change in words.
    pub(crate) text: String,
}
