//! The command in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a configuration, and the command in it.
pub(crate) struct Desk {
    folder: TempDir,
    env: Vec<(String, String)>,
}

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    pub(crate) fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("idv.toml"), config).unwrap();
        Self { folder, env: Vec::new() }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idv"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("IDV_CONFIG")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs the command off the runtime, so that a sandbox in this process can answer.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        Run::of(output)
    }

    /// The one document of a run that works.
    pub(crate) async fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--json"]].concat()).await;
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout.lines().count(), 1, "one document: {}", run.stdout);
        serde_json::from_str(&run.stdout).unwrap()
    }

    /// Exit code and error document of a run that fails.
    pub(crate) async fn failure(&self, arguments: &[&str]) -> (i32, Value) {
        let run = self.run(&[arguments, &["--json"]].concat()).await;
        assert_ne!(run.code, 0, "{arguments:?}: {}", run.stdout);
        assert_eq!(run.stdout, "", "nothing on stdout");
        let last = run.stderr.lines().last().unwrap();
        let document: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("no document: {last}"));
        (run.code, document["error"].clone())
    }
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}
