//! A vendor: a loopback server that keeps every request byte for byte and answers what the test says.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One request, as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query, as sent.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// The values of a header, however its name is spelt.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str()).collect()
    }

    /// The one value of a header, or none.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() < 2, "`{name}` was sent {} times: {self:?}", all.len());
        all.first().copied()
    }

    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| {
            panic!("the body is no JSON ({e}): {:?}", String::from_utf8_lossy(&self.body))
        })
    }
}

/// What happens after a request was read.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// The connection is closed without a byte.
    Close,
    /// The head promises more than the body brings.
    Cut {
        body: Vec<u8>,
    },
    /// Nothing is answered for as long as the client waits.
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn text(status: u16, kind: &str, body: &str) -> Self {
        Self::Answer {
            status,
            headers: vec![("Content-Type".into(), kind.into())],
            body: body.as_bytes().to_vec(),
        }
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        match self {
            Self::Answer { status, mut headers, body } => {
                headers.push((name.into(), value.into()));
                Self::Answer { status, headers, body }
            }
            other => panic!("no headers in {other:?}"),
        }
    }
}

/// The server. It lives as long as the test's process; each has a port of its own.
#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    pub(crate) base: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Vendor {
    /// Answers with `answer`, which gets the request and how many came before it.
    pub(crate) fn run(answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let vendor =
            Self { base: format!("http://{}", listener.local_addr().unwrap()), seen: Arc::default() };
        let (seen, answer) = (vendor.seen.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (seen.clone(), answer.clone());
                thread::spawn(move || serve(stream, &seen, &*answer));
            }
        });
        vendor
    }

    pub(crate) fn always(reply: Reply) -> Self {
        Self::run(move |_, _| reply.clone())
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The only request.
    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "one request was expected: {seen:#?}");
        seen.into_iter().next().unwrap()
    }

    pub(crate) fn none(&self, when: &str) {
        let seen = self.seen();
        assert!(seen.is_empty(), "{when}: nothing may be sent, but this was: {seen:#?}");
    }
}

fn serve(mut stream: TcpStream, seen: &Mutex<Vec<Seen>>, answer: &dyn Fn(&Seen, usize) -> Reply) {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let Some(request) = read(&mut stream) else { return };
    let before = {
        let mut all = seen.lock().unwrap();
        all.push(request.clone());
        all.len() - 1
    };
    match answer(&request, before) {
        Reply::Answer { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            head.push_str("Connection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
        Reply::Cut { body } => {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                body.len() + 100
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
        Reply::Close => {}
        // Returns when the client hangs up.
        Reply::Silence => drop(stream.read(&mut [0; 1])),
    }
}

fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut raw = Vec::new();
    let end = loop {
        if let Some(at) = raw.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        if !more(stream, &mut raw) {
            return None;
        }
    };
    let head = String::from_utf8(raw[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> =
        lines.map(|l| l.split_once(':').unwrap()).map(|(n, v)| (n.to_owned(), v.trim().to_owned())).collect();
    let request = Seen { method, target, headers, body: Vec::new() };
    assert!(request.header("transfer-encoding").is_none(), "chunked requests are not expected: {request:?}");
    let length: usize = request.header("content-length").map_or(0, |v| v.parse().unwrap());
    let mut body = raw[end + 4..].to_vec();
    while body.len() < length {
        if !more(stream, &mut body) {
            return None;
        }
    }
    assert_eq!(body.len(), length, "more came than was promised");
    Some(Seen { body, ..request })
}

fn more(stream: &mut TcpStream, into: &mut Vec<u8>) -> bool {
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer) {
        Ok(read) if read > 0 => {
            into.extend_from_slice(&buffer[..read]);
            true
        }
        _ => false,
    }
}
