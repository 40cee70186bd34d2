//! The simulated flows, a file for each vendor.

mod baanx;
mod described;
mod nxos;
mod onfido;
mod session_api;
mod stripe;
mod sumsub;
mod veriff;

use super::simulated::Simulated;

/// All flows, in the order of the documentation.
pub(super) const ALL: &[&dyn Simulated] = &[
    &nxos::Nxos,
    &baanx::User,
    &baanx::Registration,
    &session_api::SessionApi,
    &sumsub::Sumsub,
    &veriff::Veriff,
    &stripe::Stripe,
    &onfido::Onfido,
    &described::PERSONA,
    &described::DIDIT,
    &described::IDENFY,
    &described::SHUFTI,
    &described::PLAID,
];
