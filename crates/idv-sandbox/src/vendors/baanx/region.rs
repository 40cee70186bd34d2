//! The two environments of the simulated Baanx.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The environment that `x-us-env` selects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// The default.
    #[default]
    International,
    /// `x-us-env: true`.
    Us,
}

impl Region {
    /// Ids and tokens of the US environment begin with `US_`.
    pub(crate) fn of(id: &str) -> Self {
        if id.starts_with("US_") { Self::Us } else { Self::International }
    }

    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::International => "",
            Self::Us => "US_",
        }
    }
}
