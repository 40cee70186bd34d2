//! The tests of the web example in a real browser.

use crate::oracles::Oracles;
use crate::postgres::Cluster;
use crate::process::{Result, Run};
use crate::tally::Tally;
use crate::workspace::Workspace;

/// The example that they use.
pub(crate) const APPLICATION: &str = "web";

/// Builds the application, and has a browser click through it. The screenshots are in `target/screenshots`.
pub(crate) fn test(
    workspace: &Workspace,
    oracles: &Oracles,
    cluster: &Cluster,
    tally: &mut Tally,
) -> Result<()> {
    Run::cargo("build --package").args([APPLICATION]).captured()?;
    let run = Run::new("node").args(["--test", "--test-reporter=tap", "browser.test.mjs"]);
    let program = workspace.target.join("debug").join(APPLICATION);
    cluster
        .export(oracles.export(run))
        .env("IDV_WEB", &program)
        .dir(&workspace.root.join("tests/browser"))
        .buffered(|line| tally.add_tap_line(line))
}
