//! SIGKILL at any moment.

use std::time::Duration;

use idv_sandbox::Sandbox;

use crate::process::Process;
use crate::random::{number_of, seed};
use crate::stores::{Database, on_both};
use crate::storm::Storm;

on_both!(processes_that_are_killed_at_any_moment_lose_nothing);

/// How many processes there are on PostgreSQL, of which any one is killed.
const PROCESSES: usize = 3;

/// How many kills there are by default.
const KILLS: u64 = 60;

/// How long a process lives at most.
const LIFE: Duration = Duration::from_millis(500);

/// How long a process lives at most that is killed while it begins.
const BEGINNING: Duration = Duration::from_millis(120);

/// How much time passes at the vendors, at most, until the next process is there.
const ABSENCE: Duration = Duration::from_secs(3);

async fn processes_that_are_killed_at_any_moment_lose_nothing(database: Database) {
    let sandbox = Sandbox::builder().seed(seed()).start().await.unwrap();
    let processes = if database.name == "postgres" { PROCESSES } else { 1 };
    let storm = Storm::new("kills", &sandbox, &database, seed(), processes).await;
    let kills = usize::try_from(number_of("IDV_CRASH_KILLS").unwrap_or(KILLS)).unwrap();
    let processes = storm.blow(kill(&storm, kills)).await;
    storm.check(processes).await;
}

/// Kills one of the processes after the other, and starts another one in its place, which may be killed while it begins.
async fn kill(storm: &Storm<'_>, kills: usize) -> Vec<Process> {
    let mut processes = storm.processes().await;
    while storm.totals.kills.get() < kills {
        let place = storm.random.below(processes.len());
        tokio::time::sleep(storm.random.up_to(LIFE)).await;
        let mut process = replace(storm, place, processes.remove(place)).await;
        while storm.random.one_in(8) {
            tokio::time::sleep(storm.random.up_to(BEGINNING)).await;
            process = replace(storm, place, process).await;
        }
        storm.publish(place, Some(process.port().await));
        processes.insert(place, process);
    }
    processes
}

/// Kills a process, and starts another one in its place.
async fn replace(storm: &Storm<'_>, place: usize, process: Process) -> Process {
    process.kill().await;
    storm.publish(place, None);
    storm.totals.kills.add(1);
    storm.pass(storm.random.up_to(ABSENCE));
    Process::spawn(&storm.settings(place))
}
