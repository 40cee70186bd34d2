//! A success that cannot be used says what it was, and nothing of what stood in it.

use idv_core::{Error, HttpOptions};
use idv_http::ReplaySafety;
use idv_tests::{BadServer, Step, assert_clean};
use serde::Deserialize;
use serde_json::Value;

use crate::support::{
    ROWS, USELESS, assert_stands_alone, axes, client, client_with, failure, printed, start,
};

const CANARY: &str = "canary-Ada-Lovelace";

/// What a vendor documents.
#[derive(Debug, Deserialize)]
struct Documented {
    #[expect(dead_code, reason = "only whether it can be read matters")]
    status: String,
}

async fn reading(script: impl IntoIterator<Item = Step>) -> Error {
    let server = BadServer::always(script).await;
    let error =
        client(server.base_url()).send::<Documented>(start(ReplaySafety::Idempotent)).await.unwrap_err();
    assert_stands_alone(&error, server.base_url());
    assert_clean(&printed(&error), &[CANARY]);
    error
}

async fn told(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> String {
    let error = reading([Step::Read, Step::answer(status, headers, body)]).await;
    assert_eq!(axes(&error), ("invalid_response", "answered", "never"));
    assert_eq!(error.http_status(), Some(status));
    error.message().to_owned()
}

const JSON: &str = "Content-Type: application/json";

#[tokio::test]
async fn json_that_is_none_says_where_it_ends_to_be() {
    let of_json = |body: String| async move { told(200, &[JSON], body).await };
    assert_eq!(
        of_json(format!("{{\"a\":\n \"{CANARY}\", x}}")).await,
        "the vendor's answer is not JSON at line 2, column 25 (content type application/json, 32 bytes)"
    );
    assert_eq!(
        of_json(format!("{{\"status\":\"{CANARY}")).await,
        "the vendor's answer ends too early at line 1, column 30 (content type application/json, 30 bytes)"
    );
    for (body, place) in [
        (format!("{{\"status\":null,\"name\":\"{CANARY}\"}}"), "line 1, column 14"),
        (format!("{{\"name\":\"{CANARY}\"}}"), "line 1, column 30"),
        (format!("\n{{\"status\":[\"{CANARY}\"]}}"), "line 2, column 10"),
    ] {
        let message = of_json(body).await;
        let expected = format!("the vendor's answer has not the documented form at {place} (content type");
        assert!(message.starts_with(&expected), "{message}");
    }
}

#[tokio::test]
async fn a_page_is_named_whatever_it_is_labelled() {
    let page = format!("\n<!DOCTYPE HTML><title>{CANARY}</title>");
    assert_eq!(
        told(200, &["Content-Type: text/html; charset=utf-8"], &page).await,
        "the vendor's answer is not JSON at line 2, column 1 (content type text/html; charset=utf-8, 50 bytes, looks like an HTML page)"
    );
    for headers in [&[][..], &[JSON], &["Content-Type: text/plain"]] {
        let message = told(200, headers, &page).await;
        assert!(message.ends_with("50 bytes, looks like an HTML page)"), "{message}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_named() {
    let none = "the vendor's answer is empty (no content type, 0 bytes)";
    assert_eq!(told(200, &[], "").await, none);
    let error = reading([Step::Read, Step::head(204, &["Connection: close"], ""), Step::Close]).await;
    assert_eq!((error.message(), error.http_status()), (none, Some(204)));
}

#[tokio::test]
async fn a_compressed_answer_is_named() {
    for (encoding, body, coding) in [
        ("Content-Encoding: gzip", &b"\x1f\x8b\x08\0\0"[..], "gzip"),
        ("Content-Encoding: br", b"\x0b\x02\x80", "br"),
        ("Content-Encoding: Deflate", b"\x78\x9c\xab", "deflate"),
        ("Content-Encoding: zstd", b"\x28\xb5\x2f\xfd", "zstd"),
        ("X-Nothing: said", b"\x1f\x8b\x08\0\0", "gzip"),
        ("X-Nothing: said", b"\x28\xb5\x2f\xfd", "zstd"),
    ] {
        let expected = format!(
            "the vendor's answer is compressed with {coding} though `identity` was asked for (content type application/json, {} bytes)",
            body.len()
        );
        assert_eq!(told(200, &[JSON, encoding], body).await, expected);
    }
}

/// A label alone hides nothing.
#[tokio::test]
async fn a_plain_answer_that_is_called_compressed_is_read() {
    let body = r#"{"status":"APPROVED"}"#;
    let server = BadServer::always([Step::Read, Step::answer(200, &["Content-Encoding: gzip"], body)]).await;
    client(server.base_url()).send::<Documented>(start(ReplaySafety::Idempotent)).await.unwrap();
}

#[tokio::test]
async fn other_encodings_than_utf_8_are_named_with_their_place() {
    let body = [b"{\"status\":\n\"Jos\xe9 ", CANARY.as_bytes(), b"\"}"].concat();
    assert_eq!(
        told(200, &["Content-Type: application/json;charset=ISO-8859-1"], body).await,
        "the vendor's answer is not UTF-8 at line 2, column 5 (content type application/json; charset=ISO-8859-1, 38 bytes)"
    );
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_answer() {
    let server = BadServer::always([Step::Read, Step::answer(200, &[JSON], "\u{feff}{\"a\":\"b\"}")]).await;
    let answer = client(server.base_url()).send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
    assert_eq!(answer.body["a"], "b");
}

#[tokio::test]
async fn an_answer_that_is_too_large_says_so() {
    let mut http = HttpOptions::default();
    http.response_limit = 10;
    let chunked = [JSON, "Transfer-Encoding: chunked"];
    for answer in [
        Step::answer(200, &[JSON], CANARY),
        Step::head(200, &chunked, format!("13\r\n{CANARY}\r\n0\r\n\r\n")),
    ] {
        let server = BadServer::always([Step::Read, answer]).await;
        let error = failure(&client_with(server.base_url(), http.clone()), ReplaySafety::Idempotent).await;
        assert_eq!(
            error.message(),
            "the vendor's answer is larger than allowed (content type application/json, more than 10 bytes)"
        );
        assert_eq!(error.http_status(), Some(200));
    }
}

/// A header is somebody else's text too.
#[tokio::test]
async fn a_content_type_is_escaped_and_cut() {
    let long = format!("Content-Type: text/\u{202e}{}", "x".repeat(4000));
    let message = told(200, &[&long], "{}").await;
    assert!(message.len() < 300 && message.contains("text/\\u{202e}xxx"), "{message}");
    let url = "Content-Type: application/json; profile=\"https://vendor.example/a\"";
    assert!(told(200, &[url], "{}").await.ends_with("(content type application/json, 2 bytes)"));
}

/// Whatever a reader of the adapter finds wrong, the answer is told with it.
#[tokio::test]
async fn what_a_reader_finds_wrong_is_told_with_what_the_answer_was() {
    for (repeat, verdicts) in ROWS {
        let server = BadServer::always([Step::Read, Step::answer(201, &[JSON], "{}")]).await;
        let read = |_: &str| Err::<(), _>(idv_http::invalid_response(format!("no status in entry {}", 7)));
        let error = client(server.base_url()).send_and_read(start(repeat), read).await.unwrap_err();
        assert_eq!(error.message(), "no status in entry 7 (content type application/json, 2 bytes)");
        assert_eq!(axes(&error), ("invalid_response", "answered", verdicts[USELESS]));
        assert_eq!(error.http_status(), Some(201));
    }
}
