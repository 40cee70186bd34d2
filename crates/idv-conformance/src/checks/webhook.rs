//! Webhooks: verified over the raw bytes before anything is read, refused in case of doubt.

pub mod doubtful;
pub mod reading;
pub mod times;

use std::time::Duration;

use idv_core::{
    Assurance, ErrorKind, MappingRow, NextAction, Result, SessionRef, Surface, Timestamp, VerificationStatus,
    WebhookEvent, WebhookOutcome,
};
use serde_json::{Value, json};

use crate::cases::Cases;
use crate::condition::{Condition, Facts, WEBHOOKS};
use crate::instance::rotating;
use crate::json;
use crate::registration::register;
use crate::subject::{Event, Webhooks};
use crate::trial::{Trial, word};

register! {
    webhook {
        documented_words_mean_what_they_say if WEBHOOKS;
        documented_codes_mean_what_they_say if WEBHOOKS & GIVES_REASONS;
        invented_words_are_unrecognized if WEBHOOKS;
        events_without_a_verdict_ask_for_a_check if WEBHOOKS;
        forgeries_are_refused if WEBHOOKS & PROVED;
        stale_webhooks_are_refused if WEBHOOKS & IS_TIMED;
        rotated_secrets_are_both_good if WEBHOOKS & PROVED;
        instances_without_secrets_fail_closed if WEBHOOKS & PROVED;
        other_events_are_ignored if WEBHOOKS & HAS_EVENT_TYPES;
        unreadable_bodies_are_refused if WEBHOOKS;
        event_ids_tell_repetitions if WEBHOOKS;
        events_name_whom_they_are_about if WEBHOOKS;
    }
}

const GIVES_REASONS: Condition = Condition::new(
    |facts| {
        !facts.rows(Surface::WebhookReason).is_empty()
            && rejected(&facts.rows(Surface::WebhookStatus)).is_some()
    },
    "the vendor's webhooks tell no reasons",
);
const PROVED: Condition = Condition::new(
    |facts| facts.subject.webhooks().is_none_or(|webhooks| !webhooks.is_unproved()),
    "nothing proves the vendor's webhooks",
);
const IS_TIMED: Condition = Condition::new(
    |facts| facts.subject.webhooks().is_none_or(|webhooks| webhooks.is_timed()),
    "the scheme has no time",
);

const HAS_EVENT_TYPES: Condition = Condition::new(
    |facts| facts.subject.webhooks().is_none_or(has_event_types),
    "the vendor's events have no types",
);

/// Whether the vendor's events have types, one of which the kit can invent.
fn has_event_types(webhooks: &dyn Webhooks) -> bool {
    const INVENTED: &str = "conformance.happened";
    let session = Trial::session_id(1);
    let mut event = Event::about(&session, None, Timestamp::from_unix_seconds(0));
    event.event_type = Some(INVENTED);
    json::holds(&webhooks.event(&event), INVENTED)
}

type Headers = Vec<(&'static str, String)>;

/// The tolerance of a webhook's timestamp, in seconds.
const TOLERANCE: i64 = 300;

/// The webhooks of the subject, and whether the body is bound to the secret.
async fn webhooks<'a>(
    trial: &'a Trial<'_>,
    cases: &mut Cases,
) -> Option<(&'a dyn Webhooks, Assurance, SessionRef)> {
    let declared = trial.provider.profile().capabilities.webhooks;
    match (trial.subject.webhooks(), declared) {
        (Some(webhooks), Some(assurance)) if webhooks.is_unproved() != (assurance == Assurance::Unsigned) => {
            let complaint = || format!("the capabilities say {assurance}, unlike the subject");
            cases.that("webhooks", false, complaint);
            None
        }
        (Some(webhooks), Some(assurance)) => {
            let reference = cases.some("start", trial.begun(1).await)?;
            Some((webhooks, assurance, reference))
        }
        (documented, _) => {
            let what = if documented.is_some() { "deny" } else { "promise" };
            cases.that("webhooks", false, || format!("the capabilities {what} webhooks, unlike the subject"));
            None
        }
    }
}

