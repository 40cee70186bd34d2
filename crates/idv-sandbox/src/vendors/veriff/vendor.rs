//! The registration of Veriff.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::veriff::control::DOCUMENTED;
use crate::vendors::veriff::profile::PROFILE;
use crate::vendors::veriff::seal::{seal, seal_again};
use crate::vendors::veriff::{Veriff, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Veriff::new(front)),
    document: || DOCUMENTED.1.clone(),
};

impl SimulatedVendor for Veriff {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.shared.runtime
    }

    fn api(&self) -> Router {
        api::router(self).layer(from_fn_with_state(self.clone(), seal))
    }

    fn sealed(&self, api: Router) -> Router {
        api.layer(from_fn_with_state(self.clone(), seal_again))
    }

    fn pages(&self) -> Router {
        api::pages()
    }

    fn control(&self) -> Router {
        DOCUMENTED.0.clone().with_state(self.clone())
    }

    fn credentials(&self) -> Vec<String> {
        [self.base_url(), self.api_key(), &self.shared_secret()].map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Veriff.
    #[must_use]
    pub fn veriff(&self) -> &Veriff {
        self.handle()
    }
}
