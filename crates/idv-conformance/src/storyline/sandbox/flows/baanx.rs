//! Baanx: registered users, and users who are registering.

use std::time::Duration;

use idv_core::{OnboardingId, StartRequest, UserToken};
use idv_sandbox::{Baanx, Runtime, Sandbox};
use serde_json::json;

use crate::storyline::sandbox::simulated::{JSON, Secrets, Simulated};
use crate::storyline::{Case, Held, StageError};

/// The lifetime of an onboarding id, which expires long before the link: "typically 30-60 minutes" (Baanx, Generate KYC
/// Verification Session), of which the sandbox takes the longer.
const ONBOARDING_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Registered users.
#[derive(Debug)]
pub(crate) struct User;

/// Users who are registering.
#[derive(Debug)]
pub(crate) struct Registration;

fn options(baanx: &Baanx) -> String {
    format!(
        r#"base_url = "{}"
client_key = {{ env = "BAANX_CLIENT_KEY" }}
webhook_secrets = [{{ env = "BAANX_WEBHOOK_KEY" }}]
"#,
        baanx.base_url()
    )
}

fn secrets(baanx: &Baanx) -> Secrets {
    vec![("BAANX_CLIENT_KEY", baanx.client_key().to_owned()), ("BAANX_WEBHOOK_KEY", baanx.webhook_key())]
}

fn held(baanx: &Baanx, case: &Case) -> Held {
    let user = baanx.verification(&case.subject);
    Held { count: user.map_or(0, |user| user.open_pages.len()), what: "open session" }
}

impl Simulated for User {
    fn kind(&self) -> &'static str {
        "baanx-user"
    }

    fn id(&self) -> &'static str {
        "cards"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        options(sandbox.baanx())
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        secrets(sandbox.baanx())
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.baanx()
    }

    fn start(&self) -> &'static str {
        "start_user"
    }

    fn enter(&self, sandbox: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        let user = sandbox.baanx().add_user("Ada", "Sample");
        Ok(Case { start: start.user_token(user.token), subject: user.user_id })
    }

    fn renew(&self, sandbox: &Sandbox, case: &mut Case) -> Result<(), StageError> {
        let token = sandbox.baanx().issue_token(&case.subject).map_err(StageError::new)?;
        case.start = case.start.clone().user_token(token);
        Ok(())
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        held(sandbox.baanx(), case)
    }

    fn curl(&self, sandbox: &Sandbox, case: &Case) -> String {
        let baanx = sandbox.baanx();
        let token = case.start.user_token.as_ref().map(UserToken::expose).unwrap_or_default();
        format!(
            "curl {}/v1/user/verification -H 'x-client-key: {}' -H 'Authorization: Bearer {token}'",
            baanx.base_url(),
            baanx.client_key()
        )
    }
}

impl Simulated for Registration {
    fn kind(&self) -> &'static str {
        "baanx-registration"
    }

    fn id(&self) -> &'static str {
        "signup"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        format!("{}successor = \"{}\"\n", options(sandbox.baanx()), User.id())
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        secrets(sandbox.baanx())
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.baanx()
    }

    fn start(&self) -> &'static str {
        "start_registration"
    }

    fn enter(&self, sandbox: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        let baanx = sandbox.baanx();
        let id = baanx.add_onboarding();
        let user = baanx.onboarding_user(&id);
        let user = user.ok_or_else(|| StageError::new("the sandbox has no user for an onboarding"))?;
        Ok(Case { start: start.onboarding_id(id), subject: user })
    }

    fn lifetime(&self) -> Option<Duration> {
        Some(ONBOARDING_LIFETIME)
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        held(sandbox.baanx(), case)
    }

    fn curl(&self, sandbox: &Sandbox, case: &Case) -> String {
        let baanx = sandbox.baanx();
        let id = case.start.onboarding_id.as_ref().map(OnboardingId::expose).unwrap_or_default();
        format!(
            "curl {}/v1/auth/register/verification -H 'x-client-key: {}' {JSON} -d '{}'",
            baanx.base_url(),
            baanx.client_key(),
            json!({ "onboardingId": id })
        )
    }
}
