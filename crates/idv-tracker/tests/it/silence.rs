//! Neither a secret nor a token in the URL is in a log, in `Debug` or in the database.

use std::io;
use std::sync::{Arc, Mutex};

use idv_conformance::storyline::sandbox::Flow;
use idv_tracker::Tracker;
use tracing_subscriber::fmt::MakeWriter;

use crate::receiver::{Receiver, SECRET, TOKEN, status};
use crate::stores::Database;
use crate::world::{World, builder, sandbox};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// One thread, so that the log of every task is caught.
#[tokio::test]
async fn no_secret_is_printed_or_stored_on_sqlite() {
    let database = Database::sqlite();
    told_nowhere(&database).await;
    let path = secrecy::ExposeSecret::expose_secret(&database.options.url).replace("sqlite://", "");
    let mut stored = std::fs::read(&path).unwrap();
    stored.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    let has = |text: &str| stored.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("application") && has("status_500"), "these are the files of the delivery");
    assert!(!has(TOKEN) && !has(&SECRET[6..]));
}

#[tokio::test]
async fn no_secret_is_printed_on_postgres() {
    told_nowhere(&Database::postgres().await).await;
}

async fn told_nowhere(database: &Database) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    let _ = tracing_log::LogTracer::init();
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), database).await;
    let receiver = Receiver::start().await;
    let delivery = receiver.delivery().attempts(1);
    let builder = builder(&sandbox, &world.registry, database).delivery(delivery.clone());
    let mut shown = format!("{builder:?} {delivery:?}");
    let sender: Tracker = builder.open().await.unwrap();
    receiver.answer(|_| status(500));
    world.start().await;
    assert_eq!(sender.deliver_due().await.unwrap().dead, 1);
    assert!(receiver.messages()[0].query.contains(TOKEN), "it is in the URL that is called");
    let dead = sender.dead_letters(1).await.unwrap();
    shown += &format!("{sender:?} {dead:?}");
    shown += &String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(shown.contains("it is a dead letter now") && shown.contains("hyper"), "the log is caught");
    for secret in [TOKEN, SECRET, &SECRET[6..]] {
        assert!(!shown.contains(secret), "{}", shown.lines().find(|line| line.contains(secret)).unwrap());
    }
}
