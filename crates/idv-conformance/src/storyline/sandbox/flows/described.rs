//! The vendors that a built-in description of the session API reaches.

use idv_core::{SessionRef, StartRequest};
use idv_sandbox::{Runtime, Sandbox};
use serde_json::json;

use crate::storyline::sandbox::simulated::{JSON, Secrets, Simulated, sessions_of};
use crate::storyline::{Case, Held, StageError};

/// A vendor with a built-in description, whose name is also the id of the provider.
#[derive(Debug)]
pub(crate) struct Described {
    preset: &'static str,
    vendor: fn(&Sandbox) -> &Runtime,
    options: fn(&Sandbox) -> String,
    secrets: fn(&Sandbox) -> Secrets,
    lift_limits: fn(&Sandbox),
    curl: fn(&Sandbox) -> String,
}

/// Persona.
pub(crate) const PERSONA: Described = Described {
    preset: "persona",
    vendor: |sandbox| sandbox.persona(),
    options: |sandbox| {
        let persona = sandbox.persona();
        format!(
            r#"base_url = "{}"
api_key = {{ env = "PERSONA_API_KEY" }}
workflow_id = "{}"
webhook_secrets = [{{ env = "PERSONA_WEBHOOK_SECRET" }}]
"#,
            persona.api_url(),
            persona.template_id()
        )
    },
    secrets: |sandbox| {
        let persona = sandbox.persona();
        vec![
            ("PERSONA_API_KEY", persona.api_key().to_owned()),
            ("PERSONA_WEBHOOK_SECRET", persona.webhook_secret()),
        ]
    },
    lift_limits: |sandbox| sandbox.persona().apply_rate_limits(false),
    curl: |sandbox| {
        let persona = sandbox.persona();
        let body = json!({
            "data": { "attributes": { "inquiry-template-id": persona.template_id(), "reference-id": "case-9" } },
            "meta": { "auto-create-one-time-link": true },
        });
        format!(
            "curl {}/inquiries -H 'Authorization: Bearer {}' -H 'Key-Inflection: kebab' {JSON} -d '{body}'",
            persona.api_url(),
            persona.api_key()
        )
    },
};

/// Didit.
pub(crate) const DIDIT: Described = Described {
    preset: "didit",
    vendor: |sandbox| sandbox.didit(),
    options: |sandbox| {
        let didit = sandbox.didit();
        format!(
            r#"base_url = "{}"
api_key = {{ env = "DIDIT_API_KEY" }}
workflow_id = "{}"
webhook_secrets = [{{ env = "DIDIT_WEBHOOK_SECRET" }}]
"#,
            didit.base_url(),
            didit.workflow_id()
        )
    },
    secrets: |sandbox| {
        let didit = sandbox.didit();
        vec![("DIDIT_API_KEY", didit.api_key().to_owned()), ("DIDIT_WEBHOOK_SECRET", didit.webhook_secret())]
    },
    lift_limits: |sandbox| sandbox.didit().apply_rate_limits(false),
    curl: |sandbox| {
        let didit = sandbox.didit();
        let body = json!({ "workflow_id": didit.workflow_id(), "vendor_data": "case-10" });
        format!(
            "curl {}/v3/session/ -H 'x-api-key: {}' {JSON} -d '{body}'",
            didit.base_url(),
            didit.api_key()
        )
    },
};

/// iDenfy.
pub(crate) const IDENFY: Described = Described {
    preset: "idenfy",
    vendor: |sandbox| sandbox.idenfy(),
    options: |sandbox| {
        format!(
            r#"base_url = "{}"
api_key = {{ env = "IDENFY_API_SECRET" }}
secrets.api_key = {{ env = "IDENFY_API_KEY" }}
webhook_secrets = [{{ env = "IDENFY_WEBHOOK_SECRET" }}]
"#,
            sandbox.idenfy().base_url()
        )
    },
    secrets: |sandbox| {
        let idenfy = sandbox.idenfy();
        vec![
            ("IDENFY_API_KEY", idenfy.api_key().to_owned()),
            ("IDENFY_API_SECRET", idenfy.api_secret().to_owned()),
            ("IDENFY_WEBHOOK_SECRET", idenfy.webhook_secret()),
        ]
    },
    lift_limits: |sandbox| sandbox.idenfy().apply_rate_limits(false),
    curl: |sandbox| {
        let idenfy = sandbox.idenfy();
        let body = json!({ "clientId": "case-11", "tokenType": "IDENTIFICATION" });
        format!(
            "curl {}/api/v2/token -u '{}:{}' {JSON} -d '{body}'",
            idenfy.base_url(),
            idenfy.api_key(),
            idenfy.api_secret()
        )
    },
};

