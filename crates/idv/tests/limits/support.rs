//! A provider whose calls take time and end as the test wants.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use idv::adapter::{Randomness, UrlRule};
use idv::layers::CallContext;
use idv::profile::ProviderProfile;
use idv::testing::{CountingRandomness, profile};
use idv::{
    CancelRequest, CheckRequest, Delivery, EraseRequest, Erasure, ErasureState, Error, ErrorKind,
    FindRequest, ImportRequest, NextAction, Operation, ProviderId, Redirect, RedirectClaim, RedirectOutcome,
    RefreshRequest, Result, Retry, SessionRef, SessionUrl, StartRequest, VendorWord, Verification,
    VerificationProvider, VerificationSession, VerificationStatus, WebhookOutcome, WebhookRequest,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

pub(crate) fn many(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap()
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn random() -> Arc<dyn Randomness> {
    Arc::new(CountingRandomness::default())
}

pub(crate) fn reference() -> SessionRef {
    "vendor:k1".parse().unwrap()
}

pub(crate) fn check() -> CheckRequest {
    CheckRequest::new(reference())
}

pub(crate) fn down() -> Error {
    Error::new(ErrorKind::Unavailable, "no")
        .with_http_status(StatusCode::SERVICE_UNAVAILABLE)
        .with_delivery(Delivery::Answered)
        .with_retry(Retry::Allowed { after: None })
}

type Ending = Box<dyn Fn() -> Result<()> + Send + Sync>;

/// Every call takes as long as it is told and ends as it is told; who came when is remembered.
pub(crate) struct Vendor {
    id: ProviderId,
    profile: ProviderProfile,
    takes: Duration,
    ending: Mutex<Ending>,
    calls: Mutex<Vec<(Instant, String, Option<Duration>)>>,
    under_way: Mutex<(usize, usize)>,
    /// Where checks of the reference wait while they are held.
    gate: Semaphore,
}

const OPEN: usize = 1000;

impl std::fmt::Debug for Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vendor").finish_non_exhaustive()
    }
}

struct UnderWay<'a>(&'a Vendor);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.lock().unwrap().0 -= 1;
    }
}

impl Vendor {
    pub(crate) fn new(takes: Duration) -> Arc<Self> {
        Self::with_profile(takes, profile())
    }

    pub(crate) fn with_profile(takes: Duration, profile: ProviderProfile) -> Arc<Self> {
        Arc::new(Self {
            id: "vendor".parse().unwrap(),
            profile,
            takes,
            ending: Mutex::new(Box::new(|| Ok(()))),
            calls: Mutex::default(),
            under_way: Mutex::default(),
            gate: Semaphore::new(OPEN),
        })
    }

    pub(crate) fn ends(&self, ending: impl Fn() -> Result<()> + Send + Sync + 'static) {
        *self.ending.lock().unwrap() = Box::new(ending);
    }

    /// Checks of the reference are not answered until they are released; others are.
    pub(crate) fn hold(&self) {
        assert_eq!(self.gate.forget_permits(OPEN), OPEN);
    }

    pub(crate) fn release(&self) {
        self.gate.add_permits(OPEN);
    }

    /// How many calls arrived.
    pub(crate) fn count(&self) -> usize {
        self.calls.lock().unwrap().len()
    }

    /// Who called, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(_, name, _)| name.clone()).collect()
    }

    /// When calls arrived, in milliseconds after a moment.
    pub(crate) fn arrivals(&self, begun: Instant) -> Vec<u128> {
        self.calls.lock().unwrap().iter().map(|(at, ..)| (*at - begun).as_millis()).collect()
    }

    pub(crate) fn deadlines(&self) -> Vec<Option<Duration>> {
        self.calls.lock().unwrap().iter().map(|(.., deadline)| *deadline).collect()
    }

    /// How many calls were under way at once, at most.
    pub(crate) fn most_under_way(&self) -> usize {
        self.under_way.lock().unwrap().1
    }

    async fn call(&self, name: &str, context: &CallContext) -> Result<()> {
        let now = Instant::now();
        let left = context.time_left(now.into_std());
        self.calls.lock().unwrap().push((now, name.to_owned(), left));
        {
            let mut under_way = self.under_way.lock().unwrap();
            under_way.0 += 1;
            under_way.1 = under_way.1.max(under_way.0);
        }
        let _under_way = UnderWay(self);
        if !self.takes.is_zero() {
            sleep(self.takes).await;
        }
        (self.ending.lock().unwrap())()
    }

    fn session(&self) -> VerificationSession {
        let url = SessionUrl::parse("https://vendor.example/s", UrlRule::Https).unwrap();
        VerificationSession::new(reference(), url)
    }

    fn state(&self) -> Verification {
        let (word, next) = (VendorWord::new("OPEN"), NextAction::Wait { poll_after: seconds(5) });
        Verification::new(reference(), VerificationStatus::InReview, word, next)
    }
}

