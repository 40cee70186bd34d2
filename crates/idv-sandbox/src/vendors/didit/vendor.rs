//! The registration of Didit.

use std::sync::Arc;

use axum::Router;
use utoipa::openapi::OpenApi;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::didit::profile::PROFILE;
use crate::vendors::didit::{Didit, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Didit::new(front)),
    document: OpenApi::default,
};

impl SimulatedVendor for Didit {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.hosted.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn credentials(&self) -> Vec<String> {
        let own = [self.base_url(), self.api_key(), self.workflow_id(), &self.webhook_secret()];
        own.map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Didit.
    #[must_use]
    pub fn didit(&self) -> &Didit {
        self.handle()
    }
}
