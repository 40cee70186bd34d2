//! What an error says: its kind and exit code, whether to repeat, and whether a session may exist.

use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::support::*;

/// The operations that ask a vendor, at the flows that have them.
fn operations() -> Vec<(&'static str, &'static str, String)> {
    let mut all = Vec::new();
    for provider in FLOWS {
        all.push((provider, "start", start(provider)));
        all.push((provider, "check", about("check", provider)));
        if provider != "sessions" {
            all.push((provider, "refresh", about("refresh", provider)));
        }
    }
    all.push(("sessions", "find", "find --provider sessions --reference case-7781".into()));
    all.push((
        "primary",
        "import",
        format!("import --provider primary --organization {ORG} --share-token-env SHARE_TOKEN"),
    ));
    all
}

fn assert_error(error: &Value, name: &str, expected: &[(&str, Value)]) {
    shape::check(error, shape::ERROR);
    for (field, value) in expected {
        assert_eq!(&error[*field], value, "{name}: `{field}` of {error}");
    }
}

/// What an answered 5xx leaves to do, by the table of the HTTP rules.
fn after_5xx(provider: &str, operation: &str) -> &'static str {
    match (provider, operation) {
        (_, "import") => "never",
        ("sessions", "start") => "after_check",
        _ => "allowed",
    }
}

/// What a lost answer leaves to do, by the table of the HTTP rules.
fn after_unknown(provider: &str, operation: &str) -> &'static str {
    match (provider, operation) {
        (_, "check" | "find") | ("primary", "start" | "refresh") => "allowed",
        _ => "after_check",
    }
}

#[test]
fn each_status_has_its_kind() {
    for (provider, operation, args) in operations() {
        for (status, kind) in [
            (400, "invalid_request"),
            (402, "payment_required"),
            (403, "forbidden"),
            (404, "not_found"),
            (409, "conflict"),
            (418, "invalid_request"),
            (422, "invalid_request"),
            (500, "unavailable"),
            (502, "unavailable"),
            (503, "unavailable"),
            (504, "unavailable"),
        ] {
            let name = format!("{provider} {operation} {status}");
            let reply = Reply::json(status, &vendor_error(provider, "some_code", "canary"));
            let error = World::always(reply).json(&args).fails(kind);
            let retry = if status < 500 { "never" } else { after_5xx(provider, operation) };
            assert_error(
                &error,
                &name,
                &[
                    ("provider", json!(provider)),
                    ("operation", json!(operation)),
                    ("http_status", json!(status)),
                    ("retry", json!(retry)),
                    ("delivery", json!("answered")),
                    ("credential", Value::Null),
                    ("inputs", json!([])),
                    ("config", json!([])),
                ],
            );
            if provider == "primary" {
                assert_eq!(error["code"], "some_code", "{name}");
                assert_eq!(error["request_id"], "req_a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4", "{name}");
            }
        }
    }
}

#[test]
fn an_unauthenticated_call_names_the_credential() {
    let cases = [
        ("primary", 401, "missing_api_key", "application"),
        ("primary", 401, "invalid_api_key", "application"),
        ("cards", 401, "", "user"),
        ("cards", 498, "", "application"),
        ("cards", 499, "", "application"),
        ("signup", 498, "", "application"),
        ("signup", 499, "", "application"),
        ("sessions", 401, "", "application"),
    ];
    for (provider, operation, args) in operations() {
        for (_, status, code, credential) in cases.iter().filter(|c| c.0 == provider) {
            let name = format!("{provider} {operation} {status}");
            let reply = Reply::json(*status, &vendor_error(provider, code, "no"));
            let error = World::always(reply).json(&args).fails("unauthenticated");
            let expected = [
                ("credential", json!(credential)),
                ("http_status", json!(status)),
                ("retry", json!("never")),
                ("delivery", json!("answered")),
            ];
            assert_error(&error, &name, &expected);
        }
    }
}

