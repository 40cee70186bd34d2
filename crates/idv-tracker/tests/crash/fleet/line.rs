//! A worker's connection to the vendor: one for all checks, so that checks are measured and not connections.
//!
//! The first line is the number of the worker. A question is a number and a key, its answer that number.

use std::collections::HashMap;
use std::io;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{OnceCell, mpsc, oneshot};

/// A connection that is made by the first question.
#[derive(Debug)]
pub(super) struct Line {
    port: u16,
    worker: usize,
    questions: OnceCell<mpsc::UnboundedSender<Question>>,
}

#[derive(Debug)]
struct Question {
    key: String,
    answered: oneshot::Sender<()>,
}

impl Line {
    pub(super) fn new(port: u16, worker: usize) -> Self {
        Self { port, worker, questions: OnceCell::new() }
    }

    /// Waits for the vendor's answer about a session.
    pub(super) async fn ask(&self, key: &str) -> io::Result<()> {
        let questions = self.questions.get_or_try_init(|| connect(self.port, self.worker)).await?;
        let (answered, answer) = oneshot::channel();
        let gone = || io::Error::from(io::ErrorKind::ConnectionReset);
        questions.send(Question { key: key.to_owned(), answered }).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }
}

async fn connect(port: u16, worker: usize) -> io::Result<mpsc::UnboundedSender<Question>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    stream.write_all(format!("{worker}\n").as_bytes()).await?;
    let (sender, questions) = mpsc::unbounded_channel();
    tokio::spawn(carry(stream, questions));
    Ok(sender)
}

/// Sends questions and takes answers, until the connection is lost. Those who wait then learn it.
async fn carry(stream: TcpStream, mut questions: mpsc::UnboundedReceiver<Question>) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut answers = BufReader::new(reader).lines();
    let mut waiting = HashMap::new();
    for number in 0_u64.. {
        let question = loop {
            tokio::select! {
                question = questions.recv() => break question,
                answer = answers.next_line() => {
                    let Some(answer) = answer? else { return Ok(()) };
                    let answered: Option<oneshot::Sender<()>> = waiting.remove(&answer);
                    answered.map(|answered| answered.send(()));
                }
            }
        };
        let Some(Question { key, answered }) = question else { return Ok(()) };
        waiting.insert(number.to_string(), answered);
        writer.write_all(format!("{number} {key}\n").as_bytes()).await?;
    }
    Ok(())
}
