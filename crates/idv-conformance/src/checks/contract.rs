//! The contract of the trait: facts are stable, capabilities are true, calls are independent.

pub mod blocking;
pub mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use idv_core::{
    ErrorKind, FindRequest, Input, InputNeed, Operation, Redirect, StartRequest, VerificationProvider,
    WebhookRequest,
};

use crate::Received;
use crate::cases::Cases;
use crate::registration::register;
use crate::reply::{Manner, Reply};
use crate::stand_in::{Part, Seen};
use crate::trial::{CALLS, Trial, axes};

register! {
    contract {
        profile_is_stable;
        inputs_are_declared_where_they_count;
        capable_operations_work;
        requests_are_authentic;
        incapable_operations_say_so;
        embed_tokens_are_promised;
        idempotency_keys_are_sent_where_they_count;
        wrappers_are_transparent;
        dropped_calls_leave_it_usable;
        concurrent_calls_get_their_own_answers;
        a_hanging_call_blocks_no_other;
    }
}

/// Reading the profile does no I/O, two instances have the same one, and every fact in it is one.
pub async fn profile_is_stable(trial: &Trial<'_>, cases: &mut Cases) {
    let profile = trial.provider.profile();
    cases.equal("kind", profile.kind.as_str(), trial.subject.factory().kind().as_str());
    cases.equal("id", trial.id().as_str(), "conformance");
    cases.that("vendor", !profile.vendor.trim().is_empty(), || "the vendor has no name".to_owned());
    if let Some(other) = cases.built("second", trial.build(&trial.options())) {
        cases.equal("second instance", format!("{:?}", other.profile()), format!("{profile:?}"));
    }
    cases.equal("second look", format!("{:?}", trial.provider.profile()), format!("{profile:?}"));
    let sources = profile.lifetimes.iter().map(|lifetime| (&*lifetime.what, &*lifetime.source));
    let sources = sources.chain(profile.limits.iter().map(|limit| (limit.scope.as_str(), &*limit.source)));
    let facts = profile.decision_times.iter().chain(&profile.documents);
    let sources: Vec<_> = sources.chain(facts.map(|fact| (&*fact.text, &*fact.source))).collect();
    cases.that(
        "sources",
        sources.iter().all(|(what, source)| !what.is_empty() && !source.is_empty()),
        || "a fact has no text or no source".to_owned(),
    );
    let lasting = profile.lifetimes.iter().all(|lifetime| !lifetime.duration.is_zero());
    cases.that("lifetimes", lasting, || "something lives for no time".to_owned());
    let cadence = profile.actions.cadence;
    let polls = !cadence.applicant_busy.is_zero() && !cadence.vendor_busy.is_zero();
    cases.that("cadence", polls, || "the vendor is asked without a pause".to_owned());
    cases.equal("I/O", trial.vendor.count(), 0);
}

/// Start always needs the caller's reference, and inputs are declared for operations that exist only.
pub async fn inputs_are_declared_where_they_count(trial: &Trial<'_>, cases: &mut Cases) {
    let inputs = &trial.provider.profile().inputs;
    let need = inputs.need(Operation::Start, &Input::REFERENCE);
    cases.equal("start needs the reference", need, InputNeed::Required);
    for operation in CALLS {
        let idle = !trial.can(operation) && inputs.declared(operation).next().is_some();
        cases.that(format!("{operation}"), !idle, || {
            "inputs are declared for an operation that the capabilities deny".to_owned()
        });
    }
}

/// Every operation that the capabilities promise works at a vendor without faults.
pub async fn capable_operations_work(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        trial.vendor.answer(trial.success(operation, 1));
        let given = trial.call(&*trial.provider, operation, 1, &reference).await;
        cases.that(operation.as_str(), given.is_ok(), || format!("failed: {:?}", given.err()));
        let received = trial.vendor.take_seen();
        let is_due = received.iter().any(|seen| seen.part == Part::Own)
            && received.iter().all(|seen| seen.part != Part::Undeclared);
        cases.that(format!("{operation} asks"), is_due, || {
            let asked: Vec<_> = received.iter().map(|seen| trial.subject.operation(&seen.request)).collect();
            format!("the vendor received {asked:?}, by `Subject::operation`, and nothing else than a {operation} and its steps is due")
        });
    }
}