fn event(outcome: Result<WebhookOutcome>) -> std::result::Result<WebhookEvent, String> {
    match outcome {
        Ok(WebhookOutcome::Event(event)) => Ok(*event),
        Ok(_) => Err("it was ignored".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Every documented word of a webhook means what the documentation says, if the body is signed. If it carries a shared
/// secret only, there is no status, whatever the body says.
pub async fn documented_words_mean_what_they_say(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, assurance, reference)) = webhooks(trial, cases).await else { return };
    let rows = trial.rows(if assurance == Assurance::Signed {
        Surface::WebhookStatus
    } else {
        Surface::CheckStatus
    });
    for row in &rows {
        for word in [row.word.to_string(), row.word.to_lowercase(), row.word.to_uppercase()] {
            let sent = trial.send(webhooks, &trial.event("event-1", &reference, Some(&word)));
            let Some(found) = cases.some(word.clone(), event(sent)) else { continue };
            let wanted = row.status.filter(|_| assurance == Assurance::Signed);
            cases.equal(format!("{word} status"), found.status(), wanted);
            if wanted.is_some() {
                let kept = found.provider_status().map(idv_core::VendorWord::as_str);
                let known = kept.is_some_and(|kept| kept.eq_ignore_ascii_case(self::word(row)));
                cases.that(format!("{word} kept"), known, || {
                    format!("the vendor's own word is given as {kept:?}")
                });
            }
            cases.equal(format!("{word} assurance"), found.assurance(), assurance);
            cases.equal(format!("{word} provider"), &found.provider, trial.id());
            let decided = wanted.is_some_and(VerificationStatus::is_decision);
            let acts = found.next_action == NextAction::Check || decided;
            cases.that(format!("{word} action"), acts, || found.next_action.as_str().to_owned());
        }
    }
    cases.that("rows", !rows.is_empty(), || "the subject documents no words of its webhooks".to_owned());
}

/// Every documented code of a reason means what the documentation says, and any other is `other`.
pub async fn documented_codes_mean_what_they_say(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let rows = trial.rows(Surface::WebhookReason);
    let Some(rejected) = rejected(&trial.rows(Surface::WebhookStatus)) else { return };
    let known = rows.iter().map(|row| (row.word.to_string(), row.reason));
    let invented = ["999", "conformance", "10 3"]
        .map(|word| (word.to_owned(), Some(idv_core::VerificationReason::Other)));
    for (code, wanted) in known.chain(invented) {
        let mut said = trial.event("event-1", &reference, Some(&rejected.word));
        said.reason = Some(&code);
        let Some(found) = cases.some(code.clone(), event(trial.send(webhooks, &said))) else { continue };
        let reasons: Vec<_> = found.reasons().iter().map(|reason| Some(reason.reason)).collect();
        cases.equal(format!("{code} reason"), reasons, vec![wanted]);
        let kept: Vec<_> =
            found.reasons().iter().filter_map(|reason| reason.provider_code.as_ref()).collect();
        cases.that(format!("{code} kept"), kept.iter().any(|kept| kept.as_str() == code), || {
            format!("{kept:?}")
        });
    }
}

/// The row of a rejection.
fn rejected(rows: &[MappingRow]) -> Option<MappingRow> {
    rows.iter().find(|row| row.status == Some(VerificationStatus::Rejected)).cloned()
}

/// An undocumented word is never a decision.
pub async fn invented_words_are_unrecognized(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, assurance, reference)) = webhooks(trial, cases).await else { return };
    let rows = trial.rows(Surface::WebhookStatus);
    let known = |word: &str| rows.iter().any(|row| row.word.eq_ignore_ascii_case(word));
    let wanted = Some(VerificationStatus::Unrecognized).filter(|_| assurance == Assurance::Signed);
    let mut words: Vec<String> =
        ["CONFORMANCE", "accepted", "success", "ok", "true"].map(str::to_owned).into();
    words.extend(rows.iter().flat_map(|row| [format!("{}_2", word(row)), format!("not {}", word(row))]));
    for word in words.iter().filter(|word| !known(word)) {
        let sent = trial.send(webhooks, &trial.event("event-1", &reference, Some(word)));
        let Some(found) = cases.some(word, event(sent)) else { continue };
        cases.equal(format!("{word} status"), found.status(), wanted);
        cases.equal(format!("{word} action"), &found.next_action, &NextAction::Check);
        if wanted.is_some() {
            let kept = found.provider_status().map(idv_core::VendorWord::as_str);
            cases.equal(format!("{word} kept"), kept, Some(word));
        }
    }
}

