//! The vendors that are simulated.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of the simulated vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Vendor {
    /// nxos, which verifies organizations through Sumsub.
    Nxos,
    /// Baanx, which verifies card users through Veriff.
    Baanx,
    /// The session API, in the shape of deepidv.
    SessionApi,
}

impl Vendor {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nxos, Self::Baanx, Self::SessionApi];

    /// The vendor's name in routes and documents: `nxos`, `baanx`, `session-api`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nxos => "nxos",
            Self::Baanx => "baanx",
            Self::SessionApi => "session-api",
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
