//! The tracker against bare SQL on the same database, SQLite and a private PostgreSQL that flushes what it commits.

use super::figure::{self, Figure};
use crate::postgres::{Cluster, Settings};
use crate::process::{Result, Run};
use crate::workspace::Workspace;

pub(super) fn figures(workspace: &Workspace) -> Result<Vec<Figure>> {
    Run::cargo("build --release --quiet --package idv-bench-tracker").captured()?;
    let cluster = Cluster::start(&Settings::default())?;
    figure::read(cluster.export(Run::new(workspace.target.join("release/idv-bench-tracker"))))
}
