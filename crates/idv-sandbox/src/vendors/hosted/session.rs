//! One hosted session.

use crate::history::History;
use crate::reason::Reason;
use crate::script::Plot;

#[derive(Debug)]
pub(crate) struct Session<F> {
    pub(crate) id: String,
    /// The application's own id.
    pub(crate) reference: Option<String>,
    pub(crate) status: String,
    /// The reason of the last refusal.
    pub(crate) reason: Option<Reason>,
    pub(crate) facts: F,
    pub(crate) links: Vec<Link>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    /// The time at which the session ends by itself.
    pub(crate) expires_at: Option<i64>,
    /// The words that the session had, with their times, oldest first.
    reached: Vec<(String, i64)>,
    pub(crate) history: History,
    pub(crate) no_webhook: bool,
    /// The script that goes on with another try.
    pub(crate) sequel: Option<Plot>,
}

/// A page of a session.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) token: String,
    /// The time at which it ends; none where it lives as long as the session.
    pub(crate) until: Option<i64>,
    pub(crate) is_opened: bool,
    pub(crate) is_ended: bool,
}

impl Link {
    pub(crate) fn new(token: String, until: Option<i64>) -> Self {
        Self { token, until, is_opened: false, is_ended: false }
    }

    pub(crate) fn is_expired(&self, now: i64) -> bool {
        self.until.is_some_and(|until| now >= until)
    }
}

impl<F> Session<F> {
    pub(crate) fn new(id: String, status: &str, facts: F, now: i64) -> Self {
        Self {
            id,
            reference: None,
            status: status.to_owned(),
            reason: None,
            facts,
            links: Vec::new(),
            created_at: now,
            updated_at: now,
            expires_at: None,
            reached: vec![(status.to_owned(), now)],
            history: History::default(),
            no_webhook: false,
            sequel: None,
        }
    }

    pub(crate) fn set_status(&mut self, word: &str, now: i64) {
        if self.status != word {
            word.clone_into(&mut self.status);
            self.reached.push((word.to_owned(), now));
        }
        self.updated_at = now;
    }

    /// The time at which the session last came to this word.
    pub(crate) fn reached(&self, word: &str) -> Option<i64> {
        self.reached.iter().rev().find(|(known, _)| known == word).map(|(_, at)| *at)
    }

    pub(crate) fn good_links(&self, now: i64) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| !link.is_ended && !link.is_expired(now))
    }

    pub(crate) fn end_links(&mut self) {
        self.links.iter_mut().for_each(|link| link.is_ended = true);
    }
}
