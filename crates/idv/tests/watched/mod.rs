//! A vendor that answers at once, or after a while, and a watcher that watches it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idv::adapter::{ProviderFactory, Randomness};
use idv::config::ConfigDocument;
use idv::profile::{Cadence, ProviderProfile};
use idv::testing::{CheckFn, FactoryFn, profile};
use idv::watching::{WatchPolicy, Watcher};
use idv::{
    CheckRequest, ProviderId, ProviderKind, Registry, Result, SessionRef, VendorWord, Verification,
    VerificationProvider, VerificationStatus, VerifiedIdentity,
};
use tokio::time::Instant;

type Answer = dyn Fn(&str, usize) -> Result<VerificationStatus> + Send + Sync;
type Seen = dyn Fn(&str, Instant) + Send + Sync;

/// A vendor whose answer is a function of the key and of how many checks there were of all keys.
pub(crate) struct Vendor {
    id: ProviderId,
    profile: ProviderProfile,
    answer: Box<Answer>,
    seen: Box<Seen>,
    latency: Duration,
    checks: AtomicUsize,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    finished: AtomicUsize,
    with_token: AtomicUsize,
    for_identity: AtomicUsize,
}

impl Vendor {
    pub(crate) fn new(
        answer: impl Fn(&str, usize) -> Result<VerificationStatus> + Send + Sync + 'static,
    ) -> Self {
        Self {
            id: "acme".parse().unwrap(),
            profile: profile(),
            answer: Box::new(answer),
            seen: Box::new(|_, _| {}),
            latency: Duration::ZERO,
            checks: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
            finished: AtomicUsize::new(0),
            with_token: AtomicUsize::new(0),
            for_identity: AtomicUsize::new(0),
        }
    }

    pub(crate) fn named(mut self, id: &str) -> Self {
        self.id = id.parse().unwrap();
        self
    }

    pub(crate) fn cadence(mut self, applicant_busy: u64, vendor_busy: u64) -> Self {
        self.profile.actions.cadence = Cadence::every(Duration::from_secs(vendor_busy))
            .with_applicant_busy(Duration::from_secs(applicant_busy));
        self
    }

    pub(crate) fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Tells of every check when it begins.
    pub(crate) fn tells(mut self, seen: impl Fn(&str, Instant) + Send + Sync + 'static) -> Self {
        self.seen = Box::new(seen);
        self
    }

    pub(crate) fn checks(&self) -> usize {
        self.checks.load(Ordering::SeqCst)
    }

    pub(crate) fn finished(&self) -> usize {
        self.finished.load(Ordering::SeqCst)
    }

    /// How many checks came with the applicant's token.
    pub(crate) fn with_token(&self) -> usize {
        self.with_token.load(Ordering::SeqCst)
    }

    /// How many checks asked for the identity.
    pub(crate) fn for_identity(&self) -> usize {
        self.for_identity.load(Ordering::SeqCst)
    }

    pub(crate) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    pub(crate) fn most_under_way(&self) -> usize {
        self.most_under_way.load(Ordering::SeqCst)
    }
}

/// Counts a check out, also where it is cut short.
struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Vendor {
    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let nth = self.checks.fetch_add(1, Ordering::SeqCst);
        (self.seen)(request.session.key(), Instant::now());
        self.with_token.fetch_add(usize::from(request.user_token.is_some()), Ordering::SeqCst);
        self.for_identity.fetch_add(usize::from(request.identity), Ordering::SeqCst);
        let most = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        let _under_way = UnderWay(&self.under_way);
        self.most_under_way.fetch_max(most, Ordering::SeqCst);
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        self.finished.fetch_add(1, Ordering::SeqCst);
        let status = (self.answer)(request.session.key(), nth)?;
        let action = self.profile.next_action(status);
        let word = VendorWord::new(status.as_str());
        // Given unasked too: a watch keeps it in no case.
        let mut identity = VerifiedIdentity::default();
        identity.first_name = Some("Ada".into());
        Ok(Verification::new(request.session.clone(), status, word, action).with_identity(identity))
    }

    /// The provider that asks it.
    pub(crate) fn provider(self: Arc<Self>) -> Arc<impl VerificationProvider> {
        let (id, profile) = (self.id.clone(), self.profile.clone());
        let check = move |request: &CheckRequest| {
            let (vendor, request) = (Arc::clone(&self), request.clone());
            async move { vendor.check(&request).await }
        };
        Arc::new(CheckFn::new(id, profile, check))
    }
}

/// Gives out the vendor of the same name, and in the end the last of them.
pub(crate) fn factory(vendors: &[Arc<Vendor>]) -> impl ProviderFactory + use<> {
    let vendors = Mutex::new(vendors.to_vec());
    FactoryFn::new(ProviderKind::from_static("told"), move |id| {
        let mut vendors = vendors.lock().unwrap();
        let index = vendors.iter().position(|vendor| vendor.id == *id).unwrap();
        let vendor = if vendors.len() > 1 { vendors.remove(index) } else { Arc::clone(&vendors[index]) };
        vendor.provider()
    })
}

/// A registry of vendors. Calls are made once, so that a test sees the watcher's own pauses.
pub(crate) fn registry(vendors: &[Arc<Vendor>]) -> Registry {
    let tables = vendors.iter().map(|vendor| {
        format!("[providers.{0}]\nkind = \"told\"\n[providers.{0}.http]\nattempts = 1\n", vendor.id)
    });
    let text = format!("active = \"{}\"\n{}", vendors[0].id, tables.collect::<String>());
    let document = ConfigDocument::from_toml_str(&text).unwrap();
    Registry::builder().factory(factory(vendors)).build(&document).unwrap()
}

pub(crate) fn watcher(vendor: &Arc<Vendor>, random: impl Randomness) -> Watcher {
    Watcher::with(registry(&[Arc::clone(vendor)]), WatchPolicy::default(), Arc::new(random)).unwrap()
}

pub(crate) fn request(reference: &str) -> CheckRequest {
    CheckRequest::new(reference.parse::<SessionRef>().unwrap())
}

/// The upper bits of a random number, which decide about pauses.
#[derive(Debug)]
pub(crate) struct Always(pub(crate) u128);

impl Randomness for Always {
    fn bits(&self) -> u128 {
        self.0
    }
}

/// The moments of checks, with their keys.
pub(crate) type Log = Arc<Mutex<Vec<(String, Instant)>>>;

/// A vendor that remembers when it was asked.
pub(crate) fn logged(vendor: Vendor) -> (Arc<Vendor>, Log) {
    let log = Log::default();
    let writer = Arc::clone(&log);
    let tell = move |key: &str, at| writer.lock().unwrap().push((key.to_owned(), at));
    (Arc::new(vendor.tells(tell)), log)
}