/// Codes that mean something else than their status.
#[test]
fn codes_of_nxos_that_override_the_status() {
    for (status, code, kind) in
        [(401, "authentication_failed", "unavailable"), (409, "idempotency_request_in_flight", "conflict")]
    {
        for args in [start("primary"), about("check", "primary"), about("refresh", "primary")] {
            let reply = Reply::json(status, &vendor_error("primary", code, "try again"));
            let error = World::always(reply).json(&args).fails(kind);
            let expected = [
                ("code", json!(code)),
                ("http_status", json!(status)),
                ("retry", json!("allowed")),
                ("credential", Value::Null),
            ];
            assert_error(&error, &format!("{code}: {args}"), &expected);
        }
    }
    let in_use = Reply::json(409, &vendor_error("primary", "idempotency_key_in_use", "other body"));
    assert_eq!(World::always(in_use).json(&start("primary")).fails("conflict")["retry"], "never");
    let new = Reply::json(403, &vendor_error("primary", "authorization_required", "no LOA"));
    let error = World::always(new).json(&start("primary")).fails("forbidden");
    assert_eq!(error["code"], "authorization_required", "codes are open strings");
}

#[test]
fn payment_required_may_be_plain_text() {
    let reply = Reply::text(402, "text/plain", "Insufficient funds or subscription.");
    let error = World::always(reply).json(&start("sessions")).fails("payment_required");
    assert_error(&error, "402", &[("http_status", json!(402)), ("retry", json!("never"))]);
}

#[test]
fn an_error_body_of_any_shape_is_still_its_status() {
    for (provider, operation, args) in operations() {
        for body in ["", "null", "[]", "{\"error\":7}", "{\"message\":[\"x\"]}", "{\"error\":{}}", "{"] {
            let reply = Reply::text(404, "application/json", body);
            let error = World::always(reply).json(&args).fails("not_found");
            shape::check(&error, shape::ERROR);
            assert_eq!(error["http_status"], 404, "{provider} {operation} {body}");
        }
    }
}

/// Whoever stands before the vendor knows neither its keys nor its sessions.
#[test]
fn a_page_of_a_gateway_is_no_verdict() {
    for (provider, operation, args) in operations() {
        for status in [401, 403, 404] {
            let page = Reply::text(status, "text/html", "<html>canary</html>");
            let error = World::always(page).json(&args).fails("unavailable");
            shape::check(&error, shape::ERROR);
            assert_eq!(error["http_status"], status, "{provider} {operation}");
            assert_eq!(error["credential"], Value::Null, "{provider} {operation}");
        }
    }
}

/// Waits above the longest wait (20 s) come back to the caller, with the wait in the error.
#[test]
fn a_rate_limit_says_how_long_to_wait() {
    let date = httpdate::fmt_http_date(std::time::SystemTime::now() + std::time::Duration::from_secs(3600));
    for (provider, operation, args) in operations() {
        let plain = |body: Value| Reply::json(429, &body);
        let mut cases = vec![
            (
                "seconds",
                plain(vendor_error(provider, "rate_limited", "slow down")).with("Retry-After", "120"),
                118..=120,
            ),
            (
                "date",
                plain(vendor_error(provider, "rate_limited", "slow down")).with("Retry-After", &date),
                3500..=3600,
            ),
        ];
        match provider {
            "primary" => {
                let text = "Rate limit exceeded: 1000 requests per minute. Retry in 23 seconds.";
                cases.push(("message", plain(vendor_error(provider, "rate_limited", text)), 21..=23));
            }
            "cards" | "signup" => {
                let body =
                    json!({"message": "Rate limit exceeded", "retryAfter": 3600, "limit": "3_per_hour"});
                cases.push(("body", plain(body), 3598..=3600));
            }
            _ => {}
        }
        for (form, reply, expected) in cases {
            let name = format!("{provider} {operation} {form}");
            let world = World::always(reply);
            let error = world.json(&args).fails("rate_limited");
            let seconds = error["retry_after_seconds"].as_u64().unwrap_or_else(|| panic!("{name}: {error}"));
            assert!(expected.contains(&seconds), "{name}: {seconds} s");
            assert_error(
                &error,
                &name,
                &[("retry", json!("allowed")), ("delivery", json!("answered")), ("http_status", json!(429))],
            );
            world.vendor.only();
        }
    }
}

