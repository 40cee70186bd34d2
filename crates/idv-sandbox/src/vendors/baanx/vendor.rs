//! The registration of Baanx.

use std::sync::Arc;

use axum::Router;

use crate::json_routes::json_text;
use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::baanx::control::BaanxVendor;
use crate::vendors::baanx::profile::PROFILE;
use crate::vendors::baanx::{Baanx, api, control};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Baanx::new(front)),
    document: control::document,
    credentials: "BaanxVendor",
};

impl SimulatedVendor for Baanx {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.shared.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn control(&self) -> Router {
        control::router(self)
    }

    fn credentials(&self) -> String {
        json_text(&BaanxVendor::new(self))
    }
}

impl Sandbox {
    /// The simulated Baanx, for both of its flows.
    #[must_use]
    pub fn baanx(&self) -> &Baanx {
        self.handle()
    }
}
