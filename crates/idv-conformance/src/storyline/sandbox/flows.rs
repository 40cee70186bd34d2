//! The simulated flows, a file for each vendor.

mod baanx;
mod nxos;
mod session_api;
mod sumsub;
mod veriff;

use super::simulated::Simulated;

/// All flows, in the order of the documentation.
pub(super) const ALL: [&dyn Simulated; 6] = [
    &nxos::Nxos,
    &baanx::User,
    &baanx::Registration,
    &session_api::SessionApi,
    &sumsub::Sumsub,
    &veriff::Veriff,
];
