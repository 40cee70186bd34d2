//! Puts a layer of the application's own around every provider, and one around every attempt.
#![allow(clippy::print_stdout, reason = "an example talks")]

mod trail;

use std::error::Error;

use idv::config::ConfigDocument;
use idv::{CheckRequest, Registry, StartRequest};
use idv_sandbox::{CannedAnswer, Fault, FaultKind, OrganizationType, Sandbox};

use trail::Trail;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let document = ConfigDocument::from_toml_str(&format!(
        r#"
        active = "primary"

        [providers.primary]
        kind = "nxos"
        base_url = "{}"
        api_key = "{}"
        "#,
        sandbox.nxos().base_url(),
        sandbox.nxos().api_key(),
    ))?;
    let (calls, attempts) = (Trail::default(), Trail::default());
    let registry =
        Registry::builder().layer(calls.clone()).attempt_layer(attempts.clone()).build(&document)?;

    let company = sandbox.nxos().add_organization(OrganizationType::Business);
    let session = registry.start(&StartRequest::new("case-7").organization(&company)).await?;

    // The vendor answers the first attempt with 503, and the registry asks again.
    let overloaded = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
    sandbox.nxos().add_fault(Fault::new(overloaded))?;
    registry.check(&CheckRequest::new(session.reference)).await?;

    println!("calls:");
    calls.lines().iter().for_each(|line| println!("  {line}"));
    println!("attempts:");
    attempts.lines().iter().for_each(|line| println!("  {line}"));
    Ok(())
}
