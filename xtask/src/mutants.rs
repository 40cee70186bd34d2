//! `cargo xtask mutants`: breaks the mapping, the webhooks and the classification of errors in one place at a time, and
//! sees whether a test notices. `.cargo/mutants.toml` says what is looked at, and what is excused.

use crate::process::{Failure, Result, Run, during};
use crate::tools;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What became of the mutants of one file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    caught: usize,
    missed: usize,
    timeout: usize,
    unviable: usize,
}

impl Score {
    /// How many of a hundred were noticed; a dash where none compiled.
    fn percent(&self) -> String {
        let noticed = self.caught + self.timeout;
        match noticed + self.missed {
            0 => "–".to_owned(),
            all => format!("{}%", 100 * noticed / all),
        }
    }
}

/// Runs all mutants, and says whether tests noticed each.
pub(crate) fn all() -> bool {
    match Workspace::load().and_then(|workspace| run(&workspace)) {
        Ok(()) => true,
        Err(Failure(message)) => {
            eprintln!("\nerror: {message}");
            false
        }
    }
}

fn run(workspace: &Workspace) -> Result<()> {
    let program = tools::CARGO_MUTANTS.of_project(workspace)?;
    let out = workspace.target.join("mutants");
    during("cannot make target/mutants", fs::create_dir_all(&out))?;
    // It fails where a mutant is missed; what it found is read either way.
    let ran = Run::new(program)
        .args(["mutants", "--no-shuffle", "--colors", "never", "--output"])
        .args([&out])
        .dir(&workspace.root)
        .streamed(|_| {});
    let found = out.join("mutants.out");
    let scores = scores(&found)?;
    println!("\n{}", table(&scores));
    let missed = list(&found, "missed")?;
    if missed.is_empty() {
        return ran;
    }
    Err(Failure(format!("no test notices these:\n  {}", missed.join("\n  "))))
}

/// One line for each mutant: `path:line:column: what was changed`.
fn list(found: &Path, outcome: &str) -> Result<Vec<String>> {
    let path = found.join(format!("{outcome}.txt"));
    let text = during(format!("cannot read the {outcome} mutants"), fs::read_to_string(path))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn scores(found: &Path) -> Result<BTreeMap<String, Score>> {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for outcome in ["caught", "missed", "timeout", "unviable"] {
        for mutant in list(found, outcome)? {
            let file = mutant.split(':').next().unwrap_or_default().to_owned();
            let score = scores.entry(file).or_default();
            match outcome {
                "caught" => score.caught += 1,
                "missed" => score.missed += 1,
                "timeout" => score.timeout += 1,
                _ => score.unviable += 1,
            }
        }
    }
    Ok(scores)
}

fn table(scores: &BTreeMap<String, Score>) -> String {
    let mut text = format!(
        "{:<40} {:>7} {:>7} {:>8} {:>9} {:>6}\n",
        "file", "caught", "missed", "timeout", "unviable", "score"
    );
    for (file, score) in scores {
        let Score { caught, missed, timeout, unviable } = score;
        let percent = score.percent();
        text.push_str(&format!(
            "{file:<40} {caught:>7} {missed:>7} {timeout:>8} {unviable:>9} {percent:>6}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Score, scores, table};

    #[test]
    fn mutants_are_counted_by_file() {
        let folder = std::env::temp_dir().join(format!("idv-mutants-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (outcome, text) in [
            ("caught", "a/mapping.rs:1:2: replace x with y\na/mapping.rs:3:4: delete !\n"),
            ("missed", "a/webhook.rs:1:1: replace x with y\n"),
            ("timeout", "a/mapping.rs:5:6: replace + with *\n"),
            ("unviable", ""),
        ] {
            std::fs::write(folder.join(format!("{outcome}.txt")), text).unwrap();
        }
        let found = scores(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found["a/mapping.rs"], Score { caught: 2, timeout: 1, ..Score::default() });
        assert_eq!(found["a/webhook.rs"], Score { missed: 1, ..Score::default() });
        let shown = table(&found);
        assert!(shown.contains("100%") && shown.contains("    0%"), "{shown}");
        assert_eq!(Score::default().percent(), "–");
    }
}
