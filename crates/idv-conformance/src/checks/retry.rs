//! Retries: a caller that follows the errors creates one session, whatever is lost on the way.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use idv_core::{FindRequest, Operation, Retry, StartRequest, VerificationProvider};

use crate::cases::Cases;
use crate::condition::Condition;
use crate::registration::register;
use crate::reply::{Manner, Reply};
use crate::stand_in::{Part, Seen};
use crate::subject::StartCost;
use crate::trial::{MOMENT, PATIENCE, Trial};
use crate::{NaturalKey, Received};

register! {
    retry {
        lost_answers_make_no_second_session;
        server_errors_after_the_work_make_no_second_session if FAILS_AFTER_THE_WORK;
        useless_successes_make_no_second_session;
        failed_steps_make_no_second_session;
        a_call_is_one_attempt;
        refreshes_never_reuse_a_key if REFRESHES_WITH_KEYS;
    }
}

const FAILS_AFTER_THE_WORK: Condition = Condition::new(
    |facts| facts.subject.start_cost() != StartCost::Session,
    "the vendor says that what it answered with a 5xx did not happen",
);
const REFRESHES_WITH_KEYS: Condition = Condition::new(
    |facts| facts.profile.capabilities.idempotent_start && facts.can(Operation::Refresh),
    "the vendor knows no idempotency keys, or no refresh",
);

/// The key under which the vendor recognises a repeated start, where it does.
const KEY: &str = "key-conformance-once";

/// The most attempts of a caller.
const ATTEMPTS: usize = 4;

/// The sessions at the vendor: one for every request of a start that makes one, but only one for each key that it knows.
#[derive(Debug, Default)]
struct Book {
    keys: BTreeSet<String>,
    others: usize,
    starts: usize,
    failed: usize,
}

impl Book {
    fn enter(&mut self, request: &Received, knows_keys: bool, natural: Option<NaturalKey>) {
        let own = (request.text().contains(KEY) && knows_keys).then(|| KEY.to_owned());
        match own.or_else(|| natural?(request)) {
            Some(key) => drop(self.keys.insert(key)),
            None => self.others += 1,
        }
    }

    fn sessions(&self) -> usize {
        self.keys.len() + self.others
    }
}

/// The outcome of a start for a caller that follows the errors.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Session,
    Found,
    LookedAndFoundNothing,
    MustCheck,
    GaveUp,
}

/// After a lost answer of any kind, the vendor has one session and the caller knows the next step.
pub async fn lost_answers_make_no_second_session(trial: &Trial<'_>, cases: &mut Cases) {
    for (name, manner) in [
        ("closed", Manner::Lost),
        ("cut head", Manner::CutHead),
        ("cut body", Manner::CutBody),
        ("silent", Manner::Silent),
    ] {
        let lost = trial.success(Operation::Start, 1).in_manner(manner);
        let (end, book) = storm(trial, cases, own(), &[lost.clone(), lost]).await;
        one_session(trial, cases, name, (&end, Doubt::Lost), &book);
    }
}

/// A 5xx after the work was done creates no second session, unless the vendor documents that.
pub async fn server_errors_after_the_work_make_no_second_session(trial: &Trial<'_>, cases: &mut Cases) {
    for status in [500, 502, 503, 504] {
        let broken = Reply::bytes(status, "text/html", "<h1>Bad gateway</h1>");
        let (end, book) = storm(trial, cases, own(), &[broken.clone(), broken]).await;
        one_session(trial, cases, &status.to_string(), (&end, Doubt::Answered), &book);
    }
}

/// A success that cannot be read creates no second session.
pub async fn useless_successes_make_no_second_session(trial: &Trial<'_>, cases: &mut Cases) {
    for (name, reply) in crate::bodies::useless(200) {
        let (_, book) = storm(trial, cases, own(), &[reply.clone(), reply]).await;
        cases.equal(format!("{name}: sessions at the vendor"), book.sessions(), 1);
    }
}

