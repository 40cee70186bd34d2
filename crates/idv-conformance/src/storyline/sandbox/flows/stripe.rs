//! Stripe Identity.

use idv_core::{SessionRef, StartRequest};
use idv_sandbox::{Runtime, Sandbox};

use crate::storyline::sandbox::simulated::{Secrets, Simulated, sessions_of};
use crate::storyline::{Case, Held, StageError};

#[derive(Debug)]
pub(crate) struct Stripe;

impl Simulated for Stripe {
    fn kind(&self) -> &'static str {
        "stripe-identity"
    }

    fn id(&self) -> &'static str {
        "stripe"
    }

    fn options(&self, sandbox: &Sandbox) -> String {
        format!(
            r#"base_url = "{}"
secret_key = {{ env = "STRIPE_SECRET_KEY" }}
webhook_secrets = [{{ env = "STRIPE_WEBHOOK_SECRET" }}]
"#,
            sandbox.stripe().base_url()
        )
    }

    fn secrets(&self, sandbox: &Sandbox) -> Secrets {
        let stripe = sandbox.stripe();
        vec![
            ("STRIPE_SECRET_KEY", stripe.secret_key().to_owned()),
            ("STRIPE_WEBHOOK_SECRET", stripe.webhook_secret()),
        ]
    }

    fn vendor<'a>(&self, sandbox: &'a Sandbox) -> &'a Runtime {
        sandbox.stripe()
    }

    fn start(&self) -> &'static str {
        "start"
    }

    fn lift_limits(&self, sandbox: &Sandbox) {
        sandbox.stripe().set_rate_limit(None);
    }

    fn enter(&self, _: &Sandbox, start: StartRequest) -> Result<Case, StageError> {
        Ok(Case { subject: start.reference.clone(), start })
    }

    fn verification<'a>(&self, _: &'a Case, session: &'a SessionRef) -> &'a str {
        session.key()
    }

    fn held(&self, sandbox: &Sandbox, case: &Case) -> Held {
        Held { count: sessions_of(sandbox.stripe(), &case.subject), what: "session" }
    }

    fn curl(&self, sandbox: &Sandbox, _: &Case) -> String {
        let stripe = sandbox.stripe();
        format!(
            "curl {}/v1/identity/verification_sessions -H 'Authorization: Bearer {}' -d type=document -d client_reference_id=case-8",
            stripe.base_url(),
            stripe.secret_key(),
        )
    }
}
