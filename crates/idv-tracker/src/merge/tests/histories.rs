//! Histories of one vendor, as they can be stored: with equal times, wrong clocks, events without a time, repeated polls and words
//! that no table has.

use std::time::Duration;

use idv::profile::Surface;
use idv::{
    Assurance, NextAction, ReportedReason, SubjectKind, Timestamp, VendorWord, VerificationStatus as Status,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::RngSeed;

use super::vocabulary::{VENDORS, Vendor, Word};
use crate::merge::{Merged, OrderingPolicy, merge};
use crate::{Observation, Source};

const SEED: u64 = 7;
const CASES: u32 = 1024;

/// The moment at which every history begins, in seconds since 1970.
const BEGIN: i64 = 1_782_896_400;
/// All observations of a history arrived within this time.
pub(super) const SPAN: i64 = 120;

pub(super) fn seeded() -> ProptestConfig {
    println!("seed {SEED}");
    let config = ProptestConfig::with_cases(CASES);
    ProptestConfig { rng_seed: RngSeed::Fixed(SEED), failure_persistence: None, ..config }
}

/// A moment, so many seconds after the begin.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(BEGIN + seconds)
}

/// The vendor and the observations of one verification.
#[derive(Debug, Clone)]
pub(super) struct History {
    pub(super) vendor: &'static Vendor,
    pub(super) policy: OrderingPolicy,
    pub(super) seen: Vec<Observation>,
}

impl History {
    pub(super) fn merged(&self) -> Option<Merged> {
        merge(&self.policy, &self.seen)
    }

    /// The state with further observations.
    pub(super) fn and(&self, more: &[Observation]) -> Option<Merged> {
        merge(&self.policy, &[&self.seen, more].concat())
    }

    pub(super) fn status(&self) -> Option<Status> {
        self.merged().map(|merged| merged.status)
    }
}

/// A history of any vendor, of up to nine observations.
pub(super) fn history() -> impl Strategy<Value = History> {
    vendor().prop_flat_map(|vendor| {
        let seen = prop::collection::vec(observation(vendor), 0..10);
        (seen, prop::bool::weighted(0.8)).prop_map(move |(seen, events_are_timed)| History {
            vendor,
            policy: OrderingPolicy { events_are_timed, ..vendor.policy.clone() },
            seen,
        })
    })
}

/// A history, and observations of the same vendor besides.
pub(super) fn history_and(source: Source) -> impl Strategy<Value = (History, Vec<Observation>)> {
    history().prop_flat_map(move |history| {
        let more = prop::collection::vec(from(history.vendor, source), 1..4);
        (Just(history), more)
    })
}

pub(super) fn vendor() -> impl Strategy<Value = &'static Vendor> {
    (0..VENDORS.len()).prop_map(|index| &VENDORS[index])
}

fn observation(vendor: &'static Vendor) -> impl Strategy<Value = Observation> {
    let source = prop_oneof![
        1 => Just(Source::Start),
        1 => Just(Source::Redirect),
        1 => Just(Source::Import),
        5 => Just(Source::Webhook),
        4 => Just(Source::Poll),
        1 => Just(Source::Validity),
        1 => Just(Source::Manual),
    ];
    source.prop_flat_map(move |source| from(vendor, source))
}

/// An observation of a source, with the words that the vendor uses there.
pub(super) fn from(vendor: &'static Vendor, source: Source) -> impl Strategy<Value = Observation> {
    let said = (word(vendor, source), reasons(vendor), option::of(action()));
    let subject = option::of(select(SubjectKind::ALL));
    let times = (0..=SPAN / 10, vendor_time(), option::of(1..=SPAN / 10));
    (said, subject, times, prop::bool::weighted(0.85)).prop_map(
        move |(
            (word, mut reasons, next_action),
            subject_kind,
            (arrived, vendor_time, repeated),
            is_signed,
        )| {
            let arrived = arrived * 10;
            reasons.extend(word.reason);
            let mut seen = Observation::new(source, at(arrived)).with_status(word.status, word.word);
            (seen.reasons, seen.next_action, seen.subject_kind) = (reasons, next_action, subject_kind);
            let is_told = matches!(source, Source::Webhook | Source::Poll | Source::Import);
            seen.vendor_time = vendor_time.filter(|_| is_told).map(|after| at(arrived + after));
            if source == Source::Poll {
                seen.seen_until = repeated
                    .map(|more| at((arrived + more * 10).min(SPAN)))
                    .filter(|at| *at > seen.observed_at);
            }
            if source == Source::Webhook {
                seen.assurance = Some(if is_signed { Assurance::Signed } else { Assurance::SharedSecret });
            }
            seen
        },
    )
}

