//! Every answer that is an error, every answer that is none, and no answer.

use std::time::Duration;

use idv_core::{CredentialOwner, Delivery, Error, ErrorKind, Operation, Retry};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::ResponseTemplate;

use crate::support::{Flow, Vendor, assert_no_secret, check, refresh, start};

const OPERATIONS: [Operation; 3] = [Operation::Start, Operation::Refresh, Operation::Check];
const AT_ONCE: Retry = Retry::Allowed { after: None };

/// The error of an operation at an address.
async fn fail(flow: Flow, operation: Operation, base_url: &str) -> Error {
    let provider = flow.at(base_url);
    let error = match operation {
        Operation::Start => provider.start(&start()).await.map(drop).unwrap_err(),
        Operation::Refresh => provider.refresh(&refresh(flow)).await.map(drop).unwrap_err(),
        _ => provider.check(&check(flow)).await.map(drop).unwrap_err(),
    };
    assert_eq!(error.operation(), Some(operation));
    assert_eq!(error.provider(), Some(provider.id()));
    let mut shown = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        shown += &format!(" {next} {next:?}");
        cause = next.source();
    }
    assert_no_secret(&shown);
    assert!(!shown.contains("://") && !shown.contains("/v1/"), "a URL: {shown}");
    assert!(!error.to_string().contains("127.0.0.1"), "an address: {error}");
    error
}

/// Status, body, and what it means: kind, whose credential, what follows, code.
type Row = (u16, &'static str, ErrorKind, Option<CredentialOwner>, Retry, Option<&'static str>);

