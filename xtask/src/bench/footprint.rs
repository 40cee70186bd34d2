//! What idv adds to a small program: crates, build time, size, start-up and memory.

use super::Programs;
use super::figure::{Aim, Figure, read};
use crate::process::{Failure, Result, Run, during};
use crate::rules;
use crate::workspace::Workspace;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// The smallest program on idv with one vendor, and the same by hand.
const PROGRAMS: [&str; 2] = ["idv-bench-with-idv", "idv-bench-by-hand"];
/// The one vendor.
const VENDOR: &str = "idv-nxos";
const NAME: &str = "small program";

/// Everything that the two programs differ in.
pub(super) fn figures(workspace: &Workspace, programs: &Programs) -> Result<Vec<Figure>> {
    let [ours, theirs] = [crates(PROGRAMS[0])?, crates(PROGRAMS[1])?];
    let is_there = |vendor: &str| ours.iter().any(|known| known.split(' ').next() == Some(vendor));
    let strangers = rules::VENDORS.iter().filter(|vendor| **vendor != VENDOR && is_there(vendor)).count();
    let mut figures = vec![
        compared("crates", "", [ours.len() as f64, theirs.len() as f64]).aim(Aim::MoreAtMost(25.0)),
        Figure::new(NAME, "crates of vendors that are off", "", strangers as f64).aim(Aim::AtMost(0.0)),
    ];
    let [ours, theirs] = [cold_build(workspace, PROGRAMS[0])?, cold_build(workspace, PROGRAMS[1])?];
    figures.push(compared("cold build", "s", [ours.0, theirs.0]));
    figures.push(compared("cold build, processor time", "s", [ours.1, theirs.1]).aim(Aim::RatioAtMost(1.25)));
    Run::cargo("build --release --quiet")
        .args(["--package", PROGRAMS[0], "--package", PROGRAMS[1]])
        .captured()?;
    let paths = PROGRAMS.map(|program| workspace.target.join("release").join(program));
    figures.push(compared("stripped program", "KiB", [size(&paths[0])?, size(&paths[1])?]));
    figures.extend(read(Run::new(&programs.times).args(["starting"]).args(&paths))?);
    Ok(figures)
}

fn compared(measure: &str, unit: &str, [ours, theirs]: [f64; 2]) -> Figure {
    Figure::new(NAME, measure, unit, ours).against("by hand", theirs)
}

/// The names and versions of all crates that are compiled for a program on this machine.
fn crates(program: &str) -> Result<BTreeSet<String>> {
    let run = Run::cargo("tree --edges normal,build --prefix none --format {p} --package").args([program]);
    Ok(distinct(&run.captured()?))
}

/// Two versions of a crate are two crates to compile. What else a line says (a place, a repetition) makes none.
fn distinct(tree: &str) -> BTreeSet<String> {
    let crates = tree.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
    crates.filter(|one| !one.is_empty()).collect()
}

/// Wall and processor time of a build from nothing, in seconds.
fn cold_build(workspace: &Workspace, program: &str) -> Result<(f64, f64)> {
    let target = workspace.target.join("bench-cold");
    if target.exists() {
        during(target.display(), fs::remove_dir_all(&target))?;
    }
    let (begun, before) = (Instant::now(), children_time()?);
    Run::cargo("build --quiet --package")
        .args([program])
        .args(["--target-dir"])
        .args([&target])
        .captured()?;
    let times = (begun.elapsed().as_secs_f64(), children_time()? - before);
    during(target.display(), fs::remove_dir_all(&target))?;
    Ok(times)
}

/// The processor time of all programs that this one ran, in seconds: fields 16 and 17, in hundredths (proc(5)).
fn children_time() -> Result<f64> {
    let file = "/proc/self/stat";
    let text = during(file, fs::read_to_string(file))?;
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace().skip(13).take(2);
    let ticks: Option<Vec<f64>> = fields.map(|field| field.parse().ok()).collect();
    let sum = ticks.filter(|ticks| ticks.len() == 2).map(|ticks| (ticks[0] + ticks[1]) / 100.0);
    sum.ok_or_else(|| Failure(format!("{file} has another form than expected")))
}

fn size(program: &PathBuf) -> Result<f64> {
    Ok(during(program.display(), fs::metadata(program))?.len() as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn each_version_of_a_crate_counts_once() {
        let tree = "mine v0.1.0 (/somewhere)\nfour v0.4.1\nfour v0.2.9\nmacros v1.0.0 (proc-macro)\nfour v0.4.1 (*)\n\n";
        assert!(distinct(tree).iter().eq(["four v0.2.9", "four v0.4.1", "macros v1.0.0", "mine v0.1.0"]));
    }
}
