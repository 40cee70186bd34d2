//! The tracker against bare SQL and against a job queue on the same database: SQLite, and a private PostgreSQL that flushes what it
//! commits.

use super::figure::{self, Figure};
use crate::postgres::{Cluster, Settings};
use crate::process::{Failure, Result, Run};
use crate::workspace::Workspace;

/// Where the crate is that brings the job queue.
pub(crate) const QUEUE: &str = "tests/bench/queue/Cargo.toml";

pub(super) fn figures(workspace: &Workspace) -> Result<Vec<Figure>> {
    Run::cargo("build --release --quiet --package idv-bench-tracker").captured()?;
    build_queue(workspace)?;
    let cluster = Cluster::start(&Settings::default())?;
    let mut figures =
        figure::read(cluster.export(Run::new(workspace.target.join("release/idv-bench-tracker"))))?;
    for engine in ["sqlite", "postgres"] {
        let name = format!("tracker {engine} polls");
        let polls = figures.iter().position(|figure| figure.name == name);
        let polls = polls.ok_or_else(|| Failure(format!("there is no figure {name}")))?;
        let ours = &figures[polls];
        let beside = Figure::new(&name, "polls, and jobs of the queue", &ours.unit, ours.ours);
        figures.insert(polls + 1, beside.against("apalis", jobs(workspace, &cluster, engine)?));
    }
    Ok(figures)
}

fn build_queue(workspace: &Workspace) -> Result<()> {
    let run =
        Run::cargo("build --release --quiet --locked --manifest-path").args([workspace.root.join(QUEUE)]);
    run.args(["--target-dir"]).args([workspace.target.join("bench-queue")]).captured().map(drop)
}

/// Jobs per second of the queue.
fn jobs(workspace: &Workspace, cluster: &Cluster, engine: &str) -> Result<f64> {
    let run = Run::new(workspace.target.join("bench-queue/release/idv-bench-queue")).args([engine]);
    let told = figure::documents(cluster.export(run))?;
    let rate = told.first().and_then(|told| told["jobs_per_second"].as_f64());
    rate.ok_or_else(|| Failure("the queue did not say how many jobs it did".to_owned()))
}
