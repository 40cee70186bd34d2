//! The sessions of one vendor.

use std::collections::{BTreeSet, HashMap};

use crate::kept::Kept;
use crate::random::Random;
use crate::script::{Directives, Plot, Scripts};
use crate::vendors::hosted::dialect::Dialect;
use crate::vendors::hosted::rate::Rate;
use crate::vendors::hosted::session::{Link, Session};

#[derive(Debug)]
pub(crate) struct State<D: Dialect> {
    pub(crate) random: Random,
    pub(crate) sessions: Kept<Session<D::Facts>>,
    /// The sessions by the tokens of their pages.
    tokens: HashMap<String, String>,
    /// The ends of sessions. An entry counts only while its session names the same time.
    expiries: BTreeSet<(i64, String)>,
    pub(crate) scripts: Scripts,
    pub(crate) rate: Rate,
    pub(crate) extra: D::Extra,
}

/// A session to be made.
#[derive(Debug)]
pub(crate) struct New<F> {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) reference: Option<String>,
    /// The token of its first page.
    pub(crate) token: Option<String>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) facts: F,
}

impl<D: Dialect> State<D> {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            random,
            sessions: Kept::default(),
            tokens: HashMap::new(),
            expiries: BTreeSet::new(),
            scripts: Scripts::default(),
            rate: Rate::default(),
            extra: D::Extra::default(),
        }
    }

    pub(crate) fn create(&mut self, new: New<D::Facts>, now: i64) -> String {
        let directives = new.reference.as_deref().map(Directives::parse).unwrap_or_default();
        let mut session = Session::new(new.id.clone(), new.status, new.facts, now);
        session.reference = new.reference;
        session.no_webhook = directives.no_webhook;
        session.sequel = directives.plot.clone().filter(|plot| *plot == Plot::Resubmit);
        if let Some(plot) = &directives.plot {
            self.scripts.begin(&new.id, plot.steps(self.is_again(&session)), now);
        }
        self.sessions.add(new.id.clone(), session);
        if let Some(token) = new.token {
            self.add_link(&new.id, Link::new(token, None));
        }
        if let Some(at) = new.expires_at {
            self.expire_at(&new.id, at);
        }
        new.id
    }

    /// Whether another session of the same reference failed for the same script.
    fn is_again(&self, session: &Session<D::Facts>) -> bool {
        let is_one =
            |other: &Session<D::Facts>| other.reason.is_some() && other.reference == session.reference;
        session.sequel.is_some() && self.sessions.values().any(is_one)
    }

    pub(crate) fn add_link(&mut self, id: &str, link: Link) {
        if let Some(session) = self.sessions.get_mut(id) {
            self.tokens.insert(link.token.clone(), id.to_owned());
            session.links.push(link);
        }
    }

    /// Sets the time at which a session ends by itself.
    pub(crate) fn expire_at(&mut self, id: &str, at: i64) {
        if let Some(session) = self.sessions.get_mut(id) {
            session.expires_at = Some(at);
            self.expiries.insert((at, id.to_owned()));
        }
    }

    /// The next session whose time has run out, with that time.
    pub(crate) fn take_overdue(&mut self, now: i64) -> Option<(i64, String)> {
        while self.expiries.first().is_some_and(|(at, _)| *at <= now) {
            let (at, id) = self.expiries.pop_first()?;
            if self.sessions.get(&id).is_some_and(|session| session.expires_at == Some(at)) {
                return Some((at, id));
            }
        }
        None
    }

    pub(crate) fn next_expiry(&self) -> Option<i64> {
        self.expiries.first().map(|(at, _)| *at)
    }

    /// The session behind the token of a page.
    pub(crate) fn linked(&self, token: &str) -> Option<(&Session<D::Facts>, &Link)> {
        let session = self.sessions.get(self.tokens.get(token)?)?;
        Some((session, session.links.iter().find(|link| link.token == token)?))
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Session<D::Facts>> {
        let session = self.sessions.remove(id)?;
        self.forget(&session);
        Some(session)
    }

    /// Drops what leads to a session that is gone.
    fn forget(&mut self, session: &Session<D::Facts>) {
        session.links.iter().for_each(|link| drop(self.tokens.remove(&link.token)));
        self.scripts.stop(&session.id);
    }

    /// Evicts the oldest sessions until there is space for another one.
    pub(crate) fn evict(&mut self, capacity: usize) {
        while let Some((_, session)) = self.sessions.evict(capacity) {
            self.forget(&session);
        }
    }
}
