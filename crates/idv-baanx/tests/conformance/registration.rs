//! Registrations under way (docs.baanx.com, "Generate KYC Verification Session").

use std::sync::Arc;

use idv_baanx::BaanxRegistrationFactory;
use idv_conformance::DocumentedError;
use idv_core::{ErrorKind, Operation};

use crate::Baanx;
use crate::errors::said;

fn errors() -> Vec<DocumentedError> {
    let invalid = said(400, "Invalid onboarding ID");
    let unknown = said(404, "Onboarding session not found");
    vec![
        DocumentedError::new("onboarding id", Operation::Start, invalid, ErrorKind::InvalidRequest),
        DocumentedError::new("onboarding", Operation::Start, unknown, ErrorKind::NotFound),
    ]
}

pub(crate) const REGISTRATION: Baanx = Baanx {
    factory: || Arc::new(BaanxRegistrationFactory),
    calls: [
        ("POST", "/v1/auth/register/verification", Operation::Start),
        ("GET", "/v1/auth/register", Operation::Check),
    ],
    errors,
};
