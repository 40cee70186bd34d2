//! The session API, in the shape of deepidv.

use idv_core::{SessionRef, StartRequest};
use idv_sandbox::{Runtime, Sandbox};
use serde_json::json;

use crate::storyline::sandbox::simulated::{JSON, Secrets, Simulated, sessions_of};
use crate::storyline::{Case, Held, StageError};

#[derive(Debug)]
pub(crate) struct SessionApi;

impl Simulated for SessionApi {
    fn kind(&self) -> &'static str {
        "session-api"
    }

    fn id(&self) -> &'static str {
        "sessions"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        format!(
            r#"preset = "deepidv"
base_url = "{}"
api_key = {{ env = "DEEPIDV_API_KEY" }}
webhook_secrets = [{{ env = "DEEPIDV_WEBHOOK_SECRET" }}]
"#,
            sandbox.session_api().base_url()
        )
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        let api = sandbox.session_api();
        vec![("DEEPIDV_API_KEY", api.api_key().to_owned()), ("DEEPIDV_WEBHOOK_SECRET", api.webhook_secret())]
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.session_api()
    }

    fn start(&self) -> &'static str {
        "start"
    }

    fn lift_limits(&self, sandbox: &Sandbox) {
        sandbox.session_api().set_rate_limits(None);
    }

    fn allow_loopback(&self, sandbox: &Sandbox) {
        sandbox.session_api().allow_loopback_redirects(true);
    }

    fn enter(&self, _: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        Ok(Case { subject: start.reference.clone(), start })
    }

    fn verification<'a>(&self, _: &'a Case, session: &'a SessionRef) -> &'a str {
        session.key()
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        Held { count: sessions_of(sandbox.session_api(), &case.subject), what: "session" }
    }

    fn curl(&self, sandbox: &Sandbox, _: &Case) -> String {
        let api = sandbox.session_api();
        let applicant = json!({
            "first_name": "Ada", "last_name": "Sample", "email": "ada@example.com", "phone": "+15192223333",
            "external_id": "case-5", "send_email_invite": false, "send_phone_invite": false,
        });
        format!(
            "curl {}/v1/sessions -H 'x-api-key: {}' {JSON} -d '{applicant}'",
            api.base_url(),
            api.api_key()
        )
    }
}
