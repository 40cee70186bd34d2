//! The registration of nxos.

use std::sync::Arc;

use axum::Router;

use crate::json_routes::json_text;
use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::nxos::control::NxosVendor;
use crate::vendors::nxos::profile::PROFILE;
use crate::vendors::nxos::{Nxos, api, control, websdk};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(Nxos::new(front)),
    document: control::document,
    credentials: "NxosVendor",
};

impl SimulatedVendor for Nxos {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.shared.runtime
    }

    fn api(&self) -> Router {
        api::router(self)
    }

    fn pages(&self) -> Router {
        websdk::router().with_state(self.clone())
    }

    fn control(&self) -> Router {
        control::router(self)
    }

    fn credentials(&self) -> String {
        json_text(&NxosVendor::new(self))
    }

    /// A held request keeps a task alive that nobody could release any more.
    fn stop(&self) {
        self.release();
    }
}

impl Sandbox {
    /// The simulated nxos.
    #[must_use]
    pub fn nxos(&self) -> &Nxos {
        self.handle()
    }
}
