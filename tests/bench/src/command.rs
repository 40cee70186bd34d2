//! The command line that `cargo xtask bench` uses.

use std::process::ExitCode;

use serde_json::json;

use crate::{Allocations, Case, Figure, calls, measure, vendor, webhooks};

/// Runs a command:
///
/// | command | does |
/// |---|---|
/// | `list` | prints the cases, their sides and aims |
/// | `times [PART]` | measures processor time, of the cases whose name has the part |
/// | `allocations [PART]` | counts allocations; only in the program with the counting allocator |
/// | `do CASE SIDE TIMES` | does a thing so many times, for a profiler |
///
/// Everything is printed as one JSON document on each line. Peers are further sides of a case.
pub fn main(counted: Option<fn() -> Allocations>, peers: impl Fn(&mut Case)) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if arguments == [vendor::COMMAND] {
        vendor::play();
        return ExitCode::SUCCESS;
    }
    let mut cases: Vec<Case> = calls::cases().into_iter().chain(webhooks::cases()).collect();
    cases.iter_mut().for_each(peers);
    let part = arguments.get(1).copied().unwrap_or_default();
    let meant = || cases.iter().filter(|case| case.name.contains(part));
    match (arguments.as_slice(), counted) {
        (["list"], _) => meant().for_each(list),
        (["times"] | ["times", _], _) => meant().flat_map(measure::times).for_each(print),
        (["allocations"] | ["allocations", _], Some(counted)) => {
            meant().map(|case| measure::allocations(case, counted)).for_each(print);
        }
        (["do", case, side, times], _) => {
            do_it(&cases, case, side, times.parse().expect("a number of times"))
        }
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn list(case: &Case) {
    let sides: Vec<&str> = case.sides.iter().map(|side| side.name).collect();
    println!("{}", json!({"name": case.name, "sides": sides, "aims": case.aims, "counted": case.counted}));
}

fn print(figure: Figure) {
    println!("{}", json!(figure));
}

fn do_it(cases: &[Case], case: &str, side: &str, times: u64) {
    let case = cases.iter().find(|one| one.name == case).expect("a case");
    let side = case.sides.iter().find(|one| one.name == side).expect("a side");
    let mut run = side.prepare();
    run(times);
}