/// How many seconds after its arrival an observation happened by the vendor's clock: mostly before, sometimes hours or years after.
fn vendor_time() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        2 => Just(None),
        6 => (-6_i64..=0).prop_map(|tens| Some(tens * 10)),
        1 => (1_i64..=20).prop_map(Some),
        1 => select(vec![3600, 4 * 3600, 400 * 86_400]).prop_map(Some),
    ]
}

fn word(vendor: &'static Vendor, source: Source) -> BoxedStrategy<Word> {
    let surface = match source {
        Source::Start => {
            return ours(source, &[Status::NotStarted, Status::InProgress, Status::Unrecognized]);
        }
        Source::Validity => return ours(source, &[Status::Expired]),
        Source::Manual => return ours(source, Status::ALL),
        Source::Redirect => Surface::RedirectStatus,
        Source::Webhook => Surface::WebhookStatus,
        _ => Surface::CheckStatus,
    };
    let words: Vec<Word> = vendor.words.iter().filter(|word| word.surface == surface).cloned().collect();
    if words.is_empty() {
        return ours(source, Status::ALL);
    }
    let unknown = ["NEW", "QUEUED_AGAIN"].map(|word| unknown(surface, word));
    prop_oneof![9 => select(words), 1 => select(unknown.to_vec())].boxed()
}

fn ours(source: Source, statuses: &'static [Status]) -> BoxedStrategy<Word> {
    let word = move |status| Word {
        surface: Surface::CheckStatus,
        word: VendorWord::new(source.as_str()),
        status,
        reason: None,
    };
    select(statuses).prop_map(word).boxed()
}

fn unknown(surface: Surface, word: &str) -> Word {
    Word { surface, word: VendorWord::new(word), status: Status::Unrecognized, reason: None }
}

pub(super) fn reasons(vendor: &'static Vendor) -> impl Strategy<Value = Vec<ReportedReason>> {
    prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(select(&vendor.reasons[..]), 1..3)]
}

fn action() -> impl Strategy<Value = NextAction> {
    let seconds = |count| Duration::from_secs(count);
    select(vec![
        NextAction::Check,
        NextAction::Wait { poll_after: seconds(5) },
        NextAction::Wait { poll_after: seconds(15) },
        NextAction::Done { recheck_after: None },
        NextAction::Done { recheck_after: Some(seconds(3600)) },
        NextAction::RetryWithNewSession { cooldown: Some(seconds(60)), via: None },
        NextAction::RetryWithNewSession { cooldown: None, via: "other".parse().ok() },
    ])
}

/// The same observations in another order, some of them more than once.
pub(super) fn shuffled(seen: Vec<Observation>) -> impl Strategy<Value = Vec<Observation>> {
    let count = seen.len();
    subsequence(seen.clone(), 0..=count)
        .prop_map(move |again| [&seen[..], &again[..]].concat())
        .prop_shuffle()
}

/// An observation that differs from another one only in something small.
pub(super) fn twin(seen: &Observation) -> impl Strategy<Value = Observation> + use<> {
    let seen = seen.clone();
    let small = (option::of(action()), option::of(select(SubjectKind::ALL)), 0..5_u8);
    small.prop_map(move |(next_action, subject_kind, which)| {
        let mut twin = seen.clone();
        match which {
            0 => twin.next_action = next_action,
            1 => twin.subject_kind = subject_kind,
            2 => twin.reasons.clear(),
            3 => twin.provider_status = Some(VendorWord::new("twin")),
            _ if twin.status == Some(Status::Expired) => twin.status = Some(Status::Failed),
            _ => twin.status = Some(Status::Expired),
        }
        twin
    })
}

/// A signed event whose vendor time is that of its arrival.
pub(super) fn event(seconds: i64, status: Status, reasons: &[ReportedReason]) -> Observation {
    let mut seen =
        Observation::new(Source::Webhook, at(seconds)).with_status(status, VendorWord::new("told"));
    seen.vendor_time = Some(at(seconds));
    seen.assurance = Some(Assurance::Signed);
    seen.reasons = reasons.to_vec();
    seen
}

/// An answer to a question at a moment, without the vendor's time.
pub(super) fn answer(seconds: i64, status: Status, reasons: &[ReportedReason]) -> Observation {
    let mut seen = Observation::new(Source::Poll, at(seconds)).with_status(status, VendorWord::new("asked"));
    seen.reasons = reasons.to_vec();
    seen
}

/// A decision of the configuration or of an operator.
pub(super) fn of_ours(source: Source, seconds: i64, status: Status) -> Observation {
    Observation::new(source, at(seconds)).with_status(status, VendorWord::new("ours"))
}
