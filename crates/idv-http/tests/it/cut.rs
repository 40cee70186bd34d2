//! Answers that end with the connection: whether what came is all of it can only be seen from the text.

use idv_core::HttpOptions;
use idv_http::{ReplaySafety, invalid_response};
use idv_tests::{BadServer, Step, assert_clean};
use serde_json::Value;

use crate::support::{
    ROWS, UNKNOWN, USELESS, assert_stands_alone, axes, client, client_with, failure, printed, start,
};

const CANARY: &str = "canary-Ada-Lovelace";

/// A record with everything that can be cut: a mark before it, escapes, more than one byte to a character, all kinds.
fn record() -> Vec<u8> {
    let text = format!(
        "\u{feff} {{\"name\":\"Zoë {CANARY}\",\n \"esc\":\"\\u00e9\\\"\",\"n\":[-1.5e+3,true,null,{{}}],\"status\":\"APPROVED\"}}"
    );
    text.into_bytes()
}

async fn until_the_end(head: &'static str, body: &[u8]) -> BadServer {
    let answer = [head.as_bytes(), body].concat();
    BadServer::always([Step::Read, Step::Send(answer), Step::Close]).await
}

const PLAIN: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
const OLD: &str = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n";

#[tokio::test]
async fn json_that_the_end_of_the_connection_cuts_is_unknown_at_every_place() {
    let record = record();
    for (cut, head) in (0..record.len()).flat_map(|cut| [(cut, PLAIN), (cut, OLD)]) {
        let server = until_the_end(head, &record[..cut]).await;
        for (repeat, verdicts) in ROWS {
            let error = failure(&client(server.base_url()), repeat).await;
            assert_eq!(axes(&error), ("connection", "unknown", verdicts[UNKNOWN]), "{cut} {repeat:?}");
            let (plural, end) =
                (if cut == 1 { "" } else { "s" }, "the connection ended before the answer was complete");
            let told = format!("{end} (content type application/json, {cut} byte{plural})");
            assert_eq!((error.message(), error.http_status()), (&*told, Some(200)));
            assert_clean(&printed(&error), &[CANARY]);
            assert_stands_alone(&error, server.base_url());
        }
    }
}

#[tokio::test]
async fn json_that_is_whole_is_read_however_it_ends() {
    for head in [PLAIN, OLD] {
        let server = until_the_end(head, &record()).await;
        let answer = client(server.base_url()).send::<Value>(start(ReplaySafety::SingleUse)).await.unwrap();
        assert_eq!(answer.body["status"], "APPROVED");
    }
}

/// Whatever a reader takes for itself: it sees a text that is cut.
#[tokio::test]
async fn a_reader_of_its_own_makes_no_difference() {
    let server = until_the_end(PLAIN, b"{\"status\":\"APPR").await;
    let read = |_: &str| Err::<(), _>(invalid_response("no status"));
    let error =
        client(server.base_url()).send_and_read(start(ReplaySafety::SingleUse), read).await.unwrap_err();
    assert_eq!(axes(&error), ("connection", "unknown", "after_check"));
}

#[tokio::test]
async fn what_is_whole_and_of_no_use_is_an_answer() {
    for body in [
        &b"{} {}"[..],
        b"nonsense",
        b"<html>",
        b"nonse",
        b"{\"n\":-e",
        b"{\"a\":\"\xff\"}",
        b"\x1f\x8b\x08\0",
        b"{\"a\" 1",
        b"\xef\xbf",
    ] {
        let server = until_the_end(PLAIN, body).await;
        for (repeat, verdicts) in ROWS {
            let error = failure(&client(server.base_url()), repeat).await;
            assert_eq!(axes(&error), ("invalid_response", "answered", verdicts[USELESS]), "{body:?}");
        }
    }
}

/// Where the vendor says where its answer ends, the answer is what the vendor sent.
#[tokio::test]
async fn json_that_ends_where_the_vendor_says_so_is_an_answer() {
    let cut = "{\"status\":\"APPR";
    let chunked = ["Transfer-Encoding: chunked"];
    for answer in [
        Step::answer(200, &[], cut),
        Step::head(200, &chunked, format!("{:x}\r\n{cut}\r\n0\r\n\r\n", cut.len())),
        Step::head(204, &["Connection: close"], ""),
    ] {
        let server = BadServer::always([Step::Read, answer, Step::Close]).await;
        for (repeat, verdicts) in ROWS {
            let error = failure(&client(server.base_url()), repeat).await;
            assert_eq!(axes(&error), ("invalid_response", "answered", verdicts[USELESS]));
        }
    }
}

#[tokio::test]
async fn an_error_that_is_cut_is_still_an_error() {
    let answer = Step::head(409, &["Connection: close"], "{\"code\":\"tak");
    let server = BadServer::always([Step::Read, answer, Step::Close]).await;
    assert_eq!(
        axes(&failure(&client(server.base_url()), ReplaySafety::Idempotent).await),
        ("conflict", "answered", "never")
    );
}

/// What is not read to its end was not cut by the vendor.
#[tokio::test]
async fn an_answer_that_is_too_large_is_not_cut() {
    let mut http = HttpOptions::default();
    http.response_limit = 10;
    let server = until_the_end(PLAIN, &record()).await;
    let error = failure(&client_with(server.base_url(), http), ReplaySafety::Idempotent).await;
    assert_eq!(axes(&error), ("invalid_response", "answered", "never"));
}
