//! Verifications that survive the process: started once, told of once, and remembered after a restart.
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use axum::Router;
use axum::routing::post;
use idv::{Registry, StartRequest};
use idv_sandbox::{NxosEventData, OrganizationType, Sandbox};
use idv_tracker::{StoreOptions, Tracker};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let folder = tempfile::tempdir()?;
    let file = format!("sqlite://{}", folder.path().join("idv.db").display());
    let company = sandbox.nxos().add_organization(OrganizationType::Business);

    // In an application the address stands in the configuration: `[tracker] url = "sqlite://idv.db"`.
    let tracker = Tracker::open(registry(&sandbox)?, StoreOptions::new(file.clone())).await?;
    let started = tracker.start(StartRequest::new("case-7").organization(&company)).await?;
    println!("verification {}: {:?}", started.verification.id, started.opening);
    let again = tracker.start(StartRequest::new("case-7").organization(&company)).await?;
    println!("a double click: verification {}, {:?}", again.verification.id, again.opening);
    drop(tracker);

    // The process ends here, and another one goes on with the same file.
    let tracker = Tracker::open(registry(&sandbox)?, StoreOptions::new(file)).await?;
    let webhooks = Router::new()
        .route("/webhooks/{provider}", post(idv_tracker::axum::webhook))
        .with_state(tracker.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhooks/primary", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, webhooks).await });
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn({
        let tracker = tracker.clone();
        async move { tracker.run(async { drop(stopped.await) }).await }
    });

    sandbox.nxos().set_status(&company, "APPROVED")?;
    let event = sandbox.nxos().webhook(&company, NxosEventData::Full);
    println!("the vendor delivers: {}", sandbox.deliver(&event, &url).await?);
    println!("and once more: {}", sandbox.deliver(&event, &url).await?);

    let mut consumer = tracker.consumer("application").await?;
    loop {
        let transition = consumer.next().await?;
        consumer.acknowledge(&transition).await?;
        println!("{} is now {}", transition.reference, transition.state.status);
        if transition.state.status.is_decision() {
            break;
        }
    }
    drop(stop);
    Ok(worker.await?)
}

fn registry(sandbox: &Sandbox) -> idv::Result<Registry> {
    let nxos = sandbox.nxos();
    Registry::from_toml_str(&format!(
        r#"
        active = "primary"

        [providers.primary]
        kind = "nxos"
        base_url = "{}"
        api_key = "{}"
        webhook_secrets = ["{}"]
        "#,
        nxos.base_url(),
        nxos.api_key(),
        nxos.webhook_secret(),
    ))
}
