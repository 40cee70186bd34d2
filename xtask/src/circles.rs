//! No circle among the files of a crate, and none among its folders: whoever reads one file can stop somewhere.

mod graph;
mod known;
mod mentions;
mod modules;
mod resolve;

use crate::process::{Failure, Result, during};
use crate::workspace::Workspace;
use graph::{Circle, circles};
use known::KNOWN;
use modules::Files;
use std::fs;
use std::path::Path;

/// Every breach in the crates and the examples of the workspace, one paragraph each.
pub(crate) fn breaches(workspace: &Workspace) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for package in workspace.under("crates").chain(workspace.under("examples")) {
        let mut files = Files::new();
        let source = package.directory.join("src");
        read(&source, &source, &mut files)?;
        let circles =
            circles(&files).map_err(|Failure(text)| Failure(format!("{}: {text}", package.name)))?;
        judge(&package.name, &circles, KNOWN, &mut found);
    }
    Ok(found)
}

fn read(source: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for entry in during(folder.display(), fs::read_dir(folder))? {
        let path = during(folder.display(), entry)?.path();
        if path.is_dir() {
            read(source, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = during(path.display(), fs::read_to_string(&path))?;
            files.insert(path.strip_prefix(source).unwrap_or(&path).to_owned(), text);
        }
    }
    Ok(())
}

/// A circle that is not on the list is a breach, and so is an entry of the list without its circle.
fn judge(package: &str, circles: &[Circle], known: &[known::Known], found: &mut Vec<String>) {
    let of_package = || known.iter().filter(|known| known.package == package);
    let is = |circle: &Circle, known: &known::Known| {
        circle.members.iter().map(|member| member.as_path()).eq(known.members.iter().map(Path::new))
    };
    for circle in circles.iter().filter(|circle| !of_package().any(|known| is(circle, known))) {
        let members: Vec<String> = circle.members.iter().map(|member| member.display().to_string()).collect();
        found.push(format!(
            "{package}: circle of {}\n        {}",
            members.join(", "),
            circle.links.join("\n        ")
        ));
    }
    for known in of_package().filter(|known| !circles.iter().any(|circle| is(circle, known))) {
        found.push(format!(
            "{package}: there is no circle of {} any more: delete the entry in xtask/src/circles/known.rs",
            known.members.join(", ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::graph::Circle;
    use super::judge;
    use super::known::Known;

    #[test]
    fn only_circles_on_the_list_pass_and_the_list_is_never_longer_than_needed() {
        let circle = |members: &[&str]| Circle {
            members: members.iter().map(Into::into).collect(),
            links: vec!["a.rs uses A of b.rs".to_owned()],
        };
        let known = [Known { package: "idv", members: &["a.rs", "b.rs"] }];
        let judged = |package: &str, circles: &[Circle]| {
            let mut found = Vec::new();
            judge(package, circles, &known, &mut found);
            found
        };
        assert_eq!(judged("idv", &[circle(&["a.rs", "b.rs"])]), [""; 0]);
        assert_eq!(judged("idv-cli", &[]), [""; 0]);
        assert!(judged("idv", &[])[0].contains("there is no circle of a.rs, b.rs any more"));
        let other = judged("idv-cli", &[circle(&["a.rs", "b.rs"])]);
        assert_eq!(other, ["idv-cli: circle of a.rs, b.rs\n        a.rs uses A of b.rs"]);
        assert_eq!(judged("idv", &[circle(&["a.rs", "c.rs"])]).len(), 2);
    }
}
