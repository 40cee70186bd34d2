//! The store in words.

use std::fmt::Write as _;
use std::time::Duration;

use idv::{ErasureState, WebhookOutcome};
use idv_tracker::{
    Counts, Drift, Erased, History, HistoryEntry, Receipt, Started, State, Tracked, Transition,
};

use super::view;
use crate::output::table::{Cell, Table, facts};
use crate::output::tracked::{Stored, facts as documents};

pub(super) fn of(stored: &Stored<'_>) -> String {
    match stored {
        Stored::Transition(change) => transition(change),
        Stored::Counts(counts) => self::counts(counts),
        Stored::History { history, others } => self::history(history, others),
        Stored::Consumer { name, position } => {
            format!("The consumer `{name}` reads on after position {position}.")
        }
        Stored::Drift { drift, repaired } => self::drift(drift, *repaired),
        Stored::Erased { verification, erased } => self::erased(verification, erased),
    }
}

/// A session with its place in the store.
pub(super) fn started(started: &Started) -> String {
    let verification = &started.verification;
    let number =
        format!("Kept as verification {} ({}).", verification.id, documents::opening(started.opening));
    if let Some(session) = &started.session {
        return format!("{}\n{number}", view::session(session));
    }
    let session = session(verification);
    let mut rows = vec![("reference", Cell::strong(&session))];
    rows.extend(verification.state.as_ref().map(|state| ("status", Cell::status(state.status))));
    rows.push((
        "link",
        Cell::plain("there is none: an earlier start opened this session, and links are not kept"),
    ));
    format!("{}\n\nA fresh link, where the vendor can: idv refresh {session}\n{number}", facts(rows))
}

/// An event with its place in the store.
pub(super) fn received(outcome: &WebhookOutcome, receipt: &Receipt) -> String {
    let kept = match receipt {
        Receipt::Recorded(verification) => {
            let status = verification.state.as_ref().map_or("not known", |state| state.status.as_str());
            format!("Stored with verification {}, whose status is {status}.", verification.id)
        }
        Receipt::Parked => "Stored; its session is not known yet.".to_owned(),
        Receipt::Duplicate => "It was stored before.".to_owned(),
        _ => return view::webhook(outcome),
    };
    format!("{}\n\n{kept}", view::webhook(outcome))
}

/// One line for a change of state.
fn transition(change: &Transition) -> String {
    let name = change.session.as_ref().map_or_else(|| change.reference.clone(), ToString::to_string);
    let from = change.from.map_or("nothing", |from| from.as_str());
    format!(
        "{:>6}  {}  {name}  {from} -> {}  (vendor says {}; next action {}; from {})",
        change.position,
        change.at,
        change.state.status,
        change.state.provider_status,
        view::action(&change.state.next_action),
        change.cause,
    )
}

fn counts(counts: &Counts) -> String {
    let mut rows = Vec::new();
    for (word, number) in &counts.verifications {
        rows.push((word.as_str(), Cell::strong(number)));
    }
    let late = Duration::from_millis(u64::try_from(counts.overdue_ms).unwrap_or(0));
    let late = match counts.due {
        0 => String::new(),
        _ => format!(", the oldest since {}", view::elapsed(late)),
    };
    rows.push(("due now", Cell::plain(format!("{}{late}", counts.due))));
    rows.push(("waiting for a credential", Cell::plain(counts.waiting_for_credential)));
    rows.push(("waiting for an operator", Cell::plain(counts.waiting_for_operator)));
    rows.push(("lost starts", Cell::plain(counts.uncertain)));
    rows.push(("events without a session", Cell::plain(counts.parked)));
    rows.push(("transitions", Cell::plain(counts.transitions)));
    rows.push(("transitions to deliver", Cell::plain(counts.undelivered)));
    rows.push(("transitions refused for good", Cell::plain(counts.dead)));
    facts(rows)
}

fn history(history: &History, others: &[Tracked]) -> String {
    let mut text = facts(verification(&history.verification));
    if !history.observations.is_empty() {
        let _ = write!(text, "\n\n{}", observations(&history.observations));
    }
    if !history.transitions.is_empty() {
        let lines: Vec<String> = history.transitions.iter().map(transition).collect();
        let _ = write!(text, "\n\n{}", lines.join("\n"));
    }
    for (index, other) in others.iter().enumerate() {
        let gap = if index == 0 { "\n\n" } else { "\n" };
        let (session, status) = (session(other), status(other));
        let _ = write!(text, "{gap}Also of this reference: verification {}, {session}, {status}", other.id);
    }
    text
}