#[async_trait]
impl VerificationProvider for Vendor {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        self.call(&request.reference, request.context()).await.map(|()| self.session())
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.call("refresh", request.context()).await.map(|()| self.session())
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let of_ours = request.session == reference();
        let _held = if of_ours { Some(self.gate.acquire().await.unwrap()) } else { None };
        self.call("check", request.context()).await.map(|()| self.state())
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.call("find", request.context()).await.map(|()| vec![self.state()])
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        self.call("import", request.context()).await.map(|()| self.state())
    }

    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        self.call("cancel", request.context()).await.map(|()| self.state())
    }

    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        let erased = || Erasure::new(self.state().reference, ErasureState::Accepted);
        self.call("erase", request.context()).await.map(|()| erased())
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let word = VendorWord::new("success");
        Ok(RedirectOutcome::new(redirect.expected.clone(), RedirectClaim::Submitted, word))
    }

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        Err(Error::webhook_unverified("read"))
    }
}

/// The operations that ask the vendor.
pub(crate) const OPERATIONS: [Operation; 7] = [
    Operation::Start,
    Operation::Refresh,
    Operation::Check,
    Operation::Find,
    Operation::Import,
    Operation::Cancel,
    Operation::Erase,
];

/// Calls an operation that asks the vendor.
pub(crate) async fn call(
    provider: &impl VerificationProvider,
    operation: Operation,
    deadline: Option<Duration>,
) -> Result<()> {
    macro_rules! within {
        ($method:ident, $request:expr) => {{
            let mut request = $request;
            request.context_mut().set_deadline(deadline.map(Into::into));
            provider.$method(&request).await.map(drop)
        }};
    }
    match operation {
        Operation::Start => within!(start, StartRequest::new("case-7")),
        Operation::Refresh => within!(refresh, RefreshRequest::new(reference())),
        Operation::Check => within!(check, check()),
        Operation::Find => within!(find, FindRequest::new("case-7")),
        Operation::Import => within!(import, ImportRequest::new("token")),
        Operation::Cancel => within!(cancel, CancelRequest::new(reference())),
        Operation::Erase => within!(erase, EraseRequest::new(reference())),
        other => panic!("{other} asks no vendor"),
    }
}

/// All operations that ask the vendor, one after the other.
pub(crate) async fn every_operation(provider: &impl VerificationProvider) -> Vec<Result<()>> {
    let mut outcomes = Vec::new();
    for operation in OPERATIONS {
        outcomes.push(call(provider, operation, None).await);
    }
    outcomes
}

/// Return URLs and webhooks get through, whatever holds up calls.
pub(crate) fn assert_news_get_through(provider: &impl VerificationProvider) {
    let reference = reference();
    provider.parse_redirect(&Redirect::new(&reference, "https://app.example/")).unwrap();
    let (headers, now) = (http::HeaderMap::new(), idv::Timestamp::UNIX_EPOCH);
    let error = provider.verify_webhook(&WebhookRequest::new(&headers, b"", now)).unwrap_err();
    assert_eq!(error.message(), "read", "the provider itself answers");
}

/// A refusal of our own: nothing was sent, and it says so.
pub(crate) fn assert_ours(error: &Error) {
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::RateLimited, Delivery::NotSent), "{error}");
    assert!(error.message().starts_with("our own limit, not the vendor's answer"), "{error}");
    assert_eq!(error.retry().as_str(), "allowed");
    assert_eq!(error.http_status(), None);
    assert!(error.provider().is_some() && error.operation().is_some());
}
