//! Onfido.

use idv_core::{SessionRef, StartRequest};
use idv_sandbox::{Runtime, Sandbox};
use serde_json::json;

use crate::storyline::sandbox::simulated::{JSON, Secrets, Simulated, sessions_of};
use crate::storyline::{Case, Held, StageError};

#[derive(Debug)]
pub(crate) struct Onfido;

impl Simulated for Onfido {
    fn kind(&self) -> &'static str {
        "onfido"
    }

    fn id(&self) -> &'static str {
        "onfido"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        let onfido = sandbox.onfido();
        format!(
            r#"base_url = "{}"
api_token = {{ env = "ONFIDO_API_TOKEN" }}
workflow_id = "{}"
webhook_secrets = [{{ env = "ONFIDO_WEBHOOK_TOKEN" }}]
"#,
            onfido.api_url(),
            onfido.workflow_id(),
        )
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        let onfido = sandbox.onfido();
        vec![
            ("ONFIDO_API_TOKEN", onfido.api_token().to_owned()),
            ("ONFIDO_WEBHOOK_TOKEN", onfido.webhook_secret()),
        ]
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.onfido()
    }

    fn start(&self) -> &'static str {
        "start_run"
    }

    fn lift_limits(&self, sandbox: &Sandbox) {
        sandbox.onfido().set_rate_limit(None);
    }

    fn enter(&self, _: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        Ok(Case { subject: start.reference.clone(), start })
    }

    fn verification<'a>(&self, _: &'a Case, session: &'a SessionRef) -> &'a str {
        session.key()
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        Held { count: sessions_of(sandbox.onfido(), &case.subject), what: "workflow run" }
    }

    /// Two calls: the id of the applicant goes from the first into the second.
    fn curl(&self, sandbox: &Sandbox, _: &Case) -> String {
        let onfido = sandbox.onfido();
        let (url, token) = (onfido.api_url(), onfido.api_token());
        let applicant = json!({ "first_name": "Ada", "last_name": "Sample" });
        let run = json!({
            "workflow_id": onfido.workflow_id(), "applicant_id": "APPLICANT", "customer_user_id": "case-9", "tags": ["case-9"],
        });
        let run = run.to_string().replace("\"APPLICANT\"", "\"'$ID'\"");
        format!(
            "ID=$(curl -s {url}/applicants -H 'Authorization: Token token={token}' {JSON} -d '{applicant}' | \
             sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/'); \
             curl {url}/workflow_runs -H 'Authorization: Token token={token}' {JSON} -d '{run}'",
        )
    }
}
