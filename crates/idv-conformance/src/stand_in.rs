//! The mock vendor, which gives scripted answers on loopback and records its requests.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::reply::{Manner, Reply};

/// Largest request that is read, in bytes.
const LIMIT: usize = 1 << 20;

/// One request that the mock vendor received.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// The method, in capitals.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query, without the `?`, still percent-encoded.
    pub query: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// The first value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The request without the parts that differ from one connection to another.
    pub(crate) fn essence(&self) -> Self {
        let mut essence = self.clone();
        essence.headers.retain(|(name, _)| name != "host");
        essence.headers.sort();
        essence
    }

    /// The whole request as one text, for searches.
    pub(crate) fn text(&self) -> String {
        let headers: Vec<String> =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let body = String::from_utf8_lossy(&self.body);
        format!("{} {}?{}\n{}\n\n{body}", self.method, self.path, self.query, headers.join("\n"))
    }
}

/// The reader of a key in the request of a start.
pub type NaturalKey = fn(&Received) -> Option<String>;

/// The answer to a request that is a step on the way to an operation; `None` for every other request.
pub type StepReply = fn(&Received) -> Option<Reply>;

/// The signer of an answer: the headers that a vendor sends with this body to this request.
pub type ReplySigner = fn(&Received, &[u8]) -> Vec<(&'static str, String)>;

type Answering = Pin<Box<dyn Future<Output = Reply> + Send>>;
type Script = Arc<dyn Fn(&Received) -> Answering + Send + Sync>;

struct Shared {
    signer: Option<ReplySigner>,
    step: Option<StepReply>,
    loses_steps: AtomicBool,
    script: Mutex<Script>,
    received: Mutex<Vec<Received>>,
    count: watch::Sender<usize>,
}

/// A mock vendor with scripted answers.
pub(crate) struct StandIn {
    base_url: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

impl StandIn {
    /// Listens on a port of its own.
    pub(crate) async fn listen() -> std::io::Result<Self> {
        Self::listen_as(None, None).await
    }

    /// The same, and signs every answer. Steps are answered by themselves, and not recorded: a script is about the operation.
    pub(crate) async fn listen_as(
        signer: Option<ReplySigner>,
        step: Option<StepReply>,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let nothing: Script = Arc::new(|_| Box::pin(std::future::ready(Reply::bytes(404, "text/plain", ""))));
        let shared = Arc::new(Shared {
            signer,
            step,
            loses_steps: AtomicBool::new(false),
            script: Mutex::new(nothing),
            received: Mutex::default(),
            count: watch::Sender::new(0),
        });
        let listening = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { base_url, shared, listening })
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Answers every request from now on by the script.
    pub(crate) fn play<F>(&self, script: impl Fn(&Received) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        *lock(&self.shared.script) = Arc::new(move |received| Box::pin(script(received)));
    }

    /// Gives every request from now on this answer.
    pub(crate) fn answer(&self, reply: Reply) {
        self.play(move |_| std::future::ready(reply.clone()));
    }

    /// Whether the answers to steps are lost from now on.
    pub(crate) fn lose_steps(&self, lost: bool) {
        self.shared.loses_steps.store(lost, Ordering::SeqCst);
    }

    /// Takes the requests that were received since the last call.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *lock(&self.shared.received))
    }

    /// Waits until so many requests in all have been received.
    pub(crate) async fn until_received(&self, count: usize) {
        let mut counted = self.shared.count.subscribe();
        // The sender lives as long as `self`.
        let _ = counted.wait_for(|received| *received >= count).await;
    }

    /// The number of requests received in all.
    pub(crate) fn count(&self) -> usize {
        *self.shared.count.borrow()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

/// Serves one request, and closes the connection: no answer can be taken for that of another request.
async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some(received) = read(&mut stream).await else { return };
    let mut reply = match shared.step.and_then(|step| step(&received)) {
        Some(reply) if shared.loses_steps.load(Ordering::SeqCst) => reply.in_manner(Manner::Lost),
        Some(reply) => reply,
        None => {
            let answering = lock(&shared.script).clone()(&received);
            lock(&shared.received).push(received.clone());
            shared.count.send_modify(|count| *count += 1);
            answering.await
        }
    };
    for (name, value) in shared.signer.map(|sign| sign(&received, &reply.body)).into_iter().flatten() {
        reply = reply.header(name, value);
    }
    match reply.wire() {
        Some(wire) => {
            let _ = stream.write_all(&wire).await;
            let _ = stream.shutdown().await;
        }
        // Held until the client gives up.
        None => {
            let _ = stream.read(&mut [0]).await;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(head) = request.parse(&bytes).ok()? {
            let received = received(&request)?;
            let length = received.header("content-length").map_or(Some(0), |text| text.parse().ok())?;
            return body(stream, bytes.split_off(head), length, received).await;
        }
        if bytes.len() > LIMIT || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn received(request: &httparse::Request<'_, '_>) -> Option<Received> {
    // A proxy is sent the whole URL (RFC 9112, section 3.2.2).
    let target = request.path?;
    let target =
        target.strip_prefix("http://").and_then(|rest| Some(&rest[rest.find('/')?..])).unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |header: &httparse::Header<'_>| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    Some(Received {
        method: request.method?.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: request.headers.iter().map(header).collect(),
        body: Vec::new(),
    })
}

async fn body(
    stream: &mut TcpStream,
    mut bytes: Vec<u8>,
    length: usize,
    received: Received,
) -> Option<Received> {
    while bytes.len() < length {
        if bytes.len() > LIMIT || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    bytes.truncate(length);
    Some(Received { body: bytes, ..received })
}
