//! Operations of several requests: a failed one ends the operation, and its verdict is that of all that was sent.

use idv_core::{Operation, SessionRef, Surface};

use crate::cases::Cases;
use crate::registration::register;
use crate::reply::{Manner, Reply};
use crate::stand_in::{Part, Seen};
use crate::trial::{Trial, axes};

register! {
    errors {
        a_lost_step_ends_the_operation;
        a_refused_step_ends_the_operation;
    }
}

/// An operation of several requests ends where an answer is lost: nothing is sent after it. While only steps before the
/// operation's own request were sent it may be repeated; after that the verdict is that of a lost answer to the operation.
pub async fn a_lost_step_ends_the_operation(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let found = each_step(trial, cases, &reference).await;
    for step in &found {
        let lost = |reply: Reply| reply.in_manner(Manner::Lost);
        let verdict = match (step.part(), step.is_own_sent(true)) {
            (Part::Shared, _) => ["connection", "not_sent", "allowed"],
            (_, true) => ["connection", "unknown", trial.verdicts(step.operation)[3]],
            (_, false) => ["connection", "unknown", "allowed"],
        };
        step.fails(trial, cases, &reference, "", lost, verdict).await;
    }
    if found.is_empty() {
        cases.not_applicable("every operation is one request");
    }
}

/// A step that the vendor answers with a server error ends the operation too: it may be repeated while its own request was not
/// sent, and after that the verdict is that of an operation whose result is unknown.
pub async fn a_refused_step_ends_the_operation(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let found = each_step(trial, cases, &reference).await;
    for step in found.iter().filter(|step| step.part() == Part::Step) {
        for status in [500, 503] {
            let refused = move |_| Reply::bytes(status, "text/plain", "");
            let is_own_sent = step.is_own_sent(false);
            let retry = if is_own_sent { trial.verdicts(step.operation)[3] } else { "allowed" };
            let verdict = ["unavailable", "answered", retry];
            step.fails(trial, cases, &reference, &format!(" {status}"), refused, verdict).await;
        }
    }
    if !found.iter().any(|step| step.part() == Part::Step) {
        cases.not_applicable("every operation is one request");
    }
}

/// One request of an operation of several.
struct Request {
    operation: Operation,
    /// The state at the vendor.
    word: String,
    /// All requests of the operation.
    all: Vec<Seen>,
    index: usize,
}

/// Each request of each operation that has steps. Those that a state needs are of a check, and that state is then the word.
async fn each_step(trial: &Trial<'_>, cases: &mut Cases, reference: &SessionRef) -> Vec<Request> {
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
fn answer(trial: &Trial<'_>, operation: Operation, word: &str) -> Reply {
    match operation {
        Operation::Check => Reply::json(200, &trial.state(1, word)),
        _ => trial.success(operation, 1),
    }
}

impl Request {
    fn part(&self) -> Part {
        self.all.get(self.index).map_or(Part::Undeclared, |seen| seen.part)
    }

    /// Whether the operation's own request is sent before this one, or is this one.
    fn is_own_sent(&self, counts_itself: bool) -> bool {
        let end = self.index + usize::from(counts_itself);
        self.all.iter().take(end).any(|seen| seen.part == Part::Own)
    }

    /// Fails the request, and each repetition of it: the operation fails with the verdict, and sends nothing that is due later. It works
    /// once the request does.
    async fn fails(
        &self,
        trial: &Trial<'_>,
        cases: &mut Cases,
        reference: &SessionRef,
        how: &str,
        failure: impl Fn(Reply) -> Reply + Send + Sync + 'static,
        verdict: [&'static str; 3],
    ) {
        let Some(fresh) = cases.built("another instance", trial.build(&trial.options())) else { return };
        let endpoints: Vec<String> = self.all.iter().map(|seen| seen.request.endpoint()).collect();
        let name = format!("{}, request {} of {}{how}", self.operation, self.index + 1, endpoints.len());
        let name = if self.word == trial.a_word() { name } else { format!("{name} where {}", self.word) };
        let Some(failing) = endpoints.get(self.index).cloned() else { return };
        trial.vendor.answer(answer(trial, self.operation, &self.word));
        trial.vendor.disturb(move |seen, reply| match seen.request.endpoint() == failing {
            true => failure(reply),
            false => reply,
        });
        trial.vendor.take();
        let error = trial.call(&*fresh, self.operation, 1, reference).await.err();
        cases.equal(&name, error.as_ref().map(axes), Some(verdict));
        let due = endpoints.get(..=self.index).unwrap_or_default();
        let later: Vec<_> = trial.vendor.take_seen();
        let later = later.iter().filter(|seen| !due.contains(&seen.request.endpoint())).count();
        cases.equal(format!("{name}: requests after it"), later, 0);
        trial.vendor.answer(answer(trial, self.operation, &self.word));
        let again = trial.call(&*fresh, self.operation, 1, reference).await;
        cases.that(format!("{name}, again"), again.is_ok(), || format!("failed: {:?}", again.err()));
    }
}
