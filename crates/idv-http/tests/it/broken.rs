//! Attempts without a whole answer: could the vendor have processed the call?

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use idv_core::{Operation, Result};
use idv_http::{Call, JsonClient, JsonResponse, ReplaySafety};
use idv_tests::{BadServer, Step};
use serde_json::Value;
use tokio::net::TcpSocket;

use crate::support::{
    NOT_SENT, ROWS, SERVER_ERROR, UNKNOWN, assert_stands_alone, axes, client, client_with, failure, hasty,
    start, within,
};

/// Plays a script for every row, and looks at kind, delivery and verdict.
async fn assert_fails(script: &[Step], kind: &str, delivery: &str, column: usize) {
    for (repeat, verdicts) in ROWS {
        let server = BadServer::always(script.to_vec()).await;
        let error = failure(&client_with(server.base_url(), hasty()), repeat).await;
        assert_eq!(axes(&error), (kind, delivery, verdicts[column]), "{script:?} {repeat:?}: {error}");
        assert_stands_alone(&error, server.base_url());
        assert_eq!(server.connections().len(), 1, "one attempt is one connection");
    }
}

#[tokio::test]
async fn a_refused_connection_sends_nothing() {
    // Bound, so that nobody else takes it, and without anybody who listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    for (repeat, verdicts) in ROWS {
        let base = format!("http://{address}");
        let error = failure(&client(&base), repeat).await;
        assert_eq!(axes(&error), ("connection", "not_sent", verdicts[NOT_SENT]));
        assert!(error.to_string().contains("connection refused"), "{error}");
        assert_stands_alone(&error, &base);
    }
}

/// `.invalid` has no addresses (RFC 6761). Where no name server says so in time, that is a time-out, and still nothing
/// was sent.
#[tokio::test]
async fn a_name_without_address_sends_nothing() {
    let base = "https://vendor.invalid";
    for (repeat, verdicts) in ROWS {
        let error = failure(&client_with(base, hasty()), repeat).await;
        let (kind, delivery, verdict) = axes(&error);
        assert_eq!((delivery, verdict), ("not_sent", verdicts[NOT_SENT]), "{error}");
        match kind {
            "timeout" => {}
            "connection" => {
                assert!(error.to_string().contains("the host name cannot be resolved"), "{error}");
            }
            _ => panic!("{error}"),
        }
        assert_stands_alone(&error, base);
    }
}

/// A label of more than 63 characters is no host name at all.
#[tokio::test]
async fn a_name_that_is_none_sends_nothing() {
    let base = format!("https://{}.example", "a".repeat(64));
    for (repeat, verdicts) in ROWS {
        let error = failure(&client(&base), repeat).await;
        assert_eq!(axes(&error), ("connection", "not_sent", verdicts[NOT_SENT]));
        assert_stands_alone(&error, &base);
    }
}

/// A listener whose queue is full: the kernel drops whoever knocks.
struct Full {
    address: SocketAddr,
    _listener: tokio::net::TcpListener,
    _queue: Vec<TcpStream>,
}

fn full_listener() -> Full {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(100)) {
        queue.push(stream);
        assert!(queue.len() < 64, "the queue never fills");
    }
    Full { address, _listener: listener, _queue: queue }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_not_taken_in_time_sends_nothing() {
    let full = full_listener();
    for (repeat, verdicts) in ROWS {
        let base = format!("http://{}", full.address);
        let mut http = hasty();
        http.attempt_timeout = Duration::from_secs(30);
        let error = failure(&client_with(&base, http), repeat).await;
        assert_eq!(axes(&error), ("timeout", "not_sent", verdicts[NOT_SENT]), "{error}");
        assert_stands_alone(&error, &base);
    }
}

#[tokio::test]
async fn a_reset_before_the_request_is_read_is_unknown() {
    assert_fails(&[Step::Reset], "connection", "unknown", UNKNOWN).await;
}

#[tokio::test]
async fn a_reset_or_end_after_the_request_was_read_is_unknown() {
    assert_fails(&[Step::Read, Step::Reset], "connection", "unknown", UNKNOWN).await;
    assert_fails(&[Step::Read, Step::Close], "connection", "unknown", UNKNOWN).await;
}

#[tokio::test]
async fn a_head_that_ends_too_early_is_unknown() {
    for bytes in [&b"HTTP/1.1 200 OK\r\nContent-Le"[..], b"HTTP/1.1 2", b"H"] {
        let script = [Step::Read, Step::Send(bytes.to_vec()), Step::Close];
        assert_fails(&script, "connection", "unknown", UNKNOWN).await;
    }
}

