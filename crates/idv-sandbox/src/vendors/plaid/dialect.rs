//! The words of Plaid, and its webhooks, which tell no status (Plaid documentation, identity verification webhooks).

use serde_json::{Value, json};

use crate::act::{Act, ActName};
use crate::front::Front;
use crate::vendors::hosted::{Change, Dialect, Session, Turn};
use crate::webhooks::Event;

const UNDECIDED: &[&str] = &["active", "pending_review"];

#[derive(Debug)]
pub(super) struct Words;

/// The facts of a session that the shared machinery does not know.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(super) token: String,
    pub(super) template: String,
    pub(super) is_shareable: bool,
    pub(super) user: Value,
    /// The id of the try before this one.
    pub(super) previous: Option<String>,
}

impl Dialect for Words {
    type Facts = Facts;
    type Extra = ();

    const TURNS: &'static [Turn] = &[
        Turn::stay(ActName::Open, &["active"]),
        Turn::new(ActName::Submit, &["active"], "pending_review"),
        Turn::new(ActName::Fail, &["active"], "failed"),
        Turn::stay(ActName::Leave, &["active"]),
        Turn::new(ActName::Approve, UNDECIDED, "success"),
        Turn::new(ActName::Reject, UNDECIDED, "failed"),
        Turn::new(ActName::Hold, UNDECIDED, "pending_review"),
        Turn::new(ActName::Expire, &["active"], "expired"),
        Turn::new(ActName::Void, UNDECIDED, "canceled"),
    ];

    fn overdue(_: &str) -> Option<&'static str> {
        None
    }

    /// The hosted page leads nowhere.
    fn way_back(_: &Session<Facts>, _: &Act) -> Option<String> {
        None
    }

    fn events((): &(), _: &Front, session: &Session<Facts>, change: &Change, _: i64) -> Vec<Event> {
        let is_retry = change.from.is_none() && session.facts.previous.is_some();
        let mut codes = Vec::new();
        if is_retry {
            codes.push("RETRIED");
        }
        if change.act == Some(ActName::Submit) || change.act == Some(ActName::Fail) {
            codes.push("STEP_UPDATED");
        }
        if change.is_real() {
            codes.push("STATUS_UPDATED");
        }
        codes.into_iter().map(|code| event(session, code)).collect()
    }
}

/// A webhook, which names the session and says that something changed.
pub(super) fn event(session: &Session<Facts>, code: &str) -> Event {
    let body = json!({
        "webhook_type": "IDENTITY_VERIFICATION",
        "webhook_code": code,
        "identity_verification_id": session.id,
        "environment": "sandbox",
    });
    Event {
        id: String::new(),
        event_type: code.to_owned(),
        subject: session.id.clone(),
        body: body.to_string().into_bytes(),
        lost: session.no_webhook,
    }
}
