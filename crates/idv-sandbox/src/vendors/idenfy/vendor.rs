//! The registration of iDenfy.

use std::sync::Arc;

use axum::Router;
use utoipa::openapi::OpenApi;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::idenfy::profile::PROFILE;
use crate::vendors::idenfy::{Idenfy, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Idenfy::new(front)),
    document: OpenApi::default,
};

impl SimulatedVendor for Idenfy {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.hosted.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn pages(&self) -> Router {
        api::pages()
    }

    fn credentials(&self) -> Vec<String> {
        let own = [self.base_url(), self.api_key(), self.api_secret(), &self.webhook_secret()];
        own.map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated iDenfy.
    #[must_use]
    pub fn idenfy(&self) -> &Idenfy {
        self.handle()
    }
}