fn verification(tracked: &Tracked) -> Vec<(&'static str, Cell)> {
    let mut rows = vec![
        ("verification", Cell::strong(tracked.id)),
        ("your reference", Cell::plain(&tracked.reference)),
        ("session", Cell::strong(session(tracked))),
        ("phase", Cell::plain(tracked.phase)),
    ];
    if !tracked.purpose.is_empty() {
        rows.insert(2, ("purpose", Cell::plain(&tracked.purpose)));
    }
    rows.extend(tracked.state.iter().flat_map(state));
    rows.push(("kept since", Cell::plain(tracked.created_at)));
    rows.extend(tracked.due_at.map(|at| ("asked next", Cell::plain(at))));
    rows.extend(tracked.waiting_for.map(|waiting| ("waits for", Cell::plain(waiting.as_str()))));
    rows
}

fn state(state: &State) -> Vec<(&'static str, Cell)> {
    let mut rows = vec![
        ("status", Cell::status(state.status)),
        ("vendor says", Cell::plain(&state.provider_status)),
        ("next action", Cell::plain(view::action(&state.next_action))),
    ];
    if !state.reasons.is_empty() {
        rows.push(("reasons", Cell::plain(view::reasons(&state.reasons))));
    }
    rows.push(("updated", Cell::plain(state.updated_at)));
    rows
}

fn observations(entries: &[HistoryEntry]) -> String {
    let mut table = Table::new(["seen at", "from", "status", "vendor says", "vendor's time", "event"]);
    for entry in entries {
        let seen = &entry.observation;
        let until = entry.seen_until.map(|at| format!(" to {at}")).unwrap_or_default();
        let word = |word: Option<&idv::VendorWord>| word.map(ToString::to_string).unwrap_or_default();
        table.row([
            Cell::plain(format!("{}{until}", seen.observed_at)),
            Cell::plain(seen.source),
            seen.status.map_or_else(|| Cell::plain(""), Cell::status),
            Cell::plain(word(seen.provider_status.as_ref())),
            Cell::plain(seen.vendor_time.map(|at| at.to_string()).unwrap_or_default()),
            Cell::plain(word(seen.event_type.as_ref())),
        ]);
    }
    table.to_string()
}

fn drift(drifts: &[Drift], repaired: bool) -> String {
    if drifts.is_empty() {
        return "the store and the vendors agree".to_owned();
    }
    let mut table = Table::new(["verification", "session", "in the store", "at the vendor"]);
    for drift in drifts {
        let at_vendor = match (drift.at_vendor, &drift.error) {
            (Some(status), _) => Cell::status(status),
            (None, error) => Cell::plain(format!("could not be asked: {}", error.as_deref().unwrap_or("-"))),
        };
        table.row([
            Cell::strong(drift.verification.id),
            Cell::plain(session(&drift.verification)),
            Cell::plain(status(&drift.verification)),
            at_vendor,
        ]);
    }
    let next = match repaired {
        true => "What the vendors say is stored.",
        false => "To store what the vendors say: idv tracker reconcile --repair",
    };
    format!("{table}\n\n{next}")
}

fn erased(verification: &Tracked, erased: &Erased) -> String {
    let meaning = match erased.at_vendor {
        None => "the vendor has no erasure on request: ask it in another way",
        Some(ErasureState::Accepted) => "the vendor has taken the request and deletes later",
        Some(ErasureState::Done) => "the vendor has deleted the data",
        Some(ErasureState::AlreadyGone) => "the vendor does not know the applicant, or not any more",
        Some(_) => "see the vendor's documentation",
    };
    let state = erased.at_vendor.map_or_else(|| "-".to_owned(), |state| state.to_string());
    facts(vec![
        ("reference", Cell::strong(session(verification))),
        ("at the vendor", Cell::plain(state)),
        ("meaning", Cell::plain(meaning)),
        ("in the store", Cell::plain(format!("verification {} is erased", erased.verification))),
    ])
}

fn session(verification: &Tracked) -> String {
    verification.session.as_ref().map_or_else(|| "no session".to_owned(), ToString::to_string)
}

fn status(verification: &Tracked) -> String {
    match &verification.state {
        Some(state) => state.status.to_string(),
        None => verification.phase.to_string(),
    }
}
