//! Checks one organization at nxos, says its status, and stays until standard input ends.
#![allow(clippy::print_stdout, reason = "its output is the point")]

use std::error::Error;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    NotStarted,
    Pending,
    OnHold,
    ResubmissionRequired,
    Approved,
    Rejected,
}

#[derive(Deserialize)]
struct Verification {
    status: Status,
}

fn client() -> Result<reqwest::Client, Box<dyn Error>> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
    Ok(client.timeout(Duration::from_secs(30)).redirect(reqwest::redirect::Policy::none()).build()?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = format!("{}/v1/organizations/verification", std::env::var("IDV_BENCH_BASE_URL")?);
    let request = client()?.get(url).bearer_auth("nxos_sk_test_1").header("nxos-on-behalf-of", "org_1");
    let state: Verification = request.send().await?.error_for_status()?.json().await?;
    println!("{:?}", state.status);
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
