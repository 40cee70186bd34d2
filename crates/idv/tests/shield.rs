//! A call that changes something is seen through, and its outcome has exactly one taker, whatever becomes of the caller.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use idv::adapter::UrlRule;
use idv::layers::{Detach, Layered, Provider, UnclaimedHandler, UnclaimedOutcome};
use idv::profile::ProviderProfile;
use idv::{
    CancelRequest, CheckRequest, Delivery, EraseRequest, Erasure, ErasureState, Error, ErrorKind,
    FindRequest, ImportRequest, NextAction, Operation, ProviderId, Redirect, RedirectOutcome, RefreshRequest,
    Result, Retry, SessionRef, SessionUrl, StartRequest, VendorWord, Verification, VerificationProvider,
    VerificationSession, VerificationStatus, WebhookOutcome, WebhookRequest,
};
use idv_core::testing::profile;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::{Notify, Semaphore};

/// What becomes of a call when the gate opens.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Answer,
    Fail,
    Panic,
}

/// A provider whose calls wait at a gate.
#[derive(Debug)]
struct Gated {
    id: ProviderId,
    profile: ProviderProfile,
    ending: Ending,
    entered: Notify,
    gate: Semaphore,
    entries: AtomicUsize,
    endings: AtomicUsize,
}

impl Gated {
    fn new(ending: Ending) -> Arc<Self> {
        Arc::new(Self {
            id: "gated".parse().unwrap(),
            profile: profile(),
            ending,
            entered: Notify::new(),
            gate: Semaphore::new(0),
            entries: AtomicUsize::new(0),
            endings: AtomicUsize::new(0),
        })
    }

    fn open(&self) {
        self.gate.add_permits(1);
    }

    async fn pass(&self) -> Result<()> {
        self.entries.fetch_add(1, Ordering::SeqCst);
        self.entered.notify_one();
        self.gate.acquire().await.unwrap().forget();
        self.endings.fetch_add(1, Ordering::SeqCst);
        match self.ending {
            Ending::Answer => Ok(()),
            Ending::Fail => Err(Error::new(ErrorKind::Forbidden, "no")),
            Ending::Panic => panic!("as the test wants it"),
        }
    }

    fn reference(&self) -> SessionRef {
        SessionRef::new(self.id.clone(), "k1").unwrap()
    }

    fn session(&self) -> VerificationSession {
        let url = SessionUrl::parse("https://a.example/cAnArY", UrlRule::Https).unwrap();
        VerificationSession::new(self.reference(), url)
    }

    fn state(&self) -> Verification {
        let (word, next) = (VendorWord::new("OK"), NextAction::Done { recheck_after: None });
        Verification::new(self.reference(), VerificationStatus::Approved, word, next)
    }
}

#[async_trait]
impl VerificationProvider for Gated {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, _: &StartRequest) -> Result<VerificationSession> {
        self.pass().await.map(|()| self.session())
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        self.pass().await.map(|()| self.session())
    }

    async fn check(&self, _: &CheckRequest) -> Result<Verification> {
        self.pass().await.map(|()| self.state())
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        self.pass().await.map(|()| vec![self.state()])
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.pass().await.map(|()| self.state())
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.pass().await.map(|()| self.state())
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        self.pass().await.map(|()| Erasure::new(self.state().reference, ErasureState::Accepted))
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        Err(Error::new(ErrorKind::Unsupported, "no"))
    }

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        Err(Error::new(ErrorKind::Unsupported, "no"))
    }
}

type Shielded = Arc<Layered<Detach, Provider<Arc<Gated>>>>;

fn shield(gated: &Arc<Gated>) -> (Shielded, UnboundedReceiver<UnclaimedOutcome>) {
    let (sender, receiver) = unbounded_channel();
    let unclaimed = UnclaimedHandler::new(move |outcome| sender.send(outcome).unwrap());
    (Arc::new(Layered::around(Detach::new(unclaimed), Arc::clone(gated))), receiver)
}

type Starting<'a> = Pin<Box<dyn Future<Output = Result<VerificationSession>> + Send + 'a>>;

