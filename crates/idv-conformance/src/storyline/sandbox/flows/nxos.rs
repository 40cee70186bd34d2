//! nxos: organizations.

use idv_core::StartRequest;
use idv_sandbox::{OrganizationType, Runtime, Sandbox};

use crate::storyline::sandbox::simulated::{Secrets, Simulated};
use crate::storyline::{Case, Held, StageError};

#[derive(Debug)]
pub(crate) struct Nxos;

impl Simulated for Nxos {
    fn kind(&self) -> &'static str {
        "nxos"
    }

    fn id(&self) -> &'static str {
        "primary"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        format!(
            r#"base_url = "{}"
api_key = {{ env = "NXOS_API_KEY" }}
webhook_secrets = [{{ env = "NXOS_WEBHOOK_SECRET" }}]
"#,
            sandbox.nxos().base_url()
        )
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        let nxos = sandbox.nxos();
        vec![("NXOS_API_KEY", nxos.api_key().to_owned()), ("NXOS_WEBHOOK_SECRET", nxos.webhook_secret())]
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.nxos()
    }

    fn start(&self) -> &'static str {
        "start"
    }

    fn lift_limits(&self, sandbox: &Sandbox) {
        sandbox.nxos().set_rate_limit(None);
    }

    fn enter(&self, sandbox: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        let organization = sandbox.nxos().add_organization(OrganizationType::Business);
        Ok(Case { start: start.organization(&organization), subject: organization })
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        let applicant = sandbox.nxos().applicant(&case.subject);
        Held { count: usize::from(applicant.is_some()), what: "applicant" }
    }

    fn curl(&self, sandbox: &Sandbox, _: &Case) -> String {
        let nxos = sandbox.nxos();
        format!(
            "curl -X POST {}/v1/organizations/verification -H 'Authorization: Bearer {}' -H 'Content-Length: 0'",
            nxos.base_url(),
            nxos.api_key()
        )
    }
}
