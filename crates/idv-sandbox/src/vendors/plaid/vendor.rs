//! The registration of Plaid.

use std::sync::Arc;

use axum::Router;
use utoipa::openapi::OpenApi;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::plaid::profile::PROFILE;
use crate::vendors::plaid::{Plaid, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Plaid::new(front)),
    document: OpenApi::default,
};

impl SimulatedVendor for Plaid {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.hosted.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn credentials(&self) -> Vec<String> {
        let own = [self.base_url(), self.client_id(), self.secret(), self.template_id()];
        own.map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Plaid.
    #[must_use]
    pub fn plaid(&self) -> &Plaid {
        self.handle()
    }
}
