//! Applicants of the simulated Sumsub, and the links to their hosted pages.

use serde_json::Value;

use crate::history::History;
use crate::script::Plot;

/// The most links and tokens of one applicant that are listed as open.
const MAX_OPEN: usize = 16;

/// An applicant.
#[derive(Debug)]
pub(crate) struct Applicant {
    pub(crate) id: String,
    pub(crate) inspection_id: String,
    pub(crate) external_id: String,
    /// `individual` or `company`.
    pub(crate) kind: String,
    pub(crate) details: Details,
    pub(crate) review: Review,
    pub(crate) deleted: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    /// The state in one text: the review status, and the verdict once there is one.
    pub(crate) word: String,
    pub(crate) history: History,
    /// The keys of links and tokens, newest last.
    pub(crate) links: Vec<String>,
    pub(crate) plot: Option<Plot>,
    pub(crate) no_webhook: bool,
}

/// Fields that the application gave, and gets back as it gave them.
#[derive(Debug, Default)]
pub(crate) struct Details {
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) source_key: Option<String>,
    pub(crate) info: Option<Value>,
    pub(crate) fixed_info: Option<Value>,
}

/// The review of an applicant.
#[derive(Debug)]
pub(crate) struct Review {
    pub(crate) id: String,
    pub(crate) attempt_id: String,
    pub(crate) attempts: u32,
    pub(crate) level: String,
    pub(crate) status: String,
    /// The result that reads show.
    pub(crate) result: Option<Value>,
    /// The last result that there ever was, which some webhooks repeat.
    pub(crate) stale: Option<Value>,
    pub(crate) created_at: i64,
    pub(crate) pending_since: Option<i64>,
    pub(crate) reviewed_at: Option<i64>,
}

impl Review {
    fn says(&self, field: &str, word: &str) -> bool {
        self.result.as_ref().and_then(|result| result.get(field)).and_then(Value::as_str) == Some(word)
    }

    /// Whether the vendor is at work: resets and deactivations are refused then.
    pub(crate) fn is_under_check(&self) -> bool {
        matches!(self.status.as_str(), "pending" | "queued" | "prechecked")
    }

    pub(crate) fn is_green(&self) -> bool {
        self.status == "completed" && self.says("reviewAnswer", "GREEN")
    }

    /// Whether the applicant can correct and submit again.
    pub(crate) fn is_retry(&self) -> bool {
        self.status == "completed" && self.says("reviewRejectType", "RETRY")
    }

    fn word(&self) -> String {
        let text = |field: &str| self.result.as_ref()?.get(field)?.as_str();
        match (self.status.as_str(), text("reviewAnswer"), text("reviewRejectType")) {
            ("completed", Some(answer), Some(kind)) => format!("completed {answer} {kind}"),
            ("completed", Some(answer), None) => format!("completed {answer}"),
            (status, ..) => status.to_owned(),
        }
    }
}

impl Applicant {
    /// Whether the hosted page has something to do.
    pub(crate) fn is_open(&self) -> bool {
        let waits = matches!(self.review.status.as_str(), "init" | "awaitingUser");
        !self.deleted && (waits || self.review.is_retry())
    }

    /// Sets the review status; a result only stays where `result` gives one.
    pub(crate) fn set(&mut self, status: &str, result: Option<Value>, now: i64) {
        status.clone_into(&mut self.review.status);
        if result.is_some() {
            self.review.stale.clone_from(&result);
        }
        self.review.result = result;
        self.updated_at = now;
        self.word = self.review.word();
    }

    pub(crate) fn remember_link(&mut self, key: String) {
        if self.links.len() >= MAX_OPEN {
            self.links.remove(0);
        }
        self.links.push(key);
    }
}

/// A link to the hosted page, or an access token.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) applicant: String,
    pub(crate) expires_at: i64,
    pub(crate) redirect: Redirect,
}

/// The return of the browser that a link asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redirect {
    pub(crate) success_url: Option<String>,
    pub(crate) reject_url: Option<String>,
    pub(crate) sign_key: Option<String>,
}
