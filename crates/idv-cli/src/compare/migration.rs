//! What an application notices when new sessions go to another provider. All of it follows from the two profiles.

mod changes;

use serde::Serialize;
use serde_json::{Value, json};

use super::paper::Paper;
use super::subject::Subject;

/// What a change is about, in the order of the report.
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
    const ALL: [Self; 9] = [
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

    fn title(self) -> &'static str {
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

/// What happens to the subject of a change.
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
    /// The whole in words.
    pub(crate) text: String,
}

/// The report.
pub(crate) struct Migration {
    from: Subject,
    to: Subject,
    changes: Vec<Change>,
}

impl Migration {
    pub(crate) fn new(from: Subject, to: Subject) -> Self {
        let changes = changes::between(&from, &to);
        Self { from, to, changes }
    }

    pub(crate) fn document(&self) -> Value {
        let side = |subject: &Subject| {
            json!({
                "provider": subject.id,
                "kind": subject.profile.kind,
                "vendor": subject.profile.vendor,
                "configured": subject.configured,
            })
        };
        json!({"comparison": {"migration": {
            "from": side(&self.from),
            "to": side(&self.to),
            "changes": self.changes,
        }}})
    }

    pub(crate) fn paper(&self) -> Paper {
        let mut paper = Paper::default();
        paper.heading(1, format!("From {} to {}", self.from.id, self.to.id));
        paper.text(format!(
            "{}; {}. New sessions go where `active` points; nothing here happens to sessions that are open.",
            describe(&self.from),
            describe(&self.to)
        ));
        for topic in Topic::ALL {
            let changes = self.changes.iter().filter(|change| change.topic == topic);
            let texts: Vec<String> = changes.map(|change| change.text.clone()).collect();
            paper.heading(2, topic.title());
            if texts.is_empty() {
                paper.text("Nothing changes.");
            }
            paper.list(texts);
        }
        paper
    }
}

fn describe(subject: &Subject) -> String {
    let origin = if subject.configured { "configured" } else { "as the sandbox has it" };
    let Subject { id, profile, .. } = subject;
    format!("`{id}` is {}, kind `{}`, {origin}", profile.vendor, profile.kind)
}
