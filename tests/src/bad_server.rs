//! A server that does to a connection what a script says.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// One thing that the server does with a connection.
#[derive(Debug, Clone)]
pub enum Step {
    /// Reads one whole request: its head, and a body as long as `Content-Length` says.
    Read,
    /// Writes these bytes, whether or not they are HTTP.
    Send(Vec<u8>),
    /// Writes up to this many bytes of `x`, and stops when the client has gone.
    Flood(usize),
    /// The same, each block as a chunk of `Transfer-Encoding: chunked`.
    FloodChunks(usize),
    /// Waits.
    Pause(Duration),
    /// Keeps the connection open, silent, until the client goes away.
    Stall,
    /// Closes in order.
    Close,
    /// Breaks the connection with a reset.
    Reset,
}

impl Step {
    /// An answer with a status line, header lines as given, and a body, followed by an end of the connection.
    #[must_use]
    pub fn answer(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = format!("Content-Length: {}", body.len());
        Self::head(status, &[headers, &[&length, "Connection: close"]].concat(), body)
    }

    /// A status line, header lines as given, an empty line, and the beginning of a body.
    #[must_use]
    pub fn head(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let mut text = format!("HTTP/1.1 {status} Answer\r\n");
        for line in headers {
            text.push_str(line);
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
        Self::Send([text.as_bytes(), body.as_ref()].concat())
    }
}

/// What happened on one connection.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The bytes that arrived.
    pub received: Vec<u8>,
    /// How many bytes could be handed over before the client went away.
    pub sent: usize,
    /// Whether the script is through.
    pub done: bool,
}

impl Connection {
    /// The bytes that arrived, as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.received).into_owned()
    }
}

/// A loopback server that plays one script for each connection; the last one again for further connections. It ends
/// when it is dropped.
#[derive(Debug)]
pub struct BadServer {
    base_url: String,
    connections: watch::Receiver<Vec<Connection>>,
    _tasks: JoinSet<()>,
}

impl BadServer {
    /// A server for any number of connections, all treated alike.
    pub async fn always(script: impl IntoIterator<Item = Step>) -> Self {
        Self::start([script.into_iter().collect()]).await
    }

    /// A server with a script for each connection.
    pub async fn start(scripts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        let scripts: Vec<Vec<Step>> = scripts.into_iter().collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let (sender, connections) = watch::channel(Vec::new());
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, scripts, sender));
        Self { base_url, connections, _tasks: tasks }
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What happened so far, connection by connection.
    #[must_use]
    pub fn connections(&self) -> Vec<Connection> {
        self.connections.borrow().clone()
    }

    /// Waits until this many connections are through with their scripts, and gives all.
    pub async fn finished(&self, count: usize) -> Vec<Connection> {
        let mut watched = self.connections.clone();
        let through = |all: &Vec<Connection>| all.iter().filter(|one| one.done).count() >= count;
        watched.wait_for(through).await.expect("the server runs").clone()
    }
}

async fn accept(listener: TcpListener, scripts: Vec<Vec<Step>>, sender: watch::Sender<Vec<Connection>>) {
    let mut open = JoinSet::new();
    for number in 0.. {
        let Ok((stream, _)) = listener.accept().await else { return };
        sender.send_modify(|all| all.push(Connection::default()));
        let script = scripts.get(number).or(scripts.last()).cloned().unwrap_or_default();
        open.spawn(play(stream, script, Report { sender: sender.clone(), number }));
    }
}

/// Where a connection writes down what happened to it.
struct Report {
    sender: watch::Sender<Vec<Connection>>,
    number: usize,
}

impl Report {
    fn note(&self, change: impl FnOnce(&mut Connection)) {
        self.sender.send_modify(|all| change(&mut all[self.number]));
    }
}

async fn play(mut stream: TcpStream, script: Vec<Step>, report: Report) {
    let _ = stream.set_nodelay(true);
    for step in script {
        match step {
            Step::Read => read_request(&mut stream, &report).await,
            Step::Send(bytes) => write(&mut stream, &bytes, &report).await,
            Step::Flood(total) => flood(&mut stream, total, false, &report).await,
            Step::FloodChunks(total) => flood(&mut stream, total, true, &report).await,
            Step::Pause(time) => tokio::time::sleep(time).await,
            Step::Stall => while receive(&mut stream, &report).await {},
            Step::Close => {
                let _ = stream.shutdown().await;
                while receive(&mut stream, &report).await {}
                break;
            }
            Step::Reset => {
                stream.set_zero_linger().expect("a socket can be reset");
                break;
            }
        }
    }
    drop(stream);
    report.note(|connection| connection.done = true);
}

/// Takes what the client sends next; `false` when it has gone.
async fn receive(stream: &mut TcpStream, report: &Report) -> bool {
    let mut bytes = [0; 4096];
    match stream.read(&mut bytes).await {
        Ok(count) if count > 0 => {
            report.note(|connection| connection.received.extend_from_slice(&bytes[..count]));
            true
        }
        _ => false,
    }
}

async fn read_request(stream: &mut TcpStream, report: &Report) {
    let start = report.sender.borrow()[report.number].received.len();
    while !is_whole(&report.sender.borrow()[report.number].received[start..]) {
        if !receive(stream, report).await {
            return;
        }
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    bytes.len() >= end + 4 + length.unwrap_or(0)
}

async fn write(stream: &mut TcpStream, bytes: &[u8], report: &Report) {
    if stream.write_all(bytes).await.is_ok() {
        report.note(|connection| connection.sent += bytes.len());
    }
}

async fn flood(stream: &mut TcpStream, total: usize, chunked: bool, report: &Report) {
    const BLOCK: usize = 16 * 1024;
    let mut left = total;
    while left > 0 {
        let size = left.min(BLOCK);
        let mut bytes = if chunked { format!("{size:x}\r\n").into_bytes() } else { Vec::new() };
        bytes.resize(bytes.len() + size, b'x');
        if chunked {
            bytes.extend_from_slice(b"\r\n");
        }
        if stream.write_all(&bytes).await.is_err() {
            return;
        }
        report.note(|connection| connection.sent += size);
        left -= size;
    }
    if chunked {
        write(stream, b"0\r\n\r\n", report).await;
    }
}
