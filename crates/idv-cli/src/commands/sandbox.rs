//! `idv sandbox`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use idv::profile::InputNeed;
use idv::{
    Error, ErrorKind, Input, OnboardingId, Operation, Result, StartRequest, UserToken, VerificationProvider,
};
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::{Sandbox, Vendor};
use serde_json::{Value, json};

use crate::args::{Args, Sandbox as SandboxArgs};
use crate::failure::{Failure, broken};
use crate::output::{self, Document, Notice};
use crate::stop::Stops;
use crate::{failure, simulated};

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
    let ready = Ready::new(&sandbox)?;
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
                .ok_or_else(|| failure::usage("--port: each vendor needs a port of its own after it"))
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
    for flow in Flow::all() {
        // The application that comes back is on this machine too, most likely without TLS.
        flow.allow_loopback(sandbox);
        if options.no_rate_limits {
            flow.lift_limits(sandbox);
        }
    }
    sandbox.baanx().set_return_url(options.return_url.clone());
    if let Some(url) = &options.webhook_url {
        for vendor in sandbox.vendors() {
            let added = vendor.add_webhook_endpoint(url);
            added.map_err(|error| failure::usage(format!("--webhook-url: {error}")))?;
        }
    }
    Ok(())
}

/// The facts that a developer needs to begin.
struct Ready {
    config: String,
    env: BTreeMap<&'static str, String>,
    /// Two of the flows ask for a credential of the applicant: here is one of each.
    user_token: String,
    onboarding_id: String,
    /// The starts that need more than a reference.
    starts: Vec<String>,
    curl: Vec<String>,
}

impl Ready {
    fn new(sandbox: &Sandbox) -> Result<Self> {
        let registry = simulated::registry(sandbox, &simulated::with_env(sandbox))?;
        let (mut user_token, mut onboarding_id) = (String::new(), String::new());
        let (mut starts, mut curl) = (Vec::new(), Vec::new());
        for (number, flow) in (1..).zip(Flow::all()) {
            let case = flow.enter(sandbox, somebody(number)).map_err(broken)?;
            starts.extend(start_line(&*simulated::provider(&registry, flow)?, &case.start));
            curl.push(flow.curl(sandbox, &case));
            user_token.extend(case.start.user_token.as_ref().map(UserToken::expose));
            onboarding_id.extend(case.start.onboarding_id.as_ref().map(OnboardingId::expose));
        }
        let (config, env) = (simulated::literal(sandbox), simulated::secrets(sandbox));
        Ok(Self { config, env, user_token, onboarding_id, starts, curl })
    }

    fn document(&self, sandbox: &Sandbox) -> Value {
        json!({"sandbox": {
            "control_url": sandbox.control_url(),
            "openapi_url": format!("{}/openapi.json", sandbox.control_url()),
            "config": self.config,
            "env": self.env,
            "curl": self.curl,
            "user_token": self.user_token,
            "onboarding_id": self.onboarding_id,
        }})
    }

    /// A configuration file; all the rest are comments.
    fn text(&self, sandbox: &Sandbox) -> String {
        let Self { config, env, starts, curl, .. } = self;
        let control = sandbox.control_url();
        let starts: String = starts.iter().map(|line| format!("#   {line}\n")).collect();
        let export: String = env.iter().map(|(name, value)| format!("# export {name}='{value}'\n")).collect();
        let curl: String = curl.iter().map(|line| format!("# {line}\n")).collect();
        format!(
            "# Simulated vendors are running; Ctrl-C stops them. They verify nobody.\n\
             # Operator's page, and control API ({control}/openapi.json): {control}/\n\
             #\n\
             # Save this as idv.toml and run `idv start --reference case-1` in another terminal; `--provider ID` chooses\n\
             # another vendor. Some ask for a credential of the applicant, and there is one of each, or ask who it is:\n\
             {starts}\
             # A reference of any but the first three that ends in -approve, -reject:document_expired, -abandon … plays by itself.\n\
             #\n\
             # For an application that takes its keys from the environment:\n{export}\
             #\n\
             # Without any of our code:\n{curl}\n{config}"
        )
    }
}

/// The inputs of a fictitious applicant.
fn somebody(number: usize) -> StartRequest {
    StartRequest::new(format!("case-{number}"))
        .first_name("Ada")
        .last_name("Sample")
        .email("ada@example.com")
        .phone("+15192223333")
        .redirect_url("http://localhost:3000/back")
}

/// The command line of a start, where the provider asks for more than a reference.
fn start_line(provider: &dyn VerificationProvider, start: &StartRequest) -> Option<String> {
    let declared = provider.profile().inputs.declared(Operation::Start);
    let required =
        declared.filter(|(input, need)| *need == InputNeed::Required && **input != Input::REFERENCE);
    let (tokens, facts): (Vec<&Input>, Vec<&Input>) =
        required.map(|(input, _)| input).partition(|input| **input == Input::USER_TOKEN);
    if tokens.is_empty() && facts.is_empty() {
        return None;
    }
    let mut line = format!("idv start --provider {} --reference {}", provider.id(), start.reference);
    for input in facts {
        let value = start.text(input).unwrap_or_default();
        line.push_str(&format!(" --{} {value}", input.as_str().replace('_', "-")));
    }
    // A credential stays out of the list of processes.
    for input in tokens {
        let value = start.text(input).unwrap_or_default();
        line = format!("USER_TOKEN={value} {line} --user-token-env USER_TOKEN");
    }
    Some(line)
}
