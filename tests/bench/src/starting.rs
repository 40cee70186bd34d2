//! How long a small program takes from its start to its first request, and how much memory it keeps.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Figure;

const ROUNDS: usize = 20;

/// The answer that the small programs wait for.
const ANSWER: &str = r#"{"object":"organization_verification","status":"PENDING","type":"BUSINESS","updatedAt":"2026-07-01T09:12:44.000Z"}"#;

/// Start-up time and resident memory of two programs.
pub(crate) fn figures(ours: &str, theirs: &str) -> Vec<Figure> {
    let programs = [ours, theirs];
    let mut least = [(Duration::MAX, u64::MAX); 2];
    for _ in 0..ROUNDS {
        for (program, least) in programs.iter().zip(&mut least) {
            let (time, memory) = started(program);
            *least = (least.0.min(time), least.1.min(memory));
        }
    }
    let milliseconds = least.map(|(time, _)| time.as_secs_f64() * 1e3);
    let kibibytes = least.map(|(_, memory)| memory as f64);
    let name = "small program";
    vec![
        Figure::new(name, "start to first request", "ms", milliseconds[0])
            .against("by hand", milliseconds[1]),
        Figure::new(name, "memory when idle", "KiB", kibibytes[0]).against("by hand", kibibytes[1]),
    ]
}

/// The time until its first request has come, and the memory that it keeps after the answer.
fn started(program: &str) -> (Duration, u64) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let base_url = format!("http://{}", listener.local_addr().expect("its address"));
    let begun = Instant::now();
    let mut command = Command::new(program);
    command.env("IDV_BENCH_BASE_URL", base_url).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut received = Vec::new();
    while !received.ends_with(b"\r\n\r\n") {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).expect("a request");
        assert!(length > 0, "the program left");
        received.extend_from_slice(&part[..length]);
    }
    let time = begun.elapsed();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        ANSWER.len()
    );
    stream.write_all((head + ANSWER).as_bytes()).expect("an answer");
    let mut told = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut told).expect("a line");
    let memory = resident(child.id());
    drop(child.stdin.take());
    child.wait().expect("an end");
    (time, memory)
}

/// The memory that a process occupies, in KiB.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a running process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.split_whitespace().next().and_then(|size| size.parse().ok()).expect("a number")
}
