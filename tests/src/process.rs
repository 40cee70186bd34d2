//! The oracles' programs.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The directory of the programs.
pub(crate) fn sources() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("oracles")
}

/// What `cargo xtask test` says of where an oracle is installed.
pub(crate) fn installed(variable: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(path) => path.into(),
        None => panic!("{variable} is not set: run the tests through `cargo xtask test`"),
    }
}

/// Node, which finds the oracles' packages by itself.
pub(crate) fn node() -> Command {
    let mut command = Command::new("node");
    command.env("IDV_ORACLE_NODE_DIR", installed("IDV_ORACLE_NODE_DIR"));
    command
}

/// A program that is ended with its owner.
#[derive(Debug)]
pub(crate) struct Program(pub(crate) Child);

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?} does not start: {error}")))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left behind.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
