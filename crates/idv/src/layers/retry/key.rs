//! The idempotency key of a call.

use std::sync::Arc;

use idv_core::{Delivery, Error, ErrorKind, Randomness};

use super::attempts::is_refusal;

/// The key under which the vendor recognises the attempts of one call, made here: a caller's own key is never replaced.
#[derive(Default)]
pub(super) struct Key {
    current: Option<Arc<str>>,
    /// Whether the vendor may have made a session under it.
    in_use: bool,
}

impl Key {
    pub(super) fn for_attempt(&mut self, random: &dyn Randomness) -> Arc<str> {
        Arc::clone(self.current.get_or_insert_with(|| random.idempotency_key().into()))
    }

    /// Gives up a key under which the vendor remembers an answer that it would only give again. A key under which there may
    /// be a session is kept in any case: another one could make a second session.
    pub(super) fn on_error(&mut self, error: &Error) {
        let is_refused = error.kind() == ErrorKind::RateLimited || error.http_status() == Some(401);
        // A limit of our own is refused before the vendor hears of the key.
        let is_answered = error.delivery() == Delivery::Answered;
        if is_refused && is_answered && !self.in_use {
            self.current = None;
        } else {
            self.in_use |= error.delivery() == Delivery::Unknown || (is_answered && !is_refusal(error));
        }
    }

    /// Reports the key to the caller, which does not know it, as far as the vendor may have worked on the call under it.
    pub(super) fn told(self, error: Error) -> Error {
        match self.current.filter(|_| self.in_use) {
            Some(key) => error.with_idempotency_key(&*key),
            None => error,
        }
    }
}
