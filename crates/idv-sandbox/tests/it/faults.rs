//! Faults as a plain client sees them: bytes on a socket, or a client without any of our code.

use std::io::ErrorKind;
use std::time::Duration;

use idv_sandbox::{CannedAnswer, Error, Fault, FaultKind, FaultMix, OrganizationType, RetryAfter, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::frozen;

const PERSON: &str =
    r#"{"first_name":"Ada","last_name":"Sample","email":"ada@example.test","phone":"+15192223333"}"#;

/// What came back before the connection ended.
#[derive(Debug)]
struct Wire {
    bytes: Vec<u8>,
    /// How the connection ended, where it did not end in order.
    broken: Option<ErrorKind>,
}

impl Wire {
    fn head(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        text.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase()
    }

    fn body(&self) -> &[u8] {
        let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        &self.bytes[end + 4..]
    }

    fn json(&self) -> Value {
        serde_json::from_slice(self.body()).expect("JSON")
    }

    fn status(&self) -> u16 {
        self.head().split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status")
    }

    fn header(&self, name: &str) -> Option<String> {
        let head = self.head();
        head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    }
}

async fn open(base_url: &str, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(base_url.trim_start_matches("http://")).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    stream
}

async fn exchange(base_url: &str, request: &str) -> Wire {
    let mut stream = open(base_url, request).await;
    let mut bytes = Vec::new();
    let broken = stream.read_to_end(&mut bytes).await.err().map(|error| error.kind());
    Wire { bytes, broken }
}

/// A request in HTTP/1.1 as text; the connection ends with the answer.
fn http(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if method != "GET" {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    format!("{text}\r\n{body}")
}

fn start_session(sandbox: &Sandbox) -> String {
    let key = sandbox.session_api().api_key();
    http("POST", "/v1/sessions", &[("x-api-key", key), ("content-type", "application/json")], PERSON)
}

async fn start(sandbox: &Sandbox) -> Wire {
    exchange(sandbox.session_api().base_url(), &start_session(sandbox)).await
}

/// What a start at the session API meets, and how many sessions there are afterwards.
async fn with(fault: FaultKind) -> (Wire, usize) {
    let sandbox = frozen().await;
    sandbox.session_api().add_fault(Fault::new(fault)).unwrap();
    let wire = start(&sandbox).await;
    let made = sandbox.session_api().sessions().len();
    let undisturbed = start(&sandbox).await;
    assert_eq!(
        (undisturbed.status(), undisturbed.broken),
        (200, None),
        "one request is hit, the next is not"
    );
    (wire, made)
}

#[tokio::test]
async fn any_answer_can_replace_the_vendors() {
    let answer = CannedAnswer::text(418, "short and stout").header("x-mood", "steaming");
    let (wire, made) = with(FaultKind::Answer { answer }).await;
    assert_eq!((wire.status(), wire.body(), made), (418, &b"short and stout"[..], 0));
    assert_eq!(wire.header("content-type").as_deref(), Some("text/plain"));
    assert_eq!(wire.header("x-mood").as_deref(), Some("steaming"));
}

#[tokio::test]
async fn a_wait_is_told_in_seconds_or_as_a_date_that_agrees_with_the_date_header() {
    let answer = CannedAnswer::json(429, "{}").retry_after(RetryAfter::Seconds(7));
    let (wire, _) = with(FaultKind::Answer { answer }).await;
    assert_eq!(wire.header("retry-after").as_deref(), Some("7"));
    let answer = CannedAnswer::json(503, "{}").retry_after(RetryAfter::DateIn(90));
    let (wire, _) = with(FaultKind::Answer { answer }).await;
    assert_eq!(wire.header("date").as_deref(), Some("thu, 01 jan 2026 00:00:00 gmt"));
    assert_eq!(wire.header("retry-after").as_deref(), Some("thu, 01 jan 2026 00:01:30 gmt"));
}

#[tokio::test]
async fn a_reset_before_the_request_makes_no_session() {
    let (wire, made) = with(FaultKind::ResetBefore).await;
    assert_eq!((wire.broken, wire.bytes.len(), made), (Some(ErrorKind::ConnectionReset), 0, 0));
}

#[tokio::test]
async fn a_reset_before_the_request_does_not_wait_for_its_body() {
    let sandbox = frozen().await;
    sandbox.session_api().add_fault(Fault::new(FaultKind::ResetBefore)).unwrap();
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: sandbox\r\ncontent-length: 100\r\n\r\n";
    let wire = exchange(sandbox.session_api().base_url(), head).await;
    assert_eq!(wire.broken, Some(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_lost_answer_leaves_a_session_that_nobody_was_told_of() {
    let (wire, made) = with(FaultKind::LostAnswer).await;
    assert_eq!((wire.broken, wire.bytes.len(), made), (Some(ErrorKind::ConnectionReset), 0, 1));
}

#[tokio::test]
async fn a_kept_connection_is_reset_in_the_middle_of_its_life() {
    let sandbox = frozen().await;
    sandbox.session_api().add_fault(Fault::new(FaultKind::LostAnswer).operation("find")).unwrap();
    let request = |path: &str| {
        let key = sandbox.session_api().api_key();
        format!("GET {path} HTTP/1.1\r\nhost: sandbox\r\nx-api-key: {key}\r\n\r\n")
    };
    let mut stream = open(sandbox.session_api().base_url(), &request("/v1/nothing")).await;
    let mut buffer = [0; 4096];
    assert!(stream.read(&mut buffer).await.unwrap() > 0);
    stream.write_all(request("/v1/sessions").as_bytes()).await.unwrap();
    assert_eq!(stream.read(&mut buffer).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn an_answer_that_never_comes_leaves_the_connection_open() {
    let sandbox = frozen().await;
    sandbox.session_api().add_fault(Fault::new(FaultKind::NoAnswer)).unwrap();
    let mut stream = open(sandbox.session_api().base_url(), &start_session(&sandbox)).await;
    // The second connection's answer shows that the server has had its turn.
    while sandbox.session_api().sessions().is_empty() {
        tokio::task::yield_now().await;
    }
    start(&sandbox).await;
    let mut byte = [0];
    let waited = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut byte)).await;
    assert!(waited.is_err(), "neither an answer nor an end: {waited:?}");
    drop(sandbox);
    assert_eq!(stream.read(&mut byte).await.unwrap_or(0), 0, "a dropped sandbox ends it");
}

#[tokio::test]
async fn a_slow_head_comes_after_its_time() {
    let before = std::time::Instant::now();
    let (wire, made) = with(FaultKind::SlowHead { milliseconds: 200 }).await;
    assert!(before.elapsed() >= Duration::from_millis(200));
    assert_eq!((wire.status(), made), (200, 1));
}

#[tokio::test]
async fn a_slow_body_comes_in_pieces_after_a_prompt_head() {
    let sandbox = frozen().await;
    sandbox.session_api().add_fault(Fault::new(FaultKind::SlowBody { milliseconds: 50 })).unwrap();
    let before = std::time::Instant::now();
    let mut stream = open(sandbox.session_api().base_url(), &start_session(&sandbox)).await;
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
        let count = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..count]);
    }
    let early = Wire { bytes: bytes.clone(), broken: None };
    let announced: usize = early.header("content-length").unwrap().parse().unwrap();
    assert!(early.body().len() < announced, "the head does not wait for the body");
    stream.read_to_end(&mut bytes).await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(8 * 50), "each of eight pieces takes its time");
    let wire = Wire { bytes, broken: None };
    assert_eq!(wire.body().len(), announced);
    assert!(wire.json()["id"].is_string());
}

#[tokio::test]
async fn a_truncated_answer_has_half_of_the_body_it_announced() {
    let (wire, made) = with(FaultKind::Truncated).await;
    let announced: usize = wire.header("content-length").unwrap().parse().unwrap();
    assert_eq!((wire.status(), wire.body().len(), made), (200, announced / 2, 1));
}

#[tokio::test]
async fn wrong_types_keep_the_names() {
    let (wire, made) = with(FaultKind::WrongTypes).await;
    let body = wire.json();
    assert_eq!(
        (&body["id"], &body["session_url"], &body["links"]),
        (&json!(42), &json!(42), &json!("forty-two"))
    );
    assert_eq!((wire.status(), made), (200, 1));
}

#[tokio::test]
async fn an_oversized_answer_is_json_padded_with_blanks() {
    let (wire, _) = with(FaultKind::Oversized { bytes: 2 * 1024 * 1024 }).await;
    assert_eq!(wire.body().len(), 2 * 1024 * 1024);
    assert!(wire.json()["id"].is_string());
}

#[tokio::test]
async fn invalid_utf8_stands_where_a_text_should_be() {
    let (wire, _) = with(FaultKind::InvalidUtf8).await;
    assert!(std::str::from_utf8(wire.body()).is_err());
    assert_eq!(wire.header("content-type").as_deref(), Some("application/json"));
}

#[tokio::test]
async fn a_success_can_come_without_a_body_or_as_html() {
    let (wire, made) = with(FaultKind::EmptyBody).await;
    assert_eq!((wire.status(), wire.body(), made), (200, &b""[..], 1));
    let (wire, _) = with(FaultKind::Html).await;
    assert!(wire.body().starts_with(b"<!doctype html>"));
    assert_eq!(wire.header("content-type").as_deref(), Some("text/html; charset=utf-8"));
}

fn nxos_request(sandbox: &Sandbox, method: &str) -> String {
    let bearer = format!("Bearer {}", sandbox.nxos().api_key());
    http(method, "/v1/organizations/verification", &[("authorization", &bearer)], "")
}

#[tokio::test]
async fn an_unknown_word_replaces_the_state_at_every_vendor() {
    let sandbox = frozen().await;
    let word = |word: &str| Fault::new(FaultKind::UnknownWord { word: Some(word.to_owned()) });
    sandbox.nxos().add_fault(word("PARKED").operation("check")).unwrap();
    let wire = exchange(sandbox.nxos().base_url(), &nxos_request(&sandbox, "GET")).await;
    assert_eq!(wire.json()["status"], "PARKED");

    sandbox.baanx().add_fault(Fault::new(FaultKind::UnknownWord { word: None }).operation("check")).unwrap();
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let bearer = format!("Bearer {}", user.token);
    let headers = [("authorization", bearer.as_str()), ("x-client-key", sandbox.baanx().client_key())];
    let wire = exchange(sandbox.baanx().base_url(), &http("GET", "/v1/user", &headers, "")).await;
    assert_eq!(wire.json()["verificationState"], "SIMULATED_NEW_WORD");

    let id = start(&sandbox).await.json()["id"].as_str().unwrap().to_owned();
    sandbox.session_api().add_fault(word("LOST_IN_MAIL")).unwrap();
    let headers = [("x-api-key", sandbox.session_api().api_key())];
    let request = http("GET", &format!("/v1/sessions/{id}"), &headers, "");
    let wire = exchange(sandbox.session_api().base_url(), &request).await;
    assert_eq!(wire.json()["session_record"]["status"], "LOST_IN_MAIL");
    assert_eq!(
        sandbox.session_api().status(&id).as_deref(),
        Some("PENDING"),
        "the vendor itself does not say it"
    );
}

#[tokio::test]
async fn a_lost_answer_at_nxos_and_baanx_has_its_effect() {
    let sandbox = frozen().await;
    let own = sandbox.nxos().own_organization().to_owned();
    sandbox.nxos().add_fault(Fault::new(FaultKind::LostAnswer).operation("start")).unwrap();
    let wire = exchange(sandbox.nxos().base_url(), &nxos_request(&sandbox, "GET")).await;
    assert_eq!(wire.json()["status"], "NOT_STARTED", "a check is not a start");
    let wire = exchange(sandbox.nxos().base_url(), &nxos_request(&sandbox, "POST")).await;
    assert_eq!(wire.broken, Some(ErrorKind::ConnectionReset));
    assert_eq!(sandbox.nxos().status(&own).as_deref(), Some("PENDING"));

    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Sample");
    let bearer = format!("Bearer {}", user.token);
    let headers = [("authorization", bearer.as_str()), ("x-client-key", baanx.client_key())];
    let request = http("GET", "/v1/user/verification", &headers, "");
    baanx.add_fault(Fault::new(FaultKind::ResetBefore).operation("start")).unwrap();
    baanx.add_fault(Fault::new(FaultKind::LostAnswer).operation("start_user")).unwrap();
    for open_pages in [0, 1] {
        let wire = exchange(baanx.base_url(), &request).await;
        assert_eq!((wire.broken, wire.bytes.len()), (Some(ErrorKind::ConnectionReset), 0));
        assert_eq!(baanx.verification(&user.user_id).unwrap().open_pages.len(), open_pages);
    }
}

#[tokio::test]
async fn faults_are_counted_recorded_and_called_off() {
    let sandbox = frozen().await;
    let api = sandbox.session_api();
    let answer = || FaultKind::Answer { answer: CannedAnswer::session_api_error(503, "later") };
    api.add_fault(Fault::new(answer()).operation("start").times(2)).unwrap();
    for (status, fault) in [(503, Some("answer")), (503, Some("answer")), (200, None)] {
        assert_eq!(start(&sandbox).await.status(), status);
        assert_eq!(api.requests().last().unwrap().fault, fault);
    }
    api.add_fault(Fault::new(FaultKind::LostAnswer).times(5)).unwrap();
    assert_eq!(api.pending_faults().len(), 1);
    api.clear_faults();
    assert_eq!(start(&sandbox).await.status(), 200);
    assert_eq!(api.requests().last().unwrap().status, Some(200));
}

#[tokio::test]
async fn faults_that_cannot_be_played_are_refused() {
    let sandbox = frozen().await;
    let unknown = sandbox.nxos().add_fault(Fault::new(FaultKind::LostAnswer).operation("find"));
    let Err(Error::UnknownOperation { operation, known }) = unknown else { panic!("{unknown:?}") };
    assert_eq!(operation, "find");
    assert!(known.contains("start, check, import"), "{known}");
    for answer in [
        CannedAnswer::json(101, ""),
        CannedAnswer::json(1000, ""),
        CannedAnswer::json(200, "").header("a b", "c"),
    ] {
        let refused = sandbox.nxos().add_fault(Fault::new(FaultKind::Answer { answer }));
        assert!(matches!(refused, Err(Error::BadFault(_))), "{refused:?}");
    }
}

/// What a hundred starts meet.
async fn hundred(mix: FaultMix) -> Vec<Option<&'static str>> {
    let sandbox = frozen().await;
    sandbox.session_api().set_rate_limits(None);
    sandbox.session_api().mix_faults(Some(mix)).unwrap();
    for _ in 0..100 {
        start(&sandbox).await;
    }
    sandbox.session_api().requests().iter().map(|request| request.fault).collect()
}

