//! The names of simulated vendors.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// One of the simulated vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Vendor(&'static str);

impl Vendor {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The vendor's name in routes and documents: `nxos`, `baanx`, `session-api`, `veriff`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}
