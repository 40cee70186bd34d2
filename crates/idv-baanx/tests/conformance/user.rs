//! Registered users (docs.baanx.com, "Start User Verification" and "Get user").

use std::sync::Arc;

use idv_baanx::BaanxUserFactory;
use idv_conformance::{DocumentedError, Received, StartCost, Subject, Webhooks};
use idv_core::{CredentialOwner, ErrorKind, MappingRow, Operation, ProviderFactory};
use serde_json::{Value, json};

use crate::webhooks::Guide;
use crate::{CLIENT_KEY, common_errors, said, throttled, words};

struct User;

impl Subject for User {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(BaanxUserFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"base_url": base_url, "client_key": {"env": CLIENT_KEY.0}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![CLIENT_KEY]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/v1/user/verification") => Some(Operation::Start),
            ("GET", "/v1/user") => Some(Operation::Check),
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
        let token = said(401, "Not authenticated");
        let user = said(403, "Not authorized");
        let mut errors = common_errors();
        errors.extend([
            DocumentedError::new("token", Operation::Start, token, ErrorKind::Unauthenticated)
                .credential(CredentialOwner::User),
            DocumentedError::new("user", Operation::Start, user, ErrorKind::Forbidden),
            throttled(),
        ]);
        errors
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(&Guide)
    }
}

idv_conformance::suite!(User);
