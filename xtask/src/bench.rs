//! `cargo xtask bench`: what idv costs, measured by `tests/bench` and by wrk, in one table.

mod baseline;
mod figure;
mod footprint;
mod instructions;
mod report;
mod sandbox;
mod tracker;

pub(crate) use tracker::QUEUE;

use crate::process::{Failure, Result, Run};
use crate::tally::Tally;
use crate::workspace::Workspace;
use figure::Figure;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What can be measured by itself.
const SUBJECTS: &[Subject] = &[
    Subject { name: "calls", about: "a start and a check of every flow", cases: Some("call"), others: &[] },
    Subject { name: "webhooks", about: "verifying and reading", cases: Some("webhook"), others: &[] },
    Subject { name: "reading", about: "references, return URLs, words", cases: Some("read"), others: &[] },
    Subject {
        name: "configuration",
        about: "building and reloading a registry",
        cases: Some("configuration"),
        others: &["reload"],
    },
    Subject {
        name: "concurrency",
        about: "many calls at a time, a slow vendor beside a fast one",
        cases: None,
        others: &["concurrency", "bulkheads"],
    },
    Subject { name: "watching", about: "up to a million sessions", cases: None, others: &["watching"] },
    Subject { name: TRACKER, about: "polls and webhooks against bare SQL", cases: None, others: &[] },
    Subject { name: FOOTPRINT, about: "start-up, size, crates, build", cases: None, others: &[] },
    Subject { name: SANDBOX, about: "start+check pairs a second, by wrk", cases: None, others: &[] },
];

const FOOTPRINT: &str = "footprint";
const SANDBOX: &str = "sandbox";
const TRACKER: &str = "tracker";

/// A part of the table: cases of `tests/bench` whose names have a word, and what it measures otherwise.
struct Subject {
    name: &'static str,
    about: &'static str,
    cases: Option<&'static str>,
    others: &'static [&'static str],
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Everything, or one subject.
    Table { only: Option<String>, json: bool },
    /// Instruction counts against the baseline.
    Short,
    /// Instruction counts as the new baseline.
    Accept,
}

impl Plan {
    pub(crate) fn parse(arguments: &[&str]) -> std::result::Result<Self, String> {
        match arguments {
            ["--short"] => Ok(Self::Short),
            ["--accept"] => Ok(Self::Accept),
            [] => Ok(Self::Table { only: None, json: false }),
            ["--json"] => Ok(Self::Table { only: None, json: true }),
            [name] => Self::of(name, false),
            [name, "--json"] | ["--json", name] => Self::of(name, true),
            _ => Err(format!("`bench` does not know `{}`", arguments.join(" "))),
        }
    }

    fn of(name: &str, json: bool) -> std::result::Result<Self, String> {
        if SUBJECTS.iter().any(|subject| subject.name == name) {
            return Ok(Self::Table { only: Some(name.to_owned()), json });
        }
        let known: Vec<&str> = SUBJECTS.iter().map(|subject| subject.name).collect();
        Err(format!("`bench` knows {}, and not `{name}`", known.join(", ")))
    }
}

/// The subjects, for the help page.
pub(crate) fn subjects() -> impl Iterator<Item = (&'static str, &'static str)> {
    SUBJECTS.iter().map(|subject| (subject.name, subject.about))
}

/// Runs a plan, and says whether it could be run; missed aims are told, and are no failure.
pub(crate) fn run(plan: &Plan) -> bool {
    let outcome = Workspace::load().and_then(|workspace| match plan {
        Plan::Table { only, json } => table(&workspace, only.as_deref(), *json),
        Plan::Short => short(&workspace),
        Plan::Accept => baseline::write(&workspace, &instructions::of_idv(&programs(&workspace)?)?),
    });
    if let Err(Failure(message)) = &outcome {
        eprintln!("\nerror: {message}");
    }
    outcome.is_ok()
}

/// The step of `cargo xtask test`.
pub(crate) fn step(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    short(workspace)
}

fn short(workspace: &Workspace) -> Result<()> {
    baseline::compare(workspace, &instructions::of_idv(&programs(workspace)?)?)
}

