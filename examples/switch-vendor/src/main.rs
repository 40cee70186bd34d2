//! Changes the active vendor while a session is open: the session stays where it was made.
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use idv::{CheckRequest, Registry, StartRequest};
use idv_sandbox::{OrganizationType, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let company = sandbox.nxos().add_organization(OrganizationType::Business);
    // One request for every vendor: each uses what it needs, and says what it could not use.
    let request = |case: &str| {
        StartRequest::new(case)
            .organization(&company)
            .first_name("Ada")
            .last_name("Sample")
            .email("ada@example.com")
            .phone("+15195550100")
    };

    let before = Registry::from_toml_str(&config(&sandbox, "primary"))?;
    let first = before.start(&request("case-1")).await?;
    println!("case-1 went to {}; not used: {:?}", first.reference.provider(), first.unused_inputs);

    let after = Registry::from_toml_str(&config(&sandbox, "sessions"))?;
    let second = after.start(&request("case-2")).await?;
    println!("case-2 went to {}; not used: {:?}", second.reference.provider(), second.unused_inputs);

    sandbox.nxos().set_status(&company, "APPROVED")?;
    sandbox.session_api().set_status(second.reference.key(), "SUBMITTED")?;
    for session in [first, second] {
        let state = after.check(&CheckRequest::new(session.reference)).await?;
        println!("{}: {}", state.reference.provider(), state.status);
    }
    Ok(())
}

fn config(sandbox: &Sandbox, active: &str) -> String {
    let (nxos, sessions) = (sandbox.nxos(), sandbox.session_api());
    format!(
        r#"
        active = "{active}"

        [providers.primary]
        kind = "nxos"
        base_url = "{}"
        api_key = "{}"

        [providers.sessions]
        kind = "session-api"
        preset = "deepidv"
        base_url = "{}"
        api_key = "{}"
        "#,
        nxos.base_url(),
        nxos.api_key(),
        sessions.base_url(),
        sessions.api_key(),
    )
}
