//! The rules, as properties of all histories.

use std::time::Duration;

use idv::{Assurance, ReportedReason, Timestamp, VerificationReason, VerificationStatus as Status};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::histories::{
    History, SPAN, answer, at, event, from, history, history_and, of_ours, reasons, seeded, shuffled, twin,
    vendor,
};
use crate::merge::{Merged, merge};
use crate::{Observation, Source};

/// A time after everything of a history, even after events of wrong clocks.
const LATER: i64 = SPAN + 60;

/// When the vendor is asked first after a history.
const FIRST: i64 = SPAN + 1;

/// The statuses, the one that counts at one time first; those of one line are alike.
const RANKS: &[&[Status]] = &[
    &[Status::Rejected],
    &[Status::Approved],
    &[Status::Cancelled],
    &[Status::Expired, Status::Abandoned, Status::Failed],
    &[Status::ResubmissionRequired],
    &[Status::OnHold],
    &[Status::InReview],
    &[Status::InProgress],
    &[Status::NotStarted],
    &[Status::Unrecognized],
];

/// The statuses that are about a session and not about an applicant.
const ENDS: [Status; 3] = [Status::Expired, Status::Abandoned, Status::Failed];

const TAKEN_BACK: [Status; 7] = [
    Status::Rejected,
    Status::OnHold,
    Status::InReview,
    Status::InProgress,
    Status::NotStarted,
    Status::ResubmissionRequired,
    Status::Cancelled,
];

fn decision() -> impl Strategy<Value = Status> {
    select(vec![Status::Approved, Status::Rejected])
}

/// Something that the vendor says later than all of a history, by an event or by an answer.
fn later() -> impl Strategy<Value = fn(i64, Status, &[ReportedReason]) -> Observation> {
    select(vec![
        event as fn(i64, Status, &[ReportedReason]) -> Observation,
        |seconds, status, reasons| answer(seconds + 10, status, reasons),
        |seconds, status, reasons| Observation {
            source: Source::Import,
            ..answer(seconds + 10, status, reasons)
        },
    ])
}

/// A history whose events have times that count.
fn timed() -> impl Strategy<Value = History> {
    history().prop_map(|mut history| {
        history.policy.events_are_timed = true;
        history
    })
}

