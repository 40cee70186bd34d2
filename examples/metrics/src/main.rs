//! Metrics of all calls, for a Prometheus server to scrape. `examples/observability` has spans and traces besides.
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use idv::{CheckRequest, Registry, StartRequest};
use idv_sandbox::{CannedAnswer, Fault, FaultKind, OrganizationType, Sandbox};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Any recorder of the crate `metrics` will do. An application serves `handle.render()` at /metrics, on a port that is not public.
    let durations = Matcher::Full("idv_call_duration_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &[0.1, 1.0, 10.0])?;
    let handle = builder.install_recorder()?;
    idv::observe::describe_metrics();

    let sandbox = Sandbox::start().await?;
    let nxos = sandbox.nxos();
    let registry = Registry::from_toml_str(&format!(
        r#"
        active = "primary"

        [providers.primary]
        kind = "nxos"
        base_url = "{}"
        api_key = "{}"
        "#,
        nxos.base_url(),
        nxos.api_key(),
    ))?;
    let company = nxos.add_organization(OrganizationType::Business);
    // The first attempt fails, so the call takes two.
    let overloaded = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
    nxos.add_fault(Fault::new(overloaded))?;
    let session = registry.start(&StartRequest::new("case-7").organization(&company)).await?;
    nxos.set_status(&company, "APPROVED")?;
    registry.check(&CheckRequest::new(session.reference)).await?;
    // A call that fails counts too.
    let nothing = registry.check(&CheckRequest::new("primary:org_unknown".parse()?)).await;
    println!(
        "a session that does not exist: {}\n",
        nothing.err().map_or("found", |error| error.kind().as_str())
    );

    handle.run_upkeep();
    println!("{}", handle.render());
    Ok(())
}
