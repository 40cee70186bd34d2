//! Single flight: of several callers that want the same thing at one time, one does the work and all get its result.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// A reference and a purpose.
type Key = (String, String);

type UnderWay<T> = HashMap<Key, watch::Receiver<Option<T>>>;

/// All calls that are under way in this process.
#[derive(Debug)]
pub(crate) struct SingleFlight<T>(Arc<Mutex<UnderWay<T>>>);

impl<T> Clone for SingleFlight<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// The part of a caller.
pub(crate) enum Place<T> {
    /// It does the work.
    Lead(Lead<T>),
    /// Another caller does it.
    Follow(Follow<T>),
}

/// The caller that does the work.
pub(crate) struct Lead<T> {
    all: SingleFlight<T>,
    key: Key,
    sender: watch::Sender<Option<T>>,
}

/// A caller that waits for another one.
pub(crate) struct Follow<T>(watch::Receiver<Option<T>>);

impl<T: Clone> SingleFlight<T> {
    pub(crate) fn join(&self, key: Key) -> Place<T> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(receiver) = under_way.get(&key) {
            return Place::Follow(Follow(receiver.clone()));
        }
        let (sender, receiver) = watch::channel(None);
        under_way.insert(key.clone(), receiver);
        Place::Lead(Lead { all: self.clone(), key, sender })
    }
}

impl<T: Clone> Lead<T> {
    /// Hands the result to all who wait; nothing where there is none.
    pub(crate) fn finish(self, result: Option<&T>) {
        self.sender.send_replace(result.cloned());
    }
}

impl<T> Drop for Lead<T> {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl<T: Clone> Follow<T> {
    /// The result of the other caller; `None` where it has none, so that this one tries by itself.
    pub(crate) async fn result(mut self) -> Option<T> {
        let result = self.0.wait_for(Option::is_some).await.ok()?;
        result.clone()
    }
}
