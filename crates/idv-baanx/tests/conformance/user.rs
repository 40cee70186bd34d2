//! Registered users (docs.baanx.com, "Start User Verification" and "Get user").

use std::sync::Arc;

use idv_baanx::BaanxUserFactory;
use idv_conformance::DocumentedError;
use idv_core::{CredentialOwner, ErrorKind, Operation};

use crate::Baanx;
use crate::errors::said;

fn errors() -> Vec<DocumentedError> {
    let token = said(401, "Not authenticated");
    let user = said(403, "Not authorized");
    vec![
        DocumentedError::new("token", Operation::Start, token, ErrorKind::Unauthenticated)
            .credential(CredentialOwner::User),
        DocumentedError::new("user", Operation::Start, user, ErrorKind::Forbidden),
    ]
}

pub(crate) const USER: Baanx = Baanx {
    factory: || Arc::new(BaanxUserFactory),
    calls: [("GET", "/v1/user/verification", Operation::Start), ("GET", "/v1/user", Operation::Check)],
    errors,
};
