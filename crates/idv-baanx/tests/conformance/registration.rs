//! Registrations under way (docs.baanx.com, "Generate KYC Verification Session").

use std::sync::Arc;

use idv_baanx::BaanxRegistrationFactory;
use idv_conformance::{DocumentedError, Received, StartCost, Subject, Webhooks};
use idv_core::{ErrorKind, MappingRow, Operation, ProviderFactory};
use serde_json::{Value, json};

use crate::webhooks::Guide;
use crate::{CLIENT_KEY, common_errors, said, throttled, words};

struct Registration;

impl Subject for Registration {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(BaanxRegistrationFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"base_url": base_url, "client_key": {"env": CLIENT_KEY.0}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![CLIENT_KEY]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/v1/auth/register/verification") => Some(Operation::Start),
            ("GET", "/v1/auth/register") => Some(Operation::Check),
            _ => None,
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::Session
    }

    fn words(&self) -> Vec<MappingRow> {
        words::words()
    }

    fn started(&self, session: &str) -> Value {
        json!({"sessionUrl": format!("https://magic.veriff.me/v/{session}")})
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"id": session, "firstName": "Adaline", "lastName": "Quillfeather", "verificationState": word})
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let invalid = said(400, "Invalid onboarding ID");
        let unknown = said(404, "Onboarding session not found");
        let mut errors = common_errors();
        errors.extend([
            DocumentedError::new("onboarding id", Operation::Start, invalid, ErrorKind::InvalidRequest),
            DocumentedError::new("onboarding", Operation::Start, unknown, ErrorKind::NotFound),
            throttled(),
        ]);
        errors
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(&Guide)
    }
}

idv_conformance::suite!(Registration);
