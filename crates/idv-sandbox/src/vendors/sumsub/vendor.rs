//! The registration of Sumsub.

use std::sync::Arc;

use axum::Router;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::sumsub::control::DOCUMENTED;
use crate::vendors::sumsub::profile::PROFILE;
use crate::vendors::sumsub::{Sumsub, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Sumsub::new(front)),
    document: || DOCUMENTED.1.clone(),
};

impl SimulatedVendor for Sumsub {
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
        [self.base_url(), self.app_token(), self.secret(), &self.webhook_secret()].map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Sumsub.
    #[must_use]
    pub fn sumsub(&self) -> &Sumsub {
        self.handle()
    }
}