/// A start of several requests, of which one fails: the vendor has one session, and the caller knows the next step.
pub async fn failed_steps_make_no_second_session(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let Some(fresh) = cases.built("another instance", trial.build(&trial.options())) else { return };
    let started = trial.success(Operation::Start, 1);
    let all = trial.sequence(&*fresh, Operation::Start, &reference, started).await;
    let own = all.iter().position(|seen| seen.part == Part::Own);
    let mut steps = 0;
    for (index, seen) in all.iter().enumerate().filter(|(_, seen)| seen.part == Part::Step) {
        steps += 1;
        let endpoint = seen.request.endpoint();
        for (how, failure, doubt) in [
            ("lost", Reply::bytes(200, "text/plain", "").in_manner(Manner::Lost), Doubt::Lost),
            ("answered with 500", Reply::bytes(500, "text/plain", ""), Doubt::Answered),
            ("answered with 503", Reply::bytes(503, "text/plain", ""), Doubt::Answered),
        ] {
            let endpoint = endpoint.clone();
            let is_it: IsFailing = Arc::new(move |seen| seen.request.endpoint() == endpoint);
            let (end, book) = storm(trial, cases, is_it, &[failure.clone(), failure]).await;
            let name = format!("request {} {how}", index + 1);
            cases.equal(format!("{name}: sessions at the vendor"), book.sessions(), 1);
            // Before a session is made, a start may be repeated whatever it costs.
            let wanted =
                if own.is_some_and(|own| index < own) { End::Session } else { end_of_doubt(trial, doubt) };
            cases.equal(format!("{name}: the caller ends with"), end, wanted);
        }
    }
    if steps == 0 {
        cases.not_applicable("a start is one request");
    }
}

/// Why a caller does not know whether a session was made.
#[derive(Clone, Copy, PartialEq)]
enum Doubt {
    /// No answer came.
    Lost,
    /// The vendor answered that it failed.
    Answered,
}

fn one_session(trial: &Trial<'_>, cases: &mut Cases, name: &str, (end, doubt): (&End, Doubt), book: &Book) {
    cases.equal(format!("{name}: sessions at the vendor"), book.sessions(), 1);
    cases.equal(format!("{name}: the caller ends with"), end, &end_of_doubt(trial, doubt));
}

/// The outcome for a caller that cannot know whether a session was made.
fn end_of_doubt(trial: &Trial<'_>, doubt: Doubt) -> End {
    match trial.subject.start_cost() {
        StartCost::Nothing => End::Session,
        StartCost::NothingUnlessAnswered if doubt == Doubt::Lost => End::Session,
        _ if trial.can(Operation::Find) => End::Found,
        _ => End::MustCheck,
    }
}

/// Whether a request is one of those whose first answers are bad.
type IsFailing = Arc<dyn Fn(&Seen) -> bool + Send + Sync>;

/// The request of a start that makes the session.
fn own() -> IsFailing {
    Arc::new(|seen| seen.part != Part::Step)
}

/// Starts at a vendor that processes every start, but answers the first of some requests with `bad`.
async fn storm(trial: &Trial<'_>, cases: &mut Cases, is_failing: IsFailing, bad: &[Reply]) -> (End, Book) {
    let mut patience = MOMENT;
    loop {
        let book = Arc::new(Mutex::new(Book::default()));
        play(trial, &is_failing, bad, &book);
        let impatient = cases.built("impatient", trial.impatient(patience));
        let impatient = impatient.unwrap_or_else(|| Arc::clone(&trial.provider));
        // Whoever waits for an answer that never comes does not wait long; whoever gets one has the time to read it.
        let silent = bad.iter().filter(|reply| reply.manner == Manner::Silent).count();
        let next = || if lock(&book).starts < silent { &impatient } else { &trial.provider };
        let (end, attempts) = obey(&*trial.provider, next, &trial.applicant(1).idempotency_key(KEY)).await;
        let book = std::mem::take(&mut *lock(&book));
        // Fewer starts than attempts: the machine was too busy for a request to arrive in time.
        if silent == 0 || book.starts >= attempts || patience > PATIENCE {
            return (end, book);
        }
        patience *= 4;
    }
}