#[tokio::test]
async fn a_mix_is_repeatable_and_hits_about_its_share() {
    let mix = |seed| FaultMix { seed, per_mille: 300, kinds: Vec::new() };
    let (first, again, other) = (hundred(mix(7)).await, hundred(mix(7)).await, hundred(mix(8)).await);
    assert_eq!(first, again, "seed 7");
    assert_ne!(first, other, "seeds 7 and 8");
    let hits = first.iter().flatten().count();
    assert!((15..=45).contains(&hits), "{hits} of 100 were hit at 300 of 1000, seed 7");
    let all = hundred(FaultMix { seed: 1, per_mille: 1000, kinds: vec![FaultKind::ResetBefore] }).await;
    assert!(all.iter().all(|fault| *fault == Some("reset_before")));
}

#[tokio::test]
async fn a_reference_can_ask_for_refusals_and_a_lost_answer() {
    let sandbox = frozen().await;
    let api = sandbox.session_api();
    let body = PERSON.replace('}', r#","external_id":"case-7-503x2-lost-answer"}"#);
    let headers = [("x-api-key", api.api_key()), ("content-type", "application/json")];
    let request = http("POST", "/v1/sessions", &headers, &body);
    for (status, sessions) in [(Some(503), 0), (Some(503), 0), (None, 1), (Some(200), 2)] {
        let wire = exchange(api.base_url(), &request).await;
        assert_eq!((wire.broken.is_none().then(|| wire.status()), api.sessions().len()), (status, sessions));
    }
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let bearer = format!("Bearer {}", sandbox.nxos().api_key());
    let headers = [
        ("authorization", bearer.as_str()),
        ("nxos-on-behalf-of", &organization),
        ("idempotency-key", "a-lost-answer"),
    ];
    let request = http("POST", "/v1/organizations/verification", &headers, "");
    assert_eq!(exchange(sandbox.nxos().base_url(), &request).await.broken, Some(ErrorKind::ConnectionReset));
    let again = exchange(sandbox.nxos().base_url(), &request).await;
    assert_eq!((again.status(), again.header("idempotent-replayed").as_deref()), (200, Some("true")));
    let headers = [("authorization", "Bearer a-429x1"), ("x-client-key", sandbox.baanx().client_key())];
    let request = http("GET", "/v1/user/verification", &headers, "");
    assert_eq!(exchange(sandbox.baanx().base_url(), &request).await.status(), 429);
    assert_eq!(exchange(sandbox.baanx().base_url(), &request).await.status(), 200);
}
