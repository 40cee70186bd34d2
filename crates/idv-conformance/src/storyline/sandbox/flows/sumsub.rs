//! Sumsub: applicants under the application's own id.

use idv_core::StartRequest;
use idv_sandbox::{Runtime, Sandbox};
use serde_json::json;

use crate::storyline::sandbox::simulated::{JSON, Secrets, Simulated};
use crate::storyline::{Case, Held, StageError};

/// A level of the simulation, for individuals.
const LEVEL: &str = "sim-kyc";

#[derive(Debug)]
pub(crate) struct Sumsub;

impl Simulated for Sumsub {
    fn kind(&self) -> &'static str {
        "sumsub"
    }

    fn id(&self) -> &'static str {
        "direct"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        format!(
            r#"base_url = "{}"
app_token = {{ env = "SUMSUB_APP_TOKEN" }}
secret_key = {{ env = "SUMSUB_SECRET_KEY" }}
level = "{LEVEL}"
webhook_secrets = [{{ env = "SUMSUB_WEBHOOK_SECRET" }}]
"#,
            sandbox.sumsub().base_url()
        )
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        let sumsub = sandbox.sumsub();
        vec![
            ("SUMSUB_APP_TOKEN", sumsub.app_token().to_owned()),
            ("SUMSUB_SECRET_KEY", sumsub.secret().to_owned()),
            ("SUMSUB_WEBHOOK_SECRET", sumsub.webhook_secret()),
        ]
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.sumsub()
    }

    fn start(&self) -> &'static str {
        "start_link"
    }

    fn lift_limits(&self, sandbox: &Sandbox) {
        sandbox.sumsub().set_rate_limits(None);
    }

    fn enter(&self, _: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        Ok(Case { subject: start.reference.clone(), start })
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        let applicant = sandbox.sumsub().applicant_id(&case.subject);
        Held { count: usize::from(applicant.is_some()), what: "applicant" }
    }

    fn curl(&self, sandbox: &Sandbox, _: &Case) -> String {
        let sumsub = sandbox.sumsub();
        let (target, body) = (
            "/resources/sdkIntegrations/levels/-/websdkLink",
            json!({ "levelName": LEVEL, "userId": "case-6", "ttlInSecs": 1800 }),
        );
        format!(
            "TS=$(date +%s); SIG=$(printf '%s' \"${{TS}}\"'POST{target}{body}' | openssl dgst -sha256 -hmac '{}' | sed 's/.* //'); \
             curl {}{target} -H 'X-App-Token: {}' -H \"X-App-Access-Ts: $TS\" -H \"X-App-Access-Sig: $SIG\" {JSON} -d '{body}'",
            sumsub.secret(),
            sumsub.base_url(),
            sumsub.app_token(),
        )
    }
}