/// An event without a status is a notice: the next action is a check.
pub async fn events_without_a_verdict_ask_for_a_check(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let sent = trial.send(webhooks, &trial.event("event-1", &reference, None));
    let Some(found) = cases.some("event", event(sent)) else { return };
    cases.equal("status", found.status(), None);
    cases.equal("action", &found.next_action, &NextAction::Check);
}

/// A forged webhook is refused with 401, and the refusal does not contain the correct signature.
pub async fn forgeries_are_refused(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, assurance, reference)) = webhooks(trial, cases).await else { return };
    let said = trial.event("event-1", &reference, decision(&trial.facts()).as_deref()).owned();
    let said = said.borrow();
    let body = webhooks.event(&said).to_string().into_bytes();
    let signed = webhooks.sign(webhooks.secrets()[0], &said, &body);
    cases.some("genuine", event(trial.deliver(&*trial.provider, &signed, &body)));
    let mut forgeries = forgeries(webhooks, &said, &signed, &body, assurance);
    // What would be ignored is looked at no earlier than the rest.
    let mut other = said;
    other.event_type = Some("conformance.happened");
    let strange = webhooks.event(&other).to_string().into_bytes();
    let [_, _, secret] = webhooks.secrets();
    forgeries.push(("another event type".to_owned(), webhooks.sign(secret, &other, &strange), strange));
    for (name, headers, body) in forgeries {
        match trial.deliver(&*trial.provider, &headers, &body) {
            Ok(_) => cases.that(name, false, || "it was believed".to_owned()),
            Err(error) => {
                cases.equal(format!("{name} kind"), error.kind(), ErrorKind::WebhookRejected);
                cases.equal(format!("{name} answer"), error.webhook_response_status().as_u16(), 401);
                cases.equal(format!("{name} provider"), error.provider(), Some(trial.id()));
                let right = webhooks.sign(webhooks.secrets()[0], &said, &body);
                let text = format!("{error} {error:?}");
                let told = right.iter().any(|(_, value)| value.len() >= 16 && text.contains(value.as_str()));
                cases
                    .that(format!("{name} text"), !told, || "it tells what would have been right".to_owned());
            }
        }
    }
}

fn forgeries(
    webhooks: &dyn Webhooks,
    said: &crate::Event<'_>,
    signed: &Headers,
    body: &[u8],
    assurance: Assurance,
) -> Vec<(String, Headers, Vec<u8>)> {
    let [_, _, strange] = webhooks.secrets();
    let mut forgeries = vec![
        ("no headers".to_owned(), Vec::new(), body.to_vec()),
        ("another secret".to_owned(), webhooks.sign(strange, said, body), body.to_vec()),
        ("an empty secret".to_owned(), webhooks.sign("", said, body), body.to_vec()),
    ];
    for index in 0..signed.len() {
        for (change, value) in
            [("missing", None), ("empty", Some("")), ("zero", Some("0")), ("other", Some("v1,AAAA"))]
        {
            let mut headers = signed.clone();
            let (name, _) = headers.remove(index);
            headers.extend(value.map(|value| (name, value.to_owned())));
            forgeries.push((format!("{name} {change}"), headers, body.to_vec()));
        }
        let mut cut = signed.clone();
        if let Some((name, value)) = cut.get_mut(index) {
            let name = *name;
            value.pop();
            forgeries.push((format!("{name} cut"), cut, body.to_vec()));
        }
    }
    // Nothing binds the body to a secret that is sent along as it is.
    if assurance == Assurance::Signed {
        forgeries.extend(tampered(signed, body));
    }
    forgeries
}

