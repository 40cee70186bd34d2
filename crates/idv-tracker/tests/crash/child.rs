//! The work of the processes.

mod log;
mod serve;

use std::io::Read as _;

use sqlx::{Connection as _, Executor as _};
use tokio::sync::watch;

use crate::fleet::worker;
use crate::process::TOLD;
use crate::settings::{Role, Settings, VARIABLE};
use crate::upgrade;

/// One of the processes of the other tests, which start it.
#[test]
#[ignore = "other tests start it as a process"]
fn a_process_of_a_test() {
    let Ok(settings) = std::env::var(VARIABLE) else { return };
    let settings: Settings = serde_json::from_str(&settings).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let stop = end_of_input();
        match settings.role.clone() {
            Role::Serve(serving) => serve::serve(&settings.database, &serving, stop).await,
            Role::Poll { vendor, number } => worker::poll(&settings.database, vendor, number, stop).await,
            Role::Upgrade => upgrade::upgrade(&settings.database, stop).await,
            Role::Lock => lock(&settings.database, stop).await,
        }
    });
}

/// Tells the parent something.
pub(crate) fn tell(what: impl std::fmt::Display) {
    println!("{TOLD} {what}");
}

/// Changes when the parent closes the input, or is gone.
fn end_of_input() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        sender.send_replace(true);
    });
    receiver
}

/// Done when the parent wants this process to end.
pub(crate) async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|is_over| *is_over).await;
}

async fn lock(database: &str, stop: watch::Receiver<bool>) {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(database).await.unwrap();
    // Another process may be writing for longer than the driver waits.
    while connection.execute("begin immediate").await.is_err() {}
    tell("locked");
    stopped(stop).await;
    connection.execute("rollback").await.unwrap();
}
