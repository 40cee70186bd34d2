//! Instruction counts, by valgrind: the same on a busy machine as on an idle one.

use super::Programs;
use super::figure::{Aim, Figure, documents};
use crate::process::{Failure, Result, Run};
use crate::tools;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A case as `tests/bench` lists it.
struct Case {
    name: String,
    sides: Vec<String>,
    aim: Option<f64>,
    counted: u64,
}

impl Case {
    fn of(value: &Value) -> Option<Self> {
        let sides = value["sides"].as_array()?.iter().map(|side| side.as_str().map(str::to_owned));
        Some(Self {
            name: value["name"].as_str()?.to_owned(),
            sides: sides.collect::<Option<_>>()?,
            aim: value["aims"]["instructions"].as_f64(),
            counted: value["counted"].as_u64()?,
        })
    }

    /// Instructions of one time: those of twice as many times, less those of so many, so that preparations do not count.
    fn count(&self, program: &Path, side: &str) -> Result<f64> {
        let once = total(program, &self.name, side, self.counted)?;
        let twice = total(program, &self.name, side, 2 * self.counted)?;
        Ok((twice - once) / self.counted as f64)
    }
}

/// Instructions of the cases whose names have a part, against the floor.
pub(super) fn figures(programs: &Programs, part: &str) -> Result<Vec<Figure>> {
    tools::valgrind()?;
    let cases = cases(&programs.times)?;
    let meant = cases.iter().filter(|case| case.name.contains(part));
    meant
        .map(|case| {
            let figure = Figure::new(&case.name, "instructions", "", case.count(&programs.times, "idv")?);
            let Some(floor) = case.sides.get(1) else { return Ok(figure) };
            let theirs = case.count(&programs.times, floor)?;
            Ok(figure.against(floor, theirs).aim(case.aim.map(Aim::RatioAtMost)))
        })
        .collect()
}

/// Instructions of idv alone, by case.
pub(super) fn of_idv(programs: &Programs) -> Result<BTreeMap<String, f64>> {
    tools::valgrind()?;
    let cases = cases(&programs.times)?;
    cases.into_iter().map(|case| Ok((case.name.clone(), case.count(&programs.times, "idv")?))).collect()
}

fn cases(program: &Path) -> Result<Vec<Case>> {
    let cases = documents(Run::new(program).args(["list"]))?;
    let case = |value| Case::of(value).ok_or_else(|| Failure(format!("this is no case: {value}")));
    cases.iter().map(case).collect()
}

fn total(program: &Path, case: &str, side: &str, times: u64) -> Result<f64> {
    let run =
        Run::new("valgrind").args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    let run = run.args([program]).args(["do", case, side, &times.to_string()]);
    let (report, worked) = run.told()?;
    let line = report.lines().filter(|_| worked).find_map(|line| line.split_once("refs:"));
    let number = line.and_then(|(_, number)| number.trim().replace(',', "").parse().ok());
    number.ok_or_else(|| Failure(format!("valgrind did not count `{case}` of {side}:\n{report}")))
}
