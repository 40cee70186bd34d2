//! Metrics as Prometheus text, spans over OTLP, traces that reach into the vendor, and an audit of every outcome.
//!
//! Set `OTEL_EXPORTER_OTLP_ENDPOINT` (such as `http://127.0.0.1:4317`) to send the spans to a collector; without it, they go to a
//! receiver inside this program, which prints what it gets.
#![allow(clippy::print_stdout, reason = "an example talks")]

mod receiver;
mod telemetry;

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use idv::config::ConfigDocument;
use idv::observe::Observation;
use idv::{CheckRequest, Registry, StartRequest};
use idv_sandbox::{CannedAnswer, Fault, FaultKind, OrganizationType, Sandbox};
use metrics_exporter_prometheus::PrometheusBuilder;
use receiver::Receiver;
use telemetry::{CurrentSpan, Spans};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tracing::Instrument;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let receiver = Receiver::listen().await?;
    let endpoint = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").unwrap_or_else(|_| receiver.url());
    let spans = Spans::to(&endpoint)?;
    let scrape = serve_metrics().await?;

    // The hook must not block: a channel takes the records away.
    let (sender, mut records) = mpsc::unbounded_channel();
    let observation = Observation::new().trace(Arc::new(CurrentSpan)).audit(move |record| {
        let _ = sender.send(record.clone());
    });
    let sandbox = Sandbox::start().await?;
    let registry = Registry::builder().observation(observation).build(&configuration(&sandbox)?)?;

    let applicant = sandbox.nxos().add_organization(OrganizationType::Individual);
    let overloaded = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
    sandbox.nxos().add_fault(Fault::new(overloaded))?;
    verify(&registry, &applicant).instrument(tracing::info_span!("request", route = "/verify")).await?;

    println!("what the vendor was told:");
    for request in sandbox.nxos().requests() {
        println!("  {} traceparent: {}", request.method, request.header("traceparent").unwrap_or("none"));
    }
    println!("the audit:");
    while let Ok(record) = records.try_recv() {
        println!("  {}", serde_json::to_string(&record)?);
    }
    println!("http://{scrape}/metrics:");
    let metrics = get_text(scrape).await?;
    for line in metrics.lines().filter(|line| line.starts_with("idv_calls_total")) {
        println!("  {line}");
    }
    spans.flush()?;
    println!("spans that arrived over OTLP, each below its parent:");
    println!("{}", receiver.tree());
    Ok(())
}

/// What a handler of the application does: everything in it belongs to its span.
async fn verify(registry: &Registry, applicant: &str) -> idv::Result<()> {
    let session = registry.start(&StartRequest::new("case-7").organization(applicant)).await?;
    let state = registry.check(&CheckRequest::new(session.reference)).await?;
    println!("the verification is {}", state.status);
    Ok(())
}

/// Serves `/metrics`, which Prometheus scrapes, and says where.
async fn serve_metrics() -> Result<SocketAddr, Box<dyn Error>> {
    let recorder = PrometheusBuilder::new().install_recorder()?;
    idv::observe::describe_metrics();
    let router = Router::new().route("/metrics", get(move || async move { recorder.render() }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// What Prometheus does.
async fn get_text(address: SocketAddr) -> Result<String, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn configuration(sandbox: &Sandbox) -> idv::Result<ConfigDocument> {
    let nxos = sandbox.nxos();
    ConfigDocument::from_toml_str(&format!(
        r#"
        active = "primary"

        [providers.primary]
        kind = "nxos"
        base_url = "{}"
        api_key = "{}"
        "#,
        nxos.base_url(),
        nxos.api_key(),
    ))
}
