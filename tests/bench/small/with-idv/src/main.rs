//! Checks one organization at nxos, says its status, and stays until standard input ends.
#![allow(clippy::print_stdout, reason = "its output is the point")]

use std::error::Error;
use std::io::Read;

use idv::{CheckRequest, Registry};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_url = std::env::var("IDV_BENCH_BASE_URL")?;
    let registry = Registry::from_toml_str(&format!(
        "active = \"nxos\"\n[providers.nxos]\nkind = \"nxos\"\nbase_url = \"{base_url}\"\napi_key = \"nxos_sk_test_1\"\n"
    ))?;
    let state = registry.check(&CheckRequest::new("nxos:org_1".parse()?)).await?;
    println!("{}", state.status);
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
