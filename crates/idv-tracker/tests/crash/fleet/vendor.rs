//! A vendor that counts who asks about what, and when two ask at once.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a check takes: long enough to be seen by another one.
const WORK: Duration = Duration::from_millis(2);

/// The vendor, as the test sees it.
pub(super) struct Vendor {
    pub(super) port: u16,
    desk: Arc<Desk>,
}

#[derive(Debug)]
struct Desk {
    books: Mutex<Books>,
    held: watch::Sender<Option<usize>>,
}

#[derive(Debug, Default)]
struct Books {
    under_way: HashMap<String, usize>,
    asked: HashMap<String, usize>,
    asked_by: HashMap<usize, usize>,
    overlaps: usize,
    held: usize,
}

impl Vendor {
    pub(super) async fn start() -> Self {
        let desk = Arc::new(Desk { books: Mutex::default(), held: watch::Sender::new(None) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = Arc::clone(&desk);
        tokio::spawn(async move {
            while let Ok((worker, _)) = listener.accept().await {
                tokio::spawn(serve(worker, Arc::clone(&served)));
            }
        });
        Self { port, desk }
    }

    fn read<T>(&self, read: impl FnOnce(&mut Books) -> T) -> T {
        read(&mut self.desk.books.lock().unwrap())
    }

    /// Holds the answers to a worker back.
    pub(super) fn hold(&self, worker: Option<usize>) {
        self.desk.held.send_replace(worker);
    }

    /// How many answers are held back.
    pub(super) fn held(&self) -> usize {
        self.read(|books| books.held)
    }

    pub(super) fn asked_by(&self, worker: usize) -> usize {
        self.read(|books| books.asked_by.get(&worker).copied().unwrap_or(0))
    }

    /// About how many it was asked.
    pub(super) fn asked_once(&self) -> usize {
        self.read(|books| books.asked.len())
    }

    /// The most checks of one verification.
    pub(super) fn most_asked(&self) -> usize {
        self.read(|books| books.asked.values().copied().max().unwrap_or(0))
    }

    pub(super) fn overlaps(&self) -> usize {
        self.read(|books| books.overlaps)
    }

    /// Begins to count anew.
    pub(super) fn forget(&self) {
        self.read(|books| books.asked.clear());
    }
}

/// A check under way. It ends even if the connection is lost.
struct UnderWay(Arc<Desk>, String);

impl UnderWay {
    fn begin(desk: &Arc<Desk>, worker: usize, key: String) -> Self {
        let mut books = desk.books.lock().unwrap();
        *books.asked.entry(key.clone()).or_default() += 1;
        *books.asked_by.entry(worker).or_default() += 1;
        let count = books.under_way.entry(key.clone()).or_default();
        *count += 1;
        books.overlaps += usize::from(*count > 1);
        drop(books);
        Self(Arc::clone(desk), key)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        *self.0.books.lock().unwrap().under_way.get_mut(&self.1).unwrap() -= 1;
    }
}

/// Answers the questions of a worker, which [`Line`](super::line::Line) sends, until it is gone.
async fn serve(stream: TcpStream, desk: Arc<Desk>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let Some(worker) = lines.next_line().await? else { return Ok(()) };
    let worker = worker.parse().unwrap();
    let mut checks = JoinSet::new();
    loop {
        tokio::select! {
            line = lines.next_line() => {
                let Some(line) = line? else { return Ok(()) };
                let (number, key) = line.split_once(' ').unwrap();
                checks.spawn(check(Arc::clone(&desk), worker, key.to_owned(), format!("{number}\n")));
            }
            Some(answer) = checks.join_next() => writer.write_all(answer.unwrap().as_bytes()).await?,
        }
    }
}

async fn check(desk: Arc<Desk>, worker: usize, key: String, answer: String) -> String {
    let _under_way = UnderWay::begin(&desk, worker, key);
    tokio::time::sleep(WORK).await;
    let mut held = desk.held.subscribe();
    if *held.borrow_and_update() == Some(worker) {
        desk.books.lock().unwrap().held += 1;
        let _ = held.wait_for(|held| *held != Some(worker)).await;
        desk.books.lock().unwrap().held -= 1;
    }
    answer
}
