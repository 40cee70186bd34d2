//! Announcements of PostgreSQL: a process hears at once of what another one stored.

use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::database::Store;

/// Listens on a connection of its own from the first start on, until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Listener(Mutex<Option<JoinHandle<()>>>);

impl Listener {
    /// Begins to listen, unless it does already or the database announces nothing. Each announcement changes `news`.
    pub(crate) fn start(&self, store: &Store, news: &watch::Sender<u64>) {
        let Some(url) = &store.announcer else { return };
        let mut task = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // It ends with the runtime on which it was started.
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            *task = Some(tokio::spawn(listen(url.clone(), news.clone())));
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(task) = self.0.get_mut().unwrap_or_else(PoisonError::into_inner) {
            task.abort();
        }
    }
}

/// Listens for ever. While the connection is lost, those who wait look for themselves.
#[cfg(feature = "postgres")]
async fn listen(url: SecretString, news: watch::Sender<u64>) {
    /// How long it rests until it connects again.
    const REST: std::time::Duration = std::time::Duration::from_secs(1);
    loop {
        if announce(&url, &news).await.is_err() {
            // The driver's text can hold the address.
            tracing::debug!("the connection for announcements of the database was lost");
        }
        tokio::time::sleep(REST).await;
    }
}

#[cfg(feature = "postgres")]
async fn announce(url: &SecretString, news: &watch::Sender<u64>) -> Result<(), sqlx::Error> {
    use secrecy::ExposeSecret as _;

    /// As in the statement that announces.
    const CHANNEL: &str = "idv_tracker";
    let mut listener = sqlx::postgres::PgListener::connect(url.expose_secret()).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // The first time, because something may have been stored before; later, also where the connection was lost for a while.
        news.send_modify(|count| *count = count.wrapping_add(1));
        listener.try_recv().await?;
    }
}

#[cfg(not(feature = "postgres"))]
async fn listen(_: SecretString, _: watch::Sender<u64>) {}
