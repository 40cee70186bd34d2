//! `cargo xtask postgres`: a private PostgreSQL server for tests that are run by hand. `cargo xtask test` starts its own.

mod account;
mod cluster;
mod installation;

pub(crate) use cluster::{Cluster, Settings};

use crate::process::{Failure, Result, during};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::register;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(100);

/// The arguments of `cargo xtask postgres`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    settings: Settings,
    command: Vec<String>,
}

impl Plan {
    pub(crate) fn parse(arguments: &[&str]) -> std::result::Result<Self, String> {
        let (fsync, rest) = match arguments {
            ["--no-fsync", rest @ ..] => (false, rest),
            rest => (true, rest),
        };
        let command = match rest {
            [] => &[],
            ["--"] => return Err("`postgres --` needs a command".to_owned()),
            ["--", command @ ..] => command,
            [other, ..] => return Err(format!("`postgres` does not know `{other}`; a command follows `--`")),
        };
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Ok(Self { settings: Settings { fsync }, command })
    }
}

/// Runs the command and gives its exit status, or serves until it is interrupted.
pub(crate) fn run(plan: &Plan) -> ExitCode {
    let outcome = match plan.command.as_slice() {
        [] => serve(&plan.settings).map(|()| ExitCode::SUCCESS),
        [program, arguments @ ..] => with_server(&plan.settings, program, arguments),
    };
    outcome.unwrap_or_else(|Failure(message)| {
        eprintln!("error: {message}");
        ExitCode::FAILURE
    })
}

fn serve(settings: &Settings) -> Result<()> {
    let mut cluster = Cluster::start(settings)?;
    let interrupted = until_signal(&[SIGINT, SIGTERM])?;
    for (name, value) in cluster.variables() {
        println!("{name}={value}");
    }
    while !interrupted.load(Ordering::Relaxed) {
        if !cluster.is_running() {
            return Err(Failure("PostgreSQL ended by itself".to_owned()));
        }
        sleep(PAUSE);
    }
    Ok(())
}

fn with_server(settings: &Settings, program: &str, arguments: &[String]) -> Result<ExitCode> {
    let cluster = Cluster::start(settings)?;
    // Ctrl-C reaches the command too, which decides what becomes of it: psql only ends a query.
    until_signal(&[SIGINT])?;
    let status = Command::new(program).args(arguments).envs(cluster.variables()).status();
    Ok(ExitCode::from(code(during(format!("cannot run `{program}`"), status)?)))
}

/// A flag that the signals set, instead of ending this process.
fn until_signal(signals: &[i32]) -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in signals {
        during("cannot wait for signals", register(*signal, Arc::clone(&flag)))?;
    }
    Ok(flag)
}

/// The exit status as a shell gives it: 128 and the signal's number for a command that a signal ended.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::{ExitStatus, ExitStatusExt, Plan, Settings, code};

    #[test]
    fn arguments_are_understood() {
        let plan = |fsync: bool, command: &[&str]| Plan {
            settings: Settings { fsync },
            command: command.iter().map(|word| (*word).to_owned()).collect(),
        };
        assert_eq!(Plan::parse(&[]), Ok(plan(true, &[])));
        assert_eq!(Plan::parse(&["--no-fsync"]), Ok(plan(false, &[])));
        assert_eq!(Plan::parse(&["--", "psql", "--list"]), Ok(plan(true, &["psql", "--list"])));
        assert_eq!(Plan::parse(&["--no-fsync", "--", "psql"]), Ok(plan(false, &["psql"])));
        for refused in [&["--"][..], &["psql"], &["--fsync"], &["--no-fsync", "psql"]] {
            assert!(Plan::parse(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn exit_statuses_are_those_of_a_shell() {
        assert_eq!(code(ExitStatus::from_raw(0)), 0);
        assert_eq!(code(ExitStatus::from_raw(3 << 8)), 3);
        assert_eq!(code(ExitStatus::from_raw(9)), 137);
    }
}
