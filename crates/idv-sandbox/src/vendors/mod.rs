//! The simulated vendors, a folder each.

pub mod baanx;
pub mod didit;
mod hosted;
pub mod idenfy;
#[cfg(test)]
mod invented;
pub mod nxos;
pub mod onfido;
pub mod persona;
pub mod plaid;
pub mod session_api;
pub mod shufti;
pub mod stripe;
pub mod sumsub;
pub mod veriff;
pub(crate) mod veriff_codes;

use crate::simulated_vendor::Registration;
use crate::vendor::Vendor;

/// The simulated vendors, in the order of documents.
pub(crate) static ALL: &[Registration] = &[
    nxos::REGISTRATION,
    baanx::REGISTRATION,
    session_api::REGISTRATION,
    sumsub::REGISTRATION,
    veriff::REGISTRATION,
    stripe::REGISTRATION,
    persona::REGISTRATION,
    didit::REGISTRATION,
    idenfy::REGISTRATION,
    shufti::REGISTRATION,
    plaid::REGISTRATION,
    onfido::REGISTRATION,
];

impl Vendor {
    /// All simulated vendors.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|registration| registration.profile.vendor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use axum::http::Method;

    use super::ALL;

    #[test]
    fn every_operation_of_a_request_can_be_named() {
        for registration in ALL {
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

    /// Documents are merged by the names of their schemas, and the last one of a name stays.
    #[test]
    fn a_schema_has_one_meaning() {
        let mut known = BTreeMap::new();
        for registration in ALL {
            let vendor = registration.profile.vendor;
            for (name, schema) in (registration.document)().components.unwrap_or_default().schemas {
                let text = serde_json::to_string(&schema).unwrap();
                let (first, meaning) = known.entry(name.clone()).or_insert((vendor, text.clone()));
                assert_eq!(*meaning, text, "{name} of {vendor} and {first}");
            }
        }
        assert!(known.len() > 10);
    }

    #[test]
    fn random_sequences_differ() {
        let mut streams: Vec<u64> = ALL.iter().map(|registration| registration.profile.stream).collect();
        streams.extend([4, 5]);
        let count = streams.len();
        streams.sort_unstable();
        streams.dedup();
        assert_eq!(streams.len(), count);
    }
}