/// A history that ends with a decision of the vendor.
fn decided() -> impl Strategy<Value = (History, Merged)> {
    (timed(), decision(), later(), any::<bool>())
        .prop_map(|(mut history, status, later, is_appended)| {
            if is_appended || !history.status().is_some_and(Status::is_decision) {
                history.seen.push(later(LATER, status, &[]));
            }
            let merged = history.merged().unwrap_or_else(|| panic!("a decision was told: {history:?}"));
            (history, merged)
        })
        .prop_filter("the approval lapsed", |(_, merged)| merged.status.is_decision())
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn order_and_repetitions_change_nothing(
        (history, other) in history().prop_flat_map(|history| {
            let other = shuffled(history.seen.clone());
            (Just(history), other)
        })
    ) {
        prop_assert_eq!(merge(&history.policy, &other), history.merged());
    }

    #[test]
    fn order_changes_nothing_among_observations_that_are_nearly_the_same(
        (history, one, other) in history().prop_flat_map(|history| {
            let twins: Vec<_> = history.seen.iter().map(twin).collect();
            twins.prop_flat_map(move |twins| {
                let one = [&history.seen[..], &twins[..]].concat();
                (Just(history.clone()), Just(one.clone()), shuffled(one))
            })
        })
    ) {
        prop_assert_eq!(merge(&history.policy, &other), merge(&history.policy, &one));
    }

    #[test]
    fn a_redirect_settles_nothing((history, redirects) in history_and(Source::Redirect)) {
        prop_assert_eq!(history.and(&redirects), history.merged());
        prop_assert_eq!(merge(&history.policy, &redirects), None);
    }

    #[test]
    fn an_event_without_a_signature_settles_nothing((history, mut events) in history_and(Source::Webhook)) {
        for (index, event) in events.iter_mut().enumerate() {
            event.assurance = (index % 2 == 0).then_some(Assurance::SharedSecret);
        }
        prop_assert_eq!(history.and(&events), history.merged());
        prop_assert_eq!(merge(&history.policy, &events), None);
    }

    #[test]
    fn at_one_time_the_higher_rank_counts(
        vendor in vendor(), told in prop::collection::vec((select(Status::ALL), later()), 1..6)
    ) {
        let seen: Vec<_> = told.iter().map(|(status, later)| later(0, *status, &[])).collect();
        let merged = merge(&vendor.policy, &seen).unwrap();
        let highest = RANKS.iter().find(|rank| told.iter().any(|(status, _)| rank.contains(status)));
        prop_assert!(highest.unwrap().contains(&merged.status), "{:?}", merged);
    }

    #[test]
    fn an_unknown_word_replaces_no_decision(
        (history, merged) in decided(), source in select(vec![Source::Start, Source::Webhook, Source::Poll, Source::Import]),
        seconds in prop::collection::vec(0..=2 * LATER, 1..4)
    ) {
        let unknown: Vec<_> = seconds
            .iter()
            .map(|seconds| Observation { source, ..event(*seconds, Status::Unrecognized, &[]) })
            .collect();
        let with = history.and(&unknown).unwrap();
        prop_assert_eq!((with.status, with.provider_status), (merged.status, merged.provider_status));
    }

    #[test]
    fn an_approval_can_be_taken_back(
        history in timed(), first in later(), then in later(), status in select(TAKEN_BACK.to_vec())
    ) {
        let mut approved = first(LATER, Status::Approved, &[]);
        approved.vendor_time = Some(at(LATER));
        prop_assert_eq!(history.and(std::slice::from_ref(&approved)).unwrap().status, Status::Approved);
        let taken_back = history.and(&[approved.clone(), then(LATER + 1, status, &[])]).unwrap();
        prop_assert_eq!(taken_back.status, status);
        for reason in history.policy.lapse {
            let reasons = [ReportedReason::new(*reason, None)];
            let lapsed = history.and(&[approved.clone(), then(LATER + 1, Status::Expired, &reasons)]).unwrap();
            prop_assert_eq!((lapsed.status, lapsed.reasons), (Status::Expired, reasons.to_vec()));
        }
    }

    #[test]
    fn a_validity_ends_an_approval_and_nothing_else((history, seen) in history_and(Source::Validity)) {
        let mut approved = event(LATER, Status::Approved, &[]);
        approved.source = Source::Import;
        let ended = history.and(&[approved.clone(), of_ours(Source::Validity, LATER + 60, Status::Expired)]);
        prop_assert_eq!(ended.as_ref().map(|merged| merged.status), Some(Status::Expired));
        prop_assert_eq!(ended.unwrap().cause, Source::Validity);
        let other = |status| history.and(&[event(LATER, status, &[]), of_ours(Source::Validity, LATER + 60, Status::Expired)]);
        if history.policy.events_are_timed {
            for status in TAKEN_BACK {
                prop_assert_eq!(other(status).unwrap().status, status);
            }
        }
        prop_assert_eq!(merge(&history.policy, &seen), None);
    }

    #[test]
    fn an_approval_told_again_is_not_renewed(
        history in timed(), is_timed: bool, count in 1..4_i64, is_repeated: bool
    ) {
        let told = |seconds| Observation {
            vendor_time: is_timed.then_some(at(LATER)),
            ..answer(seconds, Status::Approved, &[])
        };
        let rejected = event(LATER - 1, Status::Rejected, &[]);
        let validity = of_ours(Source::Validity, LATER + 60, Status::Expired);
        let mut seen = vec![rejected, told(LATER + 10), validity];
        match is_repeated {
            true => seen[1].seen_until = Some(at(LATER + 90)),
            false => seen.extend((0..count).map(|again| told(LATER + 90 + again))),
        }
        let merged = history.and(&seen).unwrap();
        prop_assert_eq!((merged.status, merged.in_doubt), (Status::Expired, false));
        let renewed = Observation { vendor_time: Some(at(LATER + 200)), ..told(LATER + 210) };
        prop_assert_eq!(history.and(&[&seen[..], &[renewed]].concat()).unwrap().status, Status::Approved);
    }

    #[test]
    fn an_operator_decides_until_the_vendor_says_something_later(
        history in timed(), status in select(Status::ALL), then in later(), next in select(TAKEN_BACK.to_vec())
    ) {
        let by_hand = of_ours(Source::Manual, LATER, status);
        let decided = history.and(std::slice::from_ref(&by_hand)).unwrap();
        if status != Status::Unrecognized {
            prop_assert_eq!((decided.status, decided.in_doubt), (status, false));
        }
        for next in [next, Status::Approved] {
            let said = Observation { vendor_time: Some(at(LATER + 60)), ..then(LATER + 60, next, &[]) };
            prop_assert_eq!(history.and(&[by_hand.clone(), said]).unwrap().status, next);
        }
    }

    #[test]
    fn the_end_of_a_session_replaces_no_decision(
        (history, merged) in decided(), status in select(ENDS.to_vec()), later in later(),
        reason in select(VerificationReason::ALL), seconds in LATER..2 * LATER
    ) {
        let mut reasons = vec![ReportedReason::new(reason, None)];
        if merged.status == Status::Approved && status == Status::Expired && history.policy.lapse.contains(&reason) {
            reasons.clear();
        }
        let with = history.and(&[later(seconds, status, &reasons)]).unwrap();
        prop_assert_eq!(&with.status, &merged.status);
        prop_assert_eq!((with.since, with.reasons, with.cause), (merged.since, merged.reasons, merged.cause));
    }

    #[test]
    fn reasons_are_those_that_were_told_last_with_the_status(
        (history, earlier, own) in timed().prop_flat_map(|history| {
            let vendor = history.vendor;
            (Just(history), reasons(vendor), prop::collection::vec(reasons(vendor), 1..4))
        }),
        status in decision(), later in later()
    ) {
        let mut seen = vec![later(LATER, Status::ResubmissionRequired, &earlier)];
        for (seconds, own) in (LATER + 10..).zip(&own) {
            let mut told = later(seconds, status, own);
            told.vendor_time = Some(at(seconds));
            seen.push(told);
        }
        let last = own.iter().rfind(|reasons| !reasons.is_empty()).cloned().unwrap_or_default();
        let merged = history.and(&seen).unwrap();
        prop_assert_eq!((merged.status, merged.reasons), (status, last));
    }

    #[test]
    fn every_reason_was_told_with_the_status(history in history()) {
        let Some(merged) = history.merged() else { return Ok(()) };
        let of_status: Vec<_> = history.seen.iter().filter(|seen| seen.status == Some(merged.status)).collect();
        prop_assert!(of_status.iter().any(|seen| seen.reasons == merged.reasons));
        prop_assert!(of_status.iter().any(|seen| seen.provider_status.as_ref() == Some(&merged.provider_status)));
        prop_assert!(of_status.iter().any(|seen| merged.since <= seen.seen_until.unwrap_or(seen.observed_at)));
    }

    #[test]
    fn an_answer_that_stays_the_same_becomes_the_state(
        (history, said) in history().prop_flat_map(|history| {
            let said = from(history.vendor, Source::Poll);
            (Just(history), said)
        }),
        is_one_row: bool, changed in option::of(select(vec![-60, 0, SPAN, 7200]))
    ) {
        for seconds in (FIRST..SPAN + 60).step_by(4) {
            let merged = history.and(&polls(&said, changed.map(at), seconds, is_one_row)).unwrap();
            let is_settled = merged.status == said.status.unwrap() || may_not_replace(&history, &merged, &said);
            let is_due = merged.in_doubt || !merged.status.stops_watching();
            prop_assert!(is_settled || is_due, "{:?}", merged);
            // Twice the tolerance after the last event arrived.
            if seconds > SPAN + 20 {
                prop_assert!(is_settled && !merged.in_doubt, "{:?}", merged);
            }
        }
    }

    #[test]
    fn a_start_replaces_no_decision(
        (mut history, mut starts) in history_and(Source::Start), statuses in prop::collection::vec(select(Status::ALL), 4),
        decision in option::of(decision())
    ) {
        // Whether an approval lapsed depends on whether there was one, which a start can tell.
        history.seen.retain(|seen| seen.source != Source::Validity);
        if let Some(decision) = decision {
            history.seen = vec![Observation { vendor_time: None, ..event(0, decision, &[]) }];
        }
        for (start, status) in starts.iter_mut().zip(statuses) {
            start.status = Some(status);
        }
        let Some(merged) = history.merged().filter(|merged| merged.status.is_decision()) else { return Ok(()) };
        prop_assert_eq!(history.and(&starts).unwrap().status, merged.status);
    }

    #[test]
    fn a_start_is_older_than_every_answer((mut history, mut starts) in history_and(Source::Start), said in select(Status::ALL)) {
        history.seen.push(answer(LATER, said, &[]));
        for start in &mut starts {
            start.observed_at = at(2 * LATER);
        }
        prop_assert_eq!(history.and(&starts).unwrap().status, history.status().unwrap());
    }

    #[test]
    fn an_import_counts_like_a_poll(mut history in history()) {
        let mut imported = history.clone();
        for (poll, import) in history.seen.iter_mut().zip(&mut imported.seen) {
            match poll.source {
                Source::Poll | Source::Import => (poll.source, import.source) = (Source::Poll, Source::Import),
                // No other source has the time of a poll, where the source would decide.
                _ => {
                    poll.observed_at = after(poll.observed_at);
                    poll.vendor_time = poll.vendor_time.map(after);
                    *import = poll.clone();
                }
            }
        }
        let as_poll = |mut merged: Merged| {
            if merged.cause == Source::Import {
                merged.cause = Source::Poll;
            }
            merged
        };
        prop_assert_eq!(imported.merged().map(as_poll), history.merged());
    }

    #[test]
    fn times_that_cannot_be_compared_are_none(mut history in history()) {
        history.policy.events_are_timed = false;
        let mut untimed = history.clone();
        untimed.policy.events_are_timed = true;
        for event in untimed.seen.iter_mut().filter(|seen| seen.source == Source::Webhook) {
            event.vendor_time = None;
        }
        let state = |merged: Merged| (merged.status, merged.in_doubt);
        prop_assert_eq!(history.merged().map(state), untimed.merged().map(state));
    }

    #[test]
    fn a_repetition_makes_no_status_younger(
        history in history(), index: prop::sample::Index, more in 0..=2 * SPAN, is_one_row: bool
    ) {
        let Some(merged) = history.merged() else { return Ok(()) };
        let mut repeated = history.clone();
        let polls = history.seen.iter().enumerate().filter(|(_, seen)| seen.source == Source::Poll);
        let last = polls.max_by_key(|(_, seen)| seen.seen_until.unwrap_or(seen.observed_at));
        match last.map(|(index, _)| index).filter(|_| more > SPAN) {
            Some(poll) if is_one_row => repeated.seen[poll].seen_until = Some(at(more)),
            Some(poll) => {
                let again = Observation { observed_at: at(more), seen_until: None, ..history.seen[poll].clone() };
                repeated.seen.push(again);
            }
            None => repeated.seen.push(history.seen[index.index(history.seen.len())].clone()),
        }
        let with = repeated.merged().unwrap();
        // An answer against the state that is told for longer is no mere repetition: the vendor is asked again.
        let is_against = |last: &Observation| last.status != Some(merged.status);
        let may_differ = with.in_doubt && last.is_some_and(|(_, last)| is_against(last));
        let is_no_younger = with.status != merged.status || with.since <= merged.since;
        prop_assert!(may_differ || is_no_younger, "{:?} {:?}", merged, with);
    }
}

/// The next millisecond.
fn after(time: Timestamp) -> Timestamp {
    time.saturating_add(Duration::from_millis(1))
}

/// The polls from the end of a history until a moment, as rows of their own or as one row.
fn polls(said: &Observation, changed: Option<Timestamp>, until: i64, is_one_row: bool) -> Vec<Observation> {
    let poll = |seconds| Observation {
        observed_at: at(seconds),
        vendor_time: changed,
        seen_until: None,
        ..said.clone()
    };
    match is_one_row {
        true => vec![Observation { seen_until: (until > FIRST).then(|| at(until)), ..poll(FIRST) }],
        false => (FIRST..=until).step_by(4).map(poll).collect(),
    }
}

/// Whether an answer is one that does not replace the state.
fn may_not_replace(history: &History, merged: &Merged, said: &Observation) -> bool {
    let is_lapse = said.reasons.iter().any(|told| history.policy.lapse.contains(&told.reason));
    match said.status.unwrap() {
        Status::Expired if merged.status == Status::Approved => !is_lapse,
        Status::Unrecognized | Status::Expired | Status::Abandoned | Status::Failed => {
            merged.status.is_decision()
        }
        Status::Approved => merged.cause == Source::Validity,
        _ => false,
    }
}
