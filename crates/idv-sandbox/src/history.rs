//! The history of one verification, for people to read.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::Serialize;

use utoipa::ToSchema;

use crate::act::Actor;
use crate::clock::iso;

const MAX_ENTRIES: usize = 64;

/// One line of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// The time on the simulated clock, in RFC 3339 with milliseconds.
    pub at: String,
    /// The author of the act.
    pub by: Actor,
    /// The act, in a few words.
    pub what: String,
    /// The vendor's word for the state afterwards.
    pub status: String,
}

/// The newest lines.
#[derive(Debug, Default)]
pub(crate) struct History(VecDeque<Line>);

#[derive(Debug)]
struct Line {
    at: i64,
    by: Actor,
    what: Cow<'static, str>,
    status: Box<str>,
}

impl History {
    pub(crate) fn add(&mut self, at: i64, by: Actor, what: impl Into<Cow<'static, str>>, status: &str) {
        if self.0.len() >= MAX_ENTRIES {
            self.0.pop_front();
        }
        self.0.push_back(Line { at, by, what: what.into(), status: status.into() });
    }

    pub(crate) fn entries(&self) -> Vec<HistoryEntry> {
        let entry = |line: &Line| HistoryEntry {
            at: iso(line.at),
            by: line.by,
            what: line.what.clone().into_owned(),
            status: line.status.clone().into_string(),
        };
        self.0.iter().map(entry).collect()
    }
}
