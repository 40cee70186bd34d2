//! Running other programs.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Why a step stopped, in words for whoever reads the terminal.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Says what was attempted when an I/O error ends it.
pub(crate) fn during<T>(what: impl std::fmt::Display, outcome: io::Result<T>) -> Result<T> {
    outcome.map_err(|error| Failure(format!("{what}: {error}")))
}

/// One program with its arguments. It reads no standard input.
pub(crate) struct Run {
    command: Command,
    shown: String,
}

impl Run {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let shown = Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command, shown }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo(arguments: &str) -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments.split_whitespace())
    }

    pub(crate) fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        for argument in arguments {
            self.shown.push(' ');
            self.shown.push_str(&argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn dir(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Gives what it printed on standard output. Where it fails, everything that it printed is shown.
    pub(crate) fn captured(self) -> Result<String> {
        let mut text = String::new();
        self.buffered(|line| {
            text.push_str(line);
            text.push('\n');
        })?;
        Ok(text)
    }

    /// Hands over each line of standard output, whether it succeeds or not; shows everything only where it fails.
    pub(crate) fn buffered(mut self, each: impl FnMut(&str)) -> Result<()> {
        let output = during(format!("cannot run `{}`", self.shown), self.command.output())?;
        String::from_utf8_lossy(&output.stdout).lines().for_each(each);
        if !output.status.success() {
            during("cannot print", show(&[&output.stdout, &output.stderr]))?;
        }
        self.judge(output.status)
    }

    /// Passes its output through as it comes, and hands over each line of standard output.
    pub(crate) fn streamed(mut self, mut each: impl FnMut(&str)) -> Result<()> {
        self.command.stdout(Stdio::piped());
        let what = format!("cannot run `{}`", self.shown);
        let mut child = during(&what, self.command.spawn())?;
        if let Some(stdout) = child.stdout.take() {
            let mut lines = BufReader::new(stdout);
            let mut line = Vec::new();
            while during(&what, lines.read_until(b'\n', &mut line))? > 0 {
                during("cannot print", show(&[&line]))?;
                each(String::from_utf8_lossy(&line).trim_end());
                line.clear();
            }
        }
        let status = during(&what, child.wait())?;
        self.judge(status)
    }

    /// Gives what it said on standard error, and whether it succeeded.
    pub(crate) fn told(mut self) -> Result<(String, bool)> {
        let output = during(format!("cannot run `{}`", self.shown), self.command.output())?;
        Ok((String::from_utf8_lossy(&output.stderr).into_owned(), output.status.success()))
    }

    /// Gives all that it said, and whether it succeeded.
    pub(crate) fn said(mut self) -> Result<(String, bool)> {
        let output = during(format!("cannot run `{}`", self.shown), self.command.output())?;
        let text = [output.stderr, output.stdout].concat();
        Ok((String::from_utf8_lossy(&text).into_owned(), output.status.success()))
    }

    /// Gives its answer of one line, if it succeeds.
    pub(crate) fn answer(mut self) -> Option<String> {
        let output = self.command.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Whether it runs and succeeds; its output is nobody's business.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.output().is_ok_and(|output| output.status.success())
    }

    fn judge(&self, status: ExitStatus) -> Result<()> {
        if status.success() { Ok(()) } else { Err(Failure(format!("`{}` failed ({status})", self.shown))) }
    }
}

fn show(parts: &[&[u8]]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for part in parts {
        out.write_all(part)?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::Run;

    #[test]
    fn a_missing_program_is_named() {
        let failure = Run::new("no-such-program-of-ours").args(["-x"]).captured().unwrap_err();
        assert!(failure.0.contains("no-such-program-of-ours -x"), "{failure:?}");
    }

    #[test]
    fn lines_are_handed_over_as_they_come() {
        let mut seen = Vec::new();
        Run::cargo("--version").streamed(|line| seen.push(line.to_owned())).unwrap();
        assert_eq!(seen.len(), 1);
        assert!(seen[0].starts_with("cargo "));
    }

    #[test]
    fn a_failing_program_fails() {
        assert!(!Run::cargo("no-such-subcommand-of-ours").succeeds());
    }
}