fn tampered(signed: &Headers, body: &[u8]) -> Vec<(String, Headers, Vec<u8>)> {
    let pretty = serde_json::from_slice::<Value>(body).ok();
    let pretty = pretty.and_then(|value| serde_json::to_vec_pretty(&value).ok()).unwrap_or_default();
    let mut bodies = vec![
        ("empty body".to_owned(), Vec::new()),
        ("a blank more".to_owned(), [body, b" "].concat()),
        ("a blank before".to_owned(), [b" ", body].concat()),
        ("written anew".to_owned(), pretty),
    ];
    for position in (0..body.len()).step_by(body.len().div_ceil(24).max(1)) {
        let mut changed = body.to_vec();
        if let Some(byte) = changed.get_mut(position) {
            *byte ^= 1;
        }
        bodies.push((format!("byte {position}"), changed));
    }
    bodies.into_iter().map(|(name, body)| (name, signed.clone(), body)).collect()
}

fn decision(facts: &Facts<'_>) -> Option<String> {
    let rows = facts.rows(Surface::WebhookStatus);
    let approval = rows.iter().find(|row| row.status == Some(VerificationStatus::Approved));
    approval.map(|row| row.word.to_string())
}

/// A webhook from another time is refused, in both directions, where the scheme has a time.
pub async fn stale_webhooks_are_refused(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let edges = [(-TOLERANCE, true), (TOLERANCE, true), (-TOLERANCE - 1, false), (TOLERANCE + 1, false)];
    for (seconds, fresh) in edges.into_iter().chain([(-86_400, false), (86_400, false)]) {
        let mut said = trial.event("event-1", &reference, None);
        said.at = Timestamp::from_unix_seconds(trial.now().unix_seconds() + seconds);
        let sent = trial.send(webhooks, &said);
        cases.equal(format!("{seconds} s"), sent.is_ok(), fresh);
        if let Err(error) = sent {
            cases.equal(format!("{seconds} s answer"), error.webhook_response_status().as_u16(), 401);
        }
    }
}

/// During a rotation both secrets are valid.
pub async fn rotated_secrets_are_both_good(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let Ok(rotating) = trial.build(&rotating(webhooks, trial.options())) else {
        return cases.that("two secrets", false, || "they are refused".to_owned());
    };
    let said = trial.event("event-1", &reference, None);
    let body = webhooks.event(&said).to_string().into_bytes();
    let [first, second, strange] = webhooks.secrets();
    for (name, secret, good) in
        [("first", first, true), ("second", second, true), ("strange", strange, false)]
    {
        let headers = webhooks.sign(secret, &said, &body);
        cases.equal(name, trial.deliver(&*rotating, &headers, &body).is_ok(), good);
    }
    let headers = webhooks.sign(second, &said, &body);
    cases.equal("second, not configured", trial.deliver(&*trial.provider, &headers, &body).is_ok(), false);
}

/// Without a secret nothing can be verified, and the vendor is asked to repeat.
pub async fn instances_without_secrets_fail_closed(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let said = trial.event("event-1", &reference, None);
    let body = webhooks.event(&said).to_string().into_bytes();
    let headers = webhooks.sign(webhooks.secrets()[0], &said, &body);
    let mut absent = trial.options();
    let mut none = trial.options();
    if let (Some(absent), Some(none)) = (absent.as_object_mut(), none.as_object_mut()) {
        absent.remove(webhooks.option());
        none.insert(webhooks.option().to_owned(), json!([]));
    }
    for (name, options) in [("absent", absent), ("none", none)] {
        // An adapter may also refuse to be built like that.
        let Ok(provider) = trial.build(&options) else {
            cases.that(name, true, String::new);
            continue;
        };
        let error = trial.deliver(&*provider, &headers, &body).err();
        let kind = error.as_ref().map(|error| error.kind().as_str());
        cases.that(name, matches!(kind, Some("config" | "unsupported")), || format!("{kind:?}"));
        let answer = error.map(|error| error.webhook_response_status().as_u16());
        cases.equal(format!("{name} answer"), answer, Some(503));
    }
    let mut empty = trial.options();
    if let Some(table) = empty.as_object_mut() {
        table.insert(webhooks.option().to_owned(), json!([{"env": "CONFORMANCE_EMPTY"}]));
    }
    cases.that("an empty secret", trial.build(&empty).is_err(), || "it is accepted".to_owned());
}

