//! The registration of Onfido.

use std::sync::Arc;

use axum::Router;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::onfido::control::DOCUMENTED;
use crate::vendors::onfido::profile::PROFILE;
use crate::vendors::onfido::{Onfido, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Onfido::new(front)),
    document: || DOCUMENTED.1.clone(),
};

impl SimulatedVendor for Onfido {
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
        let secret = self.webhook_secret();
        let own = [self.api_url(), self.api_token(), self.workflow_id(), self.silent_workflow_id(), &secret];
        own.map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Onfido.
    #[must_use]
    pub fn onfido(&self) -> &Onfido {
        self.handle()
    }
}
