//! The words of Didit, its return URL and its webhooks (Didit documentation, verification statuses and webhooks).

use serde_json::{Value, json};
use url::Url;

use crate::act::{Act, ActName};
use crate::front::Front;
use crate::vendors::didit::record::decision;
use crate::vendors::didit::session::Facts;
use crate::vendors::hosted::{Change, Dialect, Session, Turn};
use crate::webhooks::Event;

/// The words in which the applicant has something to do.
const OPEN: &[&str] = &["Not Started", "In Progress", "Resubmitted"];

const UNDECIDED: &[&str] = &["Not Started", "In Progress", "Resubmitted", "In Review"];

#[derive(Debug)]
pub(super) struct Words;

/// The settings of the simulated Didit.
#[derive(Debug)]
pub(crate) struct Extra {
    pub(super) has_credits: bool,
    pub(super) is_permitted: bool,
    /// The number of the last session.
    pub(super) last_number: u64,
}

impl Default for Extra {
    fn default() -> Self {
        Self { has_credits: true, is_permitted: true, last_number: 1000 }
    }
}

impl Dialect for Words {
    type Facts = Facts;
    type Extra = Extra;

    const TURNS: &'static [Turn] = &[
        Turn::new(ActName::Open, OPEN, "In Progress"),
        Turn::new(ActName::Submit, OPEN, "In Review"),
        Turn::new(ActName::Fail, OPEN, "Declined"),
        Turn::new(ActName::Leave, OPEN, "Abandoned"),
        Turn::new(ActName::Approve, UNDECIDED, "Approved"),
        Turn::new(ActName::Approve, &["Declined"], "Approved"),
        Turn::new(ActName::Reject, UNDECIDED, "Declined"),
        Turn::new(ActName::Reject, &["Approved"], "Declined"),
        Turn::new(ActName::Hold, UNDECIDED, "In Review"),
        Turn::new(ActName::RequireResubmission, RESUBMITTABLE, "Resubmitted"),
        Turn::new(ActName::Lapse, &["Approved"], "Kyc Expired"),
        Turn::new(ActName::Expire, &["Not Started"], "Expired"),
        Turn::new(ActName::Expire, &["In Progress", "Resubmitted"], "Abandoned"),
    ];

    fn overdue(status: &str) -> Option<&'static str> {
        match status {
            "Not Started" => Some("Expired"),
            "In Progress" | "Resubmitted" => Some("Abandoned"),
            _ => None,
        }
    }

    fn way_back(session: &Session<Facts>, act: &Act) -> Option<String> {
        if !matches!(act, Act::Submit | Act::Fail { .. } | Act::Leave) {
            return None;
        }
        let mut url = Url::parse(session.facts.callback.as_deref()?).ok()?;
        url.query_pairs_mut()
            .append_pair("verificationSessionId", &session.id)
            .append_pair("status", &session.status);
        Some(url.into())
    }

    fn events(_: &Extra, front: &Front, session: &Session<Facts>, change: &Change, now: i64) -> Vec<Event> {
        if change.is_real() { vec![event(front, session, "status.updated", now)] } else { Vec::new() }
    }

    /// The same link goes on after a correction is asked for.
    fn after(session: &mut Session<Facts>, change: &Change, _: i64) {
        if change.to == "Resubmitted" {
            session.links.iter_mut().for_each(|link| link.is_ended = false);
        }
    }
}

/// The words from which a session can be sent back to the applicant (Didit documentation, update a session's status).
pub(super) const RESUBMITTABLE: &[&str] = &["Approved", "Declined", "In Review", "Kyc Expired", "Abandoned"];

/// A webhook about the current state of a session, with sorted names.
pub(super) fn event(front: &Front, session: &Session<Facts>, kind: &str, now: i64) -> Event {
    let id = front.random.uuid();
    let seconds = now.div_euclid(1000);
    let mut body = json!({
        "created_at": seconds,
        "environment": "live",
        "event_id": id,
        "metadata": session.facts.metadata,
        "session_id": session.id,
        "session_kind": "user",
        "status": session.status,
        "timestamp": seconds,
        "vendor_data": session.reference,
        "webhook_type": kind,
        "workflow_id": session.facts.workflow,
    });
    if !OPEN.contains(&session.status.as_str()) {
        body["decision"] = Value::Object(decision(session, &front.base_url));
    }
    Event {
        id,
        event_type: kind.to_owned(),
        subject: session.id.clone(),
        body: body.to_string().into_bytes(),
        lost: session.no_webhook,
    }
}
