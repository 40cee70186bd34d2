//! `idv sandbox`.

use idv::{Error, ErrorKind, Result};
use idv_sandbox::Sandbox;
use serde_json::json;

use crate::args::{Args, Sandbox as SandboxArgs};
use crate::{commands, demo};

pub(crate) async fn run(args: &Args, options: &SandboxArgs) -> Result<()> {
    let sandbox = start(options).await?;
    let config = demo::config::literal(&sandbox);
    let document = json!({"sandbox": {"control_url": sandbox.control_url(), "config": config}});
    commands::print(args, document, || {
        format!(
            "# Simulated vendors are running; Ctrl-C stops them. They verify nobody.\n\
             # Controls: {}\n\
             # Save this as idv.toml and run `idv start --reference case-1` in another terminal.\n\n{config}",
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
