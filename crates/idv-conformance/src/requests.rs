//! The requests of the operations that have steps.

use idv_core::{Operation, SessionRef, Surface};

use crate::cases::Cases;
use crate::reply::Reply;
use crate::stand_in::{Part, Seen};
use crate::trial::Trial;

/// One request of an operation of several.
pub(crate) struct Request {
    pub(crate) operation: Operation,
    /// The state at the vendor.
    pub(crate) word: String,
    /// All requests of the operation.
    pub(crate) all: Vec<Seen>,
    pub(crate) index: usize,
}

/// Each request of each operation that has steps. Those that a state needs are of a check, and that state is then the word.
pub(crate) async fn each_step(trial: &Trial<'_>, cases: &mut Cases, reference: &SessionRef) -> Vec<Request> {
    let mut found: Vec<Request> = Vec::new();
    let mut known = Vec::new();
    for operation in trial.calls() {
        let words = match operation {
            Operation::Check => {
                trial.rows(Surface::CheckStatus).iter().map(|row| row.word.to_string()).collect()
            }
            _ => vec![trial.a_word()],
        };
        for word in words {
            let Some(fresh) = cases.built("another instance", trial.build(&trial.options())) else {
                continue;
            };
            let all = trial.sequence(&*fresh, operation, reference, answer(trial, operation, &word)).await;
            let shape: Vec<String> = all.iter().map(|seen| seen.request.endpoint()).collect();
            // Undeclared requests are the subject of other checks.
            let has_steps = all.iter().any(|seen| matches!(seen.part, Part::Step | Part::Shared));
            if has_steps && !known.contains(&shape) {
                known.push(shape);
                let request = |index| Request { operation, word: word.clone(), all: all.clone(), index };
                found.extend((0..all.len()).map(request));
            }
        }
    }
    found
}

/// The vendor's answer to an operation's own request.
pub(crate) fn answer(trial: &Trial<'_>, operation: Operation, word: &str) -> Reply {
    match operation {
        Operation::Check => Reply::json(200, &trial.state(1, word)),
        _ => trial.success(operation, 1),
    }
}

impl Request {
    pub(crate) fn part(&self) -> Part {
        self.all.get(self.index).map_or(Part::Undeclared, |seen| seen.part)
    }

    /// Whether the operation's own request is sent before this one, or is this one.
    pub(crate) fn is_own_sent(&self, counts_itself: bool) -> bool {
        let end = self.index + usize::from(counts_itself);
        self.all.iter().take(end).any(|seen| seen.part == Part::Own)
    }

    /// The request's number, the number of all, and the state that needs them, for the name of a case.
    pub(crate) fn name(&self, trial: &Trial<'_>) -> String {
        let name = format!("{}, request {} of {}", self.operation, self.index + 1, self.all.len());
        if self.word == trial.a_word() { name } else { format!("{name} where {}", self.word) }
    }

    /// Method and path of the request.
    pub(crate) fn endpoint(&self) -> String {
        self.all.get(self.index).map(|seen| seen.request.endpoint()).unwrap_or_default()
    }

    /// Lets the vendor answer the operation, with a change to the answers of this request.
    pub(crate) fn disturb(&self, trial: &Trial<'_>, change: impl Fn(Reply) -> Reply + Send + Sync + 'static) {
        let changed = self.endpoint();
        trial.vendor.answer(answer(trial, self.operation, &self.word));
        trial.vendor.disturb(move |seen, reply| match seen.request.endpoint() == changed {
            true => change(reply),
            false => reply,
        });
        trial.vendor.take();
    }
}
