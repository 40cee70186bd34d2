//! The registration of Stripe Identity.

use std::sync::Arc;

use axum::Router;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::stripe::control::DOCUMENTED;
use crate::vendors::stripe::profile::PROFILE;
use crate::vendors::stripe::{Stripe, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Stripe::new(front)),
    document: || DOCUMENTED.1.clone(),
};

impl SimulatedVendor for Stripe {
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
        let own = [self.base_url(), self.secret_key(), self.restricted_key(), &self.webhook_secret()];
        own.map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Stripe Identity.
    #[must_use]
    pub fn stripe(&self) -> &Stripe {
        self.handle()
    }
}
