//! Answers that are errors: every status, with every kind of body, for every row of the retry table.

use idv_core::{CredentialOwner, Delivery, ErrorKind, HttpOptions, Retry};
use idv_http::{ErrorRules, Override, ReplaySafety, Verdict};
use idv_tests::{BadServer, Step, assert_clean};
use serde_json::Value;

use crate::support::{
    ROWS, SERVER_ERROR, TOO_MANY, USELESS, assert_stands_alone, axes, build, client, client_with, failure,
    printed, start, within,
};

const STATUSES: &[(u16, &str)] = &[
    (300, "invalid_response"),
    (301, "invalid_response"),
    (302, "invalid_response"),
    (303, "invalid_response"),
    (307, "invalid_response"),
    (308, "invalid_response"),
    (400, "invalid_request"),
    (401, "unauthenticated"),
    (402, "payment_required"),
    (403, "forbidden"),
    (404, "not_found"),
    (405, "invalid_request"),
    (408, "unavailable"),
    (409, "conflict"),
    (410, "invalid_request"),
    (418, "invalid_request"),
    (421, "unavailable"),
    (422, "invalid_request"),
    (425, "unavailable"),
    (429, "rate_limited"),
    (498, "invalid_request"),
    (499, "invalid_request"),
    (500, "unavailable"),
    (501, "unavailable"),
    (502, "unavailable"),
    (503, "unavailable"),
    (504, "unavailable"),
];

const PAGE: &str = "the answer looks like a page of a gateway or firewall, not like one of the vendor";

const CANARY: &str = "canary-Ada-Lovelace";

/// One way to fill the body of an error.
struct Body {
    name: &'static str,
    content_type: &'static str,
    bytes: Vec<u8>,
    code: Option<&'static str>,
    request_id: Option<&'static str>,
    /// Whether the vendor's text is kept, and holds the canary.
    text: bool,
    /// Whether it is no vendor's, but a page of somebody between.
    page: bool,
}

fn body(name: &'static str, content_type: &'static str, bytes: impl Into<Vec<u8>>, text: bool) -> Body {
    Body { name, content_type, bytes: bytes.into(), code: None, request_id: None, text, page: false }
}

fn page(name: &'static str, content_type: &'static str, bytes: impl Into<Vec<u8>>) -> Body {
    Body { page: true, ..body(name, content_type, bytes, true) }
}

const LIMIT: usize = 2048;

