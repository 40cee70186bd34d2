//! The simulated flows, a file for each vendor.

mod baanx;
mod nxos;
mod session_api;
mod sumsub;
mod veriff;

use idv_sandbox::Runtime;

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

/// The header of a JSON body, for curl.
const JSON: &str = "-H 'Content-Type: application/json'";

/// The number of sessions with the application's own id.
fn sessions_of(vendor: &Runtime, external_id: &str) -> usize {
    let all = vendor.verifications(usize::MAX);
    all.iter().filter(|one| one.external_id.as_deref() == Some(external_id)).count()
}
