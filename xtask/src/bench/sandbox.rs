//! How many start+check pairs a second one sandbox process serves, and what that does to its memory. The load comes from
//! wrk, on the same machine.

use super::figure::{Aim, Figure};
use crate::process::{Failure, Result, Run, during};
use crate::tools;
use crate::workspace::Workspace;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Long enough to fill the sandbox to its capacity many times.
const SECONDS: u32 = 8;
const CONNECTIONS: u32 = 16;
/// What the sandbox promises on two cores that wrk shares.
const AIM: f64 = 10_000.0;

/// Pairs a second of two flows, and the memory of a sandbox that is full.
pub(super) fn figures(workspace: &Workspace) -> Result<Vec<Figure>> {
    tools::wrk()?;
    Run::cargo("build --release --quiet --package idv-cli").captured()?;
    let sandbox = Sandbox::start(&workspace.target.join("release/idv"))?;
    let mut figures = Vec::new();
    for flow in ["nxos", "session_api"] {
        let pairs = sandbox.load(workspace, flow)?;
        figures.push(Figure::new(&format!("sandbox {flow}"), "pairs", "/s", pairs).aim(Aim::AtLeast(AIM)));
    }
    let full = sandbox.resident()? as f64;
    sandbox.load(workspace, "session_api")?;
    let later = sandbox.resident()? as f64;
    figures.push(
        Figure::new("sandbox that is full", "memory after more load", "KiB", later).against("before", full),
    );
    Ok(figures)
}

/// A running `idv sandbox`, ended with its owner.
struct Sandbox {
    child: Child,
    told: String,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Sandbox {
    fn start(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["sandbox", "--json", "--seed", "7", "--no-rate-limits"]);
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = during(program.display(), spawned)?;
        let mut told = String::new();
        if let Some(out) = child.stdout.take() {
            during(program.display(), BufReader::new(out).read_line(&mut told))?;
        }
        Ok(Self { child, told })
    }

    /// Pairs in a second.
    fn load(&self, workspace: &Workspace, flow: &str) -> Result<f64> {
        let (base_url, key) = match flow {
            "nxos" => (
                self.setting("[providers.primary]", "base_url")?,
                self.setting("[providers.primary]", "api_key")?,
            ),
            _ => (
                self.setting("[providers.sessions]", "base_url")?,
                self.setting("[providers.sessions]", "api_key")?,
            ),
        };
        let script = workspace.root.join(format!("xtask/bench/{flow}.lua"));
        let run = Run::new("wrk").args(["--threads", "1"]).args([format!("--connections={CONNECTIONS}")]);
        let run =
            run.args([format!("--duration={SECONDS}")]).args(["--script"]).args([script]).args([base_url]);
        let report = run.env("IDV_BENCH_KEY", key).captured()?;
        if report.contains("Non-2xx") || report.contains("Socket errors") {
            return Err(Failure(format!("the sandbox refused requests:\n{report}")));
        }
        let line = report.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
        let requests: Option<f64> = line.and_then(|text| text.trim().parse().ok());
        requests
            .map(|count| count / 2.0)
            .ok_or_else(|| Failure(format!("wrk did not say how many:\n{report}")))
    }

    /// A value of the configuration that the sandbox printed, which is TOML inside JSON.
    fn setting(&self, table: &str, name: &str) -> Result<String> {
        let missing = || Failure(format!("the sandbox did not print {table} {name}"));
        let (_, rest) = self.told.split_once(table).ok_or_else(missing)?;
        let (_, rest) = rest.split_once(&format!("{name} = \\\"")).ok_or_else(missing)?;
        rest.split_once("\\\"").map(|(value, _)| value.to_owned()).ok_or_else(missing)
    }

    /// The memory that the process occupies, in KiB.
    fn resident(&self) -> Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = during(&path, fs::read_to_string(&path))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let words = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        words.ok_or_else(|| Failure(format!("{path} has no VmRSS")))
    }
}
