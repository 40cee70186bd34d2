//! The documentation of Veritas, in eighty lines.

use std::sync::Arc;

use idv::adapter::ProviderFactory;
use idv::layers::{Detach, Layered, UnclaimedHandler};
use idv::profile::{MappingRow, Surface};
use idv::{Operation, VerificationProvider, VerificationStatus};
use idv_conformance::{Call, Received, Reply, StartCost, Step, Subject, statuses};
use serde_json::{Value, json};

use crate::veritas::VeritasFactory;

pub(crate) struct Documented {
    pub(crate) shielded: bool,
}

impl Subject for Documented {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(VeritasFactory)
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"base_url": base_url, "password": {"env": "VERITAS_PASSWORD"}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("VERITAS_PASSWORD", "veritas-password-canary")]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["cases"]) => Some(Operation::Start),
            ("GET", ["cases", _]) => Some(Operation::Check),
            _ => None,
        }
    }

    fn step(&self, _: &Call<'_>, request: &Received) -> Option<Step> {
        let token = json!({"token": "veritas-token-canary", "seconds": 600});
        (request.path == "/tokens").then(|| Step::shared(Reply::json(200, &token)))
    }

    fn authentic(&self, request: &Received) -> Result<(), String> {
        match request.header("authorization") {
            Some("Bearer veritas-token-canary") => Ok(()),
            _ => Err("not authorized by the access token".to_owned()),
        }
    }

    fn start_cost(&self) -> StartCost {
        StartCost::SessionEvenAfterServerError
    }

    fn words(&self) -> Vec<MappingRow> {
        let words = [
            ("none", VerificationStatus::InProgress),
            ("true", VerificationStatus::Approved),
            ("false", VerificationStatus::Rejected),
        ];
        statuses(Surface::CheckStatus, &words)
    }

    fn started(&self, session: &str) -> Value {
        json!({"number": session, "link": format!("https://veritas.example/{session}")})
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"number": session, "verdict": word})
    }

    fn wrap(&self, provider: Arc<dyn VerificationProvider>) -> Arc<dyn VerificationProvider> {
        match self.shielded {
            true => Arc::new(Layered::around(Detach::new(UnclaimedHandler::default()), provider)),
            false => provider,
        }
    }
}
