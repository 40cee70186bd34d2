//! Polls: all that are due, claimed, asked and settled.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::database::{Database, Fresh};
use crate::{bare, rows};

/// How often one batch is measured among few and many rows; the median counts.
const TURNS: usize = 15;

/// Polls per second of the tracker, in its steady state: each row was polled before, with the same answer.
pub(crate) async fn ours(database: &Database, count: usize) -> f64 {
    let fresh = database.fresh().await;
    rows::fill(&fresh, count, "0").await;
    drain(&fresh.tracker, count).await;
    sqlx::query("update verification set due_at = 0").execute(&fresh.pool).await.expect("due again");
    let begin = Instant::now();
    drain(&fresh.tracker, count).await;
    count as f64 / begin.elapsed().as_secs_f64()
}

/// All that are due, by two lanes as in a worker.
async fn drain(tracker: &idv_tracker::Tracker, count: usize) {
    let done = AtomicUsize::new(0);
    let lane = || async {
        loop {
            let polled = tracker.poll_due().await.expect("a round");
            assert!(polled.lost == 0, "{polled:?}");
            done.fetch_add(polled.checks, Ordering::Relaxed);
            if polled.checks == 0 {
                return;
            }
        }
    };
    tokio::join!(lane(), lane());
    assert_eq!(done.into_inner(), count);
}

/// Polls per second of bare SQL: rows of the same table claimed in batches of the same size and settled in one statement each.
pub(crate) async fn bare(database: &Database, count: usize) -> f64 {
    let fresh = database.fresh().await;
    rows::fill(&fresh, count, "0").await;
    let begin = Instant::now();
    let mut done = 0;
    while done < count {
        let claimed = bare::claim(&fresh, 1000).await;
        bare::settle(&fresh, &claimed).await;
        done += claimed.len();
    }
    count as f64 / begin.elapsed().as_secs_f64()
}

/// Microseconds per poll where few of many rows are due: of the tracker, and of bare SQL on the same rows.
pub(crate) async fn with_rows(database: &Database, all: usize, due: usize) -> (f64, f64) {
    let fresh = database.fresh().await;
    let every = (all / due).max(1);
    rows::fill(&fresh, all, &format!("case when i % {every} = 0 then 0 else 4102444800000 end")).await;
    drain(&fresh.tracker, due).await;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        due_again(&fresh, every).await;
        let begin = Instant::now();
        drain(&fresh.tracker, due).await;
        ours.push(begin.elapsed());
        due_again(&fresh, every).await;
        let begin = Instant::now();
        let claimed = bare::claim(&fresh, 1000).await;
        bare::settle(&fresh, &claimed).await;
        bare.push(begin.elapsed());
        assert_eq!(claimed.len(), due);
    }
    let each = |mut times: Vec<Duration>| {
        times.sort();
        times[TURNS / 2].as_secs_f64() * 1e6 / due as f64
    };
    (each(ours), each(bare))
}

async fn due_again(fresh: &Fresh, every: usize) {
    let again = format!("update verification set due_at = 0 where id % {every} = 0");
    sqlx::query(sqlx::AssertSqlSafe(again)).execute(&fresh.pool).await.expect("due again");
}
