//! The registration of Shufti.

use std::sync::Arc;

use axum::Router;
use utoipa::openapi::OpenApi;

use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::shufti::profile::PROFILE;
use crate::vendors::shufti::{Shufti, api};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Shufti::new(front)),
    document: OpenApi::default,
};

impl SimulatedVendor for Shufti {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.hosted.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn credentials(&self) -> Vec<String> {
        let own = [self.base_url(), self.client_id(), &self.secret_key()];
        own.map(str::to_owned).into()
    }
}

impl Sandbox {
    /// The simulated Shufti.
    #[must_use]
    pub fn shufti(&self) -> &Shufti {
        self.handle()
    }
}
