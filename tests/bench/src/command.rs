//! The command line that `cargo xtask bench` uses.

use std::process::ExitCode;

use serde_json::json;

use crate::{
    Allocations, Case, Figure, calls, concurrency, configuration, measure, reading, starting, vendor,
    watching, webhooks,
};

/// Runs a command:
///
/// | command | does |
/// |---|---|
/// | `list` | prints the cases, their sides and aims |
/// | `times [PART]` | measures processor time, of the cases whose name has the part |
/// | `allocations [PART]` | counts allocations, and bytes for watching; only in the program with the counting allocator |
/// | `subjects [PART]` | measures what is no single operation |
/// | `starting OURS THEIRS` | starts two programs, and measures how long they take and how large they are |
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
    let mut cases: Vec<Case> = cases();
    cases.iter_mut().for_each(peers);
    let part = arguments.get(1).copied().unwrap_or_default();
    let meant = || cases.iter().filter(|case| case.name.contains(part));
    match (arguments.as_slice(), counted) {
        (["list"], _) => meant().for_each(list),
        (["times"] | ["times", _], _) => meant().flat_map(measure::times).for_each(print),
        (["allocations"] | ["allocations", _], Some(counted)) => {
            meant().map(|case| measure::allocations(case, counted)).for_each(print);
            if "watching".contains(part) {
                watching::memory(counted).into_iter().for_each(print);
            }
        }
        (["subjects"] | ["subjects", _], _) => subjects(part),
        (["starting", ours, theirs], _) => starting::figures(ours, theirs).into_iter().for_each(print),
        (["do", case, side, times], _) => {
            do_it(&cases, case, side, times.parse().expect("a number of times"))
        }
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn cases() -> Vec<Case> {
    let cases = [calls::cases(), webhooks::cases(), reading::cases(), configuration::cases()];
    cases.into_iter().flatten().collect()
}

/// What is no single operation.
type Measure = fn() -> Vec<Figure>;

/// All of these, by name.
const SUBJECTS: [(&str, Measure); 4] = [
    ("concurrency", concurrency::levels),
    ("bulkheads", concurrency::slow_beside_fast),
    ("reload", configuration::reload_under_load),
    ("watching", watching::polls),
];

fn subjects(part: &str) {
    for (_, measure) in SUBJECTS.iter().filter(|(name, _)| name.contains(part)) {
        measure().into_iter().for_each(print);
    }
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
