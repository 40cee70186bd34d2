//! The house rules that a look at the files' text can check.

use crate::process::{Result, during};
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// Longer files are pointed at, not refused.
const LONG_FILE: usize = 500;

/// Unfinished work, which never reaches the main branch. (Written in halves, so that this file keeps its own rule.)
const UNFINISHED: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimplement", "ed!"),
    concat!("db", "g!"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
];

/// The beginnings of paths on somebody's own machine.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:\\Us", "ers"),
];

/// Package registries: which one is used is the business of the machine, not of the project.
const REGISTRIES: &[&str] = &[
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("yarnpkg", ".com"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
];

/// What a look through the files brought up.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) breaches: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

/// Looks through every text file of the project.
pub(crate) fn look(workspace: &Workspace) -> Result<Findings> {
    let mut files = Vec::new();
    walk(&workspace.root, &workspace.target, &mut files)?;
    files.sort();
    let mut findings = Findings::default();
    for file in files {
        let bytes = during(file.display(), fs::read(&file))?;
        if let Ok(text) = String::from_utf8(bytes) {
            let relative = file.strip_prefix(&workspace.root).unwrap_or(&file);
            inspect(relative, &text, &mut findings);
        }
    }
    Ok(findings)
}

/// The project's files: neither what is built or installed, nor what belongs to git.
fn walk(directory: &Path, target: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    const SKIPPED: &[&str] = &[".git", "target", "node_modules", "__pycache__", ".venv"];
    for entry in during(directory.display(), fs::read_dir(directory))? {
        let entry = during(directory.display(), entry)?;
        let (path, kind) = (entry.path(), during(directory.display(), entry.file_type())?);
        let skipped = path == target || SKIPPED.iter().any(|name| entry.file_name() == *name);
        match (skipped, kind.is_dir(), kind.is_file()) {
            (false, true, _) => walk(&path, target, files)?,
            (false, _, true) => files.push(path),
            _ => {}
        }
    }
    Ok(())
}

fn inspect(file: &Path, text: &str, findings: &mut Findings) {
    let in_source = is_source(file);
    // Cargo itself writes the name of its registry into its lock files.
    let locked = file.file_name().is_some_and(|name| name == "Cargo.lock");
    for (number, line) in text.lines().enumerate() {
        let mut report = |what: &str, word: &str| {
            findings.breaches.push(format!("{}:{}: {what} `{word}`", file.display(), number + 1));
        };
        misnumbered(line, |link| report("the number of another decision:", link));
        if in_source {
            found(UNFINISHED, line, whole_word, |word| report("unfinished work:", word));
        }
        found(MACHINE_PATHS, line, starts_path, |word| report("a path of somebody's machine:", word));
        if !locked {
            found(REGISTRIES, line, |_, _, _| true, |word| report("the host of a package registry:", word));
        }
    }
    let lines = text.lines().count();
    if in_source && file.starts_with("crates") && lines > LONG_FILE {
        findings
            .warnings
            .push(format!("{} has {lines} lines: has it more than one subject?", file.display()));
    }
}

/// A Rust file in some crate's `src`.
fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs") && file.iter().any(|part| part == "src")
}

/// Reports every word that occurs in the line, in a place that counts.
fn found(
    words: &[&'static str],
    line: &str,
    counts: impl Fn(&str, usize, usize) -> bool,
    mut report: impl FnMut(&'static str),
) {
    for word in words {
        if line.match_indices(word).any(|(start, _)| counts(line, start, start + word.len())) {
            report(word);
        }
    }
}

/// Reports every link whose two numbers differ; this one is right: `[decision 8](decisions/0008-name.md)`.
fn misnumbered(line: &str, mut report: impl FnMut(&str)) {
    for link in line.split("[decision ").skip(1) {
        let Some((number, rest)) = link.split_once("](") else { continue };
        let page = rest.split(')').next().unwrap_or_default();
        let file = page.rsplit('/').next().unwrap_or_default();
        let told = number.parse::<u32>().ok();
        if told.is_some() && told != file.split('-').next().and_then(|digits| digits.parse().ok()) {
            report(page);
        }
    }
}

fn whole_word(line: &str, start: usize, end: usize) -> bool {
    let part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    !line[..start].ends_with(part_of_word)
        && (line[..end].ends_with('!') || !line[end..].starts_with(part_of_word))
}

/// `/x/` at the beginning of a path, not inside a URL or a relative path.
fn starts_path(line: &str, start: usize, _end: usize) -> bool {
    let goes_on = |character: char| character.is_alphanumeric() || "._-~/}>)*$".contains(character);
    !line[..start].ends_with(goes_on)
}

#[cfg(test)]
mod tests {
    use super::{Findings, MACHINE_PATHS, REGISTRIES, UNFINISHED, inspect};
    use std::path::Path;

    fn breaches(file: &str, text: &str) -> Vec<String> {
        let mut findings = Findings::default();
        inspect(Path::new(file), text, &mut findings);
        findings.breaches
    }

    #[test]
    fn unfinished_work_is_found_in_sources() {
        for word in UNFINISHED {
            let text = format!("fn f() {{\n    {word}\n}}\n");
            let found = breaches("crates/a/src/lib.rs", &text);
            assert_eq!(found, [format!("crates/a/src/lib.rs:2: unfinished work: `{word}`")]);
            assert!(breaches("docs/a.md", &text).is_empty());
        }
        assert!(
            breaches("crates/a/src/lib.rs", &format!("let my{} = X{}S;", UNFINISHED[2], UNFINISHED[3]))
                .is_empty()
        );
    }

    #[test]
    fn machine_paths_are_found_and_urls_are_not() {
        for path in MACHINE_PATHS {
            assert_eq!(breaches("README.md", &format!("see {path}me")).len(), 1, "{path}");
            assert_eq!(breaches("Cargo.toml", &format!("path = \"{path}me\"")).len(), 1, "{path}");
        }
        for path in MACHINE_PATHS.iter().filter(|path| path.starts_with('/')) {
            for prefix in ["https://idv.example", ".", "{base}", "$X"] {
                assert!(breaches("README.md", &format!("{prefix}{path}me")).is_empty(), "{prefix}{path}");
            }
        }
    }

    #[test]
    fn registries_are_found_but_for_cargos_own_lock() {
        for host in REGISTRIES {
            let text = format!("\"https://index.{host}/a\"");
            assert_eq!(breaches("package-lock.json", &text).len(), 1, "{host}");
            assert!(breaches("Cargo.lock", &text).is_empty());
        }
    }

    #[test]
    fn decisions_are_called_by_their_numbers() {
        let link = |number| format!("see [decision {number}](../decisions/0012-a.md), and [here](0001-b.md)");
        assert!(breaches("docs/a.md", &link(12)).is_empty());
        for file in ["docs/a.md", "crates/a/src/lib.rs"] {
            assert_eq!(breaches(file, &link(11)).len(), 1);
        }
    }

    #[test]
    fn long_sources_are_pointed_at() {
        let mut findings = Findings::default();
        inspect(Path::new("crates/a/src/lib.rs"), &"\n".repeat(501), &mut findings);
        inspect(Path::new("crates/a/src/b.rs"), &"\n".repeat(500), &mut findings);
        inspect(Path::new("crates/a/tests/c.rs"), &"\n".repeat(501), &mut findings);
        assert_eq!(findings.warnings.len(), 1);
        assert!(findings.breaches.is_empty());
    }
}
