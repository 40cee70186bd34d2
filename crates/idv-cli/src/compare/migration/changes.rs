//! The differences between two profiles.

use std::collections::BTreeSet;
use std::time::Duration;

use idv::adapter::HumanDuration;
use idv::profile::{Capability, InputNeed, ProviderProfile};
use idv::{Assurance, IdentityField, Input, Operation, VerificationReason, VerificationStatus};

use super::change::{Change, Topic, Turn};
use crate::compare::facts::{self, words};
use crate::compare::subject::Subject;
use crate::output::text::view;

/// All changes that an application notices, in the order of the topics.
pub(super) fn between(from: &Subject, to: &Subject) -> Vec<Change> {
    let (old, new) = (&from.profile, &to.profile);
    let mut all = inputs(old, new);
    all.extend(operations(old, new));
    all.extend(statuses(old, new));
    all.extend(reasons(old, new));
    all.extend(actions(old, new));
    all.extend(lists(
        Topic::Lifetimes,
        "lifetimes",
        |profile| profile.lifetimes.iter().map(facts::lifetime).collect(),
        from,
        to,
    ));
    all.extend(polling(old, new));
    all.extend(lists(
        Topic::Limits,
        "limits",
        |profile| profile.limits.iter().map(facts::limit).collect(),
        from,
        to,
    ));
    all.extend(in_flight(from));
    all
}

fn change(topic: Topic, change: Turn, subject: impl ToString, text: impl Into<String>) -> Change {
    Change { topic, change, subject: subject.to_string(), text: text.into() }
}

fn inputs(old: &ProviderProfile, new: &ProviderProfile) -> Vec<Change> {
    let mut found = Vec::new();
    // The inputs of an operation that is gone are gone with it.
    for operation in Operation::ALL.iter().filter(|operation| new.supports(**operation)) {
        for input in facts::known_inputs(&[old, new], *operation) {
            let needs = (old.inputs.need(*operation, &input), new.inputs.need(*operation, &input));
            found.extend(input_change(*operation, &input, needs));
        }
    }
    found
}

fn input_change(operation: Operation, input: &Input, needs: (InputNeed, InputNeed)) -> Option<Change> {
    use InputNeed::{Optional, Required, Unused};
    let (turn, text) = match needs {
        (Required, Required) | (Optional, Optional) | (Unused, Unused) => return None,
        (_, Required) => (Turn::Appears, "must be collected: without it nothing is sent"),
        (Required, Unused) => (Turn::Vanishes, "may be dropped: the vendor takes no such input"),
        (Required, Optional) => (Turn::Changes, "may be left out"),
        (Unused, Optional) => (Turn::Appears, "can be given"),
        (Optional, Unused) if operation == Operation::Start => {
            (Turn::Vanishes, "has no effect any more: a session lists it in `unused_inputs`")
        }
        _ => (Turn::Vanishes, "has no effect any more"),
    };
    let text = format!("{operation}: `{input}` {text}");
    Some(change(Topic::Inputs, turn, format!("{operation}.{input}"), text))
}

/// The meaning of a capability that appears, and of one that disappears.
fn consequence(capability: Capability) -> (&'static str, &'static str) {
    match capability {
        Capability::Refresh => (
            "a lost or expired link is replaced with `refresh`",
            "a session keeps its one link: keep it until it is opened, or start anew",
        ),
        Capability::Find => (
            "after a lost answer, look with `find` by your own reference",
            "after a lost answer, look with `check`: there is no search by your own reference",
        ),
        Capability::Import => {
            ("verifications made elsewhere can be taken over", "every applicant is verified anew")
        }
        Capability::Cancel => (
            "an open session can be withdrawn with `cancel`",
            "an open session cannot be withdrawn: let it expire",
        ),
        Capability::Erase => (
            "the vendor deletes an applicant's data when `erase` tells it to",
            "have an applicant's data deleted outside of the API: ask the vendor",
        ),
        Capability::Redirect => (
            "the return URL has parameters: read them with `parse_redirect`, and check all the same",
            "the return URL says nothing: check, or wait for a webhook",
        ),
        Capability::Embed => (
            "a session has a token for the vendor's embedded page",
            "there is no embedded page: send the applicant to the link",
        ),
        Capability::IdempotentStart => (
            "a start whose answer was lost may be repeated under its key",
            "there is no key: whether a start whose answer was lost may be repeated is in the `retry` of the error",
        ),
        Capability::Identity => (
            "a check gives the verified identity where it is asked for",
            "no check gives the verified identity: keep what the application knows itself, or ask the vendor another way",
        ),
        _ => ("it is there", "it is not there"),
    }
}