/// The programs of `tests/bench`, built.
struct Programs {
    times: PathBuf,
    allocations: PathBuf,
    /// The one with other libraries in it, which is built only where these are compared.
    peers: PathBuf,
}

fn programs(workspace: &Workspace) -> Result<Programs> {
    Run::cargo("build --release --quiet --package idv-bench").captured()?;
    let release = workspace.target.join("release");
    Ok(Programs {
        times: release.join("idv-bench"),
        allocations: release.join("idv-bench-allocations"),
        peers: workspace.target.join("bench-peers/release/idv-bench-peers"),
    })
}

/// Where the crate is that brings other libraries.
pub(crate) const PEERS: &str = "tests/bench/peers/Cargo.toml";

fn build_peers(workspace: &Workspace) -> Result<()> {
    let run =
        Run::cargo("build --release --quiet --locked --manifest-path").args([workspace.root.join(PEERS)]);
    run.args(["--target-dir"]).args([workspace.target.join("bench-peers")]).captured().map(drop)
}

fn table(workspace: &Workspace, only: Option<&str>, json: bool) -> Result<()> {
    let programs = programs(workspace)?;
    let mut figures = Vec::new();
    for subject in SUBJECTS.iter().filter(|subject| only.is_none_or(|name| subject.name == name)) {
        eprintln!("==> {}: {}", subject.name, subject.about);
        figures.extend(measure(workspace, &programs, subject)?);
    }
    if json {
        println!("{}", report::json(&figures));
    } else {
        println!("{}", report::table(&figures));
    }
    if only.is_none() {
        report::write(workspace, &figures)?;
    }
    let missed = figures.iter().filter(|figure| figure.is_met() == Some(false)).count();
    eprintln!("{} figures, {missed} of them miss their aim", figures.len());
    Ok(())
}

fn measure(workspace: &Workspace, programs: &Programs, subject: &Subject) -> Result<Vec<Figure>> {
    match subject.name {
        FOOTPRINT => return footprint::figures(workspace, programs),
        SANDBOX => return sandbox::figures(workspace),
        TRACKER => return tracker::figures(workspace),
        _ => {}
    }
    let mut figures = Vec::new();
    if let Some(part) = subject.cases {
        let mut times = &programs.times;
        if ["call", "webhook"].contains(&part) {
            build_peers(workspace)?;
            times = &programs.peers;
        }
        figures.extend(figure::read(Run::new(times).args(["times", part]))?);
        figures.extend(instructions::figures(programs, part)?);
        figures.extend(figure::read(Run::new(&programs.allocations).args(["allocations", part]))?);
    }
    for other in subject.others {
        figures.extend(figure::read(Run::new(&programs.times).args(["subjects", other]))?);
    }
    if subject.name == "watching" {
        figures.extend(figure::read(Run::new(&programs.allocations).args(["allocations", "watching"]))?);
    }
    Ok(grouped(figures))
}

/// Figures of one name side by side, names in the order in which they came.
fn grouped(figures: Vec<Figure>) -> Vec<Figure> {
    let mut names: Vec<String> = figures.iter().map(|figure| figure.name.clone()).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let mut figures = figures;
    figures.sort_by_key(|figure| names.iter().position(|name| *name == figure.name));
    figures
}

#[cfg(test)]
mod tests {
    use super::{Plan, SUBJECTS};

    #[test]
    fn plans_are_understood() {
        let table = |only: Option<&str>, json| Ok(Plan::Table { only: only.map(str::to_owned), json });
        assert_eq!(Plan::parse(&[]), table(None, false));
        assert_eq!(Plan::parse(&["--json"]), table(None, true));
        assert_eq!(Plan::parse(&["--short"]), Ok(Plan::Short));
        assert_eq!(Plan::parse(&["--accept"]), Ok(Plan::Accept));
        for subject in SUBJECTS {
            assert_eq!(Plan::parse(&[subject.name, "--json"]), table(Some(subject.name), true));
        }
        for refused in [&["nothing"][..], &["--fast"], &["calls", "--short"], &["calls", "reading"]] {
            assert!(Plan::parse(refused).is_err(), "{refused:?}");
        }
    }
}
