//! The steps of `cargo xtask test`, cheap ones first.

use crate::postgres::{Cluster, Settings};
use crate::process::{Failure, Result, Run, during};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{bench, browser, circles, fast, fuzz, house, oracles, rules, third_party, tools, words};
use std::fs;
use std::time::Instant;

/// One step: its name for `--only`, what it does, and the doing.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    run: fn(&Workspace, &mut Tally) -> Result<()>,
}

/// Every step, in order.
pub(crate) const ALL: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", run: fmt },
    Step { name: "house", about: "no unfinished work, machine paths or registry hosts", run: house_rules },
    Step { name: "dependencies", about: "crates depend only on those that they may", run: dependencies },
    Step { name: "unused", about: "every dependency is used", run: unused },
    Step { name: "deny", about: "every dependency has a licence and a version that we allow", run: deny },
    Step { name: "circles", about: "no circle among the files or the folders of a crate", run: no_circles },
    Step { name: "words", about: "documentation and errors are in plain English", run: plain_words },
    Step { name: "clippy", about: "clippy has nothing to say", run: clippy },
    Step { name: "doc", about: "the documentation builds without a warning", run: doc },
    Step {
        name: "features",
        about: "the facade builds with each vendor alone, and with none",
        run: features,
    },
    Step {
        name: "oracles",
        about: "the programs that tests compare ours with agree with each other",
        run: oracle,
    },
    Step { name: "test", about: "every test and documentation example passes", run: tests },
    Step { name: "containers", about: "linters have nothing to say of the container files", run: containers },
    Step { name: "browser", about: "people can use the web example in a real browser", run: browser_tests },
    Step { name: "fuzz", about: "a short run of every fuzz target finds nothing", run: fuzz::short },
    Step { name: "examples", about: "every example runs", run: examples },
    Step { name: "instructions", about: "no call takes more instructions than promised", run: bench::step },
];

pub(crate) fn exists(name: &str) -> bool {
    ALL.iter().any(|step| step.name == name)
}

/// The steps of the loop while one writes.
const FAST: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", run: fmt },
    Step { name: "clippy", about: "clippy has nothing to say of the changed crates", run: fast_clippy },
    Step { name: "test", about: "the unit tests of the changed crates pass", run: fast_tests },
];

/// Runs the steps until one fails, and says whether none did. The last line of all is the sum of all tests.
pub(crate) fn test(only: Option<&str>) -> bool {
    run_all(ALL.iter().filter(|step| only.is_none_or(|name| step.name == name)))
}

/// Runs the quick steps only.
pub(crate) fn fast() -> bool {
    run_all(FAST)
}

fn run_all(steps: impl IntoIterator<Item = &'static Step>) -> bool {
    let mut tally = Tally::default();
    let outcome = Workspace::load()
        .and_then(|workspace| steps.into_iter().try_for_each(|step| run(step, &workspace, &mut tally)));
    if let Err(Failure(message)) = &outcome {
        eprintln!("\nerror: {message}");
        // A step that fails without having run a test is a failure all the same.
        tally.failed = tally.failed.max(1);
    }
    if tally.ignored > 0 {
        println!("\n{} tests were ignored", tally.ignored);
    }
    println!("\n{tally}");
    outcome.is_ok()
}

fn run(step: &Step, workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    println!("==> {}: {}", step.name, step.about);
    let start = Instant::now();
    let outcome = (step.run)(workspace, tally);
    let word = if outcome.is_ok() { "ok" } else { "FAILED" };
    println!("    {} {word} ({:.1} s)", step.name, start.elapsed().as_secs_f64());
    outcome.map_err(|Failure(message)| Failure(format!("{}: {message}", step.name)))
}

fn fmt(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    tools::component("fmt", "rustfmt")?;
    Run::cargo("fmt --all --check").captured()?;
    for apart in [fuzz::MANIFEST, bench::PEERS, bench::QUEUE] {
        Run::cargo("fmt --check --manifest-path").args([workspace.root.join(apart)]).captured()?;
    }
    Ok(())
}

fn house_rules(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    let findings = house::look(workspace)?;
    for warning in &findings.warnings {
        println!("    warning: {warning}");
    }
    all_kept(&findings.breaches)
}

fn dependencies(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    let mut breaches = rules::breaches(workspace);
    if workspace.find("idv-core").is_some() {
        let tree = Run::cargo("tree -p idv-core --all-features -e normal --prefix none").captured()?;
        let forbidden = rules::forbidden_in_core(&tree);
        breaches.extend(forbidden.iter().map(|name| format!("{name} is among the dependencies of idv-core")));
    }
    all_kept(&breaches)
}

