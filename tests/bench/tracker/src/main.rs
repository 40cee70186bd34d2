//! `idv-bench-tracker`: polls settled and webhooks acknowledged per second, against bare SQL on the same database in the same run.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program whose output is its result")]

mod bare;
mod database;
mod polls;
mod rows;
mod vendor;
mod webhooks;

use database::Database;

/// How many rows are polled, and how many webhooks arrive, in one measurement.
const COUNT: usize = 20_000;

#[tokio::main]
async fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let scale = if quick { 10 } else { 1 };
    for database in [Database::sqlite(), Database::postgres().await].into_iter().flatten() {
        for round in 1..=3 {
            let ours = polls::ours(&database, COUNT / scale).await;
            let bare = polls::bare(&database, COUNT / scale).await;
            println!(
                "{} polls settled/s, round {round}: ours {ours:.0}, bare {bare:.0}, ratio {:.2}",
                database.name,
                ours / bare
            );
        }
        for round in 1..=3 {
            let ours = webhooks::ours(&database, COUNT / 4 / scale).await;
            let bare = webhooks::bare(&database, COUNT / 4 / scale).await;
            println!(
                "{} webhooks/s, round {round}: ours {ours:.0}, bare {bare:.0}, ratio {:.2}",
                database.name,
                ours / bare
            );
        }
        let few = polls::with_rows(&database, 10_000 / scale, 2_000 / scale).await;
        let many = polls::with_rows(&database, 1_000_000 / scale, 2_000 / scale).await;
        println!(
            "{} µs per due poll: {few:.0} with 10k rows, {many:.0} with 1M rows, growth {:.2}",
            database.name,
            many / few
        );
    }
}
