//! Webhooks: verified, stored durably and acknowledged, many at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use http::HeaderMap;
use idv_tracker::Receipt;

use crate::database::Database;
use crate::{bare, rows, vendor};

/// How many webhooks are under way at a time.
const AT_A_TIME: usize = 32;

/// Webhooks per second of the tracker.
pub(crate) async fn ours(database: &Database, count: usize) -> f64 {
    let fresh = database.fresh().await;
    rows::fill(&fresh, count, "4102444800000").await;
    let tracker = fresh.tracker.clone();
    at_a_time(count, move |number| {
        let tracker = tracker.clone();
        async move {
            let provider = vendor::ID.parse().expect("an id");
            let body = format!("s-{number}");
            let receipt =
                tracker.receive(&provider, &HeaderMap::new(), body.as_bytes()).await.expect("stored");
            assert!(matches!(receipt, Receipt::Recorded(_)), "{receipt:?}");
        }
    })
    .await
}

/// Webhooks per second of bare SQL.
pub(crate) async fn bare(database: &Database, count: usize) -> f64 {
    let fresh = Arc::new(database.fresh().await);
    rows::fill(&fresh, count, "4102444800000").await;
    let facts: Arc<str> = "x".repeat(400).into();
    // SQLite has one writer: waiting in line is faster than waiting for its lock.
    let writer = Arc::new(tokio::sync::Mutex::new(()));
    at_a_time(count, move |number| {
        let (fresh, facts, writer) = (Arc::clone(&fresh), Arc::clone(&facts), Arc::clone(&writer));
        async move {
            let _line = if fresh.is_sqlite { Some(writer.lock().await) } else { None };
            bare::webhook(&fresh, number, &facts).await;
        }
    })
    .await
}

async fn at_a_time<F: Future<Output = ()> + Send + 'static>(
    count: usize,
    job: impl Fn(usize) -> F + Send + Sync + 'static,
) -> f64 {
    let (next, job) = (Arc::new(AtomicUsize::new(1)), Arc::new(job));
    let begin = Instant::now();
    let tasks = (0..AT_A_TIME).map(|_| {
        let (next, job) = (Arc::clone(&next), Arc::clone(&job));
        tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number > count {
                    return;
                }
                job(number).await;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("a task");
    }
    count as f64 / begin.elapsed().as_secs_f64()
}
