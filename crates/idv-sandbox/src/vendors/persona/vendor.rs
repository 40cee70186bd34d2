//! The registration of Persona.

use std::sync::Arc;

use axum::Router;
use utoipa::openapi::OpenApi;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::persona::profile::PROFILE;
use crate::vendors::persona::{Persona, api, pages};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Persona::new(front)),
    document: OpenApi::default,
};

impl SimulatedVendor for Persona {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.hosted.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn pages(&self) -> Router {
        pages::router(self)
    }

    fn credentials(&self) -> Vec<String> {
        let own = [&self.api_url(), self.api_key(), self.template_id(), &self.webhook_secret()];
        own.map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Persona.
    #[must_use]
    pub fn persona(&self) -> &Persona {
        self.handle()
    }
}
