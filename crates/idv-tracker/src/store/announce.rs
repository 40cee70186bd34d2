//! Announcements to other processes, where the database passes them on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;

use super::database::Store;
use super::engine::Engine;
use super::statement::{Statement, sql};
use super::transaction::values;

const ANNOUNCE: Statement = sql!("announce");

/// Announces that something was stored, after it was committed: within a transaction, PostgreSQL would commit one after the other. One
/// announcement stands for all that come while another is sent; those that are lost with the process are made up for by looking.
#[derive(Debug, Default)]
pub(crate) struct Announcer {
    is_waiting: Arc<AtomicBool>,
    turn: Arc<Mutex<()>>,
}

impl Announcer {
    /// Announces, without waiting for it.
    pub(crate) fn announce(&self, store: &Store) {
        if store.engine() != Engine::Postgres || self.is_waiting.swap(true, Ordering::AcqRel) {
            return;
        }
        let (is_waiting, turn, store) = (Arc::clone(&self.is_waiting), Arc::clone(&self.turn), store.clone());
        tokio::spawn(async move {
            let _turn = turn.lock().await;
            is_waiting.store(false, Ordering::Release);
            if store.row(ANNOUNCE, values![]).await.is_err() {
                tracing::debug!("an announcement to other processes was lost");
            }
        });
    }
}
