//! `idv demo`: every flow to every outcome, against simulated vendors in this process.

mod flow;
mod outcomes;
mod row;

use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::args::Args;
use crate::failure::{Failure, broken};
use crate::output::{Cell, Document, Progress, Table};
use crate::simulated;

use flow::FlowDemo;
use row::Row;

pub(crate) async fn run(args: &Args) -> Result<(), Failure> {
    let sandbox = Sandbox::start().await.map_err(broken)?;
    let config = simulated::with_env(&sandbox);
    let registry = simulated::registry(&sandbox, &config)?;
    let progress = Progress::begin();
    let mut rows = Vec::new();
    for flow in Flow::all() {
        rows.extend(FlowDemo::of(&sandbox, &registry, flow, &progress).await?.rows().await?);
    }
    progress.end();
    let documents: Vec<Value> = rows.iter().map(Row::document).collect();
    let document = json!({"demo": {"config": config, "rows": documents}});
    args.output().show(&Document::Report { facts: &document, words: &|| words(&rows) })
}

fn words(rows: &[Row]) -> String {
    let mut table = Table::new(["flow", "surface", "vendor says", "status", "reason", "next action"]);
    let mut flow = "";
    for row in rows {
        let name = if row.flow == flow { "" } else { row.flow };
        flow = row.flow;
        table.row([
            Cell::strong(name),
            Cell::plain(row.surface),
            Cell::plain(&row.word),
            row.status.map_or_else(|| Cell::plain("-"), Cell::status),
            Cell::plain(&row.reason),
            Cell::plain(&row.action),
        ]);
    }
    format!(
        "{table}\n\n{} outcomes at simulated vendors; nobody was verified. `idv sandbox` runs the same vendors, and prints a \
         configuration that uses them.",
        rows.len(),
    )
}
