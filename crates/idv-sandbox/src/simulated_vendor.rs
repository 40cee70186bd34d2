//! A simulated vendor, as the sandbox starts and serves it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa::openapi::OpenApi;

use crate::front::Front;
use crate::pages::hosted;
use crate::profile::Profile;
use crate::runtime::Runtime;
use crate::tap::Tap;

/// A running vendor. Its operations, webhooks, magic references and page texts are in the [`Profile`] of its runtime;
/// its verifications, and the acts on them, in the state of its runtime.
pub(crate) trait SimulatedVendor: Any + fmt::Debug + Send + Sync {
    fn runtime(&self) -> &Arc<Runtime>;

    /// The vendor's API, with an answer to requests that it does not know.
    fn api(&self) -> Router;

    /// The API behind the recorder and the faults, with what the vendor adds last to an answer, such as a signature.
    fn sealed(&self, api: Router) -> Router {
        api
    }

    /// The pages besides the hosted ones. No fault hits them, and no request to them is recorded.
    fn pages(&self) -> Router {
        Router::new()
    }

    /// The vendor's own routes of the control API.
    fn control(&self) -> Router {
        Router::new()
    }

    /// The values of the credentials that the profile names, in their order.
    fn credentials(&self) -> Vec<String>;

    /// Ends work that would outlive the sandbox.
    fn stop(&self) {}
}

/// The entry of a vendor in the list of all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registration {
    pub(crate) profile: &'static Profile,
    pub(crate) start: fn(Front) -> Arc<dyn SimulatedVendor>,
    /// The OpenAPI document of the vendor's own control routes.
    pub(crate) document: fn() -> OpenApi,
}

/// All that a vendor serves on its port.
pub(crate) fn router(vendor: &dyn SimulatedVendor) -> Router {
    let runtime = vendor.runtime();
    let watched = vendor.api().layer(from_fn_with_state(runtime.front.tap.clone(), Tap::watch));
    vendor.sealed(watched).merge(hosted::router(runtime.clone())).merge(vendor.pages())
}
