//! The program: run with nothing inherited from the environment of the tests.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A run that is being put together.
#[derive(Debug)]
pub(crate) struct Idv {
    args: Vec<String>,
    envs: Vec<(String, String)>,
    stdin: Vec<u8>,
    dir: Option<PathBuf>,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) args: Vec<String>,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// `idv` with these arguments, split at blanks.
pub(crate) fn idv(args: &str) -> Idv {
    Idv { args: args.split_whitespace().map(str::to_owned).collect(), envs: vec![], stdin: vec![], dir: None }
}

impl Idv {
    /// An argument that is kept whole.
    pub(crate) fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|a| (*a).to_owned()));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.envs.push((name.into(), value.into()));
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.as_bytes().to_vec();
        self
    }

    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.into());
        self
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idv"));
        command.args(&self.args).env_clear().envs(self.envs.iter().map(|(n, v)| (n, v)));
        if let Some(profile) = std::env::var_os("LLVM_PROFILE_FILE") {
            command.env("LLVM_PROFILE_FILE", profile);
        }
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command
    }

    pub(crate) fn run(self) -> Ran {
        self.run_into(Stdio::piped(), Stdio::piped())
    }

    /// The same with streams of the test's own; what is written there is not in [`Ran`].
    pub(crate) fn run_into(self, stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Ran {
        let mut child =
            self.command().stdin(Stdio::piped()).stdout(stdout).stderr(stderr).spawn().expect("idv starts");
        let mut stdin = child.stdin.take().unwrap();
        // A program that does not read its input is no error.
        let _ = stdin.write_all(&self.stdin);
        drop(stdin);
        let out = child.wait_with_output().unwrap();
        let ran = Ran {
            args: self.args,
            code: out.status.code().unwrap_or(-1),
            stdout: String::from_utf8(out.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(out.stderr).expect("stderr is UTF-8"),
        };
        assert!(!ran.stderr.contains("panicked at"), "a panic: {ran}");
        ran
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`idv {}` → {}\n-- stdout\n{}\n-- stderr\n{}",
            self.args.join(" "),
            self.code,
            self.stdout,
            self.stderr
        )
    }
}

impl Ran {
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code {code} was expected: {self}");
        self
    }

    /// The only document on stdout, of a run that went well and had nothing to say on stderr.
    pub(crate) fn document(&self) -> Value {
        assert_eq!(self.code, 0, "it should go well: {self}");
        assert!(
            self.stdout.ends_with('\n') && self.stdout.lines().count() == 1,
            "one line was expected: {self}"
        );
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("stdout is no JSON document ({e}): {self}"))
    }

    /// What stands under `name` in the only document on stdout, where nothing else may stand.
    pub(crate) fn found(&self, name: &str) -> Value {
        let document = self.document();
        let all = document.as_object().unwrap_or_else(|| panic!("no object: {self}"));
        assert_eq!(all.keys().collect::<Vec<_>>(), [name], "one key was expected: {self}");
        all[name].clone()
    }

    /// The error of a failed run: stdout is empty, the last line of stderr is the document.
    pub(crate) fn error(&self) -> Value {
        assert_ne!(self.code, 0, "it should fail: {self}");
        assert_eq!(self.stdout, "", "stdout stays empty on failure: {self}");
        let last = self.stderr.lines().last().unwrap_or_else(|| panic!("stderr is empty: {self}"));
        let document: Value =
            serde_json::from_str(last).unwrap_or_else(|e| panic!("the last line is no JSON ({e}): {self}"));
        let all = document.as_object().unwrap();
        assert_eq!(all.keys().collect::<Vec<_>>(), ["error"], "one key was expected: {self}");
        all["error"].clone()
    }

    /// The error, where it is of this kind and ends with the exit code of the kind.
    pub(crate) fn fails(&self, kind: &str) -> Value {
        let error = self.error();
        assert_eq!(error["kind"], kind, "another kind was expected: {self}");
        assert_eq!(self.code, exit_code(kind), "the exit code of {kind}: {self}");
        error
    }
}

/// DESIGN, section 8.
fn exit_code(kind: &str) -> i32 {
    match kind {
        "config" => 2,
        "invalid_request" | "unsupported" | "unauthenticated" | "forbidden" | "not_found" | "conflict"
        | "payment_required" => 3,
        "rate_limited" | "unavailable" | "timeout" | "connection" | "invalid_response" => 4,
        "webhook_rejected" | "redirect_rejected" => 5,
        other => panic!("an unknown kind of error: {other}"),
    }
}
