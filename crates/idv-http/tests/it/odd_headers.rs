//! Heads that are not quite HTTP: what can be read without doubt is read, and what cannot is named as an answer.

use idv_http::ReplaySafety;
use idv_tests::{BadServer, Step, assert_clean};
use serde_json::Value;

use crate::support::{ROWS, USELESS, assert_stands_alone, axes, client, failure, printed, start};

const CANARY: &str = "canary-Ada-Lovelace";

const BODY: &str = r#"{"status":"APPROVED"}"#;

async fn read(headers: &[&str]) -> Value {
    let length = format!("Content-Length: {}", BODY.len());
    read_as_it_is(&[headers, &[&length]].concat(), BODY).await
}

async fn read_as_it_is(headers: &[&str], body: &str) -> Value {
    let server = BadServer::always([Step::Read, Step::head(200, headers, body), Step::Close]).await;
    let outcome = client(server.base_url()).send::<Value>(start(ReplaySafety::SingleUse)).await;
    outcome.unwrap_or_else(|error| panic!("{headers:?}: {error}")).body
}

/// Plays bytes for every row. Each time it must be told that an answer came that is not HTTP, and which part of it.
async fn assert_unreadable(bytes: &[u8], part: &str) {
    let server = BadServer::always([Step::Read, Step::Send(bytes.to_vec()), Step::Close]).await;
    for (repeat, verdicts) in ROWS {
        let error = failure(&client(server.base_url()), repeat).await;
        let what = String::from_utf8_lossy(bytes);
        assert_eq!(axes(&error), ("invalid_response", "answered", verdicts[USELESS]), "{what} {repeat:?}");
        assert_eq!(
            error.message(),
            format!("the vendor's answer is not HTTP that can be read{part}"),
            "{what}"
        );
        assert_clean(&printed(&error), &[CANARY]);
        assert_stands_alone(&error, server.base_url());
    }
}

async fn assert_unreadable_head(lines: &[&str], part: &str) {
    let head = format!("HTTP/1.1 200 OK\r\n{}\r\n\r\n{BODY}", lines.join("\r\n"));
    assert_unreadable(head.as_bytes(), part).await;
}

#[tokio::test]
async fn a_folded_value_is_read() {
    for header in [
        "Set-Cookie: a=b;\r\n path=/",
        "Set-Cookie: utmvb=iZK\r\n    XSaOzalA: ctu; path=/",
        "X-Empty:\r\n\t",
    ] {
        assert_eq!(read(&[header]).await["status"], "APPROVED", "{header}");
    }
}

#[tokio::test]
async fn a_blank_before_the_colon_is_read() {
    for header in ["Access-Control-Allow-Credentials : true", "X-Cache\t: miss"] {
        assert_eq!(read(&[header]).await["status"], "APPROVED", "{header}");
    }
}

#[tokio::test]
async fn many_headers_are_read() {
    let cookies: Vec<String> = (0..250).map(|number| format!("Set-Cookie: c{number}=v")).collect();
    let cookies: Vec<&str> = cookies.iter().map(String::as_str).collect();
    assert_eq!(read(&cookies).await["status"], "APPROVED");
}

/// What says how long an answer is counts however it is written: passed over, it would leave bytes for the next answer.
#[tokio::test]
async fn an_odd_length_counts() {
    let chunked = format!("{:x}\r\n{BODY}\r\n0\r\n\r\n", BODY.len());
    for header in ["Transfer-Encoding : chunked", "Transfer-Encoding:\r\n chunked"] {
        assert_eq!(read_as_it_is(&[header], &chunked).await["status"], "APPROVED", "{header}");
    }
    for header in ["Content-Length : 21", "Content-Length:\r\n 21"] {
        assert_eq!(read_as_it_is(&[header], &format!("{BODY}more")).await["status"], "APPROVED", "{header}");
    }
}

#[tokio::test]
async fn lengths_that_differ_are_refused() {
    for lines in [
        ["Content-Length: 5", "Content-Length: 21"],
        ["Content-Length : 5", "Content-Length: 21"],
        ["Content-Length: 21\r\n 5", "X-Cache: miss"],
    ] {
        assert_unreadable_head(&lines, ": its length").await;
    }
}

#[tokio::test]
async fn a_line_that_is_no_header_is_refused() {
    let warning = format!("PHP Warning: PHP Startup: {CANARY}");
    let quoted = format!("X-\"Name\": {CANARY}");
    for line in [&*warning, &quoted, CANARY, "X-Null: a\0b"] {
        assert_unreadable_head(&[line, "Content-Length: 21"], ": a header").await;
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    assert_unreadable_head(&["Set-Cookie: a=b"; 257], ": too many or too long headers").await;
}

#[tokio::test]
async fn what_is_no_http_is_an_answer() {
    for bytes in [&b"SSH-2.0-OpenSSH_9.9\r\n"[..], b"\0\0\0\0", b"\x15\x03\x01\0\x02\x02\x46", b"<html>"] {
        assert_unreadable(bytes, ": no HTTP version").await;
    }
    assert_unreadable(b"HTTP/1.1 OK\r\n\r\n", ": its status").await;
    assert_unreadable(
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ": its transfer encoding",
    )
    .await;
}