/// Every request is signed as the vendor's pages say, whatever it is about.
pub async fn requests_are_authentic(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let judge = |cases: &mut Cases, name: String, received: Vec<Received>| {
        let refused: Vec<String> =
            received.iter().filter_map(|request| trial.subject.authentic(request).err()).collect();
        cases.that(name, refused.is_empty(), || refused.join("; "));
    };
    for operation in trial.calls() {
        trial.vendor.answer(trial.success(operation, 1));
        let _ = trial.call(&*trial.provider, operation, 1, &reference).await;
        judge(cases, operation.to_string(), trial.vendor.take());
    }
    for odd in ["user 7/é", "a+b&c=d;e%41", "\u{1f600}?#"] {
        trial.vendor.answer(trial.success(Operation::Start, 1));
        let _ = trial.provider.start(&trial.subject.applicant(StartRequest::new(odd))).await;
        if trial.can(Operation::Find) {
            let _ = trial.provider.find(&FindRequest::new(odd)).await;
        }
        judge(cases, format!("reference {odd}"), trial.vendor.take());
    }
}

/// Every operation that the capabilities deny fails with `unsupported`, and nothing is sent.
pub async fn incapable_operations_say_so(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in CALLS.into_iter().filter(|operation| !trial.can(*operation)) {
        trial.vendor.answer(trial.success(operation, 1));
        let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
        unsupported(trial, cases, operation, error);
    }
    if !trial.can(Operation::Redirect) {
        let uri = "https://app.example.com/back?session_id=x&status=success";
        let error = trial.provider.parse_redirect(&Redirect::new(&reference, uri)).err();
        unsupported(trial, cases, Operation::Redirect, error);
    }
    if !trial.can(Operation::Webhook) {
        let headers = http::HeaderMap::new();
        let webhook = WebhookRequest::new(&headers, b"{}", trial.now());
        unsupported(trial, cases, Operation::Webhook, trial.provider.verify_webhook(&webhook).err());
    }
    cases.equal("requests sent", trial.vendor.take().len(), 0);
}

fn unsupported(trial: &Trial<'_>, cases: &mut Cases, operation: Operation, error: Option<idv_core::Error>) {
    let Some(error) = error else {
        cases.that(operation.as_str(), false, || "works, and the capabilities deny it".to_owned());
        return;
    };
    let wanted = [ErrorKind::Unsupported.as_str(), "not_sent", "never"];
    cases.equal(operation.as_str(), axes(&error), wanted);
    let instead = !error.message().trim().is_empty();
    cases.that(format!("{operation} says what to do instead"), instead, || "it says nothing".to_owned());
    cases.equal(format!("{operation} is named"), error.operation(), Some(operation));
    cases.equal(format!("{operation} names the provider"), error.provider(), Some(trial.id()));
}

/// A session has a token for the embedded page if, and only if, the capabilities say so.
pub async fn embed_tokens_are_promised(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let Some(session) = cases.some("start", trial.provider.start(&trial.applicant(1)).await) else { return };
    cases.equal("token", session.access_token().is_some(), trial.provider.profile().capabilities.embed);
}

/// An idempotency key reaches the vendor if, and only if, the capabilities say that it means something there.
pub async fn idempotency_keys_are_sent_where_they_count(trial: &Trial<'_>, cases: &mut Cases) {
    const KEY: &str = "key-conformance-once";
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let started = trial.provider.start(&trial.applicant(1).idempotency_key(KEY)).await;
    if cases.some("start", started).is_none() {
        return;
    }
    let sent = trial.vendor.take().iter().any(|request| request.text().contains(KEY));
    let promised = trial.provider.profile().capabilities.idempotent_start;
    cases.equal("the key is sent", sent, promised);
    let need = trial.provider.profile().inputs.need(Operation::Start, &Input::IDEMPOTENCY_KEY);
    cases.equal("the key is declared", need != InputNeed::Unused, promised);
}

