//! The content of the store, and its facts for programs.

pub(super) mod facts;

use idv_tracker::{Counts, Drift, Erased, History, Tracked, Transition};

/// The content of the store that a command shows.
pub(crate) enum Stored<'a> {
    Transition(&'a Transition),
    Counts(&'a Counts),
    /// A verification, and the others of the same reference.
    History {
        history: &'a History,
        others: &'a [Tracked],
    },
    /// The new place of a consumer.
    Consumer {
        name: &'a str,
        position: i64,
    },
    Drift {
        drift: &'a [Drift],
        repaired: bool,
    },
    /// An erasure, with the verification as it was before.
    Erased {
        verification: &'a Tracked,
        erased: &'a Erased,
    },
}
