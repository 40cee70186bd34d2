//! Group commit: callers that come while a transaction is being written share the next one.
//!
//! On SQLite, which has one writer, a commit for each webhook would make every caller wait for all before it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// How many jobs are done in one transaction at most.
const MOST: usize = 64;

/// A job that waits for its result.
type Waiting<J, R> = (J, oneshot::Sender<R>);

/// Jobs that are done together.
#[derive(Debug)]
pub(crate) struct Group<J, R> {
    queue: Arc<Mutex<Vec<Waiting<J, R>>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl<J, R> Default for Group<J, R> {
    fn default() -> Self {
        Self { queue: Arc::default(), turn: Arc::default() }
    }
}

impl<J: Send + 'static, R: Send + 'static> Group<J, R> {
    /// Adds a job, and waits for its result; `None` where the work was interrupted. One of the callers starts `work` for all, as a task
    /// of its own, so that a caller that goes away ends no other one.
    pub(crate) async fn submit<F>(&self, job: J, work: impl FnOnce(Vec<J>) -> F + Send + 'static) -> Option<R>
    where
        F: Future<Output = Vec<R>> + Send + 'static,
    {
        let (sender, mut receiver) = oneshot::channel();
        lock(&self.queue).push((job, sender));
        let turn = Arc::clone(&self.turn).lock_owned().await;
        match receiver.try_recv() {
            Ok(result) => return Some(result),
            Err(oneshot::error::TryRecvError::Closed) => return None,
            Err(oneshot::error::TryRecvError::Empty) => {}
        }
        let queue = Arc::clone(&self.queue);
        tokio::spawn(async move {
            let _turn = turn;
            let (jobs, senders) = take(&queue);
            for (sender, result) in senders.into_iter().zip(work(jobs).await) {
                // A caller that went away wants no result.
                let _ = sender.send(result);
            }
        });
        receiver.await.ok()
    }
}

fn take<J, R>(queue: &Mutex<Vec<Waiting<J, R>>>) -> (Vec<J>, Vec<oneshot::Sender<R>>) {
    let mut queue = lock(queue);
    let count = queue.len().min(MOST);
    queue.drain(..count).unzip()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
