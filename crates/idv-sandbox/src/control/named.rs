//! The vendor and the id that a path names.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;

use crate::json_routes::{Refusal, Route};
use crate::runtime::Runtime;
use crate::simulation::Simulation;

/// The vendor that the path names.
#[derive(Debug)]
pub(super) struct Named(pub(super) Arc<Runtime>);

/// The id that the path names.
#[derive(Debug, Deserialize)]
pub(super) struct Id {
    pub(super) id: String,
}

impl FromRequestParts<Simulation> for Named {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, simulation: &Simulation) -> Result<Self, Refusal> {
        let Route(pairs) = Route::<Vec<(String, String)>>::from_request_parts(parts, simulation).await?;
        let name = pairs.into_iter().find(|(field, _)| field == "vendor").map(|(_, name)| name);
        let name = name.unwrap_or_default();
        simulation.runtime(&name).cloned().map(Self).ok_or_else(|| unknown(simulation, &name))
    }
}

fn unknown(simulation: &Simulation, name: &str) -> Refusal {
    let known: Vec<String> = simulation.runtimes().map(|known| format!("`{}`", known.vendor())).collect();
    let known = known.join(", ");
    Refusal::new(404, format!("Invalid URL: unknown variant `{name}`, expected one of {known}"))
}
