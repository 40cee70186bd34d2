//! An invented vendor, which shows that one folder and one registration are all that a vendor needs. It stamps letters.

mod api;
mod state;
mod tests;
mod vendor;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::runtime::Runtime;

use state::State;

/// A handle on the invented vendor.
#[derive(Clone, Debug)]
struct Invented {
    runtime: Arc<Runtime>,
    state: Arc<Mutex<State>>,
}

impl Invented {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
