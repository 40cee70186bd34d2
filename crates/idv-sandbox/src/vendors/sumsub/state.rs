//! The applicants, levels and links of the simulated Sumsub.

use std::collections::{BTreeMap, HashMap};

use crate::bounded::BoundedMap;
use crate::evicted::Evicted;
use crate::history::History;
use crate::random::Random;
use crate::script::{Directives, Scripts};
use crate::vendors::sumsub::applicant::{Applicant, Details, Link, Review};
use crate::vendors::sumsub::limits::{Limits, SumsubRateLimits};

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) client_id: String,
    /// The kind of applicant of each level.
    pub(crate) levels: BTreeMap<String, &'static str>,
    pub(crate) applicants: HashMap<String, Applicant>,
    /// The ids of applicants by the application's own.
    pub(crate) by_external: HashMap<String, String>,
    /// Applicants that came over HTTP, in the order of their creation.
    pub(crate) order: BTreeMap<u64, String>,
    next_sequence: u64,
    pub(crate) evicted: Evicted,
    pub(crate) links: BoundedMap<Link>,
    pub(crate) limits: Limits,
    pub(crate) scripts: Scripts,
}

impl State {
    pub(crate) fn new(random: Random, capacity: usize) -> Self {
        Self {
            random,
            client_id: "simclient".to_owned(),
            levels: [("sim-kyc".to_owned(), "individual"), ("sim-kyb".to_owned(), "company")].into(),
            applicants: HashMap::new(),
            by_external: HashMap::new(),
            order: BTreeMap::new(),
            next_sequence: 0,
            evicted: Evicted::default(),
            links: BoundedMap::new(capacity.saturating_mul(2).max(2)),
            limits: Limits::new(Some(SumsubRateLimits::default())),
            scripts: Scripts::default(),
        }
    }

    /// Makes an applicant, and returns its id.
    pub(crate) fn add(
        &mut self,
        external_id: &str,
        kind: &str,
        level: &str,
        details: Details,
        now: i64,
    ) -> String {
        let id = self.random.hex(24);
        let directives = Directives::parse(external_id);
        let applicant = Applicant {
            id: id.clone(),
            sequence: self.next_sequence,
            inspection_id: self.random.hex(24),
            external_id: external_id.to_owned(),
            kind: kind.to_owned(),
            details,
            review: self.new_review(level, now),
            deleted: false,
            created_at: now,
            updated_at: now,
            word: "init".to_owned(),
            history: History::default(),
            links: Vec::new(),
            plot: directives.plot,
            no_webhook: directives.no_webhook,
        };
        self.by_external.insert(external_id.to_owned(), id.clone());
        self.next_sequence += 1;
        self.applicants.insert(id.clone(), applicant);
        id
    }

    fn new_review(&self, level: &str, now: i64) -> Review {
        Review {
            id: self.random.word(5),
            attempt_id: self.random.word(5),
            attempts: 0,
            level: level.to_owned(),
            status: "init".to_owned(),
            result: None,
            stale: None,
            created_at: now,
            pending_since: None,
            reviewed_at: None,
        }
    }

    /// Counts an applicant among those that can be evicted.
    pub(crate) fn keep_in_order(&mut self, id: &str) {
        if let Some(applicant) = self.applicants.get(id) {
            self.order.insert(applicant.sequence, id.to_owned());
        }
    }

    /// Evicts the oldest applicants until there is space for another one.
    pub(crate) fn make_room(&mut self, capacity: usize) {
        while self.order.len() >= capacity.max(1) {
            let Some((_, oldest)) = self.order.pop_first() else { return };
            if let Some(applicant) = self.applicants.remove(&oldest) {
                self.by_external.remove(&applicant.external_id);
                for key in applicant.links {
                    self.links.remove(&key);
                }
            }
            self.scripts.stop(&oldest);
            self.evicted.add(oldest);
        }
    }
}