/// `Arc` and `Box` are transparent: requests, results and errors stay the same.
pub async fn wrappers_are_transparent(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let arc: Arc<dyn VerificationProvider> = Arc::new(Arc::clone(&trial.provider));
    let boxed: Box<dyn VerificationProvider> = Box::new(Arc::clone(&trial.provider));
    for operation in CALLS {
        for status in [200, 503] {
            let reply = match status {
                200 => trial.success(operation, 1),
                status => Reply::bytes(status, "text/plain", ""),
            };
            trial.vendor.answer(reply);
            let plain = observe(trial, &*trial.provider, operation, &reference).await;
            cases.equal(
                format!("Arc {operation} {status}"),
                observe(trial, &*arc, operation, &reference).await,
                plain.clone(),
            );
            cases.equal(
                format!("Box {operation} {status}"),
                observe(trial, &*boxed, operation, &reference).await,
                plain,
            );
        }
    }
    cases.equal("Arc id", arc.id(), trial.id());
    cases.equal("Box profile", format!("{:?}", boxed.profile()), format!("{:?}", trial.provider.profile()));
}

/// A call from both sides: its outcome, as a digest because the text may hold secrets, and the number of its requests.
async fn observe(
    trial: &Trial<'_>,
    provider: &dyn VerificationProvider,
    operation: Operation,
    reference: &idv_core::SessionRef,
) -> (String, usize) {
    let given = trial.call(provider, operation, 1, reference).await;
    let outcome = match given {
        Ok(given) => given.digest().to_string(),
        Err(error) => format!("{error:?}"),
    };
    (outcome, trial.vendor.take().len())
}

/// A call that is dropped halfway leaves the provider usable.
pub async fn dropped_calls_leave_it_usable(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        trial.vendor.answer(trial.success(operation, 1).in_manner(Manner::Silent));
        let arrived = trial.vendor.count() + 1;
        tokio::select! {
            given = trial.call(&*trial.provider, operation, 1, &reference) => {
                cases.that(format!("{operation} hangs"), false, || format!("it ended: {:?}", given.err()));
            }
            () = trial.vendor.until_received(arrived) => {}
        }
        trial.vendor.take();
        trial.vendor.answer(trial.success(operation, 1));
        let given = trial.call(&*trial.provider, operation, 1, &reference).await;
        cases.that(operation.as_str(), given.is_ok(), || format!("the next call failed: {:?}", given.err()));
        trial.vendor.take();
    }
}

/// Many calls at once get each its own answer, in whatever order the vendor answers.
pub async fn concurrent_calls_get_their_own_answers(trial: &Trial<'_>, cases: &mut Cases) {
    const CALLERS: usize = 12;
    let mut references = Vec::new();
    for number in 0..CALLERS {
        let Some(reference) = cases.some(format!("start {number}"), trial.begun(number).await) else {
            return;
        };
        references.push(reference);
    }
    let Some(askers) = fingerprints(trial, cases, &references).await else { return };
    let words: Vec<String> = (0..CALLERS).map(|number| format!("CONFORMANCE_WORD_{number}")).collect();
    let replies: Vec<Reply> = (0..CALLERS)
        .map(|number| Reply::json(200, &trial.state(number, words.get(number).map_or("", String::as_str))))
        .collect();
    let gate = Arc::new(tokio::sync::Barrier::new(CALLERS));
    let askers = Arc::new(askers);
    let known = Arc::clone(&askers);
    trial.vendor.know_sessions(move |request| known.who(request).map(Trial::session_id));
    trial.vendor.play(move |seen| {
        let asker = askers.who(&seen.request);
        let reply = asker.and_then(|number| replies.get(number)).cloned();
        let gate = Arc::clone(&gate);
        // Nobody is answered before everybody has asked.
        async move {
            gate.wait().await;
            reply.unwrap_or_else(|| Reply::bytes(400, "text/plain", ""))
        }
    });
    let checks = references.iter().enumerate().map(|(number, reference)| {
        let request = trial.check_of(number, reference);
        async move { trial.provider.check(&request).await }
    });
    for (number, outcome) in join_all(checks).await.into_iter().enumerate() {
        let Some(found) = cases.some(format!("check {number}"), outcome) else { continue };
        let word = words.get(number).map(String::as_str);
        cases.equal(format!("answer {number}"), Some(found.provider_status.as_str()), word);
        cases.equal(format!("reference {number}"), Some(&found.reference), references.get(number));
    }
}

