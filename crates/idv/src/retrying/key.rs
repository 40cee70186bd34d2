//! The idempotency key of a call.

use idv_core::{Delivery, Error, ErrorKind, Randomness};

/// The key under which the vendor recognises the attempts of one call.
pub(super) struct Key {
    pub(super) current: Option<String>,
    /// Whether the key is ours to make and to replace.
    pub(super) mints: bool,
}

impl Key {
    pub(super) fn of_next(&mut self, random: &dyn Randomness) -> Option<String> {
        if self.mints && self.current.is_none() {
            self.current = Some(random.idempotency_key());
        }
        self.current.clone()
    }

    /// Gives up a key under which the vendor remembers an answer that it would only give again.
    pub(super) fn answered(&mut self, error: Error) -> Error {
        let is_refused = error.kind() == ErrorKind::RateLimited || error.http_status() == Some(401);
        // A limit of our own is refused before the vendor hears of the key.
        if self.mints && is_refused && error.delivery() == Delivery::Answered {
            self.current = None;
        }
        error
    }
}
