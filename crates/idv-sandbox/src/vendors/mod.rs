//! The simulated vendors, a folder each.

pub mod baanx;
#[cfg(test)]
mod invented;
pub mod nxos;
pub mod session_api;
pub mod veriff;

use crate::simulated_vendor::Registration;
use crate::vendor::Vendor;

/// All simulated vendors that every sandbox starts. The order is that of documents.
pub(crate) const ALL: [Registration; 3] =
    [nxos::REGISTRATION, baanx::REGISTRATION, session_api::REGISTRATION];

impl Vendor {
    /// All that every sandbox starts.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|registration| registration.profile.vendor)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::ALL;
    use super::veriff::REGISTRATION;

    #[test]
    fn every_operation_of_a_request_can_be_named() {
        for registration in ALL.into_iter().chain([REGISTRATION]) {
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
        let mut streams: Vec<u64> = ALL.iter().map(|registration| registration.profile.stream).collect();
        streams.extend([4, 5, REGISTRATION.profile.stream]);
        let count = streams.len();
        streams.sort_unstable();
        streams.dedup();
        assert_eq!(streams.len(), count);
    }
}