/// Shufti.
pub(crate) const SHUFTI: Described = Described {
    preset: "shufti",
    vendor: |sandbox| sandbox.shufti(),
    options: |sandbox| {
        format!(
            r#"base_url = "{}"
api_key = {{ env = "SHUFTI_SECRET_KEY" }}
secrets.client_id = {{ env = "SHUFTI_CLIENT_ID" }}
webhook_secrets = [{{ env = "SHUFTI_SECRET_KEY" }}]
"#,
            sandbox.shufti().base_url()
        )
    },
    secrets: |sandbox| {
        let shufti = sandbox.shufti();
        vec![("SHUFTI_CLIENT_ID", shufti.client_id().to_owned()), ("SHUFTI_SECRET_KEY", shufti.secret_key())]
    },
    lift_limits: |sandbox| sandbox.shufti().apply_rate_limits(false),
    curl: |sandbox| {
        let shufti = sandbox.shufti();
        let body = json!({ "reference": "case-12", "document": {}, "face": {} });
        format!(
            "curl {}/ -u '{}:{}' {JSON} -d '{body}'",
            shufti.base_url(),
            shufti.client_id(),
            shufti.secret_key()
        )
    },
};

/// Plaid Identity Verification.
pub(crate) const PLAID: Described = Described {
    preset: "plaid",
    vendor: |sandbox| sandbox.plaid(),
    options: |sandbox| {
        let plaid = sandbox.plaid();
        format!(
            r#"base_url = "{}"
api_key = {{ env = "PLAID_SECRET" }}
secrets.client_id = {{ env = "PLAID_CLIENT_ID" }}
workflow_id = "{}"
"#,
            plaid.base_url(),
            plaid.template_id()
        )
    },
    secrets: |sandbox| {
        let plaid = sandbox.plaid();
        vec![("PLAID_CLIENT_ID", plaid.client_id().to_owned()), ("PLAID_SECRET", plaid.secret().to_owned())]
    },
    lift_limits: |_| {},
    curl: |sandbox| {
        let plaid = sandbox.plaid();
        let body = json!({
            "client_user_id": "case-13", "template_id": plaid.template_id(), "is_shareable": true,
            "gave_consent": false,
        });
        format!(
            "curl {}/identity_verification/create -H 'PLAID-CLIENT-ID: {}' -H 'PLAID-SECRET: {}' {JSON} -d '{body}'",
            plaid.base_url(),
            plaid.client_id(),
            plaid.secret()
        )
    },
};

impl Simulated for Described {
    fn kind(&self) -> &'static str {
        "session-api"
    }

    fn preset(&self) -> Option<&'static str> {
        Some(self.preset)
    }

    fn id(&self) -> &'static str {
        self.preset
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        format!("preset = \"{}\"\n{}", self.preset, (self.options)(sandbox))
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        (self.secrets)(sandbox)
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        (self.vendor)(sandbox)
    }

    fn start(&self) -> &'static str {
        "start"
    }

    fn lift_limits(&self, sandbox: &Sandbox) {
        (self.lift_limits)(sandbox);
    }

    fn enter(&self, _: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        Ok(Case { subject: start.reference.clone(), start })
    }

    fn verification<'a>(&self, _: &'a Case, session: &'a SessionRef) -> &'a str {
        session.key()
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        Held { count: sessions_of(self.vendor(sandbox), &case.subject), what: "session" }
    }

    fn curl(&self, sandbox: &Sandbox, _: &Case) -> String {
        (self.curl)(sandbox)
    }
}