/// The applicant of each request, learned before.
struct Askers {
    known: BTreeMap<String, usize>,
    /// Headers that are new with every request, such as a nonce.
    fleeting: BTreeSet<String>,
}

impl Askers {
    fn who(&self, request: &Received) -> Option<usize> {
        self.known.get(&lasting(request, &self.fleeting)).copied()
    }
}

fn lasting(request: &Received, fleeting: &BTreeSet<String>) -> String {
    let mut request = request.essence();
    request.headers.retain(|(name, _)| !fleeting.contains(name));
    request.text()
}

/// Learns one by one which request belongs to which applicant.
async fn fingerprints(
    trial: &Trial<'_>,
    cases: &mut Cases,
    references: &[idv_core::SessionRef],
) -> Option<Askers> {
    let mut asked = Vec::new();
    for (number, reference) in references.iter().enumerate() {
        trial.vendor.answer(trial.success(Operation::Check, number));
        for _ in 0..2 {
            let checked = trial.provider.check(&trial.check_of(number, reference)).await;
            cases.some(format!("check {number} alone"), checked)?;
        }
        asked.push(trial.vendor.take_seen());
    }
    let fleeting: BTreeSet<String> = asked.iter().flat_map(|twice| differing(twice)).collect();
    let own = asked.iter().filter_map(|twice| twice.iter().rfind(|seen| seen.part == Part::Own));
    let own: BTreeSet<String> = own.map(|seen| lasting(&seen.request, &fleeting)).collect();
    let told_apart = own.len() == references.len();
    cases.that("applicants are told apart", told_apart, || {
        "checks of two applicants send the same request".to_owned()
    });
    let once =
        asked.iter().enumerate().flat_map(|(number, twice)| twice.iter().map(move |seen| (seen, number)));
    let known = once.map(|(seen, number)| (lasting(&seen.request, &fleeting), number)).collect();
    told_apart.then_some(Askers { known, fleeting })
}

/// The names of the headers that differ between the requests of two calls for the same.
fn differing(twice: &[Seen]) -> Vec<String> {
    let own: Vec<_> =
        twice.iter().filter(|seen| seen.part != Part::Shared).map(|seen| &seen.request).collect();
    let (first, second) = own.split_at(own.len() / 2);
    let differing = |(one, other): (&&Received, &&Received)| {
        let names = one.headers.iter().chain(&other.headers).map(|(name, _)| name.clone());
        names.filter(|name| one.header(name) != other.header(name)).collect::<Vec<_>>()
    };
    first.iter().zip(second).flat_map(differing).collect()
}

/// A start of one applicant does not wait for a hanging call of another one.
pub async fn a_hanging_call_blocks_no_other(trial: &Trial<'_>, cases: &mut Cases) {
    let hung = Arc::new(Mutex::new(false));
    let reply = trial.success(Operation::Start, 2);
    trial.vendor.play(move |_| {
        let first = !std::mem::replace(&mut *hung.lock().unwrap_or_else(PoisonError::into_inner), true);
        let reply = reply.clone();
        std::future::ready(if first { reply.in_manner(Manner::Silent) } else { reply })
    });
    let first: StartRequest = trial.applicant(1);
    tokio::select! {
        given = trial.provider.start(&first) => {
            cases.that("the first hangs", false, || format!("it ended: {:?}", given.err()));
        }
        given = async {
            trial.vendor.until_received(1).await;
            trial.provider.start(&trial.applicant(2)).await
        } => {
            cases.that("the second", given.is_ok(), || format!("failed: {:?}", given.err()));
        }
    }
}
