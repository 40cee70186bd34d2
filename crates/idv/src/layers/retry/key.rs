//! The idempotency key of a call.

use idv_core::{Delivery, Error, ErrorKind, Randomness};

use super::attempts::is_refusal;

/// The key under which the vendor recognises the attempts of one call.
pub(super) struct Key {
    current: Option<String>,
    /// Whether the key is ours to make and to replace.
    mints: bool,
    /// Whether the vendor may have made a session under it.
    in_use: bool,
}

impl Key {
    pub(super) fn new(given: Option<String>, mints: bool) -> Self {
        Self { current: given, mints, in_use: false }
    }

    pub(super) fn of_next(&mut self, random: &dyn Randomness) -> Option<String> {
        if self.mints && self.current.is_none() {
            self.current = Some(random.idempotency_key());
        }
        self.current.clone()
    }

    /// Gives up a key under which the vendor remembers an answer that it would only give again. One under which there may
    /// be a session is kept whatever comes: another one could make a second session.
    pub(super) fn answered(&mut self, error: Error) -> Error {
        let is_refused = error.kind() == ErrorKind::RateLimited || error.http_status() == Some(401);
        // A limit of our own is refused before the vendor hears of the key.
        let is_answered = error.delivery() == Delivery::Answered;
        if self.mints && is_refused && is_answered && !self.in_use {
            self.current = None;
        } else {
            self.in_use |= error.delivery() == Delivery::Unknown || (is_answered && !is_refusal(&error));
        }
        error
    }

    /// Tells a caller who does not know the key, as far as the vendor may have worked on the call under it. A caller's own
    /// key is not repeated: it may say something of the applicant.
    pub(super) fn told(self, error: Error) -> Error {
        match self.current.filter(|_| self.mints && self.in_use) {
            Some(key) => error.with_idempotency_key(key),
            None => error,
        }
    }
}
