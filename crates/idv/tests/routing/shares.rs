//! Shares: they stick, they are as large as they should be, and few references move when they change.

use std::collections::BTreeMap;

use idv::routing::RouteRequest;
use idv::{ProviderId, Registry};
use proptest::prelude::*;

use crate::vendors::{Script, registry, three, world};

/// Enough for bounds that are narrow.
const MANY: u32 = 100_000;

/// Enough where each one of them has to do the right thing.
const SOME: u32 = 10_000;

fn split(weights: [u32; 3], more: &str) -> Registry {
    let [primary, cards, sessions] = weights;
    let weights = format!("primary = {primary}, cards = {cards}, sessions = {sessions}");
    registry(&format!("{more}\n[[routing.rules]]\nsplit = {{ {weights} }}\n"))
}

fn dealt(registry: &Registry, reference: &str) -> ProviderId {
    registry.router().decide(&RouteRequest::new(reference)).provider.unwrap()
}

fn deal(registry: &Registry, references: u32) -> Vec<ProviderId> {
    (0..references).map(|case| dealt(registry, &format!("case-{case}"))).collect()
}

#[test]
fn shares_are_as_large_as_their_weights() {
    for weights in [[90, 0, 10], [70, 20, 10]] {
        let mut counted = BTreeMap::<String, f64>::new();
        for id in deal(&split(weights, ""), MANY) {
            *counted.entry(id.to_string()).or_default() += 1.0;
        }
        let total = f64::from(weights.iter().sum::<u32>());
        for (id, weight) in ["primary", "cards", "sessions"].into_iter().zip(weights) {
            let share = f64::from(weight) / total;
            let mean = f64::from(MANY) * share;
            // Five standard deviations: a fair deal is outside once in two million times.
            let bound = 5.0 * (mean * (1.0 - share)).sqrt();
            let count = counted.get(id).copied().unwrap_or_default();
            assert!((count - mean).abs() <= bound, "{id} of {weights:?}: {count}, not {mean} ± {bound}");
        }
    }
}

#[test]
fn a_change_of_weight_moves_only_what_has_to_move() {
    let before = deal(&split([90, 5, 5], ""), SOME);
    let after = deal(&split([90, 5, 25], ""), SOME);
    let moved: Vec<_> = before.iter().zip(&after).filter(|(old, new)| old != new).collect();
    assert!(moved.iter().all(|(_, new)| new.as_str() == "sessions"), "nobody moves between the others");
    // Of 100 parts 5 were with `sessions`, and of 120 parts 25 are.
    let expected = f64::from(SOME) * (25.0 / 120.0 - 5.0 / 100.0);
    let count = f64::from(u32::try_from(moved.len()).unwrap());
    assert!((count - expected).abs() < expected * 0.1, "{count} moved, not {expected}");
}

#[test]
fn an_outage_moves_only_those_who_were_there_and_they_come_back() {
    let before = deal(&split([50, 30, 20], ""), SOME);
    let during = deal(&split([50, 30, 20], "[routing.outage]\nproviders = [\"cards\"]"), SOME);
    for (old, new) in before.iter().zip(&during) {
        assert_ne!(new.as_str(), "cards");
        assert!(old == new || old.as_str() == "cards");
    }
    assert_eq!(before, deal(&split([50, 30, 20], ""), SOME));
}

#[test]
fn the_deal_is_the_same_on_every_machine_and_in_every_version() {
    let dealt: Vec<String> =
        deal(&split([1, 1, 1], ""), 12).iter().map(|id| id.as_str()[..1].to_owned()).collect();
    insta::assert_snapshot!(dealt.join(""), @"ssscscccscss");
}

#[test]
fn another_key_deals_anew() {
    let keyed = "[routing]\nkey = { env = \"KEY\" }";
    let (common, own) = (deal(&split([1, 1, 1], ""), SOME), deal(&split([1, 1, 1], keyed), SOME));
    let same = common.iter().zip(&own).filter(|(one, other)| one == other).count();
    // Two deals that know nothing of each other agree on a third.
    assert!((3_100..3_600).contains(&same), "{same}");
    assert_eq!(own, deal(&split([1, 1, 1], keyed), SOME));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever else is known of an applicant, and in whatever order rows stand: the reference decides.
    #[test]
    fn a_reference_never_flips(reference in ".{1,40}", weights in prop::array::uniform3(0u32..1000), country in prop::sample::select(vec!["AD", "DE", "GB", "xk", "ZW"])) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let first = split(weights, "");
        let taken = dealt(&first, &reference);
        let route = RouteRequest::new(&reference).country(country).attribute("a", "b");
        prop_assert_eq!(first.router().decide(&route).provider, Some(taken.clone()));
        let [primary, cards, sessions] = weights;
        let rows = format!("[routing.rules.split]\nsessions = {sessions}\ncards = {cards}\nprimary = {primary}\n");
        let other = world(&three(&format!("[[routing.rules]]\n{rows}")), Script::new(), |builder| builder);
        prop_assert_eq!(&dealt(&other.unwrap().registry, &reference), &taken);
        let index = ["primary", "cards", "sessions"].iter().position(|id| *id == taken.as_str()).unwrap();
        prop_assert!(weights[index] > 0);
    }

    /// A larger weight takes nobody away from its provider.
    #[test]
    fn more_weight_never_sends_anybody_away(reference in "[a-z0-9]{1,20}", weights in prop::array::uniform3(1u32..1000), more in 1u32..1000) {
        let before = dealt(&split(weights, ""), &reference);
        let after = dealt(&split([weights[0] + more, weights[1], weights[2]], ""), &reference);
        prop_assert!(before == after || after.as_str() == "primary");
    }
}
