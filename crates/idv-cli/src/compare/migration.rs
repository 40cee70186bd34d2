//! The changes that an application notices when new sessions go to another provider. All of it follows from the two profiles.

mod change;
mod changes;

use serde_json::{Value, json};

use super::paper::Paper;
use super::subject::Subject;
use change::{Change, Topic};

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
