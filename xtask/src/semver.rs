//! `cargo xtask semver`: what the published crates' interfaces lost or changed since an earlier revision. A report, no
//! gate: before the first release the interface may still break, but nobody should break it unknowingly.

use crate::process::{Failure, Result, Run};
use crate::tools::CARGO_SEMVER_CHECKS;
use crate::workspace::Workspace;

/// Reports, and says whether that was possible: breaking changes do not fail it.
pub(crate) fn report(revision: Option<&str>) -> bool {
    match Workspace::load().and_then(|workspace| run(&workspace, revision)) {
        Ok(()) => true,
        Err(Failure(message)) => {
            eprintln!("\nerror: {message}");
            false
        }
    }
}

fn run(workspace: &Workspace, revision: Option<&str>) -> Result<()> {
    let program = CARGO_SEMVER_CHECKS.of_project(workspace)?;
    let revision = match revision {
        Some(given) => commit(given).ok_or_else(|| Failure(format!("git knows no revision `{given}`")))?,
        None => default_revision()?,
    };
    println!("Interfaces since {revision}:");
    let (mut broken, mut unknown) = (Vec::new(), Vec::new());
    for name in workspace.published().map(|package| package.name.as_str()) {
        let checked = Run::new(&program)
            .args(["semver-checks", "check-release", "--release-type", "minor", "--color", "never"])
            .args(["--all-features", "--package", name, "--baseline-rev", &revision])
            .dir(&workspace.root);
        let (report, succeeded) = checked.said()?;
        println!("\n== {name}\n{}", report.trim_end());
        match verdict(succeeded, &report) {
            Verdict::Kept => {}
            Verdict::Broken => broken.push(name),
            Verdict::Unknown => unknown.push(name),
        }
    }
    println!("\n{}", summary(&broken));
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Failure(format!("no verdict on {}: see above", unknown.join(", "))))
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Kept,
    Broken,
    /// The tool failed before it could compare: the baseline does not build, say.
    Unknown,
}

/// The tool fails in both cases; only a comparison ends with its summary.
fn verdict(succeeded: bool, report: &str) -> Verdict {
    match (succeeded, report.contains("Summary semver requires")) {
        (true, _) => Verdict::Kept,
        (false, true) => Verdict::Broken,
        (false, false) => Verdict::Unknown,
    }
}

fn summary(broken: &[&str]) -> String {
    match broken {
        [] => "No interface breaks: the next release can be a minor one.".to_owned(),
        names => format!("Breaking changes, which need a major release: {}", names.join(", ")),
    }
}

/// The last release where there is one, and otherwise where the branch left `main`; on `main` itself, the commit before.
fn default_revision() -> Result<String> {
    let told = |arguments: &[&str]| Run::new("git").args(arguments).answer();
    let release = told(&["describe", "--tags", "--abbrev=0", "--match", "v*"]);
    let fork = || told(&["merge-base", "HEAD", "main"]);
    let found = release.or_else(fork).ok_or_else(|| {
        Failure(
            "git finds neither a release nor `main`: name a revision, `cargo xtask semver REVISION`"
                .to_owned(),
        )
    })?;
    let on_main = commit("HEAD").is_some_and(|head| head == found);
    Ok(if on_main { commit("HEAD^").unwrap_or(found) } else { found })
}

fn commit(revision: &str) -> Option<String> {
    let named = format!("{revision}^{{commit}}");
    Run::new("git").args(["rev-parse", "--verify", "--quiet", "--end-of-options", &named]).answer()
}

#[cfg(test)]
mod tests {
    use super::{Verdict, commit, summary, verdict};

    #[test]
    fn a_broken_interface_is_told_from_a_failed_comparison() {
        let broken =
            "--- failure enum_missing ---\n     Summary semver requires new major version: 1 major\n";
        assert_eq!(verdict(false, broken), Verdict::Broken);
        assert_eq!(verdict(true, "     Summary no semver update required\n"), Verdict::Kept);
        assert_eq!(verdict(false, "error: running cargo-doc failed\n"), Verdict::Unknown);
    }

    #[test]
    fn the_summary_names_what_broke() {
        assert!(summary(&["idv-core", "idv"]).ends_with("idv-core, idv"));
        assert!(summary(&[]).contains("minor"));
    }

    #[test]
    fn a_revision_that_is_none_is_seen() {
        assert!(commit("no-such-revision-of-ours").is_none());
        assert!(commit("--help").is_none());
    }
}
