//! Processor time of one case's sides, in turn.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::{Aim, Allocations, Case, Figure, Run};

/// How often the sides take turns. On a machine that others use too, the least of many is what the work itself takes.
const ROUNDS: usize = 15;

/// How long a turn takes at least.
const TURN: Duration = Duration::from_millis(25);

/// The user and system time that this process has taken, all threads together.
pub(crate) fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn timed(run: &mut Run, times: u64) -> Duration {
    let begun = processor_time();
    run(times);
    processor_time() - begun
}

/// How often a thing is done in a turn.
fn calibrated(run: &mut Run) -> u64 {
    let mut times = 1;
    while timed(run, times) < TURN {
        times *= 2;
    }
    times
}

/// The processor time of a case, against each other side.
pub(crate) fn times(case: &Case) -> Vec<Figure> {
    let mut runs: Vec<Run> = case.sides.iter().map(crate::Side::prepare).collect();
    let times: Vec<u64> = runs.iter_mut().map(calibrated).collect();
    let mut least = vec![f64::MAX; runs.len()];
    for _ in 0..ROUNDS {
        for (index, run) in runs.iter_mut().enumerate() {
            let nanoseconds = timed(run, times[index]).as_secs_f64() * 1e9 / times[index] as f64;
            least[index] = least[index].min(nanoseconds);
        }
    }
    let figure = || Figure::new(case.name, "processor time", "ns", least[0]);
    if case.sides.len() == 1 {
        return vec![figure()];
    }
    let others = case.sides.iter().zip(&least).enumerate().skip(1);
    let compared = others.map(|(index, (side, theirs))| {
        let aim = match index {
            1 => case.aims.time.map(Aim::RatioAtMost),
            _ => case.aims.peers.map(|times| Aim::RatioAtMost(1.0 / times)),
        };
        figure().against(side.name, *theirs).aim(aim)
    });
    compared.collect()
}

/// How often a case allocates, against the floor.
pub(crate) fn allocations(case: &Case, counted: fn() -> Allocations) -> Figure {
    const TIMES: u64 = 200;
    let counts = case.sides.iter().take(2).map(|side| {
        let mut run = side.prepare();
        run(TIMES);
        let before = counted().count;
        run(TIMES);
        (counted().count - before) as f64 / TIMES as f64
    });
    let counts: Vec<f64> = counts.collect();
    let figure =
        Figure::new(case.name, "allocations", "", counts[0]).aim(case.aims.allocations.map(Aim::AtMost));
    match (counts.get(1), case.sides.get(1)) {
        (Some(theirs), Some(side)) => figure.against(side.name, *theirs),
        _ => figure,
    }
}
