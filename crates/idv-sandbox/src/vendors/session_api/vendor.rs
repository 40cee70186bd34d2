//! The registration of the session API.

use std::sync::Arc;

use axum::Router;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::session_api::control::DOCUMENTED;
use crate::vendors::session_api::profile::PROFILE;
use crate::vendors::session_api::{SessionApi, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(SessionApi::new(front)),
    document: || DOCUMENTED.1.clone(),
};

impl SimulatedVendor for SessionApi {
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
        [self.base_url(), self.api_key(), self.sandbox_key(), &self.webhook_secret()]
            .map(str::to_owned)
            .into()
    }
}

impl Sandbox {
    /// The simulated session API, in the shape of deepidv.
    #[must_use]
    pub fn session_api(&self) -> &SessionApi {
        self.handle()
    }
}
