//! The log of a consumer: a line for each transition, written before it is acknowledged.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use idv_tracker::{StoreError, Tracker, Transition};

/// How long a consumer rests after an error of the database.
const REST: Duration = Duration::from_millis(100);

/// Writes every transition down, as long as it is polled.
pub(super) async fn keep(tracker: &Tracker, consumer: &str, path: &Path) {
    let mut file = File::options().append(true).create(true).open(path).unwrap();
    loop {
        let _ = consume(tracker, consumer, &mut file).await;
        tokio::time::sleep(REST).await;
    }
}

async fn consume(tracker: &Tracker, name: &str, file: &mut File) -> Result<(), StoreError> {
    let mut consumer = tracker.consumer(name).await?;
    loop {
        let transition = consumer.next().await?;
        write(file, &transition);
        consumer.acknowledge(&transition).await?;
    }
}

fn write(file: &mut File, transition: &Transition) {
    let mut line = serde_json::to_vec(transition).unwrap();
    line.push(b'\n');
    file.write_all(&line).unwrap();
}
