//! The sessions of the simulated Stripe Identity.

use std::collections::{BTreeSet, HashMap};

use crate::bounded::BoundedMap;
use crate::history::History;
use crate::kept::Kept;
use crate::random::Random;
use crate::script::{Directives, Plot, Scripts};
use crate::vendors::stripe::create::Wanted;
use crate::vendors::stripe::idempotency::Entry;
use crate::vendors::stripe::links::Links;
use crate::vendors::stripe::session::Session;
use crate::webhooks::SECOND;

/// The number of idempotency keys that are remembered.
const KEYS: usize = 10_000;

/// The settings of the simulated Stripe Identity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Whether the restricted key may use sessions.
    pub(crate) permitted: bool,
    /// Whether events are thin.
    pub(crate) thin_events: bool,
}

/// The requests of a second (Stripe documentation, rate limits: 25 in a sandbox).
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: Option<u32>,
    window_ends: i64,
    used: u32,
}

impl Rate {
    pub(crate) fn set(&mut self, per_second: Option<u32>) {
        *self = Self { per_second, window_ends: 0, used: 0 };
    }

    /// Counts one request; whether it is within the limit.
    pub(crate) fn take(&mut self, now: i64) -> bool {
        let Some(limit) = self.per_second else { return true };
        if now >= self.window_ends {
            (self.window_ends, self.used) = (now.saturating_add(SECOND), 0);
        }
        self.used = self.used.saturating_add(1);
        self.used <= limit
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) sessions: Kept<Session>,
    /// The sessions by the tokens of their links.
    pub(crate) tokens: HashMap<String, String>,
    /// The deletions that are under way, by the time of their end.
    pub(crate) redactions: BTreeSet<(i64, String)>,
    pub(crate) keys: BoundedMap<Entry>,
    pub(crate) rate: Rate,
    pub(crate) settings: Settings,
    pub(crate) scripts: Scripts,
}

impl State {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            random,
            sessions: Kept::default(),
            tokens: HashMap::new(),
            redactions: BTreeSet::new(),
            keys: BoundedMap::new(KEYS),
            rate: Rate { per_second: Some(25), window_ends: 0, used: 0 },
            settings: Settings { permitted: true, thin_events: false },
            scripts: Scripts::default(),
        }
    }

    /// Creates a session, and returns its id.
    pub(crate) fn create(&mut self, wanted: Wanted, now: i64) -> String {
        let id = format!("vs_1Sim{}", self.random.word(20));
        let directives = wanted.reference.as_deref().map(Directives::parse).unwrap_or_default();
        let session = Session {
            id: id.clone(),
            wanted,
            status: "requires_input".to_owned(),
            last_error: None,
            report: None,
            redaction: None,
            links: Links::default(),
            created_at: now,
            updated_at: now,
            history: History::default(),
            no_webhook: directives.no_webhook,
            sequel: directives.plot.clone().filter(|plot| *plot == Plot::Resubmit),
        };
        if let Some(plot) = &directives.plot {
            self.scripts.begin(&id, plot.steps(self.is_again(&session)), now);
        }
        self.sessions.add(id.clone(), session);
        id
    }

    /// Whether a check of another session of the same reference failed.
    fn is_again(&self, session: &Session) -> bool {
        let is_one = |other: &Session| {
            other.last_error.is_some() && other.wanted.reference == session.wanted.reference
        };
        session.sequel.is_some() && self.sessions.values().any(is_one)
    }

    /// A fresh link of a session that requires input.
    pub(crate) fn fresh_link(&mut self, id: &str, now: i64) -> Option<String> {
        let token = format!("test_{}", self.random.word(40));
        let session = self.sessions.get_mut(id).filter(|session| session.requires_input())?;
        if let Some(oldest) = session.links.add(token.clone(), now) {
            self.tokens.remove(&oldest);
        }
        self.tokens.insert(token.clone(), id.to_owned());
        Some(token)
    }

    /// Evicts the oldest sessions until there is space for another one.
    pub(crate) fn evict(&mut self, capacity: usize) {
        while let Some((oldest, session)) = self.sessions.evict(capacity) {
            session.links.tokens().for_each(|token| drop(self.tokens.remove(token)));
            self.redactions.retain(|(_, id)| *id != oldest);
            self.scripts.stop(&oldest);
        }
    }
}
