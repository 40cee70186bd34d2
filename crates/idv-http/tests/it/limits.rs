//! Answers that are too large.

use idv_core::HttpOptions;
use idv_http::ReplaySafety;
use idv_tests::{BadServer, Step};
use serde_json::Value;

use crate::support::{ROWS, SERVER_ERROR, USELESS, axes, client, client_with, failure, hasty, start};

/// Far more than the buffers of two sockets hold, so that a server that could send it all had a reader.
const ENDLESS: usize = 256 << 20;

async fn assert_given_up(status: u16, kind: &str, column: usize, script: [Step; 2]) {
    for (repeat, verdicts) in ROWS {
        let [head, flood] = script.clone();
        let server = BadServer::always([Step::Read, head, flood]).await;
        let error = failure(&client(server.base_url()), repeat).await;
        assert_eq!(axes(&error), (kind, "answered", verdicts[column]));
        assert_eq!(error.http_status(), Some(status));
        let sent = server.finished(1).await[0].sent;
        assert!(sent < ENDLESS / 4, "{sent} bytes were taken");
    }
}

#[tokio::test]
async fn reading_stops_where_the_length_is_announced() {
    let length = format!("Content-Length: {ENDLESS}");
    let script = [Step::head(200, &[&length], ""), Step::Flood(ENDLESS)];
    assert_given_up(200, "invalid_response", USELESS, script).await;
}

/// Not a byte of the body comes, so only the announcement can end this before the time of the attempt does.
#[tokio::test]
async fn an_announcement_is_enough() {
    let length = format!("Content-Length: {}", (1 << 20) + 1);
    let server = BadServer::always([Step::Read, Step::head(200, &[&length], ""), Step::Stall]).await;
    let error = failure(&client_with(server.base_url(), hasty()), ReplaySafety::Idempotent).await;
    assert_eq!(axes(&error), ("invalid_response", "answered", "never"));
}

/// Whoever allows answers of any size waits for their bytes, and keeps no room for those that were only announced.
#[tokio::test]
async fn no_room_is_kept_for_what_is_only_announced() {
    let mut http = HttpOptions::default();
    http.response_limit = usize::MAX;
    let length = format!("Content-Length: {}", u64::MAX >> 1);
    let server = BadServer::always([Step::Read, Step::head(200, &[&length], "{"), Step::Close]).await;
    let error = failure(&client_with(server.base_url(), http), ReplaySafety::Idempotent).await;
    assert_eq!(axes(&error).0, "connection");
}

#[tokio::test]
async fn reading_stops_where_the_length_is_not_announced() {
    let chunked = Step::head(200, &["Transfer-Encoding: chunked"], "");
    assert_given_up(200, "invalid_response", USELESS, [chunked, Step::FloodChunks(ENDLESS)]).await;
    let until_the_end = Step::head(200, &["Connection: close"], "");
    assert_given_up(200, "invalid_response", USELESS, [until_the_end, Step::Flood(ENDLESS)]).await;
}

#[tokio::test]
async fn an_endless_error_is_still_that_error() {
    let chunked = Step::head(503, &["Transfer-Encoding: chunked"], "");
    assert_given_up(503, "unavailable", SERVER_ERROR, [chunked, Step::FloodChunks(ENDLESS)]).await;
}

#[tokio::test]
async fn the_limit_itself_is_allowed() {
    const LIMIT: usize = 1000;
    let mut http = HttpOptions::default();
    http.response_limit = LIMIT;
    for (length, fine) in [(LIMIT - 1, true), (LIMIT, true), (LIMIT + 1, false)] {
        let body = format!("\"{}\"", "a".repeat(length - 2));
        let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
        for answer in
            [Step::answer(200, &[], &body), Step::head(200, &["Transfer-Encoding: chunked"], &chunked)]
        {
            let server = BadServer::always([Step::Read, answer]).await;
            let client = client_with(server.base_url(), http.clone());
            let outcome = client.send::<Value>(start(ReplaySafety::Idempotent)).await;
            assert_eq!(outcome.is_ok(), fine, "{length}");
        }
    }
}

#[tokio::test]
async fn one_mebibyte_is_the_limit_unless_configured() {
    for (length, fine) in [(1 << 20, true), ((1 << 20) + 1, false)] {
        let body = format!("\"{}\"", "a".repeat(length - 2));
        let server = BadServer::always([Step::Read, Step::answer(200, &[], body)]).await;
        let outcome = client(server.base_url()).send::<Value>(start(ReplaySafety::Idempotent)).await;
        assert_eq!(outcome.is_ok(), fine, "{length}");
    }
}