fn unused(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    third_party::unused(workspace)
}

fn deny(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    third_party::allowed(workspace)
}

fn no_circles(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    all_kept(&circles::breaches(workspace)?)
}

fn plain_words(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    all_kept(&words::breaches(workspace)?)
}

fn all_kept(breaches: &[String]) -> Result<()> {
    for breach in breaches {
        println!("    {breach}");
    }
    match breaches.len() {
        0 => Ok(()),
        count => Err(Failure(format!("{count} broken rule(s), listed above"))),
    }
}

fn clippy(_: &Workspace, _: &mut Tally) -> Result<()> {
    tools::component("clippy", "clippy")?;
    Run::cargo("clippy --workspace --all-targets --all-features -- -D warnings").captured().map(drop)
}

fn fast_clippy(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    tools::component("clippy", "clippy")?;
    fast::Concerned::load(workspace)?.clippy()
}

fn fast_tests(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    fast::Concerned::load(workspace)?.tests(workspace, tally)
}

fn doc(_: &Workspace, _: &mut Tally) -> Result<()> {
    Run::cargo("doc --workspace --no-deps").env("RUSTDOCFLAGS", "-D warnings").captured().map(drop)
}

/// The facade names each vendor's feature after the vendor's crate.
fn features(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    if workspace.find("idv").is_none() {
        println!("    nothing to check: there is no crate `idv` yet");
        return Ok(());
    }
    Run::cargo("check -p idv --no-default-features").captured()?;
    let vendors = rules::VENDORS.iter().filter(|vendor| workspace.find(vendor).is_some());
    for feature in vendors.filter_map(|vendor| vendor.strip_prefix("idv-")) {
        println!("    {feature} alone");
        Run::cargo("check -p idv --no-default-features --features").args([feature]).captured()?;
    }
    Ok(())
}

fn oracle(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let oracles = oracles::prepare(workspace)?;
    oracles::check(workspace, &oracles, tally)
}

/// There may be no engine that builds and runs them here, so they are read only.
fn containers(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    let oracles = oracles::prepare(workspace)?;
    let folder = workspace.root.join("examples/web");
    Run::new(oracles.python_program("hadolint")).args(["Dockerfile"]).dir(&folder).captured()?;
    // The keys of the vendors, and other files that no repository has, are missing here.
    let compose = ["check", "--allow-partial-coverage", "--no-pager", "compose.yaml"];
    Run::new(oracles.python_program("compose-lint")).args(compose).dir(&folder).captured().map(drop)
}

fn browser_tests(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let oracles = oracles::prepare(workspace)?;
    let cluster = Cluster::start(&Settings::default())?;
    browser::test(workspace, &oracles, &cluster, tally)
}

fn tests(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let oracles = oracles::prepare(workspace)?;
    let cluster = Cluster::start(&Settings::default())?;
    let run = Run::cargo("test --workspace --all-features --no-fail-fast");
    cluster.export(oracles.export(run)).streamed(|line| tally.add_cargo_line(line))
}

/// The tests that compare the generated parts of the documentation, and write them where they are told to.
const DOCS: &[&str] = &[
    "test --quiet --package idv-tests --test docs generated",
    "test --quiet --package idv-cli --test cli the_comparison_in_the_documentation_is_fresh",
];

/// Writes the generated parts of the documentation anew: the tests that compare them do it.
pub(crate) fn docs() -> bool {
    let written = |command: &&str| Run::cargo(command).env("IDV_WRITE_DOCS", "1").captured().map(drop);
    let outcome = DOCS.iter().try_for_each(written);
    if let Err(Failure(message)) = &outcome {
        eprintln!("error: {message}");
    }
    outcome.is_ok()
}

fn examples(workspace: &Workspace, _: &mut Tally) -> Result<()> {
    no_strays(workspace)?;
    if workspace.under("examples").next().is_none() {
        println!("    nothing to run: there are no examples yet");
    }
    // A server does not end by itself: the browser's tests run it.
    for example in workspace.under("examples").filter(|example| example.name != browser::APPLICATION) {
        println!("    {}", example.name);
        Run::cargo("run --package").args([&example.name]).captured()?;
    }
    Ok(())
}

/// An example that is no member of the workspace would be left out in silence.
fn no_strays(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("examples");
    if !folder.exists() {
        return Ok(());
    }
    for entry in during(folder.display(), fs::read_dir(&folder))? {
        let directory = during(folder.display(), entry)?.path();
        let member = workspace.crates.iter().any(|package| package.directory == directory);
        if directory.join("Cargo.toml").exists() && !member {
            return Err(Failure(format!("{} is no member of the workspace", directory.display())));
        }
    }
    Ok(())
}
