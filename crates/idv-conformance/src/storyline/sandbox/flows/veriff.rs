//! Veriff, asked directly.

use idv_core::{SessionRef, StartRequest};
use idv_sandbox::{Runtime, Sandbox};
use serde_json::json;

use crate::storyline::sandbox::simulated::{JSON, Secrets, Simulated, sessions_of};
use crate::storyline::{Case, Held, StageError};

#[derive(Debug)]
pub(crate) struct Veriff;

impl Simulated for Veriff {
    fn kind(&self) -> &'static str {
        "veriff"
    }

    fn id(&self) -> &'static str {
        "veriff"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        format!(
            r#"base_url = "{}"
api_key = {{ env = "VERIFF_API_KEY" }}
shared_secrets = [{{ env = "VERIFF_SHARED_SECRET" }}]
"#,
            sandbox.veriff().base_url()
        )
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        let veriff = sandbox.veriff();
        vec![
            ("VERIFF_API_KEY", veriff.api_key().to_owned()),
            ("VERIFF_SHARED_SECRET", veriff.shared_secret()),
        ]
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.veriff()
    }

    fn start(&self) -> &'static str {
        "start"
    }

    fn allow_loopback(&self, sandbox: &Sandbox) {
        sandbox.veriff().allow_loopback_callbacks(true);
    }

    fn enter(&self, _: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        Ok(Case { subject: start.reference.clone(), start })
    }

    fn verification<'a>(&self, _: &'a Case, session: &'a SessionRef) -> &'a str {
        session.key()
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        Held { count: sessions_of(sandbox.veriff(), &case.subject), what: "session" }
    }

    fn curl(&self, sandbox: &Sandbox, _: &Case) -> String {
        let veriff = sandbox.veriff();
        let body = json!({ "verification": { "vendorData": "case-7" } });
        format!(
            "SIG=$(printf '%s' '{body}' | openssl dgst -sha256 -hmac '{}' | sed 's/.* //'); \
             curl {}/v1/sessions -H 'x-auth-client: {}' -H \"x-hmac-signature: $SIG\" {JSON} -d '{body}'",
            veriff.shared_secret(),
            veriff.base_url(),
            veriff.api_key(),
        )
    }
}