#[tokio::test]
async fn a_success_whose_body_is_cut_is_unknown() {
    for header in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        for end in [Step::Close, Step::Reset] {
            let script = [Step::Read, Step::head(200, &[header], "{\"a\":"), end];
            if header.starts_with("Content") {
                assert_fails(&script, "connection", "unknown", UNKNOWN).await;
            } else {
                let script = [Step::Read, Step::head(200, &[header], "5\r\n{\"a\":\r\n"), Step::Close];
                assert_fails(&script, "connection", "unknown", UNKNOWN).await;
            }
        }
    }
}

#[tokio::test]
async fn an_error_whose_body_is_cut_is_answered() {
    for end in [Step::Close, Step::Reset] {
        let script = [Step::Read, Step::head(500, &["Content-Length: 100"], "{\"a\":"), end];
        assert_fails(&script, "unavailable", "answered", SERVER_ERROR).await;
    }
}

#[tokio::test]
async fn silence_is_a_time_out_of_unknown_delivery() {
    assert_fails(&[Step::Stall], "timeout", "unknown", UNKNOWN).await;
    let begun = Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec());
    assert_fails(&[Step::Read, begun, Step::Stall], "timeout", "unknown", UNKNOWN).await;
    let body = Step::head(200, &["Content-Length: 100"], "{");
    assert_fails(&[Step::Read, body, Step::Stall], "timeout", "unknown", UNKNOWN).await;
}

#[tokio::test]
async fn an_error_whose_body_never_ends_is_answered() {
    let body = Step::head(503, &["Content-Length: 100"], "{");
    assert_fails(&[Step::Read, body, Step::Stall], "unavailable", "answered", SERVER_ERROR).await;
}

#[tokio::test]
async fn a_deadline_below_the_time_of_an_attempt_counts() {
    let server = BadServer::always([Step::Read, Step::Stall]).await;
    let call = start(ReplaySafety::UnlessUnknown).context(&within(Duration::from_millis(100)));
    // The time of an attempt is 30 s here: only the deadline can end this so early.
    let client = client(server.base_url());
    let outcome = tokio::time::timeout(Duration::from_secs(10), client.send::<Value>(call)).await;
    let error = outcome.expect("the deadline is kept").unwrap_err();
    assert_eq!(axes(&error), ("timeout", "unknown", "after_check"));
}

#[tokio::test]
async fn an_answer_in_pieces_is_an_answer() {
    let server = BadServer::always([
        Step::Read,
        Step::Send(b"HTTP/1.1 200 OK\r\nTransfer-".to_vec()),
        Step::Pause(Duration::from_millis(5)),
        Step::Send(b"Encoding: chunked\r\n\r\n3\r\n{\"a\r\n".to_vec()),
        Step::Pause(Duration::from_millis(5)),
        Step::Send(b"4\r\n\":1}\r\n0\r\n\r\n".to_vec()),
    ])
    .await;
    let answer = client(server.base_url()).send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
    assert_eq!(answer.body["a"], 1);
}

async fn send(client: &JsonClient) -> Result<JsonResponse<Value>> {
    client.send(Call::post(Operation::Start, ReplaySafety::SingleUse, ["v1", "sessions"])).await
}

fn kept_open() -> Step {
    Step::head(200, &["Content-Length: 2"], "{}")
}

/// A pooled connection that the vendor has closed meanwhile: nothing was lost, and the call goes out once.
#[tokio::test]
async fn a_connection_that_ended_while_idle_is_replaced() {
    let server = BadServer::always([Step::Read, kept_open(), Step::Close]).await;
    let client = client(server.base_url());
    send(&client).await.unwrap();
    server.finished(1).await;
    send(&client).await.unwrap();
    let seen: Vec<usize> =
        server.finished(2).await.iter().map(|one| one.text().matches("POST ").count()).collect();
    assert_eq!(seen, [1, 1]);
}

/// The trap of every HTTP pool: a second copy of a POST on a fresh connection, because the first was on an old one.
#[tokio::test]
async fn a_call_on_a_reused_connection_is_never_sent_twice() {
    for end in [Step::Close, Step::Reset] {
        let server = BadServer::always([Step::Read, kept_open(), Step::Read, end]).await;
        let client = client(server.base_url());
        send(&client).await.unwrap();
        let error = send(&client).await.unwrap_err();
        assert_eq!(axes(&error), ("connection", "unknown", "after_check"));
        let seen = server.finished(1).await;
        assert_eq!((seen.len(), seen[0].text().matches("POST ").count()), (1, 2));
    }
}
