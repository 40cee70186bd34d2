//! A tool that tries an API by its OpenAPI document.

use std::path::Path;
use std::process::Command;

use crate::process::installed;

/// Runs schemathesis against a document, and returns what it printed when it found fault. It keeps its caches in the
/// folder in which it runs, so that one should be below the target directory.
///
/// # Errors
/// The report, where a check failed or the document is broken.
pub fn schemathesis(folder: &Path, document_url: &str, seed: u32, max_examples: u32) -> Result<(), String> {
    let program = installed("IDV_ORACLE_PYTHON").with_file_name("schemathesis");
    let mut command = Command::new(program);
    command.current_dir(folder).env("NO_PROXY", "*").args(["run", document_url, "--no-color"]);
    command.args([
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--phases",
        "examples,coverage,fuzzing",
        "--generation-database",
        "none",
    ]);
    command.args(["--seed", &seed.to_string(), "--max-examples", &max_examples.to_string()]);
    let output = command.output().unwrap_or_else(|error| panic!("schemathesis does not start: {error}"));
    if output.status.success() {
        return Ok(());
    }
    Err([output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat())
}
