//! Both adapters pass the kit. Everything here is written from the vendor's pages: docs.baanx.com, "Start User
//! Verification", "Generate KYC Verification Session", "Get user", and the guides on webhooks.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod errors;
mod registration;
mod user;
mod webhooks;
mod words;

use std::sync::Arc;

use idv_conformance::{DocumentedError, Received, StartCost, Subject, Webhooks};
use idv_core::{MappingRow, Operation, ProviderFactory};
use serde_json::{Value, json};

const CLIENT_KEY: (&str, &str) = ("BAANX_CLIENT_KEY", "c1ient-key-canary-0001");

/// One of the two flows, which have the most in common.
struct Baanx {
    factory: fn() -> Arc<dyn ProviderFactory>,
    /// Method and path of start and check.
    calls: [(&'static str, &'static str, Operation); 2],
    errors: fn() -> Vec<DocumentedError>,
}

impl Subject for Baanx {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        (self.factory)()
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"base_url": base_url, "client_key": {"env": CLIENT_KEY.0}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![CLIENT_KEY]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        let is =
            |(method, path, _): &&(&str, &str, Operation)| *method == request.method && *path == request.path;
        self.calls.iter().find(is).map(|(.., operation)| *operation)
    }

    fn start_cost(&self) -> StartCost {
        StartCost::Session
    }

    fn words(&self) -> Vec<MappingRow> {
        words::words()
    }

    /// The vendor knows the applicant by the token or by the onboarding.
    fn takes_reference(&self) -> bool {
        false
    }

    fn started(&self, session: &str) -> Value {
        json!({"sessionUrl": format!("https://magic.veriff.me/v/{session}")})
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"id": session, "firstName": "Adaline", "lastName": "Quillfeather", "verificationState": word})
    }

    fn errors(&self) -> Vec<DocumentedError> {
        [errors::common(), (self.errors)()].concat()
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(&webhooks::Guide)
    }
}

idv_conformance::suite!(registration: registration::REGISTRATION, user: user::USER);
