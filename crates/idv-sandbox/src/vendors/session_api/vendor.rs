//! The registration of the session API.

use std::sync::Arc;

use axum::Router;

use crate::json_routes::json_text;
use crate::runtime::Runtime;
use crate::sandbox::Sandbox;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendors::session_api::control::SessionApiVendor;
use crate::vendors::session_api::profile::PROFILE;
use crate::vendors::session_api::{SessionApi, api, control};

pub(crate) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| Arc::new(SessionApi::new(front)),
    document: control::document,
    credentials: "SessionApiVendor",
};

impl SimulatedVendor for SessionApi {
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
        json_text(&SessionApiVendor::new(self))
    }
}

impl Sandbox {
    /// The simulated session API, in the shape of deepidv.
    #[must_use]
    pub fn session_api(&self) -> &SessionApi {
        self.handle()
    }
}