#[test]
fn an_unavailable_vendor_may_say_how_long_too() {
    for provider in FLOWS {
        let reply =
            Reply::json(503, &vendor_error(provider, "internal_error", "later")).with("Retry-After", "300");
        let error = World::always(reply).json(&about("check", provider)).fails("unavailable");
        assert_eq!(error["retry_after_seconds"], 300, "{provider}");
    }
}

#[test]
fn a_wait_is_rounded_up() {
    let body = json!({"message": "Rate limit exceeded", "retryAfter": 30.2});
    let error = World::always(Reply::json(429, &body)).json(&start("cards")).fails("rate_limited");
    assert_eq!(error["retry_after_seconds"], 31);
}

#[test]
fn of_several_waits_the_longest_holds() {
    let body = json!({"message": "Rate limit exceeded", "retryAfter": 3600});
    let reply = Reply::json(429, &body).with("Retry-After", "1");
    let world = World::always(reply);
    let error = world.json(&start("cards")).fails("rate_limited");
    assert_eq!((&error["retry"], &error["retry_after_seconds"]), (&json!("allowed"), &json!(3600)));
    world.vendor.only();
}

/// A wait that cannot be meant is no wait, and never a crash.
#[test]
fn a_wait_that_makes_no_sense_is_dropped_or_kept_but_never_breaks_the_error() {
    for wait in ["-1", "99999999999999999999999", "soon", "", "1e9", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        for provider in FLOWS {
            let reply = Reply::json(403, &vendor_error(provider, "x", "y")).with("Retry-After", wait);
            let error = World::always(reply).json(&about("check", provider)).fails("forbidden");
            shape::check(&error, shape::ERROR);
        }
    }
    for wait in [json!(-1), json!("3600"), json!(1e300), json!(null), json!([]), json!(0.5)] {
        let body = json!({"message": "Rate limit exceeded", "retryAfter": wait});
        let reply = Reply::json(429, &body).with("Retry-After", "60");
        let error = World::always(reply).json(&start("cards")).fails("rate_limited");
        shape::check(&error, shape::ERROR);
        assert!(error["retry_after_seconds"].as_u64() >= Some(60), "{body}: {error}");
    }
}

#[test]
fn a_lost_answer_is_of_unknown_delivery() {
    for (provider, operation, args) in operations() {
        let name = format!("{provider} {operation}, closed");
        let error = World::always(Reply::Close).json(&args).fails("connection");
        let expected = [
            ("delivery", json!("unknown")),
            ("retry", json!(after_unknown(provider, operation))),
            ("http_status", Value::Null),
            ("provider", json!(provider)),
            ("operation", json!(operation)),
        ];
        assert_error(&error, &name, &expected);
    }
}

/// The key was made here, so nobody else could tell it to whoever repeats the start.
#[test]
fn a_lost_start_tells_the_key_to_repeat_it_with() {
    for (provider, has_keys) in [("primary", true), ("cards", false), ("signup", false), ("sessions", false)]
    {
        let error = World::always(Reply::Close).json(&start(provider)).fails("connection");
        assert_eq!(error["idempotency_key"].is_string(), has_keys, "{provider}: {error}");
    }
    let lost = World::always(Reply::Close);
    let ran = lost.idv(&start("primary")).run().exits(4);
    let key = lost.vendor.only().header("idempotency-key").unwrap().to_owned();
    assert!(
        ran.stderr.contains(&format!("--idempotency-key {key}")),
        "people are told what to repeat: {ran}"
    );
    let world = World::new();
    world.json(&format!("{} --idempotency-key {key}", start("primary"))).exits(0);
    assert_eq!(world.vendor.only().header("idempotency-key"), Some(key.as_str()));

    let refused = World::always(Reply::json(404, &vendor_error("primary", "organization_not_found", "no")));
    assert_eq!(refused.json(&start("primary")).fails("not_found")["idempotency_key"], Value::Null);
    let mine = World::always(Reply::Close).json(&format!("{} --idempotency-key my-key", start("primary")));
    assert_eq!(mine.fails("connection")["idempotency_key"], Value::Null, "the caller knows it");
}

