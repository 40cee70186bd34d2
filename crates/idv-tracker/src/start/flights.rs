//! Starts that are under way in this process: one for each reference and purpose.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::Started;

type Key = (String, String);

/// The starts that are under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<Key, watch::Receiver<Option<Started>>>>>);

/// The part of a caller in a start.
pub(super) enum Place {
    /// It makes the start.
    Lead(Lead),
    /// Another caller makes it.
    Follow(Follow),
}

/// The caller that makes a start.
pub(super) struct Lead {
    flights: Flights,
    key: Key,
    sender: watch::Sender<Option<Started>>,
}

/// A caller that waits for another one.
pub(super) struct Follow(watch::Receiver<Option<Started>>);

impl Flights {
    pub(super) fn board(&self, key: Key) -> Place {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(receiver) = flights.get(&key) {
            return Place::Follow(Follow(receiver.clone()));
        }
        let (sender, receiver) = watch::channel(None);
        flights.insert(key.clone(), receiver);
        Place::Lead(Lead { flights: self.clone(), key, sender })
    }
}

impl Lead {
    /// Hands a session to all who wait; nothing where the start failed.
    pub(super) fn land(self, started: Option<&Started>) {
        self.sender.send_replace(started.cloned());
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        self.flights.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl Follow {
    /// What the other start came to; `None` where it failed, so that the caller tries by itself.
    pub(super) async fn landed(mut self) -> Option<Started> {
        let landed = self.0.wait_for(Option::is_some).await.ok()?;
        landed.clone()
    }
}
