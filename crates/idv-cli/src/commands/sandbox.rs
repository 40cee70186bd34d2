//! `idv sandbox`.

use std::net::IpAddr;

use idv::{Error, ErrorKind, Result};
use idv_sandbox::{Sandbox, Vendor};
use serde_json::{Map, Value, json};

use crate::args::{Args, Sandbox as SandboxArgs};
use crate::failure::Failure;
use crate::output::{self, Document, Notice};
use crate::stop::Stops;
use crate::{demo, failure};

pub(crate) async fn run(args: &Args, options: &SandboxArgs) -> Result<(), Failure> {
    if options.openapi {
        return output::print_text(&idv_sandbox::control::openapi());
    }
    let mut stops = Stops::listen()?;
    let sandbox = start(options).await?;
    set_up(&sandbox, options)?;
    if !options.host.to_canonical().is_loopback() {
        warn(args, options.host);
    }
    let ready = Ready::new(&sandbox);
    let facts = ready.document(&sandbox);
    args.output().show(&Document::Report { facts: &facts, words: &|| ready.text(&sandbox) })?;
    Ok(stops.next().await?)
}

/// Warns that the sandbox listens beyond loopback.
fn warn(args: &Args, host: IpAddr) {
    let message = format!(
        "the sandbox listens on {host}: everybody who reaches this machine can use it, because it asks for no key. \
         Publish its ports on loopback only"
    );
    args.output().notice(&Notice::Warning(&message));
}

async fn start(options: &SandboxArgs) -> Result<Sandbox> {
    let mut builder = Sandbox::builder().host(options.host);
    // As everywhere, 0 asks for any free port.
    if let Some(port) = options.port.filter(|port| *port != 0) {
        let next = |offset: u16| {
            port.checked_add(offset)
                .ok_or_else(|| failure::usage("--port: three more ports after it are needed"))
        };
        builder = builder.control_port(port);
        for (offset, vendor) in (1..).zip(Vendor::all()) {
            builder = builder.vendor_port(vendor, next(offset)?);
        }
    }
    if let Some(seed) = options.seed {
        builder = builder.seed(seed);
    }
    builder
        .start()
        .await
        .map_err(|error| Error::new(ErrorKind::Unavailable, format!("the sandbox cannot start: {error}")))
}

fn set_up(sandbox: &Sandbox, options: &SandboxArgs) -> Result<()> {
    let (nxos, baanx, sessions) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    // The application that comes back is on this machine too, most likely without TLS.
    sessions.allow_loopback_redirects(true);
    baanx.set_return_url(options.return_url.clone());
    if let Some(url) = &options.webhook_url {
        for vendor in sandbox.vendors() {
            let added = vendor.add_webhook_endpoint(url);
            added.map_err(|error| failure::usage(format!("--webhook-url: {error}")))?;
        }
    }
    if options.no_rate_limits {
        nxos.set_rate_limit(None);
        sessions.set_rate_limits(None);
    }
    Ok(())
}

/// The facts that the session API asks for.
const APPLICANT: &str = "--first-name Ada --last-name Sample --email ada@example.com --phone +15192223333 \
                         --redirect-url http://localhost:3000/back";

/// The facts that a developer needs to begin.
struct Ready {
    config: String,
    /// Two of the flows ask for a credential of the applicant: here is one of each.
    user_token: String,
    onboarding_id: String,
    env: [(&'static str, String); 6],
    curl: Vec<String>,
}

impl Ready {
    fn new(sandbox: &Sandbox) -> Self {
        let user_token = sandbox.baanx().add_user("Ada", "Sample").token;
        let onboarding_id = sandbox.baanx().add_onboarding();
        let curl = curl(sandbox, &user_token, &onboarding_id);
        let (config, env) = (demo::config::literal(sandbox), demo::config::secrets(sandbox));
        Self { config, user_token, onboarding_id, env, curl }
    }

    fn document(&self, sandbox: &Sandbox) -> Value {
        let env: Map<String, Value> =
            self.env.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({"sandbox": {
            "control_url": sandbox.control_url(),
            "openapi_url": format!("{}/openapi.json", sandbox.control_url()),
            "config": self.config,
            "env": env,
            "curl": self.curl,
            "user_token": self.user_token,
            "onboarding_id": self.onboarding_id,
        }})
    }

    /// A configuration file; all the rest are comments.
    fn text(&self, sandbox: &Sandbox) -> String {
        let Self { config, user_token, onboarding_id, env, curl } = self;
        let control = sandbox.control_url();
        let export: String = env.iter().map(|(name, value)| format!("# export {name}='{value}'\n")).collect();
        let curl: String = curl.iter().map(|line| format!("# {line}\n")).collect();
        format!(
            "# Simulated vendors are running; Ctrl-C stops them. They verify nobody.\n\
             # Operator's page, and control API ({control}/openapi.json): {control}/\n\
             #\n\
             # Save this as idv.toml and run `idv start --reference case-1` in another terminal. `cards` and `signup` ask\n\
             # for a credential of the applicant, and there is one of each; `sessions` asks who it is:\n\
             #   USER_TOKEN={user_token} idv start --provider cards --reference case-2 --user-token-env USER_TOKEN\n\
             #   idv start --provider signup --reference case-3 --onboarding-id {onboarding_id}\n\
             #   idv start --provider sessions --reference case-4 {APPLICANT}\n\
             # A reference of `sessions` that ends in -approve, -reject:document_expired, -abandon … plays by itself.\n\
             #\n\
             # For an application that takes its keys from the environment:\n{export}\
             #\n\
             # Without any of our code:\n{curl}\n{config}"
        )
    }
}

const JSON: &str = "-H 'Content-Type: application/json'";

/// One start at each flow.
fn curl(sandbox: &Sandbox, user_token: &str, onboarding_id: &str) -> Vec<String> {
    let (nxos, baanx, sessions) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    let applicant = json!({
        "first_name": "Ada", "last_name": "Sample", "email": "ada@example.com", "phone": "+15192223333",
        "external_id": "case-5", "send_email_invite": false, "send_phone_invite": false,
    });
    vec![
        format!(
            "curl -X POST {}/v1/organizations/verification -H 'Authorization: Bearer {}' -H 'Content-Length: 0'",
            nxos.base_url(),
            nxos.api_key()
        ),
        format!(
            "curl {}/v1/user/verification -H 'x-client-key: {}' -H 'Authorization: Bearer {user_token}'",
            baanx.base_url(),
            baanx.client_key()
        ),
        format!(
            "curl {}/v1/auth/register/verification -H 'x-client-key: {}' {JSON} -d '{}'",
            baanx.base_url(),
            baanx.client_key(),
            json!({ "onboardingId": onboarding_id })
        ),
        format!(
            "curl {}/v1/sessions -H 'x-api-key: {}' {JSON} -d '{applicant}'",
            sessions.base_url(),
            sessions.api_key()
        ),
    ]
}
