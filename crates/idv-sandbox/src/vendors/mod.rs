//! The simulated vendors, a folder each.

pub mod baanx;
#[cfg(test)]
mod invented;
pub mod nxos;
pub mod session_api;
pub mod sumsub;
pub mod veriff;

use crate::simulated_vendor::Registration;
use crate::vendor::Vendor;

/// The simulated vendors that every sandbox has, in the order of documents.
pub(crate) static ALL: &[Registration] =
    &[nxos::REGISTRATION, baanx::REGISTRATION, session_api::REGISTRATION];

/// The simulated vendors that a sandbox has on request.
pub(crate) static OPTIONAL: &[Registration] = &[sumsub::REGISTRATION, veriff::REGISTRATION];

impl Vendor {
    /// All those that every sandbox has.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|registration| registration.profile.vendor)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::{ALL, OPTIONAL};

    #[test]
    fn every_operation_of_a_request_can_be_named() {
        for registration in ALL.iter().chain(OPTIONAL) {
            let operations = registration.profile.operations;
            for (method, path) in [
                (Method::POST, "/v1/organizations/verification"),
                (Method::GET, "/v1/authorizations"),
                (Method::GET, "/v1/user"),
                (Method::POST, "/v1/auth/register/email/send"),
                (Method::PATCH, "/v1/sessions/1/update-status"),
                (Method::GET, "/"),
            ] {
                let name = (operations.of)(&method, path);
                assert!(operations.check(name).is_ok(), "{path}: {name}");
            }
            assert!(operations.check("fly").is_err());
        }
    }

    #[test]
    fn random_sequences_differ() {
        let mut streams: Vec<u64> =
            ALL.iter().chain(OPTIONAL).map(|registration| registration.profile.stream).collect();
        streams.extend([4, 5]);
        let count = streams.len();
        streams.sort_unstable();
        streams.dedup();
        assert_eq!(streams.len(), count);
    }
}