/// The answers that both flows have.
const SHARED: &[Row] = &[
    (
        498,
        r#"{"message":"Invalid API key canary"}"#,
        ErrorKind::Unauthenticated,
        Some(CredentialOwner::Application),
        Retry::Never,
        None,
    ),
    (
        499,
        r#"{"message":"Missing API key canary"}"#,
        ErrorKind::Unauthenticated,
        Some(CredentialOwner::Application),
        Retry::Never,
        None,
    ),
    (499, "", ErrorKind::Unauthenticated, Some(CredentialOwner::Application), Retry::Never, None),
    (500, r#"{"message":"Internal server error canary"}"#, ErrorKind::Unavailable, None, AT_ONCE, None),
    (502, "<html>canary</html>", ErrorKind::Unavailable, None, AT_ONCE, None),
    (503, "", ErrorKind::Unavailable, None, AT_ONCE, None),
    (400, r#"{"message":"canary"}"#, ErrorKind::InvalidRequest, None, Retry::Never, None),
    (418, "[]", ErrorKind::InvalidRequest, None, Retry::Never, None),
    (
        429,
        r#"{"message":"Rate limit exceeded canary","retryAfter":3600,"limit":"3_per_hour"}"#,
        ErrorKind::RateLimited,
        None,
        Retry::Allowed { after: Some(Duration::from_secs(3600)) },
        Some("3_per_hour"),
    ),
    (
        429,
        r#"{"message":"canary","retryAfter":"60","limit":"10_per_day"}"#,
        ErrorKind::RateLimited,
        None,
        Retry::Allowed { after: Some(Duration::from_secs(60)) },
        Some("10_per_day"),
    ),
    (429, r#"{"limit":"canary with spaces"}"#, ErrorKind::RateLimited, None, AT_ONCE, None),
    (429, "", ErrorKind::RateLimited, None, AT_ONCE, None),
];

/// The page "Start User Verification", error responses.
const USER: &[Row] = &[
    (
        401,
        r#"{"message":"Not authenticated"}"#,
        ErrorKind::Unauthenticated,
        Some(CredentialOwner::User),
        Retry::Never,
        None,
    ),
    (401, "", ErrorKind::Unauthenticated, Some(CredentialOwner::User), Retry::Never, None),
    (403, r#"{"message":"Not authorized"}"#, ErrorKind::Forbidden, None, Retry::Never, None),
];

/// The page "Generate KYC Verification Session", error responses; 401 is not among them.
const REGISTRATION: &[Row] = &[
    (400, r#"{"message":"Invalid onboarding ID"}"#, ErrorKind::InvalidRequest, None, Retry::Never, None),
    (404, r#"{"message":"Onboarding session not found"}"#, ErrorKind::NotFound, None, Retry::Never, None),
    (401, "", ErrorKind::Unauthenticated, Some(CredentialOwner::Application), Retry::Never, None),
];

#[tokio::test]
async fn every_refusal_says_what_it_means() {
    for flow in Flow::BOTH {
        let own = if flow == Flow::User { USER } else { REGISTRATION };
        for (status, body, kind, credential, retry, code) in SHARED.iter().chain(own) {
            for operation in OPERATIONS {
                let vendor = Vendor::json(*status, body).await;
                let error = fail(flow, operation, &vendor.url()).await;
                vendor.request().await;
                assert_eq!(error.kind(), *kind, "{flow:?} {operation} {status}");
                assert_eq!(error.credential(), *credential, "{flow:?} {operation} {status}");
                assert_eq!(error.retry(), *retry, "{flow:?} {operation} {status}");
                assert_eq!(error.delivery(), Delivery::Answered);
                assert_eq!(error.http_status(), Some(*status));
                assert_eq!(error.code().map(AsRef::as_ref), *code, "{flow:?} {operation} {status}");
            }
        }
    }
}

#[tokio::test]
async fn the_wait_of_the_header_counts_too() {
    let answer = ResponseTemplate::new(429).insert_header("retry-after", "7");
    let vendor = Vendor::answering(answer).await;
    let error = fail(Flow::User, Operation::Start, &vendor.url()).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn what_the_vendor_wrote_is_kept_apart() {
    let vendor = Vendor::json(403, r#"{"message":"Not authorized"}"#).await;
    let error = fail(Flow::User, Operation::Check, &vendor.url()).await;
    assert_eq!(error.vendor_text().unwrap().expose(), "Not authorized");
    assert!(!format!("{error} {error:?}").contains("Not authorized"));
}

/// Minting may have happened, so only a check shows; a check itself changes nothing.
fn after(operation: Operation) -> Retry {
    if operation == Operation::Check { Retry::Never } else { Retry::AfterCheck }
}

#[tokio::test]
async fn an_answer_that_is_none_is_refused() {
    for flow in Flow::BOTH {
        for operation in OPERATIONS {
            for body in [
                "",
                "{}",
                "[]",
                "null",
                "canary",
                r#"{"sessionUrl":null,"verificationState":null}"#,
                r#"{"sessionUrl":["canary"],"verificationState":{"canary":1}}"#,
                r#"{"sessionUrl":"https://x.example/","verificationState":"VERIFIED""#,
            ] {
                let vendor = Vendor::json(200, body).await;
                let error = fail(flow, operation, &vendor.url()).await;
                assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{flow:?} {operation} {body}");
                assert_eq!((error.retry(), error.delivery()), (after(operation), Delivery::Answered));
            }
        }
    }
}

#[tokio::test]
async fn an_oversized_answer_is_refused() {
    let body = format!(r#"{{"sessionUrl":"https://x.example/{}"}}"#, "a".repeat(2 << 20));
    let vendor = Vendor::json(200, &body).await;
    let error = fail(Flow::User, Operation::Start, &vendor.url()).await;
    assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidResponse, Retry::AfterCheck));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for flow in Flow::BOTH {
        let elsewhere = Vendor::json(200, r#"{"sessionUrl":"https://evil.example/"}"#).await;
        for status in [301, 302, 307, 308] {
            let answer = ResponseTemplate::new(status).insert_header("location", elsewhere.url());
            let vendor = Vendor::answering(answer).await;
            let error = fail(flow, Operation::Start, &vendor.url()).await;
            assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        }
        assert!(elsewhere.requests().await.is_empty());
    }
}

#[tokio::test]
async fn a_link_that_is_no_https_url_is_refused() {
    for flow in Flow::BOTH {
        for url in [
            "http://canary.example/v/1",
            "http://127.0.0.1.canary.example/v/1",
            "http://localhost@canary.example/",
            "javascript:alert('canary')",
            "data:text/html,canary",
            "file:///canary",
            "//canary.example/v/1",
            "/v/canary",
            "canary",
            "",
            "https://canary.example/v/ 1",
        ] {
            let vendor = Vendor::json(200, &format!(r#"{{"sessionUrl":"{url}"}}"#)).await;
            for operation in [Operation::Start, Operation::Refresh] {
                let error = fail(flow, operation, &vendor.url()).await;
                assert_eq!(
                    (error.kind(), error.http_status()),
                    (ErrorKind::InvalidResponse, Some(200)),
                    "{url}"
                );
                assert_eq!((error.retry(), error.delivery()), (Retry::AfterCheck, Delivery::Answered));
            }
        }
    }
}

/// A vendor that reads one request, answers with these bytes, and closes.
async fn hang_up_after(bytes: &'static [u8]) -> (String, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        request.truncate(length);
        request
    });
    (url, seen)
}

#[tokio::test]
async fn a_lost_answer_may_have_minted() {
    let cut =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{\"sessionUrl\":";
    for flow in Flow::BOTH {
        for bytes in [b"".as_slice(), b"HTTP/1.1 200".as_slice(), cut.as_slice()] {
            for operation in OPERATIONS {
                let (url, seen) = hang_up_after(bytes).await;
                let error = fail(flow, operation, &url).await;
                assert!(seen.await.unwrap().windows(4).any(|part| part == b"/v1/"), "the request was read");
                assert_eq!((error.kind(), error.delivery()), (ErrorKind::Connection, Delivery::Unknown));
                let retry = if operation == Operation::Check { AT_ONCE } else { Retry::AfterCheck };
                assert_eq!(error.retry(), retry, "{flow:?} {operation}");
            }
        }
    }
}

#[tokio::test]
async fn a_slow_answer_may_have_minted() {
    for flow in Flow::BOTH {
        let vendor = Vendor::answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(60))).await;
        let soon = Duration::from_millis(200);
        let error = flow.at(&vendor.url()).start(&start().deadline(soon)).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::Unknown));
        assert_eq!(error.retry(), Retry::AfterCheck);
        let error = flow.at(&vendor.url()).check(&check(flow).deadline(soon)).await.unwrap_err();
        assert_eq!((error.kind(), error.retry()), (ErrorKind::Timeout, AT_ONCE));
        assert_no_secret(&format!("{error} {error:?}"));
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for flow in Flow::BOTH {
        for operation in OPERATIONS {
            let error = fail(flow, operation, &url).await;
            assert_eq!((error.kind(), error.delivery()), (ErrorKind::Connection, Delivery::NotSent));
            assert_eq!(error.retry(), AT_ONCE);
        }
    }
}