#[test]
fn an_answer_cut_short_is_of_unknown_delivery() {
    for (provider, operation, args) in operations() {
        let name = format!("{provider} {operation}, cut");
        let ran = World::always(Reply::Cut { body: b"{\"session".to_vec() }).json(&args);
        assert_eq!(ran.code, 4, "{name}: {ran}");
        let error = ran.error();
        let expected = [("delivery", json!("unknown")), ("retry", json!(after_unknown(provider, operation)))];
        assert_error(&error, &name, &expected);
    }
}

#[test]
fn a_time_out_is_of_unknown_delivery() {
    for (provider, operation, args) in operations() {
        let name = format!("{provider} {operation}, silent");
        let world = World::always(Reply::Silence).http("attempt_timeout = \"150ms\"");
        let error = world.json(&args).fails("timeout");
        let expected = [
            ("delivery", json!("unknown")),
            ("retry", json!(after_unknown(provider, operation))),
            ("http_status", Value::Null),
        ];
        assert_error(&error, &name, &expected);
    }
}

#[test]
fn nothing_is_sent_where_nobody_listens() {
    // Bound, so that nobody else takes it, and without anybody who listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let gone = format!("http://{}", socket.local_addr().unwrap());
    for (provider, operation, args) in operations() {
        let name = format!("{provider} {operation}, nobody");
        let world = World::new();
        let world = {
            let base = world.vendor.base.clone();
            world.edit(&base, &gone)
        };
        let error = world.json(&args).fails("connection");
        let expected =
            [("delivery", json!("not_sent")), ("retry", json!("allowed")), ("http_status", Value::Null)];
        assert_error(&error, &name, &expected);
    }
}

/// A session exists then, and nobody has its link: a repetition must not be advised where it makes a second one.
fn assert_not_repeated(error: &Value, provider: &str, operation: &str, name: &str) {
    let makes_another = matches!(
        (provider, operation),
        ("cards" | "signup" | "sessions", "start" | "refresh") | (_, "import")
    );
    if makes_another {
        assert!(["never", "after_check"].contains(&error["retry"].as_str().unwrap()), "{name}: {error}");
    }
}

#[test]
fn an_answer_that_cannot_be_read_is_invalid() {
    let big = format!("{{\"x\":\"{}\"}}", "x".repeat(1024 * 1024));
    for (provider, operation, args) in operations() {
        for (form, reply) in [
            ("no JSON", Reply::text(200, "application/json", "<html>hello</html>")),
            ("nothing", Reply::text(200, "application/json", "")),
            ("empty object", Reply::json(200, &json!({}))),
            ("null", Reply::json(200, &Value::Null)),
            ("list", Reply::json(200, &json!([]))),
            ("text", Reply::json(200, &json!("ok"))),
            (
                "wrong types",
                Reply::json(
                    200,
                    &json!({"url": 7, "accessToken": {}, "status": 7, "sessionUrl": [], "verificationState": 1, "id": 9,
                            "session_url": false, "sessions": "many", "session_record": []}),
                ),
            ),
            ("oversized", Reply::text(200, "application/json", &big)),
        ] {
            let name = format!("{provider} {operation}, {form}");
            let ran = World::always(reply).json(&args);
            assert_eq!(ran.code, 4, "{name}: {ran}");
            let error = ran.fails("invalid_response");
            assert_error(&error, &name, &[("provider", json!(provider)), ("operation", json!(operation))]);
            assert_not_repeated(&error, provider, operation, &name);
        }
    }
}

