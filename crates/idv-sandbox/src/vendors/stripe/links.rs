//! The links of a session: each is good for 48 hours and for one opening (Stripe documentation, the VerificationSession object: `url`).

use std::collections::VecDeque;

use crate::webhooks::HOUR;

const LIFETIME: i64 = 48 * HOUR;
const KEPT: usize = 10;

/// The state of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Good,
    UsedUp,
    Expired,
}

#[derive(Debug)]
struct Link {
    token: String,
    made_at: i64,
    is_used_up: bool,
}

/// The newest links of a session, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Links(VecDeque<Link>);

impl Links {
    /// Adds a link, and gives the token of the one that is not kept any more.
    pub(crate) fn add(&mut self, token: String, now: i64) -> Option<String> {
        self.0.push_back(Link { token, made_at: now, is_used_up: false });
        if self.0.len() > KEPT { self.0.pop_front().map(|oldest| oldest.token) } else { None }
    }

    pub(crate) fn look(&self, token: &str, now: i64) -> Option<Use> {
        self.0.iter().find(|link| link.token == token).map(|link| link.state(now))
    }

    /// The tokens of the links that can be opened.
    pub(crate) fn good(&self, now: i64) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |link| link.state(now) == Use::Good).map(|link| link.token.as_str())
    }

    /// Ends all links but one.
    pub(crate) fn end(&mut self, but: Option<&str>) {
        for link in self.0.iter_mut().filter(|link| Some(link.token.as_str()) != but) {
            link.is_used_up = true;
        }
    }

    pub(crate) fn tokens(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|link| link.token.as_str())
    }
}

impl Link {
    fn state(&self, now: i64) -> Use {
        match self.is_used_up {
            true => Use::UsedUp,
            false if now >= self.made_at.saturating_add(LIFETIME) => Use::Expired,
            false => Use::Good,
        }
    }
}