/// Events of other types are ignored without an error: else the vendor would repeat them for ever.
pub async fn other_events_are_ignored(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    for event_type in ["conformance.happened", "card.activated", "x"] {
        let approval = decision(&trial.facts());
        let mut said = trial.event("event-1", &reference, approval.as_deref());
        said.event_type = Some(event_type);
        let told = match trial.send(webhooks, &said) {
            Ok(WebhookOutcome::Ignored { provider_event_type, .. }) => Ok(provider_event_type.to_string()),
            Ok(_) => Err("it was taken for one of ours".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        if let Some(told) = cases.some(event_type, told) {
            cases.equal(format!("{event_type} kept"), told.as_str(), event_type);
        }
    }
}

/// A body that is authentic but invalid is refused with 400, without a panic.
pub async fn unreadable_bodies_are_refused(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let said = trial.event("event-1", &reference, None);
    let deep = "[".repeat(10_000);
    let bodies: [&[u8]; 9] =
        [b"", b"null", b"[]", b"7", b"\"text\"", b"{}", b"{\"type\":", b"\xff\xfe", deep.as_bytes()];
    for body in bodies {
        let name = String::from_utf8_lossy(body).chars().take(12).collect::<String>();
        let headers = webhooks.sign(webhooks.secrets()[0], &said, body);
        match trial.deliver(&*trial.provider, &headers, body) {
            // Without types, an object that names no session may be an event about something else.
            Ok(WebhookOutcome::Ignored { .. }) if body == b"{}" && !has_event_types(webhooks) => {
                cases.that(format!("{name:?}"), true, String::new);
            }
            Ok(_) => cases.that(format!("{name:?}"), false, || "it was read".to_owned()),
            Err(error) => {
                cases.equal(format!("{name:?}"), error.kind(), ErrorKind::WebhookRejected);
                cases.equal(format!("{name:?} answer"), error.webhook_response_status().as_u16(), 400);
            }
        }
    }
}

/// A repeated delivery has the id of the first, and no two events have one id.
pub async fn event_ids_tell_repetitions(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let said = trial.event("event-1", &reference, None);
    let body = webhooks.event(&said).to_string().into_bytes();
    let mut ids = Vec::new();
    for (name, seconds) in [("first", 0), ("repeated", 60)] {
        let mut later = said;
        later.at = said.at.saturating_add(Duration::from_secs(seconds));
        let headers = webhooks.sign(webhooks.secrets()[0], &later, &body);
        let Some(found) = cases.some(name, event(trial.deliver(&*trial.provider, &headers, &body))) else {
            return;
        };
        ids.push(found.id.to_string());
    }
    let mut other = trial.event("event-2", &reference, decision(&trial.facts()).as_deref()).owned();
    other.at = said.at.saturating_add(Duration::from_secs(1));
    let Some(other) = cases.some("other", event(trial.send(webhooks, &other.borrow()))) else { return };
    let [first, repeated] = ids.as_slice() else { return };
    cases.that("an id", !first.is_empty(), || "it is empty".to_owned());
    cases.equal("repeated", repeated, first);
    cases.that("another event", other.id.as_str() != first, || "it has the same id".to_owned());
}

/// The event names its applicant, as far as the vendor does.
pub async fn events_name_whom_they_are_about(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let said = trial.event("event-1", &reference, None);
    let Some(found) = cases.some("event", event(trial.send(webhooks, &said))) else { return };
    // A key may have a beginning of its own before the id that the vendor knows.
    let is_key = |id: &str| {
        reference.key() == id || reference.key().strip_suffix(id).is_some_and(|start| start.ends_with(':'))
    };
    let named = found.correlation.iter().any(|(_, id)| is_key(id));
    cases.that("correlation", named, || format!("{:?}", found.correlation));
    let right = found.reference.as_ref().is_none_or(|found| *found == reference);
    cases.that("reference", right, || "it is that of another session".to_owned());
    let mut odd = said;
    odd.session = "../../somebody else";
    let found = event(trial.send(webhooks, &odd));
    // Where the caller chooses the id, any text is one.
    let is_callers = is_key(&trial.applicant(1).reference);
    let safe = found.as_ref().is_ok_and(|found| found.reference.is_none() || is_callers);
    cases.that("an odd id makes no reference", safe, || format!("{found:?}"));
}
