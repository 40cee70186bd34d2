//! `cargo xtask test --fast`: the loop while one writes. It looks at the crates that differ from the last commit only, and
//! leaves everything slow to `cargo xtask test`.

use crate::process::{Result, Run};
use crate::tally::Tally;
use crate::workspace::{Crate, Workspace};
use std::collections::BTreeSet;
use std::path::Path;

/// So many crates are built and tested in two minutes; where more depend on a change, only the changed ones are tested.
const FITS: usize = 4;

/// The crates that differ from the last commit, and those of `crates` that depend on them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Concerned {
    changed: BTreeSet<String>,
    dependents: BTreeSet<String>,
}

impl Concerned {
    /// Asks git.
    pub(crate) fn load(workspace: &Workspace) -> Result<Self> {
        Ok(Self::new(workspace, &changed_files(workspace)?))
    }

    fn new(workspace: &Workspace, files: &str) -> Self {
        let changed: BTreeSet<String> = files
            .lines()
            .filter_map(|file| owner(workspace, file))
            .map(|package| package.name.clone())
            .collect();
        let mut reached = changed.clone();
        loop {
            let uses =
                |package: &&Crate| package.dependencies.iter().any(|used| reached.contains(&used.name));
            let next: BTreeSet<String> =
                workspace.under("crates").filter(uses).map(|it| it.name.clone()).collect();
            if next.is_subset(&reached) {
                break;
            }
            reached.extend(next);
        }
        Self { dependents: &reached - &changed, changed }
    }

    /// Clippy looks at all of them: where an interface has changed, its callers show it.
    pub(crate) fn clippy(&self) -> Result<()> {
        if self.changed.is_empty() {
            println!("    nothing to check: no crate differs from the last commit");
            return Ok(());
        }
        let packages = packages(self.changed.union(&self.dependents));
        Run::cargo("clippy --all-targets --all-features")
            .args(packages)
            .args(["--", "-D", "warnings"])
            .captured()
            .map(drop)
    }

    /// Runs the unit tests: those of tests folders take longer than the loop may.
    pub(crate) fn tests(&self, workspace: &Workspace, tally: &mut Tally) -> Result<()> {
        let tested = self.tested();
        let library = |name: &&String| workspace.find(name).is_some_and(|package| package.library);
        let (libraries, commands): (Vec<&String>, Vec<&String>) = tested.into_iter().partition(library);
        for (targets, names) in [("--lib --bins", libraries), ("--bins", commands)] {
            if !names.is_empty() {
                println!("    {}", names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "));
                Run::cargo(&format!("test --quiet --all-features --no-fail-fast {targets}"))
                    .args(packages(names))
                    .buffered(|line| tally.add_cargo_line(line))?;
            }
        }
        Ok(())
    }

    fn tested(&self) -> Vec<&String> {
        let all = self.changed.len() + self.dependents.len();
        let dependents = self.dependents.iter().filter(|_| all <= FITS);
        self.changed.iter().chain(dependents).collect()
    }
}

/// The files that differ from the last commit, one a line, by their paths in the workspace.
pub(crate) fn changed_files(workspace: &Workspace) -> Result<String> {
    let git =
        |arguments: &str| Run::new("git").args(arguments.split_whitespace()).dir(&workspace.root).captured();
    Ok(git("diff --name-only --relative HEAD")? + &git("ls-files --others --exclude-standard")?)
}

fn packages<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
    names.into_iter().flat_map(|name| ["--package", name]).collect()
}

/// The crate that the file belongs to: the innermost one.
fn owner<'a>(workspace: &'a Workspace, file: &str) -> Option<&'a Crate> {
    let file = workspace.root.join(Path::new(file));
    let around = workspace.crates.iter().filter(|package| file.starts_with(&package.directory));
    around.max_by_key(|package| package.directory.components().count())
}

#[cfg(test)]
mod tests {
    use super::{Concerned, FITS};
    use crate::workspace::{Crate, Dependency, Workspace};

    fn workspace(crates: &[(&str, &str, &str)]) -> Workspace {
        let dependency = |name: &str| Dependency { name: name.to_owned(), dev: false };
        let package = |(name, directory, uses): &(&str, &str, &str)| Crate {
            name: (*name).to_owned(),
            directory: format!("/w/{directory}").into(),
            dependencies: uses.split_whitespace().map(dependency).collect(),
            ..Crate::default()
        };
        Workspace { root: "/w".into(), crates: crates.iter().map(package).collect(), ..Workspace::default() }
    }

    #[test]
    fn a_change_concerns_its_crate_and_those_above() {
        let house = workspace(&[
            ("idv-core", "crates/idv-core", "serde"),
            ("idv-http", "crates/idv-http", "idv-core"),
            ("idv", "crates/idv", "idv-http"),
            ("tests", "tests", "idv"),
            ("bench", "tests/bench", "idv"),
        ]);
        let of = |files: &str| {
            let Concerned { changed, dependents } = Concerned::new(&house, files);
            (Vec::from_iter(changed).join(" "), Vec::from_iter(dependents).join(" "))
        };
        let expected = |changed: &str, dependents: &str| (changed.to_owned(), dependents.to_owned());
        assert_eq!(of("crates/idv-http/src/lib.rs\nREADME.md\n"), expected("idv-http", "idv"));
        assert_eq!(of("crates/idv-core/Cargo.toml\n"), expected("idv-core", "idv idv-http"));
        assert_eq!(of("tests/bench/a.rs\ntests/src/lib.rs\n"), expected("bench tests", ""));
        assert_eq!(of("docs/concepts.md\n"), expected("", ""));
    }

    #[test]
    fn dependents_are_tested_while_they_are_few() {
        let concerned = |dependents: usize| Concerned {
            changed: ["idv-core".to_owned()].into(),
            dependents: (0..dependents).map(|number| format!("idv-{number}")).collect(),
        };
        assert_eq!(concerned(FITS - 1).tested().len(), FITS);
        assert_eq!(concerned(FITS).tested(), ["idv-core"]);
    }
}
