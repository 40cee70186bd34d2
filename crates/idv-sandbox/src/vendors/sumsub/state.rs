//! The applicants, levels and links of the simulated Sumsub.

use std::collections::{BTreeMap, HashMap};

use crate::bounded::BoundedMap;
use crate::history::History;
use crate::kept::Kept;
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
    pub(crate) applicants: Kept<Applicant>,
    /// The ids of applicants by the application's own.
    pub(crate) by_external: HashMap<String, String>,
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
            applicants: Kept::default(),
            by_external: HashMap::new(),
            links: BoundedMap::new(capacity.saturating_mul(2).max(2)),
            limits: Limits::new(Some(SumsubRateLimits::default())),
            scripts: Scripts::default(),
        }
    }

    /// An applicant that is not kept yet.
    pub(crate) fn draft(
        &self,
        external_id: &str,
        (kind, level): (&str, &str),
        details: Details,
        now: i64,
    ) -> Applicant {
        let directives = Directives::parse(external_id);
        Applicant {
            id: self.random.hex(24),
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
        }
    }

    /// Keeps an applicant that can be evicted, and returns its id.
    pub(crate) fn add(&mut self, applicant: Applicant) -> String {
        let id = self.name(&applicant);
        self.applicants.add(id.clone(), applicant);
        id
    }

    /// Keeps an applicant for good, and returns its id.
    pub(crate) fn add_for_good(&mut self, applicant: Applicant) -> String {
        let id = self.name(&applicant);
        self.applicants.add_for_good(id.clone(), applicant);
        id
    }

    /// Lets the external id lead to the applicant, and returns its id.
    fn name(&mut self, applicant: &Applicant) -> String {
        self.by_external.insert(applicant.external_id.clone(), applicant.id.clone());
        applicant.id.clone()
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

    /// Evicts the oldest applicants until there is space for another one.
    pub(crate) fn make_room(&mut self, capacity: usize) {
        while let Some((oldest, applicant)) = self.applicants.evict(capacity) {
            self.by_external.remove(&applicant.external_id);
            for key in applicant.links {
                self.links.remove(&key);
            }
            self.scripts.stop(&oldest);
        }
    }
}
