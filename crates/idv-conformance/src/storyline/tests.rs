//! The engine, with a stage and a provider that play a script.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use http::HeaderMap;
use idv_core::testing::{Call, ScriptedProvider, profile};
use idv_core::{
    Assurance, Delivery, Error, ErrorKind, Expiry, NextAction, ProviderProfile, Retry, SessionRef,
    SessionUrl, StartRequest, Timestamp, UrlRule, VendorWord, Verification, VerificationSession,
    VerificationStatus, WebhookEvent, WebhookOutcome,
};

use super::*;

const KEY: &str = "canary-key";

/// A vendor that supports everything except for the configured gaps.
#[derive(Debug, Default)]
struct ScriptedStage {
    impossible: Vec<&'static str>,
    webhooks: Mutex<VecDeque<usize>>,
    done: Mutex<Vec<String>>,
    broken: bool,
}

impl ScriptedStage {
    fn note(&self, what: impl Into<String>) -> Acted {
        let what = what.into();
        if self.impossible.contains(&&*what) {
            return Acted::NotAtThisVendor { why: "it never heard of it" };
        }
        self.done.lock().unwrap().push(what);
        Acted::DONE
    }

    fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }
}

#[async_trait]
impl Stage for ScriptedStage {
    fn flow(&self) -> &str {
        "scripted"
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn enter(&self) -> Result<Case, StageError> {
        Ok(Case { start: StartRequest::new("canary-case"), subject: "canary-subject".to_owned() })
    }

    async fn renew(&self, _: &mut Case) -> Result<(), StageError> {
        self.note("renews");
        Ok(())
    }

    async fn act(&self, _: &Case, _: &SessionRef, act: &Act) -> Result<Acted, StageError> {
        if self.broken {
            return Err(StageError::new("a lamp fell down"));
        }
        Ok(self.note(act.words()))
    }

    async fn arrange(&self, mishap: Mishap) -> Result<Acted, StageError> {
        Ok(self.note(mishap.words()))
    }

    async fn held(&self, _: &Case) -> Result<Held, StageError> {
        Ok(Held { count: 2, what: "session" })
    }

    async fn webhooks(&self) -> Result<Vec<Webhook>, StageError> {
        let count = self.webhooks.lock().unwrap().pop_front().unwrap_or(0);
        Ok((0..count).map(|_| Webhook { headers: HeaderMap::new(), body: Vec::new() }).collect())
    }

    async fn advance(&self, by: Duration) -> Result<(), StageError> {
        self.note(format!("advances {}", by.as_secs()));
        Ok(())
    }
}

fn reference() -> SessionRef {
    SessionRef::new("one".parse().unwrap(), KEY).unwrap()
}

fn session() -> VerificationSession {
    let url = SessionUrl::parse("https://vendor.example/canary-link", UrlRule::Https).unwrap();
    let mut session = VerificationSession::new(reference(), url);
    session.expires_at = Some(Expiry::documented(Timestamp::from_unix_seconds(60)));
    session
}

fn verification(status: VerificationStatus, next: NextAction) -> Verification {
    Verification::new(reference(), status, VendorWord::new("WORD"), next)
}

fn waiting() -> Verification {
    let next = NextAction::Wait { poll_after: Duration::from_secs(5) };
    verification(VerificationStatus::InReview, next)
}

fn lost(retry: Retry) -> Error {
    Error::new(ErrorKind::Connection, "lost").with_retry(retry).with_delivery(Delivery::Unknown)
}

fn provider(change: impl FnOnce(&mut ProviderProfile)) -> ScriptedProvider {
    let mut profile = profile();
    change(&mut profile);
    ScriptedProvider::with_profile("one".parse().unwrap(), profile)
}

fn starts(provider: &ScriptedProvider) -> Vec<StartRequest> {
    let start = |call| match call {
        Call::Start(request) => Some(request),
        _ => None,
    };
    provider.calls().into_iter().filter_map(start).collect()
}

async fn play(storyline: Storyline, stage: &ScriptedStage, provider: &ScriptedProvider) -> Trace {
    storyline.play(stage, provider).await.unwrap()
}

fn outcome(trace: &Trace, step: &str) -> String {
    trace.beat(step).unwrap_or_else(|| panic!("no `{step}` in {trace}")).outcome()
}

#[tokio::test]
async fn a_start_that_may_be_repeated_is_repeated_under_the_same_key() {
    let provider = provider(|profile| profile.capabilities.idempotent_start = true)
        .on_start(Err(lost(Retry::Allowed { after: None })))
        .on_start(Ok(session()))
        .on_check(Ok(waiting()));
    let trace = play(Storyline::LostAnswer, &ScriptedStage::default(), &provider).await;
    let keys: Vec<_> = starts(&provider)
        .into_iter()
        .map(|start| start.context().idempotency_key().unwrap().to_owned())
        .collect();
    assert_eq!((keys.len(), &keys[0]), (2, &keys[1]));
    assert_eq!(outcome(&trace, "starts"), "error connection, retry allowed, delivery unknown");
    assert_eq!(outcome(&trace, "holds in the end"), "2 sessions");
}

#[tokio::test]
async fn a_start_that_may_have_worked_is_looked_for_and_not_repeated() {
    let provider = provider(|profile| profile.capabilities.find = true)
        .on_start(Err(lost(Retry::AfterCheck)))
        .on_find(Ok(vec![waiting()]))
        .on_check(Ok(waiting()));
    let trace = play(Storyline::LostAnswer, &ScriptedStage::default(), &provider).await;
    assert_eq!(starts(&provider).len(), 1, "{trace}");
    let found = outcome(&trace, "looks for its own reference");
    assert_eq!(found, "in_review; says WORD; next wait 5s; 1 found");
    assert!(outcome(&trace, "asks for a fresh link").starts_with("not at this vendor"), "{trace}");
}

#[tokio::test]
async fn where_nothing_is_found_the_start_is_made_again() {
    let provider = provider(|profile| profile.capabilities.find = true)
        .on_start(Err(lost(Retry::AfterCheck)))
        .on_find(Ok(Vec::new()))
        .on_start(Ok(session()))
        .on_check(Ok(waiting()));
    let trace = play(Storyline::LostAnswer, &ScriptedStage::default(), &provider).await;
    assert_eq!(starts(&provider).len(), 2, "{trace}");
    assert_eq!(outcome(&trace, "looks for its own reference"), "0 found");
    assert!(trace.beat("starts again, as there is no session").is_some(), "{trace}");
}

#[tokio::test]
async fn without_a_search_a_check_looks() {
    let provider = provider(|profile| profile.capabilities.refresh = true)
        .on_start(Err(lost(Retry::AfterCheck)))
        .on_check(Ok(waiting()))
        .on_refresh(Ok(session()))
        .on_check(Ok(waiting()));
    let trace = play(Storyline::LostAnswer, &ScriptedStage::default(), &provider).await;
    assert_eq!(starts(&provider).len(), 1, "{trace}");
    let Call::Check(check) = &provider.calls()[1] else { panic!("{trace}") };
    assert_eq!(check.session.to_string(), "one:canary-case");
    assert_eq!(outcome(&trace, "looks for its own reference"), "not at this vendor; no search");
}

#[tokio::test]
async fn a_final_error_ends_the_storyline() {
    let provider = provider(|_| ()).on_start(Err(Error::new(ErrorKind::Forbidden, "no")));
    let trace = play(Storyline::HappyPath, &ScriptedStage::default(), &provider).await;
    assert_eq!(trace.beats.len(), 1);
    assert_eq!(outcome(&trace, "starts"), "error forbidden, retry never, delivery not_sent");
}

#[tokio::test]
async fn what_a_vendor_lacks_is_a_beat() {
    let stage = ScriptedStage { impossible: vec!["holds for manual review"], ..ScriptedStage::default() };
    let provider = provider(|_| ())
        .on_start(Ok(session()))
        .on_check(Ok(waiting()))
        .on_check(Ok(verification(VerificationStatus::Approved, NextAction::Done { recheck_after: None })));
    let trace = play(Storyline::ManualHold, &stage, &provider).await;
    assert_eq!(
        outcome(&trace, "holds for manual review"),
        "not at this vendor; it never heard of it",
        "{trace}"
    );
    assert_eq!(outcome(&trace, "gets the webhook of the hold"), "not at this vendor; no webhooks");
    assert!(stage.done().contains(&"approves".to_owned()));
}

#[tokio::test]
async fn webhooks_are_told_apart_by_their_ids() {
    let event = |id: &str| {
        let one = "one".parse().unwrap();
        let event = WebhookEvent::signed(one, VendorWord::new(id), VendorWord::new("kind"));
        let next = NextAction::Check;
        let event = event.with_status(VerificationStatus::InReview, VendorWord::new("WORD"), vec![], next);
        Ok(WebhookOutcome::Event(Box::new(event)))
    };
    let provider = provider(|profile| profile.capabilities.webhooks = Some(Assurance::Signed))
        .on_start(Ok(session()))
        .on_webhook(event("canary-1"))
        .on_webhook(event("canary-1"))
        .on_webhook(event("canary-2"))
        .on_check(Ok(waiting()));
    let stage = ScriptedStage { webhooks: Mutex::new([0, 3].into()), ..ScriptedStage::default() };
    let trace = play(Storyline::DuplicateAndReorderedWebhooks, &stage, &provider).await;
    assert_eq!(outcome(&trace, "gets a webhook"), "in_review; signed; type kind; says WORD; next check");
    assert_eq!(outcome(&trace, "gets a webhook (2)"), "dropped: its id was seen before");
    assert_eq!(outcome(&trace, "gets a webhook (3)"), outcome(&trace, "gets a webhook"));
}

#[tokio::test]
async fn a_cool_down_is_waited_for() {
    let next = NextAction::RetryWithNewSession { cooldown: Some(Duration::from_secs(60)), via: None };
    let provider = provider(|_| ())
        .on_start(Ok(session()))
        .on_check(Ok(verification(VerificationStatus::Rejected, next)))
        .on_start(Ok(session()))
        .on_check(Ok(waiting()))
        .on_check(Ok(waiting()));
    let stage = ScriptedStage::default();
    let trace = play(Storyline::RejectedThenRetried, &stage, &provider).await;
    assert_eq!(outcome(&trace, "waits"), "1m");
    let done = stage.done();
    let waited = done.iter().position(|step| step == "advances 60").unwrap();
    assert_eq!(done[waited + 1], "renews");
    assert_eq!(done[waited + 2], "submits", "{done:?}");
}

/// An applicant who comes back gets the link in hand, unless it was opened for good, or its time is over.
#[tokio::test]
async fn a_link_is_handed_out_again_only_while_it_opens() {
    type Change = fn(&mut VerificationSession);
    let cases: [(Change, Option<&str>); 4] = [
        (|_| (), None),
        (|session| session.expires_at = None, None),
        (|session| session.single_use = true, Some("the link was opened once already")),
        (|session| session.expires_at = session.expires_at.map(|_| past()), Some("the link has expired")),
    ];
    for (change, refreshed) in cases {
        let mut opened = session();
        change(&mut opened);
        let provider = provider(|profile| profile.capabilities.refresh = true)
            .on_start(Ok(opened))
            .on_check(Ok(waiting()))
            .on_refresh(Ok(session()))
            .on_check(Ok(waiting()));
        let trace = play(Storyline::Abandoned, &ScriptedStage::default(), &provider).await;
        assert_eq!(trace.beat("has no link in hand").map(Beat::outcome).as_deref(), refreshed, "{trace}");
        assert_eq!(trace.beat("asks for a fresh link").is_some(), refreshed.is_some(), "{trace}");
    }
}

fn past() -> Expiry {
    Expiry::estimated(Timestamp::UNIX_EPOCH)
}

#[tokio::test]
async fn a_broken_stage_is_no_trace() {
    let provider = provider(|_| ()).on_start(Ok(session()));
    let stage = ScriptedStage { broken: true, ..ScriptedStage::default() };
    let error = Storyline::Expired.play(&stage, &provider).await.unwrap_err();
    assert_eq!(error.to_string(), "the stage broke: a lamp fell down");
}

/// Neither form of a trace holds an id, a link or a reference.
#[tokio::test]
async fn traces_hold_no_ids() {
    let approved = verification(VerificationStatus::Approved, NextAction::Done { recheck_after: None });
    let provider = provider(|profile| profile.capabilities.refresh = true)
        .on_start(Ok(session()))
        .on_check(Ok(waiting()))
        .on_refresh(Ok(session()))
        .on_check(Ok(approved));
    let trace = play(Storyline::Expired, &ScriptedStage::default(), &provider).await;
    let text = format!("{trace}{}{trace:?}", serde_json::to_string(&trace).unwrap());
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(
        trace.to_string(),
        "Expired at scripted\n\
         \x20 application starts -> in_progress; the link is not single-use\n\
         \x20 application gets the webhook of the start -> not at this vendor; no webhooks\n\
         \x20 vendor lets the time run out -> done\n\
         \x20 application gets the webhook of the expiry -> not at this vendor; no webhooks\n\
         \x20 application checks after the expiry -> in_review; says WORD; next wait 5s\n\
         \x20 application asks for a fresh link -> in_progress; the link is not single-use\n\
         \x20 applicant submits -> done\n\
         \x20 application checks after the submission -> approved; says WORD; next none\n"
    );
}

#[test]
fn every_storyline_has_a_name_of_its_own() {
    let mut names: Vec<&str> = Storyline::ALL.iter().map(|storyline| storyline.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Storyline::ALL.len());
}

fn beat(step: &str) -> Beat {
    Beat::new(Role::Application, step)
}

fn trace(flow: &str, beats: Vec<Beat>) -> Trace {
    Trace::new(Storyline::HappyPath, flow, beats)
}

#[test]
fn steps_that_recur_are_numbered() {
    let trace = trace("a", vec![beat("x"), beat("x"), beat("x")]);
    let steps: Vec<&str> = trace.beats.iter().map(|beat| beat.step.as_str()).collect();
    assert_eq!(steps, ["x", "x (2)", "x (3)"]);
}

#[test]
fn steps_of_one_trace_only_stand_where_they_happened() {
    let one = trace("a", vec![beat("first"), beat("last")]);
    let other = trace("b", vec![beat("first"), beat("middle"), beat("last"), beat("encore")]);
    let aligned = align(&[&one, &other]);
    let steps: Vec<&str> = aligned.iter().map(|step| step.step).collect();
    assert_eq!(steps, ["first", "middle", "last", "encore"]);
    assert!(aligned[1].beats[0].is_none() && aligned[1].beats[1].is_some());
    assert_eq!(aligned[1].differences, ["only at b"]);
    assert!(!aligned[0].differs() && !aligned[2].differs());
}

#[test]
fn differences_are_told_in_words_and_the_vendor_s_own_words_are_none() {
    let check = |status, word: &str, next: &NextAction| beat("checks").status(status).says(word).next(next);
    let wait = NextAction::Wait { poll_after: Duration::from_secs(5) };
    let open = VerificationStatus::InProgress;
    let one = trace("a", vec![check(open, "OPEN", &wait)]);
    let same = trace("b", vec![check(open, "offen", &wait)]);
    assert!(!align(&[&one, &same])[0].differs());
    let new = trace("c", vec![check(VerificationStatus::NotStarted, "NEW", &NextAction::ContinueSession)]);
    assert_eq!(
        align(&[&one, &same, &new])[0].differences,
        [
            "at a and b a session is open, and no submission is reported (in_progress); at c the applicant has \
             done nothing yet (not_started)",
            "at a and b the application asks again later (wait 5s); at c the application reopens the link in hand \
             (continue_session)",
        ]
    );
}

#[test]
fn what_a_vendor_lacks_is_a_difference_of_its_own() {
    let has = trace("a", vec![beat("holds")]);
    let lacks = |flow| trace(flow, vec![Beat::not_at_this_vendor(Role::Vendor, "holds", "no such state")]);
    let (b, c) = (lacks("b"), lacks("c"));
    assert_eq!(align(&[&has, &b, &c])[0].differences, ["does not exist at b and c (no such state)"]);
    assert!(!align(&[&b, &c])[0].differs());
}
