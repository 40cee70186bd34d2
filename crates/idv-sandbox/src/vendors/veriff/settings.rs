//! The settings of the simulated Veriff.

use crate::vendors::veriff::codes::VeriffCodes;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) codes: VeriffCodes,
    /// Whether reason codes are text.
    pub(crate) text_reason_codes: bool,
    /// Whether callbacks may be plain `http` on loopback.
    pub(crate) loopback_callbacks: bool,
    /// Whether sessions can be deleted.
    pub(crate) deletion: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            codes: VeriffCodes::default(),
            text_reason_codes: false,
            loopback_callbacks: false,
            deletion: true,
        }
    }
}
