//! The instruction counts that the repository promises.

use crate::process::{Failure, Result, Run, during};
use crate::workspace::Workspace;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// How much a count may grow. Counts of one program differ by up to two hundredths, on a busy machine.
const GROWTH: f64 = 1.05;

fn file(workspace: &Workspace) -> PathBuf {
    workspace.root.join("tests/bench/baseline.json")
}

fn compiler() -> Result<String> {
    Ok(Run::new("rustc").args(["--version"]).captured()?.trim().to_owned())
}

/// Makes these counts the promise.
pub(super) fn write(workspace: &Workspace, counts: &BTreeMap<String, f64>) -> Result<()> {
    let rounded: BTreeMap<&String, u64> = counts.iter().map(|(name, count)| (name, *count as u64)).collect();
    let text = format!("{:#}\n", json!({"compiler": compiler()?, "instructions": rounded}));
    let file = file(workspace);
    during(file.display(), fs::write(&file, text))?;
    println!("    {} has {} counts", file.display(), counts.len());
    Ok(())
}

/// Compares counts with those promised.
pub(super) fn compare(workspace: &Workspace, counts: &BTreeMap<String, f64>) -> Result<()> {
    let file = file(workspace);
    let text = during(file.display(), fs::read_to_string(&file))?;
    let promised: Value =
        serde_json::from_str(&text).map_err(|error| Failure(format!("{}: {error}", file.display())))?;
    let bad = judge(counts, &promised["instructions"]);
    if bad == 0 {
        return Ok(());
    }
    let made_with = promised["compiler"].as_str().unwrap_or("another compiler");
    Err(Failure(format!(
        "{bad} instruction count(s) grew by more than 5 % or are not those promised, see above. They were promised with {made_with}, \
         and this is {}. \
         `cargo xtask bench calls` shows where idv stands; `cargo xtask bench --accept` makes the new counts the promise",
        compiler()?
    )))
}

/// Tells each count, and how many grew, were never promised, or are promised of what is not counted any more.
fn judge(counts: &BTreeMap<String, f64>, promised: &Value) -> usize {
    let mut bad = 0;
    for (name, count) in counts {
        let verdict = match promised[name].as_f64() {
            None => "is not promised yet".to_owned(),
            Some(before) => format!("{:+.1} %", (count / before - 1.0) * 100.0),
        };
        let good = promised[name].as_f64().is_some_and(|before| *count <= before * GROWTH);
        println!("    {name:<32} {count:>12.0}  {verdict}{}", if good { "" } else { "  FAILED" });
        bad += usize::from(!good);
    }
    let promises = promised.as_object().into_iter().flatten();
    for (name, _) in promises.filter(|(name, _)| !counts.contains_key(*name)) {
        println!("    {name:<32} {:>12}  is promised and not counted  FAILED", "");
        bad += 1;
    }
    bad
}

#[cfg(test)]
mod tests {
    use super::judge;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn growth_and_what_is_new_or_gone_are_found() {
        let counts = |count| BTreeMap::from([("a".to_owned(), count)]);
        let promised = json!({"a": 1000});
        assert_eq!(judge(&counts(1050.0), &promised), 0);
        assert_eq!(judge(&counts(500.0), &promised), 0);
        assert_eq!(judge(&counts(1051.0), &promised), 1);
        assert_eq!(judge(&counts(1.0), &json!({})), 1);
        assert_eq!(judge(&counts(1000.0), &json!({"a": 1000, "renamed": 7})), 1);
    }
}
