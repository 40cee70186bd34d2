//! The registration of nxos.

use std::sync::Arc;

use axum::Router;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::nxos::control::DOCUMENTED;
use crate::vendors::nxos::profile::PROFILE;
use crate::vendors::nxos::{Nxos, api, websdk};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Nxos::new(front)),
    document: || DOCUMENTED.1.clone(),
};

impl SimulatedVendor for Nxos {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.shared.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn pages(&self) -> Router {
        websdk::router().with_state(self.clone())
    }

    fn control(&self) -> Router {
        DOCUMENTED.0.clone().with_state(self.clone())
    }

    fn credentials(&self) -> Vec<String> {
        [self.base_url(), self.api_key(), self.own_organization(), &self.webhook_secret()]
            .map(str::to_owned)
            .into()
    }

    /// A held request keeps a task alive that could not be released any more.
    fn stop(&self) {
        self.release();
    }
}

impl Sandbox {
    /// The simulated nxos.
    #[must_use]
    pub fn nxos(&self) -> &Nxos {
        self.handle()
    }
}
