//! Chores of the idv workspace: `cargo xtask test`, `cargo xtask fuzz`, `cargo xtask bench`, `cargo xtask postgres`,
//! `cargo xtask docs`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command that people and CI read")]

mod bench;
mod browser;
mod circles;
mod fast;
mod fuzz;
mod house;
mod mutants;
mod oracles;
mod postgres;
mod process;
mod rules;
mod semver;
mod steps;
mod tally;
mod third_party;
mod tools;
mod words;
mod workspace;

use std::process::ExitCode;

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Task {
    Bench(bench::Plan),
    Docs,
    Fast,
    Fuzz(fuzz::Plan),
    Help,
    Mutants,
    Postgres(postgres::Plan),
    Semver { since: Option<String> },
    Test { only: Option<String> },
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match parse(&arguments) {
        Ok(Task::Help) => {
            print!("{}", help());
            ExitCode::SUCCESS
        }
        Ok(Task::Bench(plan)) => match bench::run(&plan) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Ok(Task::Docs) => match steps::docs() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Ok(Task::Fast) => match steps::fast() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Ok(Task::Fuzz(plan)) => match fuzz::long(&plan) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Ok(Task::Mutants) => match mutants::all() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Ok(Task::Postgres(plan)) => postgres::run(&plan),
        Ok(Task::Semver { since }) => match semver::report(since.as_deref()) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Ok(Task::Test { only }) => match steps::test(only.as_deref()) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        Err(message) => {
            eprintln!("error: {message}\n\n{}", help());
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: &[String]) -> Result<Task, String> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] | ["help" | "--help" | "-h", ..] | ["test", "--help" | "-h"] => Ok(Task::Help),
        ["bench", "--help" | "-h"] => Ok(Task::Help),
        ["bench", rest @ ..] => bench::Plan::parse(rest).map(Task::Bench),
        ["docs"] => Ok(Task::Docs),
        ["fuzz", "--help" | "-h"] => Ok(Task::Help),
        ["fuzz", rest @ ..] => fuzz::Plan::parse(rest).map(Task::Fuzz),
        ["mutants"] => Ok(Task::Mutants),
        ["postgres", "--help" | "-h"] => Ok(Task::Help),
        ["postgres", rest @ ..] => postgres::Plan::parse(rest).map(Task::Postgres),
        ["semver"] => Ok(Task::Semver { since: None }),
        ["semver", "--help" | "-h"] => Ok(Task::Help),
        ["semver", revision] => Ok(Task::Semver { since: Some((*revision).to_owned()) }),
        ["test"] => Ok(Task::Test { only: None }),
        ["test", "--fast"] => Ok(Task::Fast),
        ["test", "--only", step] if steps::exists(step) => Ok(Task::Test { only: Some((*step).to_owned()) }),
        ["test", "--only", step] => Err(format!("there is no step `{step}`")),
        ["test", "--only"] => Err("`--only` needs the name of a step".to_owned()),
        ["test", other, ..] => Err(format!("`test` does not know `{other}`")),
        [other, ..] => Err(format!("there is no task `{other}`")),
    }
}

fn help() -> String {
    let mut text = String::from(
        "Chores of the idv workspace.\n\n\
         cargo xtask test               run every step below, in this order; the first that fails ends the run\n\
         cargo xtask test --only STEP   run one step\n\
         cargo xtask test --fast        while you write: format, clippy and unit tests of what differs from the last commit\n\
         cargo xtask bench [SUBJECT] [--json]\n\
         \x20                              measure idv against the same work by hand; all subjects write docs/performance.md\n\
         cargo xtask bench --short      fail if an instruction count grew by more than 5 %; `--accept` makes new ones the promise\n\
         cargo xtask fuzz [TARGET] [--runs N | --seconds S] [--seed N]\n\
         \x20                              run the fuzz targets, or one: 600 seconds each, unless asked otherwise\n\
         cargo xtask mutants            break words, webhooks and error classification, and see that tests notice: an hour\n\
         cargo xtask postgres [--no-fsync] [-- COMMAND…]\n\
         \x20                              start a private PostgreSQL server and print IDV_TEST_POSTGRES for tests, until Ctrl-C; or run\n\
         \x20                              COMMAND with IDV_TEST_POSTGRES set, and stop the server after it\n\
         cargo xtask semver [REVISION]  report how published interfaces changed since the last release, or a revision: half an hour\n\
         cargo xtask docs               write the generated tables of the documentation anew\n\
         cargo xtask help               this page\n\nSubjects:\n",
    );
    for (name, about) in bench::subjects() {
        text.push_str(&format!("  {name:<13} {about}\n"));
    }
    text.push_str("\nSteps:\n");
    for step in steps::ALL {
        text.push_str(&format!("  {:<13} {}\n", step.name, step.about));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Task, help, parse, steps};

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn tasks_are_understood() {
        assert_eq!(parse(&words("")), Ok(Task::Help));
        assert_eq!(parse(&words("help")), Ok(Task::Help));
        assert_eq!(parse(&words("docs")), Ok(Task::Docs));
        assert_eq!(parse(&words("mutants")), Ok(Task::Mutants));
        assert_eq!(parse(&words("semver")), Ok(Task::Semver { since: None }));
        assert_eq!(parse(&words("semver v1")), Ok(Task::Semver { since: Some("v1".to_owned()) }));
        assert!(matches!(parse(&words("fuzz config --runs 9")), Ok(Task::Fuzz(_))));
        assert!(matches!(parse(&words("postgres -- psql -l")), Ok(Task::Postgres(_))));
        assert!(matches!(parse(&words("bench sandbox")), Ok(Task::Bench(_))));
        assert_eq!(parse(&words("test --fast")), Ok(Task::Fast));
        assert_eq!(parse(&words("test")), Ok(Task::Test { only: None }));
        assert_eq!(parse(&words("test --only fmt")), Ok(Task::Test { only: Some("fmt".to_owned()) }));
    }

    #[test]
    fn anything_else_is_refused() {
        for line in [
            "tset",
            "bench all",
            "fuzz --fast",
            "test --only",
            "test --only nothing",
            "test --fast fmt",
            "test fmt",
            "semver a b",
            "postgres psql",
        ] {
            assert!(parse(&words(line)).is_err(), "{line}");
        }
    }

    #[test]
    fn help_names_every_step() {
        for step in steps::ALL {
            assert!(help().contains(step.name));
        }
    }
}
