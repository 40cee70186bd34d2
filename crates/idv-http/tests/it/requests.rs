//! What goes over the wire, and what does not.

use http::{HeaderName, HeaderValue};
use idv_core::{Error, ErrorKind, Operation};
use idv_http::{Call, ReplaySafety, decode, secret_header};
use idv_tests::{BadServer, Step, assert_clean};
use serde_json::{Value, json};

use crate::support::{axes, client, failure, start};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

async fn wire(call: Call<'_>, base_path: &str) -> (String, Vec<String>, String) {
    let server = BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await;
    client(&format!("{}{base_path}", server.base_url())).send::<Value>(call).await.unwrap();
    let text = server.finished(1).await[0].text();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines().map(str::to_owned);
    let line = lines.next().unwrap();
    let host = format!("host: {}", server.base_url().trim_start_matches("http://"));
    let mut headers: Vec<String> = lines.filter(|header| *header != host).collect();
    headers.sort();
    (line, headers, body.to_owned())
}

fn user_agent() -> String {
    format!("user-agent: idv/{}", env!("CARGO_PKG_VERSION"))
}

#[tokio::test]
async fn a_post_without_body_says_so_and_has_no_content_type() {
    let (line, headers, body) = wire(start(ReplaySafety::Idempotent), "").await;
    assert_eq!(line, "POST /v1/sessions HTTP/1.1");
    assert_eq!(
        headers,
        ["accept-encoding: identity", "accept: application/json", "content-length: 0", &user_agent()]
    );
    assert_eq!(body, "");
}

#[tokio::test]
async fn a_post_with_body_is_json() {
    let call = start(ReplaySafety::Idempotent).json(&json!({"name": "Zoë"})).unwrap();
    let (line, headers, body) = wire(call, "").await;
    assert_eq!((line.as_str(), body.as_str()), ("POST /v1/sessions HTTP/1.1", r#"{"name":"Zoë"}"#));
    assert_eq!(
        headers,
        [
            "accept-encoding: identity",
            "accept: application/json",
            "content-length: 15",
            "content-type: application/json",
            &user_agent()
        ]
    );
}

#[tokio::test]
async fn a_get_has_neither_body_nor_length_and_its_parts_are_encoded() {
    let call = Call::get(Operation::Find, ReplaySafety::Idempotent, ["v1", "a/b?c#d é%2e"])
        .query("external_id", "a&b=c d+é")
        .query("limit", "1");
    let (line, headers, body) = wire(call, "/base/").await;
    assert_eq!(
        line,
        "GET /base/v1/a%2Fb%3Fc%23d%20%C3%A9%252e?external_id=a%26b%3Dc%20d%2B%C3%A9&limit=1 HTTP/1.1"
    );
    assert_eq!(headers, ["accept-encoding: identity", "accept: application/json", &user_agent()]);
    assert_eq!(body, "");
}

#[tokio::test]
async fn credentials_are_sent_and_never_printed() {
    let call = || {
        start(ReplaySafety::Idempotent)
            .header(API_KEY, secret_header("canary-api-key").unwrap())
            .bearer("canary-bearer")
            .unwrap()
            .query("token", "canary-query")
            .json(&json!({"share": "canary-body"}))
            .unwrap()
    };
    let (_, headers, _) = wire(call(), "").await;
    assert!(headers.contains(&"authorization: Bearer canary-bearer".to_owned()), "{headers:?}");
    assert!(headers.contains(&"x-api-key: canary-api-key".to_owned()), "{headers:?}");
    assert_clean(
        &format!("{:?}", call()),
        &["canary-api-key", "canary-bearer", "canary-body", "canary-query"],
    );
}

#[test]
fn a_credential_that_cannot_stand_in_a_header_is_refused_without_an_echo() {
    let refused = start(ReplaySafety::Idempotent).bearer("canary-bearer\r\nx: y").unwrap_err();
    assert_clean(&format!("{refused} {refused:?}"), &["canary-bearer"]);
    assert!(secret_header("canary\n").is_err());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_no_key_travels() {
    let target = BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: {}/elsewhere", target.base_url());
        let server = BadServer::always([Step::Read, Step::answer(status, &[&location], "")]).await;
        for call in
            [start(ReplaySafety::SingleUse), Call::get(Operation::Start, ReplaySafety::SingleUse, ["v1"])]
        {
            let call = call
                .header(API_KEY, HeaderValue::from_static("canary-api-key"))
                .bearer("canary-bearer")
                .unwrap();
            let error = client(server.base_url()).send::<Value>(call).await.unwrap_err();
            assert_eq!(axes(&error), ("invalid_response", "answered", "never"), "{status}");
            assert!(!error.to_string().contains(target.base_url()), "{error}");
        }
        assert_eq!(server.connections().len(), 2);
    }
    assert!(target.connections().is_empty(), "the target was asked");
}

#[tokio::test]
async fn nothing_is_ever_repeated_here() {
    for status in [429, 500, 503] {
        let server = BadServer::always([Step::Read, Step::answer(status, &["Retry-After: 0"], "")]).await;
        failure(&client(server.base_url()), ReplaySafety::Idempotent).await;
        assert_eq!(server.connections().len(), 1);
    }
}

#[tokio::test]
async fn a_session_url_goes_to_https_or_to_loopback_where_the_vendor_is() {
    let local = client("http://127.0.0.1:9");
    let remote = client("https://vendor.example");
    let accepted =
        |client: &idv_http::JsonClient, url: &str| client.session_url(url).map(|url| url.expose().to_owned());
    assert_eq!(
        accepted(&remote, "https://page.example/#/canary-x").unwrap(),
        "https://page.example/#/canary-x"
    );
    assert!(accepted(&local, "http://localhost:1/l/x").is_ok());
    for (client, url) in [
        (&remote, "http://127.0.0.1:9/canary-url"),
        (&remote, "http://page.example/canary-url"),
        (&local, "http://page.example/canary-url"),
        (&local, "javascript:alert('canary-url')"),
        (&local, "/canary-url"),
        (&local, ""),
    ] {
        let error = accepted(client, url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{url}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_its_reader_cannot_use_is_an_answer() {
    for (repeat, retry) in [(ReplaySafety::Idempotent, "never"), (ReplaySafety::UnlessUnknown, "after_check")]
    {
        let server =
            BadServer::always([Step::Read, Step::answer(201, &[], r#"{"link":"javascript:x"}"#)]).await;
        let client = client(server.base_url());
        let call = Call::post(Operation::Start, repeat, ["sessions"]);
        let read = |text: &str| client.session_url(decode::<Value>(text)?["link"].as_str().unwrap());
        let error = client.send_and_read(call, read).await.unwrap_err();
        assert_eq!(axes(&error), ("invalid_response", "answered", retry));
        assert_eq!((error.http_status(), error.operation()), (Some(201), Some(Operation::Start)));
        assert!(error.provider().is_some());
    }
}

#[tokio::test]
async fn an_answer_about_somebody_else_is_a_conflict_as_it_is_read() {
    let server = BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await;
    let client = client(server.base_url());
    let read =
        |_: &str| Err::<(), _>(Error::new(ErrorKind::Conflict, "the vendor answered for another session"));
    let error = client
        .send_and_read(Call::get(Operation::Check, ReplaySafety::Idempotent, ["x"]), read)
        .await
        .unwrap_err();
    assert_eq!(axes(&error), ("conflict", "answered", "never"));
}