fn operations(old: &ProviderProfile, new: &ProviderProfile) -> Vec<Change> {
    let mut found = Vec::new();
    for capability in facts::plain_capabilities() {
        let (gained, lost) = consequence(capability);
        let (turn, word, text) = match (old.capabilities.has(capability), new.capabilities.has(capability)) {
            (false, true) => (Turn::Appears, "appears", gained),
            (true, false) => (Turn::Vanishes, "vanishes", lost),
            _ => continue,
        };
        found.push(change(Topic::Operations, turn, capability, format!("`{capability}` {word}: {text}")));
    }
    found.extend(identity_facts(old, new));
    if old.kind != new.kind {
        found.extend(webhooks(old.capabilities.webhooks, new.capabilities.webhooks));
    }
    found
}

/// The facts of the verified identity, where both sides give one.
fn identity_facts(old: &ProviderProfile, new: &ProviderProfile) -> Vec<Change> {
    if !(old.capabilities.identity && new.capabilities.identity) {
        return Vec::new();
    }
    let of = |field: &IdentityField| {
        let (turn, text) = match (old.identity_fields.contains(field), new.identity_fields.contains(field)) {
            (false, true) => (Turn::Appears, "appears in the verified identity"),
            (true, false) => (Turn::Vanishes, "is not in the verified identity any more"),
            _ => return None,
        };
        Some(change(Topic::Operations, turn, format!("identity.{field}"), format!("`{field}` {text}")))
    };
    IdentityField::ALL.iter().filter_map(of).collect()
}

fn webhooks(old: Option<Assurance>, new: Option<Assurance>) -> Option<Change> {
    let endpoint = "register the endpoint and its secret at the new vendor, and keep the old one open";
    let (turn, text) = match (old, new) {
        (None, None) => return None,
        (Some(old), Some(new)) if old == new => (Turn::Changes, format!("{new} at both: {endpoint}")),
        (_, None) => (Turn::Vanishes, "there are none: poll with `check`".to_owned()),
        (None, Some(new)) => (Turn::Appears, format!("there are some ({new}): {endpoint}")),
        (Some(old), Some(new @ Assurance::Signed)) => {
            (Turn::Changes, format!("{old} becomes {new}: they may carry a status; {endpoint}"))
        }
        (Some(old), Some(new)) => (
            Turn::Changes,
            format!("{old} becomes {new}: they carry no status, so check after each; {endpoint}"),
        ),
    };
    Some(change(Topic::Operations, turn, "webhooks", format!("`webhooks`: {text}")))
}

fn statuses(old: &ProviderProfile, new: &ProviderProfile) -> Vec<Change> {
    let of = |status: &VerificationStatus| {
        let (turn, text) = match (facts::can_occur(old, *status), facts::can_occur(new, *status)) {
            (false, true) => {
                let words = words(new, |row| row.status == Some(*status)).join("; ");
                let action = view::action(&new.next_action(*status));
                (Turn::Appears, format!("`{status}` can occur ({words}): next {action}"))
            }
            (true, false) if *status == VerificationStatus::InProgress => {
                let text = format!("`{status}` is not reported any more: only a session just started has it");
                (Turn::Vanishes, text)
            }
            (true, false) => (Turn::Vanishes, format!("`{status}` is not reported any more")),
            _ => return None,
        };
        Some(change(Topic::Statuses, turn, status, text))
    };
    VerificationStatus::ALL.iter().filter_map(of).collect()
}

