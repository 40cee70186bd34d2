//! The weights of a split change dozens of times while hundreds of applicants are under way, one weight at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use idv::routing::RouteRequest;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::dice::Dice;
use crate::flow::Flow;
use crate::ledger::Ledger;
use crate::load::{Application, STARTS, assert_made, expected, live};
use crate::world::World;

/// Each provider's weight changes this many times while sessions begin, and more often afterwards.
const ROUNDS: usize = 8;
const EDITS: usize = ROUNDS * Flow::ALL.len();
const APPLICANTS: usize = STARTS * EDITS;

/// A configuration, and the provider whose weight is another one than before.
#[derive(Debug)]
struct Edit {
    changed: Flow,
    config: Config,
}

/// One edit after the other. Whoever has no weight may be retired.
fn edits(world: &World) -> impl Iterator<Item = Edit> {
    let plain = world.config();
    let mut dice = Dice::of(usize::MAX);
    let mut weights: BTreeMap<Flow, u32> = Flow::ALL.map(|flow| (flow, 5)).into();
    Flow::ALL.into_iter().cycle().map(move |changed| {
        let before = weights[&changed];
        let others = [0, 1, 5, 20].into_iter().filter(|weight| *weight != before).collect::<Vec<_>>();
        weights.insert(changed, dice.pick(&others));
        if weights.values().sum::<u32>() == 0 {
            weights.insert(changed, 5);
        }
        let config = plain.rearranged(&mut dice).split(&weights).some_retired(&mut dice);
        Edit { changed, config }
    })
}

/// To whom each applicant belongs under a configuration, by the word of a process that has seen no other one.
fn dealt(config: &Config) -> Vec<Flow> {
    let registry = config.registry();
    let flow = |number| {
        let decision = registry.router().decide(&RouteRequest::new(format!("case-{number}")));
        Flow::named(&decision.provider.expect("somebody has a weight"))
    };
    (0..APPLICANTS).map(flow).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_applicant_is_lost_or_moved_while_weights_change() {
    let world = Arc::new(World::new().await);
    let app = Arc::new(Application::new(&world.config()));
    let mut lives = JoinSet::new();
    for number in 0..APPLICANTS {
        lives.spawn(live(Arc::clone(&world), Arc::clone(&app), number));
    }
    let mut all = edits(&world);
    let begun: Vec<Edit> = all.by_ref().take(EDITS).collect();
    for edit in &begun {
        app.switch(&edit.config);
        app.let_begin().await;
    }
    let mut later = all.map(|edit| edit.config);
    let lives = app.see_through(lives, || app.switch(&later.next().expect("a cycle has no end"))).await;

    assert_eq!(lives.len(), APPLICANTS);
    let deals: Vec<Vec<Flow>> = begun.iter().map(|edit| dealt(&edit.config)).collect();
    for life in &lives {
        let number: usize = life.person.case["case-".len()..].parse().unwrap();
        assert_eq!(life.flow, deals[number / STARTS][number], "{}", life.person.case);
    }
    assert_flips(&begun, &deals);
    Ledger::recorded(&world).assert_is(&expected(&world, &lives));
    assert_made(&world, &lives);
}

/// From one edit to the next, references move to or from the provider whose weight changed, and no others.
fn assert_flips(edits: &[Edit], deals: &[Vec<Flow>]) {
    let mut moved = BTreeMap::new();
    for (pair, edit) in deals.windows(2).zip(&edits[1..]) {
        for (number, (before, after)) in pair[0].iter().zip(&pair[1]).enumerate() {
            if before != after {
                assert!(
                    [before, after].contains(&&edit.changed),
                    "case-{number} moved from {before:?} to {after:?}"
                );
                *moved.entry(edit.changed).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(moved.len(), Flow::ALL.len(), "a weight that moves nobody: {moved:?}");
}
