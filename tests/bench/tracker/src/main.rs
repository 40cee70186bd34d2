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

#[tokio::main]
async fn main() {
    for database in [Database::sqlite(), Database::postgres()] {
        for figure in of(&database).await {
            println!("{figure}");
        }
    }
}

async fn of(database: &Database) -> [Value; 3] {
    let (mut polls, mut webhooks) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        polls.push((polls::ours(database, POLLS).await, polls::bare(database, POLLS).await));
        webhooks.push((webhooks::ours(database, WEBHOOKS).await, webhooks::bare(database, WEBHOOKS).await));
    }
    let few = polls::with_rows(database, 10_000, 1_000).await;
    let many = polls::with_rows(database, 1_000_000, 1_000).await;
    let name = database.name;
    [
        figure(
            &format!("tracker {name} polls settled"),
            "/s",
            median(polls),
            "bare SQL",
            ("ratio_at_least", 0.8),
        ),
        figure(
            &format!("tracker {name} webhooks stored"),
            "/s",
            median(webhooks),
            "bare SQL",
            ("ratio_at_least", 0.8),
        ),
        figure(
            &format!("tracker {name} poll of a million rows"),
            "µs",
            (many, few),
            "of ten thousand",
            ("ratio_at_most", 1.2),
        ),
    ]
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
