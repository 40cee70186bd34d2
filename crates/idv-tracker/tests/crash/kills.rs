//! SIGKILL at any moment.

use std::time::Duration;

use idv_sandbox::Sandbox;

use crate::process::Process;
use crate::random::{number_of, seed};
use crate::stores::{Database, on_both};
use crate::storm::Storm;

on_both!(a_process_that_is_killed_at_any_moment_loses_nothing);

/// How many kills there are by default.
const KILLS: u64 = 60;

/// How long a process lives at most.
const LIFE: Duration = Duration::from_millis(500);

/// How long a process lives at most that is killed while it begins.
const BEGINNING: Duration = Duration::from_millis(120);

/// How much time passes at the vendors, at most, until the next process is there.
const ABSENCE: Duration = Duration::from_secs(3);

async fn a_process_that_is_killed_at_any_moment_loses_nothing(database: Database) {
    let sandbox = Sandbox::builder().seed(seed()).start().await.unwrap();
    let storm = Storm::new(&sandbox, &database, seed()).await;
    let process = storm.blow(kill(&storm, number_of("IDV_CRASH_KILLS").unwrap_or(KILLS))).await;
    storm.check(process).await;
}

async fn kill(storm: &Storm<'_>, kills: u64) -> Process {
    for _ in 0..kills {
        let mut process = Process::spawn(&storm.settings());
        if storm.random.one_in(8) {
            tokio::time::sleep(storm.random.up_to(BEGINNING)).await;
        } else {
            storm.publish(Some(process.port().await));
            tokio::time::sleep(storm.random.up_to(LIFE)).await;
        }
        process.kill().await;
        storm.publish(None);
        storm.totals.kills.add(1);
        storm.pass(storm.random.up_to(ABSENCE));
    }
    storm.process().await
}
