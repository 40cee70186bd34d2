//! The books of a storm: who came, and which webhooks there are.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use idv::SessionRef;
use idv_conformance::storyline::sandbox::Flow;
use idv_conformance::storyline::{Case, Webhook};

use crate::random::Random;

/// An applicant, after the start.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) flow: Flow,
    pub(super) case: Case,
    /// The session that the application was told.
    pub(super) session: Option<SessionRef>,
    /// The application was told that the vendor may have a session.
    pub(super) is_uncertain: bool,
    /// The vendor's session, where the application was told none, and the vendor sent events about it.
    pub(super) revealed: Option<SessionRef>,
}

/// A webhook on its way.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    pub(super) flow: Flow,
    pub(super) webhook: Webhook,
    pub(super) is_copy: bool,
    /// When the vendor sent it.
    pub(super) sent_at: SystemTime,
}

impl Parcel {
    /// Whether it is so old that it should arrive soon: the application refuses one after five minutes.
    pub(super) fn is_old(&self, now: SystemTime) -> bool {
        now.duration_since(self.sent_at).is_ok_and(|age| age > OLD)
    }
}

/// The age from which on a webhook is delivered before all younger ones.
const OLD: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Books {
    entries: Mutex<Vec<Entry>>,
    waiting: Mutex<Waiting>,
    acknowledged: Mutex<HashSet<String>>,
    is_closed: AtomicBool,
}

#[derive(Debug, Default)]
struct Waiting {
    parcels: Vec<Parcel>,
    under_way: usize,
    /// All that the vendors sent is here.
    is_complete: bool,
}

impl Books {
    pub(super) fn enter(&self, entry: Entry) {
        self.entries.lock().unwrap().push(entry);
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap().clone()
    }

    /// No act follows that makes webhooks.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    pub(super) fn add(&self, parcels: impl IntoIterator<Item = Parcel>) {
        self.waiting.lock().unwrap().parcels.extend(parcels);
    }

    pub(super) fn complete(&self, is_complete: bool) {
        self.waiting.lock().unwrap().is_complete = is_complete;
    }

    /// Any of the webhooks that wait, so that they overtake each other, unless one of them is old.
    pub(super) fn take(&self, random: &Random, now: SystemTime) -> Option<Parcel> {
        let mut waiting = self.waiting.lock().unwrap();
        let count = waiting.parcels.len();
        if let Some(index) = waiting.parcels.iter().position(|parcel| parcel.is_old(now)) {
            waiting.under_way += 1;
            return Some(waiting.parcels.swap_remove(index));
        }
        // A few are held back, so that there is something to choose from.
        if count == 0 || (count < 6 && !waiting.is_complete && !random.one_in(4)) {
            return None;
        }
        waiting.under_way += 1;
        Some(waiting.parcels.swap_remove(random.below(count)))
    }

    /// The way of a webhook is over, or begins again.
    pub(super) fn put(&self, again: Option<Parcel>) {
        let mut waiting = self.waiting.lock().unwrap();
        waiting.under_way -= 1;
        waiting.parcels.extend(again);
    }

    pub(super) fn is_done(&self) -> bool {
        let waiting = self.waiting.lock().unwrap();
        waiting.is_complete && waiting.parcels.is_empty() && waiting.under_way == 0
    }

    pub(super) fn acknowledge(&self, digest: String) {
        self.acknowledged.lock().unwrap().insert(digest);
    }

    pub(super) fn acknowledged(&self) -> HashSet<String> {
        self.acknowledged.lock().unwrap().clone()
    }
}