fn bodies() -> Vec<Body> {
    let json = "application/json";
    let documented =
        format!(r#"{{"error":{{"code":"some_code","message":"{CANARY}","requestId":"req_1"}}}}"#);
    let problem = format!(
        r#"{{"type":"https://vendor.example/problems/{CANARY}","title":"Bad","status":400,"detail":"{CANARY}"}}"#
    );
    let flat = format!(r#"{{"code":"flat_code","message":"{CANARY}","request_id":"req-2"}}"#);
    let coded = format!(r#"{{"code":"flat_code","message":"<html>{CANARY}"}}"#);
    let marked = format!("\u{feff}{coded}");
    let latin_1 = [
        b"{\"user\":\"Jos\xe9\",\"code\":\"flat_code\",\"requestId\":\"r1\",\"message\":\"",
        CANARY.as_bytes(),
        b"\"}",
    ]
    .concat();
    let half =
        format!(r#"{{"user":"\ud83d","code":"flat_code","requestId":"r1","message":"{CANARY} \ud83d"}}"#);
    vec![
        Body {
            code: Some("some_code"),
            request_id: Some("req_1"),
            ..body("documented", json, documented, true)
        },
        Body { code: Some("flat_code"), request_id: Some("req-2"), ..body("flat", json, flat, true) },
        body("problem", "application/problem+json", problem, true),
        body("other shape", json, format!(r#"{{"oops":[{{"why":"{CANARY}"}}]}}"#), false),
        body("a number for a code", json, format!(r#"{{"code":7,"error":"{CANARY}"}}"#), true),
        body(
            "prose for a code",
            json,
            format!(r#"{{"code":"no luck {CANARY}","message":"{CANARY}"}}"#),
            true,
        ),
        body("array", json, format!(r#"["{CANARY}"]"#), false),
        body("null", json, "null", false),
        body("text", "text/plain", format!("Bad luck, {CANARY}\nand more"), true),
        page("html", "text/html", format!("<html><body>{CANARY}</body></html>")),
        page("html by its label", "Text/HTML; charset=utf-8", format!("{CANARY} is blocked")),
        page("xhtml", "application/xhtml+xml", format!("<?xml version=\"1.0\"?><p>{CANARY}")),
        page("html by its beginning", json, format!("\u{feff}\r\n<!DocType  HTML><p>{CANARY}")),
        Body { code: Some("flat_code"), ..body("json labelled html", "text/html", coded, true) },
        Body { code: Some("flat_code"), ..body("json after a mark", json, marked, true) },
        Body {
            code: Some("flat_code"),
            request_id: Some("r1"),
            ..body("latin-1 beside a code", json, latin_1, true)
        },
        Body {
            code: Some("flat_code"),
            request_id: Some("r1"),
            ..body("half a character beside a code", json, half, true)
        },
        body("xml", "application/xml", format!("<?xml version=\"1.0\"?><Error>{CANARY}</Error>"), true),
        body("empty", json, "", false),
        body("not UTF-8", "text/plain", [b"\xff\xfe ", CANARY.as_bytes()].concat(), true),
        body("truncated", json, format!(r#"{{"error":{{"code":"{CANARY}","mess"#), true),
        body("oversized", "text/plain", CANARY.repeat(LIMIT / 10), false),
    ]
}

async fn serve(status: u16, body: &Body) -> BadServer {
    let content_type = format!("Content-Type: {}", body.content_type);
    BadServer::always([Step::Read, Step::answer(status, &[&content_type], &body.bytes)]).await
}

fn limited() -> HttpOptions {
    let mut http = HttpOptions::default();
    http.response_limit = LIMIT;
    http
}

#[tokio::test]
async fn every_status_with_every_body_for_every_row() {
    for body in bodies() {
        for (status, kind) in STATUSES {
            let server = serve(*status, &body).await;
            let client = client_with(server.base_url(), limited());
            for (repeat, verdicts) in ROWS {
                let what = format!("{status}, {}, {repeat:?}", body.name);
                let error = failure(&client, repeat).await;
                let is_page = body.page && *status >= 400 && *status != 429;
                let kind = if is_page { "unavailable" } else { *kind };
                let retry = match kind {
                    "rate_limited" => verdicts[TOO_MANY],
                    "unavailable" => verdicts[SERVER_ERROR],
                    _ => "never",
                };
                assert_eq!(axes(&error), (kind, "answered", retry), "{what}");
                assert_eq!(error.message() == PAGE, is_page, "{what}");
                assert_eq!(error.http_status(), Some(*status), "{what}");
                assert_eq!(error.code().map(AsRef::as_ref), body.code, "{what}");
                assert_eq!(error.request_id().map(AsRef::as_ref), body.request_id, "{what}");
                let kept = error.vendor_text().is_some_and(|text| text.expose().contains(CANARY));
                assert_eq!(kept, body.text, "{what}");
                let owner = (*status == 401 && !is_page).then_some(CredentialOwner::Application);
                assert_eq!(error.credential(), owner, "{what}");
                assert_clean(&printed(&error), &[CANARY]);
                assert_stands_alone(&error, server.base_url());
            }
        }
    }
}

#[tokio::test]
async fn a_304_is_no_answer_either() {
    let server =
        BadServer::always([Step::Read, Step::head(304, &["Connection: close"], ""), Step::Close]).await;
    let error = failure(&client(server.base_url()), ReplaySafety::Idempotent).await;
    assert_eq!(axes(&error), ("invalid_response", "answered", "never"));
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_an_invalid_response() {
    let unreadable = ["", "{", "nonsense", "<html>canary-page</html>", "\u{feff}", "{} {}"];
    for (status, text) in unreadable.iter().flat_map(|text| [(200, text), (201, text)]) {
        let server = BadServer::always([Step::Read, Step::answer(status, &[], text)]).await;
        for (repeat, verdicts) in ROWS {
            let error = failure(&client(server.base_url()), repeat).await;
            assert_eq!(
                axes(&error),
                ("invalid_response", "answered", verdicts[USELESS]),
                "{status} {text:?}"
            );
            assert!(!printed(&error).contains("canary"), "{}", printed(&error));
            assert_stands_alone(&error, server.base_url());
        }
    }
}

/// Not even where the type that is asked for does not look at the text in question.
#[tokio::test]
async fn a_success_that_is_not_utf_8_is_an_invalid_response() {
    #[derive(Debug, serde::Deserialize)]
    struct Known {
        _status: String,
    }
    let body = b"{\"_status\":\"APPROVED\",\"note\":\"\xff\"}";
    let server = BadServer::always([Step::Read, Step::answer(200, &[], body)]).await;
    let error = client(server.base_url()).send::<Known>(start(ReplaySafety::Idempotent)).await.unwrap_err();
    assert_eq!(axes(&error), ("invalid_response", "answered", "never"));
}

#[tokio::test]
async fn a_wait_is_read_in_all_its_forms() {
    for (value, seconds) in [
        ("7", 7),
        ("0", 0),
        ("2.5", 2),
        ("2 minutes", 120),
        ("PT30S", 30),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ("1994-11-06T08:50:37Z", 60),
    ] {
        let header = format!("Retry-After: {value}");
        for (status, column) in [(429, TOO_MANY), (503, SERVER_ERROR)] {
            let server = BadServer::always([Step::Read, Step::answer(status, &[&header], "")]).await;
            for (repeat, verdicts) in ROWS {
                let error = failure(&client(server.base_url()), repeat).await;
                assert_eq!(error.retry().as_str(), verdicts[column]);
                let expected = (verdicts[column] == "allowed").then_some(seconds);
                assert_eq!(error.retry_after().map(|wait| wait.as_secs()), expected, "{value} {status}");
            }
        }
    }
}

#[tokio::test]
async fn of_header_body_and_message_the_longest_wait_holds() {
    let body = r#"{"retryAfter":90,"message":"Retry in 23 seconds."}"#;
    for (headers, body, seconds) in [
        (&["Retry-After: 7"][..], "{}", Some(7)),
        (&["Retry-After: 7"], body, Some(90)),
        (&["Retry-After: 100"], body, Some(100)),
        (&[], r#"{"retryAfter":9,"message":"Retry in 23 seconds."}"#, Some(23)),
        (&["Retry-After: soon"], body, Some(90)),
        (&[], body, Some(90)),
        (&[], r#"{"message":"Retry in 23 seconds."}"#, Some(23)),
        (&[], r#"{"message":"We retry in general. Please retry in 23 seconds."}"#, Some(23)),
        (&[], r#"{"message":"Retry later."}"#, None),
        (&[], r#"{"message":"Retry in PT23S."}"#, Some(23)),
        (&[], r#"{"retryAfter":"2.5","note":"\ud83d"}"#, Some(2)),
    ] {
        let server = BadServer::always([Step::Read, Step::answer(429, headers, body)]).await;
        let error = failure(&client(server.base_url()), ReplaySafety::SingleUse).await;
        assert_eq!(error.retry_after().map(|wait| wait.as_secs()), seconds, "{headers:?} {body}");
    }
}

#[tokio::test]
async fn a_request_id_of_the_headers_is_kept_where_the_body_has_none() {
    for header in ["X-Request-Id: id-1", "Request-Id: id-1", "x-amzn-RequestId: id-1"] {
        let server = BadServer::always([Step::Read, Step::answer(500, &[header], "oops")]).await;
        let error = failure(&client(server.base_url()), ReplaySafety::Idempotent).await;
        assert_eq!(error.request_id().map(AsRef::as_ref), Some("id-1"), "{header}");
        assert!(error.to_string().ends_with("request id-1]"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_keeps_the_id_of_the_request() {
    let server = BadServer::always([Step::Read, Step::answer(200, &["Request-Id: id-1"], "oops")]).await;
    let error = failure(&client(server.base_url()), ReplaySafety::Idempotent).await;
    assert_eq!(error.request_id().map(AsRef::as_ref), Some("id-1"), "{error}");
}

static ADVISED: ErrorRules =
    ErrorRules::new().with_retry_header("should-retry").with_overrides(&[Override::new(
        403,
        Verdict::Final(ErrorKind::Forbidden),
    )
    .with_message("ask for the permission")]);

#[tokio::test]
async fn a_vendor_s_own_word_on_a_repetition_counts_where_it_changes_nothing() {
    for (status, word, safety, retry) in [
        (500, "Should-Retry: false", ReplaySafety::Idempotent, "never"),
        (500, "Should-Retry: false", ReplaySafety::UnlessUnknown, "never"),
        (500, "Other: false", ReplaySafety::Idempotent, "allowed"),
        (409, "Should-Retry: true", ReplaySafety::Idempotent, "allowed"),
        (409, "Should-Retry: true", ReplaySafety::UnlessUnknown, "never"),
        (409, "Should-Retry: maybe", ReplaySafety::Idempotent, "never"),
    ] {
        let server = BadServer::always([Step::Read, Step::answer(status, &[word], "{}")]).await;
        let client = build(server.base_url(), HttpOptions::default(), &ADVISED).unwrap();
        assert_eq!(failure(&client, safety).await.retry().as_str(), retry, "{status} {word} {safety:?}");
    }
}

#[tokio::test]
async fn a_vendor_s_exception_can_explain_itself() {
    let server = BadServer::always([Step::Read, Step::answer(403, &[], "{}")]).await;
    let client = build(server.base_url(), HttpOptions::default(), &ADVISED).unwrap();
    let error = failure(&client, ReplaySafety::Idempotent).await;
    assert_eq!((error.kind(), error.message()), (ErrorKind::Forbidden, "ask for the permission"));
}

static RULES: ErrorRules = ErrorRules::new().with_codes(&["/fault/name"]).with_overrides(&[
    Override::new(401, Verdict::Repeatable(ErrorKind::Unavailable)).with_code("broken_inside"),
    Override::new(401, Verdict::Credential(CredentialOwner::User)).with_message("ask the user to sign in"),
    Override::new(409, Verdict::Final(ErrorKind::NotFound)).with_code("gone"),
]);

#[tokio::test]
async fn a_vendor_s_exceptions_come_before_the_shared_table() {
    for (status, code, kind, retry, owner) in [
        (401, "broken_inside", "unavailable", "allowed", None),
        (401, "BROKEN_Inside", "unavailable", "allowed", None),
        (401, "other", "unauthenticated", "never", Some(CredentialOwner::User)),
        (409, "gone", "not_found", "never", None),
        (409, "other", "conflict", "never", None),
        (403, "gone", "forbidden", "never", None),
    ] {
        let body = format!(r#"{{"fault":{{"name":"{code}"}}}}"#);
        let server = BadServer::always([Step::Read, Step::answer(status, &[], body)]).await;
        let client = build(server.base_url(), HttpOptions::default(), &RULES).unwrap();
        let error = failure(&client, ReplaySafety::SingleUse).await;
        assert_eq!(axes(&error), (kind, "answered", retry), "{status} {code}");
        assert_eq!((error.credential(), error.code().map(AsRef::as_ref)), (owner, Some(code)));
        assert_eq!(error.message() == "ask the user to sign in", owner.is_some(), "{error}");
    }
}

#[tokio::test]
async fn an_answer_is_decoded_and_its_headers_can_be_asked() {
    let server = BadServer::always([
        Step::Read,
        Step::answer(
            200,
            &["X-Flag: TRUE", "X-Other: no", "Set-Cookie: canary-cookie"],
            r#"{"a":"canary-body"}"#,
        ),
    ])
    .await;
    let answer = client(server.base_url()).send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
    assert_eq!(answer.body["a"], "canary-body");
    let says = |name: &'static str| answer.header_is_true(&http::HeaderName::from_static(name));
    assert_eq!([says("x-flag"), says("x-other"), says("x-absent")], [true, false, false]);
    assert_clean(&format!("{answer:?}"), &["canary-cookie", "canary-body"]);
}

#[tokio::test]
async fn a_deadline_that_has_passed_sends_nothing() {
    let server = BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await;
    let call = start(ReplaySafety::SingleUse).context(&within(std::time::Duration::ZERO));
    let error = client(server.base_url()).send::<Value>(call).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::NotSent));
    assert_eq!(error.retry(), Retry::Never);
    assert!(server.connections().is_empty());
}

/// Whoever stands before the vendor knows nothing of its credentials.
#[tokio::test]
async fn no_exception_of_a_vendor_applies_to_a_page() {
    for body in ["<html>canary-page</html>", "<!doctype html>"] {
        let server = BadServer::always([Step::Read, Step::answer(401, &[], body)]).await;
        let client = build(server.base_url(), HttpOptions::default(), &RULES).unwrap();
        for (repeat, verdicts) in ROWS {
            let error = failure(&client, repeat).await;
            assert_eq!(axes(&error), ("unavailable", "answered", verdicts[SERVER_ERROR]));
            assert_eq!((error.credential(), error.message()), (None, PAGE));
        }
    }
}

/// A firewall that limits the rate does so with a page, and what it asks for is to be waited for.
#[tokio::test]
async fn a_page_that_asks_to_slow_down_is_believed() {
    let headers = ["Content-Type: text/html", "Retry-After: 7"];
    let server = BadServer::always([Step::Read, Step::answer(429, &headers, "<html>")]).await;
    let error = failure(&client(server.base_url()), ReplaySafety::SingleUse).await;
    assert_eq!(axes(&error), ("rate_limited", "answered", "allowed"));
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(7));
}

/// The vendor's clock is an hour away from ours, in both directions, and may not say so.
#[tokio::test]
async fn a_date_is_a_wait_by_the_vendors_clock() {
    for (date, then, seconds) in [
        ("Date: Sun, 06 Nov 1994 09:49:37 GMT", "Sun, 06 Nov 1994 09:50:07 GMT", 30),
        ("Date: Sun, 06 Nov 1994 07:49:37 GMT", "Sun, 06 Nov 1994 07:50:07 GMT", 30),
        ("Date: Sun, 06 Nov 1994 07:49:37 GMT", "1994-11-06T07:50:07Z", 30),
        ("Date: unknown", "Sun, 06 Nov 1994 08:50:07 GMT", 30),
    ] {
        let after = format!("Retry-After: {then}");
        let server = BadServer::always([Step::Read, Step::answer(429, &[date, &after], "")]).await;
        let error = failure(&client(server.base_url()), ReplaySafety::SingleUse).await;
        assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(seconds), "{date} {then}");
    }
}

/// The sentence is all that people see of an answer.
#[tokio::test]
async fn every_kind_has_a_sentence_of_its_own() {
    for (status, sentence) in [
        (101, "the vendor answered that it changes to another protocol, which was not asked for"),
        (300, "the vendor answered with a choice of addresses, of which none is followed"),
        (302, "the vendor answered with a redirect, which is never followed"),
        (304, "the vendor answered that nothing has changed, though the request asked for no comparison"),
        (305, "the vendor answered with a status that is neither a success nor an error"),
        (308, "the vendor answered with a redirect, which is never followed"),
        (400, "the vendor refused the request"),
        (401, "the vendor refused the application's key"),
        (402, "the account at the vendor has no balance"),
        (403, "the vendor does not allow this with the given credentials"),
        (404, "the vendor does not know what the request names"),
        (409, "the request conflicts with the vendor's state"),
        (429, "the vendor asks to slow down"),
        (500, "the vendor could not process the request"),
    ] {
        let server = BadServer::always([Step::Read, Step::answer(status, &[], "")]).await;
        let error = failure(&client(server.base_url()), ReplaySafety::Idempotent).await;
        assert_eq!(error.message(), sentence, "{status}");
    }
}
