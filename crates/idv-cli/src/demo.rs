//! `idv demo`: every flow to every outcome, against simulated vendors in this process.

mod baanx_registration;
mod baanx_user;
pub(crate) mod config;
mod nxos;
mod session_api;
mod stage;

use idv_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::args::Args;
use crate::failure::{Failure, broken};
use crate::output::{Cell, Document, Table};

use stage::{Row, Stage};

pub(crate) async fn run(args: &Args) -> Result<(), Failure> {
    let sandbox = Sandbox::start().await.map_err(broken)?;
    let stage = Stage::set(&sandbox)?;
    let mut rows = Vec::new();
    rows.extend(nxos::play(&stage).await?);
    rows.extend(baanx_user::play(&stage).await?);
    rows.extend(baanx_registration::play(&stage).await?);
    rows.extend(session_api::play(&stage).await?);
    stage.curtain();
    let documents: Vec<Value> = rows.iter().map(Row::document).collect();
    let document = json!({"demo": {"config": stage.config, "rows": documents}});
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
