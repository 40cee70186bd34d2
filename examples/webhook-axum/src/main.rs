//! An endpoint for webhooks: verified over the raw body, deduplicated by id, answered as the vendor needs it.
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::collections::HashSet;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use idv::{ProviderId, Registry, WebhookOutcome, WebhookRequest};
use idv_sandbox::{NxosEventData, OrganizationType, Sandbox};

#[derive(Clone)]
struct App {
    registry: Registry,
    seen: Arc<Mutex<HashSet<String>>>,
}

/// Takes `Bytes`, not parsed JSON: the signature is that of the raw body.
async fn webhook(
    State(app): State<App>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Ok(provider) = provider.parse::<ProviderId>() else { return StatusCode::NOT_FOUND };
    match app.registry.verify_webhook(&provider, &WebhookRequest::new(&headers, &body, SystemTime::now())) {
        Ok(WebhookOutcome::Event(event)) => {
            let mut seen = app.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.insert(event.id.to_string()) {
                println!(
                    "{:?} says {:?}; next: {}",
                    event.reference,
                    event.status(),
                    event.next_action.as_str()
                );
            }
            StatusCode::NO_CONTENT
        }
        Ok(_) => StatusCode::NO_CONTENT,
        Err(error) => {
            println!("refused: {error}");
            error.webhook_response_status()
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let nxos = sandbox.nxos();
    let registry = Registry::from_toml_str(&format!(
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
    ))?;
    let app = App { registry, seen: Arc::default() };
    let router = Router::new().route("/webhooks/{provider}", post(webhook)).with_state(app);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhooks/primary", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let company = nxos.add_organization(OrganizationType::Business);
    nxos.set_status(&company, "APPROVED")?;
    let mut event = nxos.webhook(&company, NxosEventData::Full);
    println!("the vendor delivers: {}", sandbox.deliver(&event, &url).await?);
    println!("and once more: {}", sandbox.deliver(&event, &url).await?);
    event.body.push(b' ');
    println!("somebody alters it: {}", sandbox.deliver(&event, &url).await?);
    Ok(())
}
