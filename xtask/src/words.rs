//! Plain English in the documentation and in error texts. What stands there today is counted for each crate, and the
//! count may only fall.

mod allowed;
mod paragraphs;
mod rules;

use crate::fast;
use crate::process::{Result, during};
use crate::workspace::Workspace;
use allowed::ALLOWED;
use std::fs;
use std::path::{Path, PathBuf};

/// Every crate whose count is another than the one that is written down.
pub(crate) fn breaches(workspace: &Workspace) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for package in workspace.under("crates") {
        let sentences = in_files(workspace, &files(&package.directory.join("src"), "rs")?)?;
        judge(&package.name, sentences, ALLOWED, &mut found);
    }
    let mut pages = files(&workspace.root.join("docs"), "md")?;
    pages.retain(|page| page.parent().is_some_and(|folder| folder.ends_with("docs")));
    judge("docs", in_files(workspace, &pages)?, ALLOWED, &mut found);
    Ok(narrowed(found, &fast::changed_files(workspace).unwrap_or_default()))
}

/// Where the new passage is most likely among the changed files, the old ones elsewhere are left out.
fn narrowed(found: Vec<String>, changed: &str) -> Vec<String> {
    let file = |line: &String| line.split(':').next().map(str::to_owned).unwrap_or_default();
    let is_changed = |line: &String| changed.lines().any(|name| name == file(line));
    let is_passage = |line: &String| file(line).ends_with(".rs") || file(line).ends_with(".md");
    if !found.iter().any(is_changed) {
        return found;
    }
    found.into_iter().filter(|line| is_changed(line) || !is_passage(line)).collect()
}

fn judge(name: &str, sentences: Vec<String>, allowed: &[(&str, usize)], found: &mut Vec<String>) {
    let allowed = allowed.iter().find(|(of, _)| *of == name).map_or(0, |(_, count)| *count);
    let count = sentences.len();
    if count > allowed {
        found.extend(sentences);
        found.push(format!("{name}: {count} passages are not plain English, {allowed} were: see above"));
    } else if count < allowed {
        found.push(format!(
            "{name}: only {count} passages are not plain English: lower its {allowed} in xtask/src/words/allowed.rs"
        ));
    }
}

fn in_files(workspace: &Workspace, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in files {
        let text = during(file.display(), fs::read_to_string(file))?;
        let name = file.strip_prefix(&workspace.root).unwrap_or(file);
        let paragraphs = match file.extension().is_some_and(|extension| extension == "rs") {
            true => paragraphs::of_source(&text),
            false => paragraphs::of_page(&text),
        };
        for paragraph in paragraphs {
            let told = rules::breaches(&paragraph);
            found.extend(told.iter().map(|what| format!("{}:{}: {what}", name.display(), paragraph.line)));
        }
    }
    Ok(found)
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in during(folder.display(), fs::read_dir(folder))? {
        let path = during(folder.display(), entry)?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|of| of == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{judge, narrowed};

    #[test]
    fn passages_of_changed_files_are_shown_alone() {
        let all = ["a/b.rs:1: x", "a/c.rs:2: y", "idv: 2 passages"].map(str::to_owned).to_vec();
        assert_eq!(narrowed(all.clone(), "a/c.rs\nREADME.md\n"), all[1..]);
        assert_eq!(narrowed(all.clone(), "README.md\n"), all);
    }

    #[test]
    fn a_count_may_only_fall_and_is_then_written_down() {
        let judged = |count: usize| {
            let mut found = Vec::new();
            judge("idv", vec!["a.rs:1: “omen”".to_owned(); count], &[("idv", 2)], &mut found);
            found
        };
        assert_eq!(judged(2), [""; 0]);
        assert_eq!(judged(3).len(), 4);
        assert!(judged(3)[3].contains("3 passages are not plain English, 2 were"));
        assert!(judged(1)[0].contains("lower its 2"));
        let mut new = Vec::new();
        judge("idv-new", vec!["a.rs:1: “omen”".to_owned()], &[], &mut new);
        assert_eq!(new.len(), 2);
    }
}
