//! What an application keeps of an applicant, and what it does with that after a restart.

use idv::{CheckRequest, RefreshRequest, Registry, Result, SessionRef, Verification, VerificationSession};
use serde_json::{Value, json};

use crate::world::Person;

/// The row of an applicant in the application's database: the text of the reference, and the subject's credentials.
#[derive(Debug, Clone)]
pub(crate) struct Stored(String);

impl Stored {
    pub(crate) fn new(reference: &SessionRef, person: &Person) -> Self {
        let row = json!({
            "reference": reference.to_string(),
            "user_token": person.user.token,
            "onboarding_id": person.onboarding,
        });
        Self(row.to_string())
    }

    /// The row as a process reads it that has never seen the session.
    fn restored(&self) -> (SessionRef, String, String) {
        let row: Value = serde_json::from_str(&self.0).unwrap();
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (text("reference").parse().unwrap(), text("user_token"), text("onboarding_id"))
    }

    pub(crate) fn reference(&self) -> SessionRef {
        self.restored().0
    }

    pub(crate) fn question(&self) -> CheckRequest {
        let (reference, token, onboarding) = self.restored();
        CheckRequest::new(reference).user_token(token).onboarding_id(onboarding)
    }

    pub(crate) async fn check(&self, registry: &Registry) -> Result<Verification> {
        registry.check(&self.question()).await
    }

    pub(crate) fn wish(&self) -> RefreshRequest {
        let (reference, token, onboarding) = self.restored();
        RefreshRequest::new(reference).user_token(token).onboarding_id(onboarding)
    }

    pub(crate) async fn refresh(&self, registry: &Registry) -> Result<VerificationSession> {
        registry.refresh(&self.wish()).await
    }
}
