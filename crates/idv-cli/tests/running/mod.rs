//! `idv sandbox` as a running program, and the command beside it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// `idv sandbox`, which is killed when a test is over.
pub(crate) struct Running {
    child: Child,
    /// What it printed.
    pub(crate) told: Value,
    /// Has its configuration as `idv.toml`.
    pub(crate) folder: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command in a folder.
pub(crate) fn idv(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idv"));
    command.current_dir(folder).env_remove("IDV_CONFIG").stdin(Stdio::null());
    command
}

impl Running {
    pub(crate) fn start(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = idv(folder.path());
        command.args(["sandbox", "--json", "--seed", "7"]).args(args).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = serde_json::from_str::<Value>(&line).unwrap()["sandbox"].clone();
        std::fs::write(folder.path().join("idv.toml"), told["config"].as_str().unwrap()).unwrap();
        Self { child, told, folder }
    }
}