fn poll(call: &mut Starting<'_>) -> Poll<Result<VerificationSession>> {
    call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// The next outcome that has no caller. Time stands still, so this gives up as soon as nobody has anything left to do.
async fn next(unclaimed: &mut UnboundedReceiver<UnclaimedOutcome>) -> UnclaimedOutcome {
    let outcome = tokio::time::timeout(std::time::Duration::from_secs(1), unclaimed.recv()).await;
    outcome.expect("an outcome is lost").unwrap()
}

/// Lets every other task of the single thread do all that it can.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

fn assert_cut_short(error: &Error, operation: Operation) {
    assert_eq!((error.retry(), error.delivery()), (Retry::AfterCheck, Delivery::Unknown));
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unavailable, Some(operation)));
    assert_eq!(error.provider().map(ProviderId::as_str), Some("gated"));
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_stays_gets_the_outcome_and_nobody_else() {
    for (ending, succeeds) in [(Ending::Answer, true), (Ending::Fail, false)] {
        let gated = Gated::new(ending);
        let (shield, mut unclaimed) = shield(&gated);
        gated.open();
        assert_eq!(shield.start(&StartRequest::new("case-7")).await.is_ok(), succeeds);
        settle().await;
        drop(shield);
        assert!(unclaimed.recv().await.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_dropped_before_the_outcome() {
    let gated = Gated::new(Ending::Answer);
    let (shield, mut unclaimed) = shield(&gated);
    let request = StartRequest::new("case-7");
    let mut call: Starting = shield.start(&request);
    assert!(poll(&mut call).is_pending());
    gated.entered.notified().await;
    drop(call);
    settle().await;
    assert!(unclaimed.try_recv().is_err());

    gated.open();
    let outcome = next(&mut unclaimed).await;
    assert_eq!((outcome.provider.as_str(), outcome.operation), ("gated", Operation::Start));
    assert_eq!(outcome.reference.as_deref(), Some("case-7"));
    assert_eq!(outcome.session, Some(gated.reference()));
    assert_eq!(outcome.result.as_ref().unwrap().as_ref().unwrap().reference, gated.reference());
    assert!(!format!("{outcome:?}").contains("cAnArY"));
    drop(shield);
    assert!(unclaimed.recv().await.is_none(), "told twice");
}

#[tokio::test(start_paused = true)]
async fn a_caller_dropped_between_the_outcome_and_its_next_poll() {
    let gated = Gated::new(Ending::Fail);
    let (shield, mut unclaimed) = shield(&gated);
    let request = StartRequest::new("case-7");
    let mut call: Starting = shield.start(&request);
    assert!(poll(&mut call).is_pending());
    gated.open();
    settle().await;
    assert_eq!(gated.endings.load(Ordering::SeqCst), 1);
    assert!(unclaimed.try_recv().is_err(), "the caller could still claim it");
    drop(call);
    let outcome = unclaimed.try_recv().unwrap();
    assert_eq!(outcome.result.unwrap_err().kind(), ErrorKind::Forbidden);
    drop(shield);
    assert!(unclaimed.recv().await.is_none(), "told twice");
}

#[tokio::test(start_paused = true)]
async fn a_caller_dropped_before_the_first_poll_sent_nothing() {
    let gated = Gated::new(Ending::Answer);
    let (shield, mut unclaimed) = shield(&gated);
    drop(shield.start(&StartRequest::new("case-7")));
    settle().await;
    assert_eq!(gated.entries.load(Ordering::SeqCst), 0);
    drop(shield);
    assert!(unclaimed.recv().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn refresh_and_import_are_shielded_and_say_what_they_were_about() {
    let gated = Gated::new(Ending::Answer);
    let (shield, mut unclaimed) = shield(&gated);
    let refresh = RefreshRequest::new("gated:k0".parse().unwrap());
    let mut call = shield.refresh(&refresh);
    assert!(poll(&mut call).is_pending());
    drop(call);
    gated.open();
    let outcome = next(&mut unclaimed).await;
    assert_eq!((outcome.operation, outcome.session), (Operation::Refresh, Some(gated.reference())));
    assert!(outcome.result.unwrap().is_some());

    let import = ImportRequest::new("token");
    let mut call = shield.import(&import);
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(call);
    gated.open();
    let outcome = next(&mut unclaimed).await;
    assert_eq!((outcome.operation, outcome.session), (Operation::Import, Some(gated.reference())));
    assert!(outcome.result.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_says_which_session_it_was_about() {
    let gated = Gated::new(Ending::Fail);
    let (shield, mut unclaimed) = shield(&gated);
    let refresh = RefreshRequest::new("gated:k0".parse().unwrap());
    let mut call = shield.refresh(&refresh);
    assert!(poll(&mut call).is_pending());
    drop(call);
    gated.open();
    let outcome = next(&mut unclaimed).await;
    assert_eq!(outcome.session, Some("gated:k0".parse().unwrap()));
    assert!(outcome.result.is_err());
}

#[tokio::test(start_paused = true)]
async fn reading_is_not_shielded() {
    let gated = Gated::new(Ending::Answer);
    let (shield, mut unclaimed) = shield(&gated);
    let check = CheckRequest::new(gated.reference());
    let mut call = shield.check(&check);
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(call);
    gated.open();
    settle().await;
    assert_eq!(gated.endings.load(Ordering::SeqCst), 0, "the call was cut short with its caller");
    drop(shield);
    assert!(unclaimed.recv().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_unknown_outcome() {
    let gated = Gated::new(Ending::Panic);
    let (shield, mut unclaimed) = shield(&gated);
    gated.open();
    assert_cut_short(&shield.start(&StartRequest::new("case-7")).await.unwrap_err(), Operation::Start);
    drop(shield);
    assert!(unclaimed.recv().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_panic_after_the_caller_is_gone_is_told_as_well() {
    let gated = Gated::new(Ending::Panic);
    let (shield, mut unclaimed) = shield(&gated);
    let request = StartRequest::new("case-7");
    let mut call: Starting = shield.start(&request);
    assert!(poll(&mut call).is_pending());
    drop(call);
    gated.open();
    let outcome = next(&mut unclaimed).await;
    assert_eq!(outcome.reference.as_deref(), Some("case-7"));
    assert_cut_short(&outcome.result.unwrap_err(), Operation::Start);
    drop(shield);
    assert!(unclaimed.recv().await.is_none());
}

#[test]
fn the_end_of_the_runtime_is_an_unknown_outcome() {
    let gated = Gated::new(Ending::Answer);
    let (shield, mut unclaimed) = shield(&gated);
    let (first, second) = (StartRequest::new("stays"), StartRequest::new("goes"));
    let mut stays: Starting = shield.start(&first);
    let mut goes: Starting = shield.start(&second);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        assert!(poll(&mut stays).is_pending() && poll(&mut goes).is_pending());
        settle().await;
    });
    drop(goes);
    drop(runtime);
    let Poll::Ready(Err(error)) = poll(&mut stays) else { panic!("the caller waits for ever") };
    assert_cut_short(&error, Operation::Start);
    drop(stays);
    let outcome = unclaimed.try_recv().unwrap();
    assert_eq!(outcome.reference.as_deref(), Some("goes"));
    assert_cut_short(&outcome.result.unwrap_err(), Operation::Start);
    assert!(unclaimed.try_recv().is_err());
}

#[test]
fn without_a_runtime_there_is_an_error_and_nothing_is_sent() {
    let gated = Gated::new(Ending::Answer);
    let (shield, mut unclaimed) = shield(&gated);
    let request = StartRequest::new("case-7");
    let Poll::Ready(Err(error)) = poll(&mut shield.start(&request)) else { panic!("it has to fail at once") };
    assert_eq!((error.delivery(), error.operation()), (Delivery::NotSent, Some(Operation::Start)));
    assert_eq!(error.to_string(), "gated: start: this needs a Tokio runtime [unavailable]");
    assert_eq!(gated.entries.load(Ordering::SeqCst), 0);
    assert!(unclaimed.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_taker_that_panics_harms_nobody() {
    let gated = Gated::new(Ending::Answer);
    let shield = Layered::around(
        Detach::new(UnclaimedHandler::new(|_| panic!("as the test wants it"))),
        Arc::clone(&gated),
    );
    let request = StartRequest::new("case-7");
    let mut call: Starting = shield.start(&request);
    assert!(poll(&mut call).is_pending());
    gated.open();
    settle().await;
    drop(call);
    gated.open();
    assert!(shield.start(&request).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn without_a_taker_an_outcome_is_let_go() {
    let gated = Gated::new(Ending::Answer);
    let shield = Layered::around(Detach::new(UnclaimedHandler::default()), Arc::clone(&gated));
    let request = StartRequest::new("case-7");
    let mut call: Starting = shield.start(&request);
    assert!(poll(&mut call).is_pending());
    drop(call);
    gated.open();
    settle().await;
    assert_eq!(gated.endings.load(Ordering::SeqCst), 1);
}

/// Callers and outcomes race on several threads; every outcome has exactly one taker.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn no_race_loses_or_doubles_an_outcome() {
    let gated = Gated::new(Ending::Answer);
    let (shield, mut unclaimed) = shield(&gated);
    let mut claimed = 0;
    for round in 0..2000 {
        let caller = Arc::clone(&shield);
        let task = tokio::spawn(async move { caller.start(&StartRequest::new("case-7")).await });
        gated.entered.notified().await;
        let opener = Arc::clone(&gated);
        let opening = tokio::spawn(async move { opener.open() });
        if round % 3 == 0 {
            tokio::task::yield_now().await;
        }
        task.abort();
        opening.await.unwrap();
        claimed += usize::from(task.await.is_ok());
    }
    drop(shield);
    let mut taken = 0;
    while unclaimed.recv().await.is_some() {
        taken += 1;
    }
    assert_eq!((claimed + taken, gated.endings.load(Ordering::SeqCst)), (2000, 2000));
}
