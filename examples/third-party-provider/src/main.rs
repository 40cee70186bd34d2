//! A vendor that no crate of idv knows: an adapter in a file, which is then configured and used like the built-in ones.
//!
//! A real one also passes the conformance kit, as docs/adding-a-provider.md shows.
#![allow(clippy::print_stdout, reason = "an example talks")]

mod adapter;
mod settings;
mod vendor;

use std::error::Error;

use idv::config::ConfigDocument;
use idv::{CheckRequest, Registry, StartRequest};

use crate::adapter::LumenAdapter;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_url = vendor::start().await?;
    let document = ConfigDocument::from_toml_str(&format!(
        r#"
        active = "ours"

        [providers.ours]
        kind = "lumen"
        base_url = "{base_url}"
        api_key = "lumen-key"
        "#,
    ))?;
    let registry = Registry::builder().factory(LumenAdapter).build(&document)?;

    // Nothing is sent without the inputs that the profile requires.
    match registry.start(&StartRequest::new("case-7")).await {
        Ok(_) => println!("started without a name"),
        Err(error) => println!("refused: {error}"),
    }
    let session = registry.start(&StartRequest::new("case-7").last_name("Sample")).await?;
    println!("started: {}, hand-off by {}", session.reference, session.url().map_or("token", |_| "link"));

    // The vendor's word changes with each look; one of them stands in no table.
    let check = CheckRequest::new(session.reference);
    for _ in 0..3 {
        let state = registry.check(&check).await?;
        println!("“{}” is {}, next: {}", state.provider_status, state.status, state.next_action.as_str());
    }
    Ok(())
}