#[test]
fn a_body_just_within_the_limit_is_read() {
    let mut body = nxos_state("APPROVED");
    body["padding"] = "x".repeat(1024 * 1024 - 400).into();
    assert!(body.to_string().len() <= 1024 * 1024);
    let state = World::always(Reply::json(200, &body)).json(&about("check", "primary")).found("verification");
    assert_eq!(state["status"], "approved");
}

#[test]
fn an_oversized_error_is_still_an_error() {
    let reply = Reply::text(500, "text/html", &"x".repeat(2 * 1024 * 1024));
    let ran = World::always(reply).json(&about("check", "primary"));
    assert_eq!(ran.code, 4, "{ran}");
    shape::check(&ran.error(), shape::ERROR);
}

fn session_answer(provider: &str, url: &str) -> Value {
    match provider {
        "primary" => json!({"object": "verification_session", "url": url, "accessToken": NXOS_TOKEN}),
        "sessions" => json!({"id": SESSION_ID, "session_url": url, "links": []}),
        _ => json!({"sessionUrl": url}),
    }
}

#[test]
fn a_link_that_is_not_https_is_refused() {
    for provider in FLOWS {
        for url in [
            "http://in.sumsub.com/canaryLink",
            "http://localhost.evil.example/canaryLink",
            "http://127.0.0.1.nip.io/canaryLink",
            "ftp://in.sumsub.com/canaryLink",
            "javascript:canaryLink()",
            "data:text/html,canaryLink",
            "//in.sumsub.com/canaryLink",
            "/canaryLink",
            "canaryLink",
            "",
        ] {
            let name = format!("{provider} {url}");
            let ran = World::always(Reply::json(200, &session_answer(provider, url))).json(&start(provider));
            let error = ran.fails("invalid_response");
            assert_not_repeated(&error, provider, "start", &name);
            assert!(!ran.stderr.contains("canaryLink"), "{name}: {ran}");
        }
        // The base URL is on loopback, so a link may be too.
        for url in ["http://127.0.0.1:9/page", "http://localhost:9/page", "http://[::1]:9/page"] {
            let ran = World::always(Reply::json(200, &session_answer(provider, url))).json(&start(provider));
            assert_eq!(ran.found("session")["url"], url, "{provider}");
        }
    }
}

#[test]
fn what_the_vendor_says_about_itself_is_tamed() {
    let code = format!("c\u{1b}[31m\n{}", "x".repeat(5000));
    let body = json!({"error": {"code": code, "message": "m", "requestId": code}});
    let world = World::always(Reply::json(400, &body));
    let ran = world.json(&start("primary"));
    let error = ran.fails("invalid_request");
    for field in ["code", "request_id"] {
        let kept = error[field].as_str().unwrap_or_default();
        assert!(kept.len() <= 128, "{field}: {} bytes", kept.len());
        assert!(!kept.contains(char::is_control), "{field}: {kept:?}");
    }
    let human = world.idv(&start("primary")).run().exits(3);
    assert!(!human.stderr.contains('\u{1b}'), "{human}");
}

/// The message is one line that stands alone: who, what, kind, and what the vendor gave to look it up by.
#[test]
fn the_message_stands_alone() {
    let reply = Reply::json(403, &vendor_error("primary", "authorization_required", "canary text"));
    let error = World::always(reply).json(&start("primary")).fails("forbidden");
    let message = error["message"].as_str().unwrap();
    for part in
        ["primary", "start", "forbidden", "authorization_required", "req_a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4"]
    {
        assert!(message.contains(part), "`{part}` is missing in: {message}");
    }
    assert!(
        !message.contains('\n') && !message.contains("canary") && !message.contains("http://"),
        "{message}"
    );
}