fn reasons(old: &ProviderProfile, new: &ProviderProfile) -> Vec<Change> {
    let told = |profile: &ProviderProfile| -> BTreeSet<VerificationReason> {
        profile.mapping.iter().filter_map(|row| row.reason).collect()
    };
    let (before, after) = (told(old), told(new));
    let of = |reason: &VerificationReason| {
        let (turn, text) = match (before.contains(reason), after.contains(reason)) {
            (false, true) => {
                let words = words(new, |row| row.reason == Some(*reason)).join("; ");
                (Turn::Appears, format!("`{reason}` can be told ({words})"))
            }
            (true, false) => (Turn::Vanishes, format!("`{reason}` is not told any more")),
            _ => return None,
        };
        Some(change(Topic::Reasons, turn, reason, text))
    };
    VerificationReason::ALL.iter().filter_map(of).collect()
}

/// Actions that mean something else, for statuses that occur at both. How long to wait is a matter of polling.
fn actions(old: &ProviderProfile, new: &ProviderProfile) -> Vec<Change> {
    let occurs =
        |status: &&VerificationStatus| facts::can_occur(old, **status) && facts::can_occur(new, **status);
    let of = |status: &VerificationStatus| {
        let (was, is) = (old.next_action(*status), new.next_action(*status));
        let same = was == is || (was.as_str() == is.as_str() && was.as_str() == "wait");
        let text = format!("after `{status}`: {} becomes {}", view::action(&was), view::action(&is));
        (!same).then(|| change(Topic::NextActions, Turn::Changes, status, text))
    };
    VerificationStatus::ALL.iter().filter(occurs).filter_map(of).collect()
}

fn polling(old: &ProviderProfile, new: &ProviderProfile) -> Vec<Change> {
    let (was, is) = (old.actions.cadence, new.actions.cadence);
    let of = |name: &str, when: &str, was: Duration, is: Duration| {
        let (before, after) = (HumanDuration::from(was), HumanDuration::from(is));
        let text = format!("while {when}: every {after} instead of every {before}");
        (was != is).then(|| change(Topic::Polling, Turn::Changes, name, text))
    };
    let busy = of("applicant_busy", "the applicant is busy", was.applicant_busy, is.applicant_busy);
    let deciding = of("vendor_busy", "the vendor decides", was.vendor_busy, is.vendor_busy);
    busy.into_iter().chain(deciding).collect()
}

/// Facts that cannot be compared, and are printed for both sides.
fn lists(
    topic: Topic,
    subject: &str,
    of: impl Fn(&ProviderProfile) -> Vec<String>,
    from: &Subject,
    to: &Subject,
) -> Vec<Change> {
    let (before, after) = (of(&from.profile), of(&to.profile));
    if before == after {
        return Vec::new();
    }
    let tell = |subject: &Subject, facts: &[String]| {
        let facts = if facts.is_empty() { "none is documented".to_owned() } else { facts.join("; ") };
        format!("`{}`: {facts}", subject.id)
    };
    let text = format!("{}, instead of {}", tell(to, &after), tell(from, &before));
    vec![change(topic, Turn::Changes, subject, text)]
}

fn in_flight(from: &Subject) -> Vec<Change> {
    let id = &from.id;
    let stays = |subject: &str, text: String| change(Topic::SessionsInFlight, Turn::Stays, subject, text);
    let lifetimes: Vec<String> = from.profile.lifetimes.iter().map(facts::lifetime).collect();
    let lifetimes = match lifetimes.is_empty() {
        true => "it documents no lifetimes".to_owned(),
        false => format!("its lifetimes: {}", lifetimes.join("; ")),
    };
    vec![
        stays(
            "references",
            format!(
                "they stay at `{id}`: a reference begins with `{id}:`, so checks, fresh links, return URLs and webhooks \
                 still go there"
            ),
        ),
        stays(
            "configuration",
            format!(
                "keep `[providers.{id}]`, its secrets and its webhook endpoint until every reference that begins with \
                 `{id}:` is settled ({lifetimes}), and longer where approvals are looked at again"
            ),
        ),
        stays(
            "ids",
            format!(
                "never give the id `{id}` to another vendor; `idv config check --against OLD` warns when an id was \
                 dropped or changed its kind"
            ),
        ),
    ]
}
