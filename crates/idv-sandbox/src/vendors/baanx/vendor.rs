//! The registration of Baanx.

use std::sync::Arc;

use axum::Router;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::baanx::control::DOCUMENTED;
use crate::vendors::baanx::profile::PROFILE;
use crate::vendors::baanx::{Baanx, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Baanx::new(front)),
    document: || DOCUMENTED.1.clone(),
};

impl SimulatedVendor for Baanx {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.shared.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn control(&self) -> Router {
        DOCUMENTED.0.clone().with_state(self.clone())
    }

    fn credentials(&self) -> Vec<String> {
        [self.base_url(), self.client_key(), &self.webhook_key()].map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Baanx, for both of its flows.
    #[must_use]
    pub fn baanx(&self) -> &Baanx {
        self.handle()
    }
}
