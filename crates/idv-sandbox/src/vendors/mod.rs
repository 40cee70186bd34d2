//! The simulated vendors, a folder each.

pub mod baanx;
pub mod nxos;
pub mod session_api;

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::{baanx, nxos, session_api};

    #[test]
    fn every_operation_of_a_request_can_be_named() {
        for profile in [&nxos::PROFILE, &baanx::PROFILE, &session_api::PROFILE] {
            let operations = profile.operations;
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
}
