//! A vendor's own OpenAPI document, served strictly.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::process::{Program, node, sources};

/// A server that answers as nxos's OpenAPI document says, and refuses every request that breaks it. It is ended when
/// this is dropped.
#[derive(Debug)]
pub struct Prism {
    base_url: String,
    _program: Program,
}

impl Prism {
    /// Serves nxos's document on a free loopback port.
    #[must_use]
    pub fn start() -> Self {
        let sources = sources();
        let mut command = node();
        command.arg(sources.join("prism.mjs")).arg(sources.join("nxos-openapi.yaml"));
        let mut program = Program::start(&mut command);
        let mut line = String::new();
        let mut stdout = BufReader::new(program.0.stdout.take().expect("standard output is piped"));
        stdout.read_line(&mut line).expect("Prism says when it is ready");
        let base_url = line.trim().strip_prefix("ready ").unwrap_or_else(|| panic!("Prism said {line:?}"));
        Self { base_url: base_url.to_owned(), _program: program }
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Chooses the status of every later answer to a request that keeps to the document; `None` leaves it to Prism.
    pub fn force(&self, code: Option<u16>) {
        let body = serde_json::json!({ "code": code }).to_string();
        let length = format!("Content-Length: {}", body.len());
        let (status, answer) = self.send("POST", "/__force", &[&length], body.as_bytes());
        assert_eq!(status, 200, "{answer}");
    }

    /// Sends a request written by hand, and gives the status and the text of the whole answer. Header lines are given
    /// as they stand on the wire, the body is sent as it is: framing is the caller's business.
    pub fn send(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> (u16, String) {
        let host = self.base_url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("Prism listens");
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for line in headers {
            request.push_str(line);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        let bytes = [request.as_bytes(), body].concat();
        stream.write_all(&bytes).expect("Prism reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("Prism answers");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
        (status.unwrap_or_else(|| panic!("not an answer: {answer:?}")), answer)
    }
}
