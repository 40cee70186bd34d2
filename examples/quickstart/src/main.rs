//! Starts a verification, hands the applicant over, and reads the outcome: against a simulated vendor on loopback.
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use idv::{CheckRequest, Registry, StartRequest};
use idv_sandbox::{OrganizationType, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // In an application this is `Registry::from_toml_file("idv.toml")`, with keys from the environment.
    let sandbox = Sandbox::start().await?;
    let registry = Registry::from_toml_str(&format!(
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

    let company = sandbox.nxos().add_organization(OrganizationType::Business);
    let session = registry.start(&StartRequest::new("case-7").organization(&company)).await?;
    println!("send the applicant to the link, and store {}", session.reference);

    let check = CheckRequest::new(session.reference);
    let state = registry.check(&check).await?;
    println!("now: {}, next: {}", state.status, state.next_action.as_str());

    // The applicant goes through the vendor's pages, and somebody there decides.
    sandbox.nxos().set_status(&company, "APPROVED")?;
    let state = registry.check(&check).await?;
    println!("now: {}, next: {}", state.status, state.next_action.as_str());
    Ok(())
}
