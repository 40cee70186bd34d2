//! `idv sandbox`.

use idv::{Error, ErrorKind, Result};
use idv_sandbox::Sandbox;
use serde_json::json;

use crate::args::{Args, Sandbox as SandboxArgs};
use crate::{commands, demo};

pub(crate) async fn run(args: &Args, options: &SandboxArgs) -> Result<()> {
    let sandbox = start(options).await?;
    let config = demo::config::literal(&sandbox);
    // Two of the flows ask for a credential of the applicant: here is one of each.
    let user_token = sandbox.baanx().add_user("Ada", "Sample").token;
    let onboarding_id = sandbox.baanx().add_onboarding();
    let document = json!({"sandbox": {
        "control_url": sandbox.control_url(),
        "config": config,
        "user_token": user_token,
        "onboarding_id": onboarding_id,
    }});
    commands::print(args, document, || {
        format!(
            "# Simulated vendors are running; Ctrl-C stops them. They verify nobody.\n\
             # Controls: {}\n\
             # Save this as idv.toml and run `idv start --reference case-1` in another terminal. `cards` and `signup` ask\n\
             # for a credential of the applicant, and there is one of each:\n\
             #   USER_TOKEN={user_token} idv start --provider cards --reference case-2 --user-token-env USER_TOKEN\n\
             #   idv start --provider signup --reference case-3 --onboarding-id {onboarding_id}\n\n{config}",
            sandbox.control_url()
        )
    });
    tokio::signal::ctrl_c().await.map_err(|_| Error::new(ErrorKind::Unavailable, "Ctrl-C cannot be noticed"))
}

async fn start(options: &SandboxArgs) -> Result<Sandbox> {
    let mut builder = Sandbox::builder();
    if let Some(port) = options.port {
        let next = |offset: u16| {
            port.checked_add(offset)
                .ok_or_else(|| crate::failure::usage("--port: three more ports after it are needed"))
        };
        builder =
            builder.control_port(port).nxos_port(next(1)?).baanx_port(next(2)?).session_api_port(next(3)?);
    }
    builder
        .start()
        .await
        .map_err(|error| Error::new(ErrorKind::Unavailable, format!("the sandbox cannot start: {error}")))
}
