//! `idv-bench-tracker`: polls settled and webhooks acknowledged per second, against bare SQL on the same database in the same run, and
//! the time of a due poll among few and among many rows. Prints a figure a line as JSON, for `cargo xtask bench tracker`.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program whose output is its result")]

mod bare;
mod database;
mod polls;
mod rows;
mod vendor;
mod webhooks;

use database::Database;
use serde_json::{Value, json};

/// How many rows are polled in one measurement.
const POLLS: usize = 20_000;

/// How many webhooks arrive in one measurement.
const WEBHOOKS: usize = 4_000;

/// How often each is measured; the median counts.
const ROUNDS: usize = 5;

const ENGINES: [&str; 2] = ["sqlite", "postgres"];
const MEASURES: [&str; 3] = ["polls", "webhooks", "growth"];

/// What is measured: all, or what the arguments name: `sqlite`, `postgres`, `polls`, `webhooks`, `growth`.
#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |all: &[&str], one: &str| {
        let named: Vec<_> = wanted.iter().filter(|word| all.contains(&word.as_str())).collect();
        named.is_empty() || named.iter().any(|word| *word == one)
    };
    for engine in ENGINES.iter().filter(|engine| is_wanted(&ENGINES, engine)) {
        let database = Database::of(engine);
        for measure in MEASURES.iter().filter(|measure| is_wanted(&MEASURES, measure)) {
            for figure in figures_of(&database, measure).await {
                println!("{figure}");
            }
        }
    }
}

async fn figures_of(database: &Database, measure: &str) -> Vec<Value> {
    let name = format!("tracker {} {measure}", database.name);
    let (unit, against, aim) = ("/s", "bare SQL", ("ratio_at_least", 0.8));
    match measure {
        "polls" => vec![figure(&name, unit, polls(database).await, against, aim)],
        "webhooks" => vec![figure(&name, unit, webhooks(database).await, against, aim)],
        _ => growth(database, &name).await.into(),
    }
}

async fn polls(database: &Database) -> (f64, f64) {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push((polls::ours(database, POLLS).await, polls::bare(database, POLLS).await));
    }
    median(rounds)
}

async fn webhooks(database: &Database) -> (f64, f64) {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push((webhooks::ours(database, WEBHOOKS).await, webhooks::bare(database, WEBHOOKS).await));
    }
    median(rounds)
}

/// The time of a due poll among a million rows against that among ten thousand, and beside it what bare SQL takes for both.
async fn growth(database: &Database, name: &str) -> [Value; 2] {
    let few = polls::with_rows(database, 10_000, 1_000).await;
    let many = polls::with_rows(database, 1_000_000, 1_000).await;
    let bare = json!({
        "name": format!("{name}, bare SQL"), "measure": "median of a run", "unit": "µs", "ours": many.1, "against": "of ten thousand",
        "theirs": few.1,
    });
    [figure(name, "µs", (many.0, few.0), "of ten thousand", ("ratio_at_most", 1.2)), bare]
}

/// The pair with the median ratio.
fn median(mut pairs: Vec<(f64, f64)>) -> (f64, f64) {
    pairs.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
    pairs[pairs.len() / 2]
}

fn figure(
    name: &str,
    unit: &str,
    (ours, theirs): (f64, f64),
    against: &str,
    (aim, value): (&str, f64),
) -> Value {
    json!({
        "name": name, "measure": "median ratio of a run", "unit": unit, "ours": ours, "against": against, "theirs": theirs,
        "aim": {aim: value},
    })
}