fn play(trial: &Trial<'_>, is_failing: &IsFailing, bad: &[Reply], book: &Arc<Mutex<Book>>) {
    let (started, found) = (trial.success(Operation::Start, 1), trial.success(Operation::Find, 1));
    trial.vendor.play(move |seen| {
        let is_find = seen.operation == Some(Operation::Find);
        std::future::ready(if is_find { found.clone() } else { started.clone() })
    });
    let knows_keys = trial.provider.profile().capabilities.idempotent_start;
    let natural = trial.subject.natural_key();
    let (is_failing, bad, entered) = (Arc::clone(is_failing), bad.to_vec(), Arc::clone(book));
    trial.vendor.disturb(move |seen, reply| {
        let mut book = lock(&entered);
        if seen.operation != Some(Operation::Start) || seen.part == Part::Shared {
            return reply;
        }
        if seen.part != Part::Step {
            book.starts += 1;
            book.enter(&seen.request, knows_keys, natural);
        }
        if !is_failing(seen) {
            return reply;
        }
        book.failed += 1;
        bad.get(book.failed - 1).cloned().unwrap_or(reply)
    });
}

/// Follows the errors, and no more. Returns the number of attempts, too.
async fn obey<'a>(
    patient: &dyn VerificationProvider,
    next: impl Fn() -> &'a Arc<dyn VerificationProvider>,
    request: &StartRequest,
) -> (End, usize) {
    for attempt in 1..=ATTEMPTS {
        let provider = next();
        let error = match provider.start(request).await {
            Ok(_) => return (End::Session, attempt),
            Err(error) => error,
        };
        let end = match error.retry() {
            Retry::Allowed { .. } => continue,
            Retry::AfterCheck if provider.profile().capabilities.find => {
                let found = patient.find(&FindRequest::new(request.reference.clone())).await;
                match found {
                    Ok(found) if !found.is_empty() => End::Found,
                    _ => End::LookedAndFoundNothing,
                }
            }
            Retry::AfterCheck => End::MustCheck,
            _ => End::GaveUp,
        };
        return (end, attempt);
    }
    (End::GaveUp, ATTEMPTS)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call is one attempt: a layer that retries can rely on that. It ends with the operation's own request, where that fails.
pub async fn a_call_is_one_attempt(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        let success = trial.success(operation, 1);
        let requests = trial.sequence(&*trial.provider, operation, &reference, success).await;
        let requests = requests.into_iter().filter(|seen| seen.part != Part::Shared);
        let before = requests.take_while(|seen| seen.part == Part::Step).count();
        for (name, reply) in [
            ("429", Reply::bytes(429, "text/plain", "").header("retry-after", "0")),
            ("503", Reply::bytes(503, "text/plain", "")),
            ("401", Reply::bytes(401, "text/plain", "")),
            ("closed", trial.success(operation, 1).in_manner(Manner::Lost)),
            ("cut body", trial.success(operation, 1).in_manner(Manner::CutBody)),
        ] {
            trial.vendor.answer(reply);
            // Whether it is an error is not asked here.
            let _ = trial.call(&*trial.provider, operation, 1, &reference).await;
            cases.equal(format!("{operation} {name}: requests"), trial.vendor.take().len(), before + 1);
        }
    }
}

/// Every refresh, and every start without a key, has a fresh key: an old one would return an expired token. A refresh that is a read
/// needs none.
pub async fn refreshes_never_reuse_a_key(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let mut unkeyed = trial.applicant(1);
    unkeyed.context_mut().set_idempotency_key(None);
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let mut failed = 0;
    for _ in 0..2 {
        failed += usize::from(trial.provider.start(&unkeyed).await.is_err());
        failed += usize::from(trial.provider.refresh(&trial.refresh_of(1, &reference)).await.is_err());
    }
    cases.equal("failed calls", failed, 0);
    let is_read = |request: &Received| {
        trial.subject.refresh_is_a_read() && trial.subject.operation(request) == Some(Operation::Check)
    };
    let (reads, written): (Vec<_>, Vec<_>) = trial.vendor.take_own().into_iter().partition(is_read);
    let mut different: Vec<String> = written.iter().map(|request| request.essence().text()).collect();
    different.sort();
    different.dedup();
    cases.equal("different requests", different.len() + reads.len(), 4);
    let wanted = if trial.subject.refresh_is_a_read() { 2 } else { 0 };
    cases.equal("refreshes that read", reads.len(), wanted);
}
