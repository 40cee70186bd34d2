//! Exit codes, and the error document.

use idv_sandbox::{CannedAnswer, NxosEventData, Sandbox};
use serde_json::{Value, json};

use crate::support::{Desk, fields};

const ERROR: [&str; 15] = [
    "code",
    "config",
    "credential",
    "delivery",
    "http_status",
    "idempotency_key",
    "inputs",
    "kind",
    "message",
    "operation",
    "provider",
    "reference",
    "request_id",
    "retry",
    "retry_after_seconds",
];

/// kind, retry, delivery of an error document.
fn verdict(error: &Value) -> [&str; 3] {
    ["kind", "retry", "delivery"].map(|name| error[name].as_str().unwrap())
}

#[tokio::test]
async fn answers_of_nxos() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    let message = "Rate limit exceeded: 1000 requests per minute. Retry in 23 seconds.";
    for (answer, code, expected) in [
        (CannedAnswer::nxos_error(401, "invalid_api_key", "x"), 3, ["unauthenticated", "never", "answered"]),
        (
            CannedAnswer::nxos_error(401, "authentication_failed", "x"),
            4,
            ["unavailable", "allowed", "answered"],
        ),
        (CannedAnswer::nxos_error(403, "authorization_required", "x"), 3, ["forbidden", "never", "answered"]),
        (CannedAnswer::nxos_error(404, "organization_not_found", "x"), 3, ["not_found", "never", "answered"]),
        (CannedAnswer::nxos_error(409, "idempotency_key_in_use", "x"), 3, ["conflict", "never", "answered"]),
        (
            CannedAnswer::nxos_error(409, "idempotency_request_in_flight", "x"),
            3,
            ["conflict", "allowed", "answered"],
        ),
        (CannedAnswer::nxos_error(429, "rate_limited", message), 4, ["rate_limited", "allowed", "answered"]),
        (CannedAnswer::nxos_error(500, "internal_error", "x"), 4, ["unavailable", "allowed", "answered"]),
        (CannedAnswer::text(302, "x"), 4, ["invalid_response", "never", "answered"]),
        (CannedAnswer::text(200, "x"), 4, ["invalid_response", "never", "answered"]),
        (CannedAnswer::json(200, vec![b' '; (1 << 20) + 1]), 4, ["invalid_response", "never", "answered"]),
    ] {
        let status = answer.status;
        let is_limit = status == 429;
        sandbox.nxos().answer_next(answer);
        let (exit, error) = desk.failure(&["start", "--reference", "c1"]).await;
        assert_eq!(fields(&error), ERROR);
        assert_eq!((exit, verdict(&error)), (code, expected), "{error}");
        assert_eq!((&error["provider"], &error["operation"]), (&json!("primary"), &json!("start")));
        assert_eq!(error["http_status"].as_u64().unwrap_or(status.into()), u64::from(status));
        assert_eq!(error["retry_after_seconds"], if is_limit { json!(23) } else { Value::Null });
        assert!(!error["message"].as_str().unwrap().contains("1000 requests"), "the vendor's text stays out");
    }
}

#[tokio::test]
async fn answers_of_the_others() {
    let sandbox = Sandbox::start().await.unwrap();
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let desk = Desk::at(&sandbox).env("TOKEN", &user.token);
    let cards = ["start", "--provider", "cards", "--reference", "u1", "--user-token-env", "TOKEN"];
    let limited = r#"{"message":"Rate limit exceeded","retryAfter":3600,"limit":"3_per_hour"}"#;
    for (answer, code, expected, credential) in [
        (CannedAnswer::baanx_error(401, "Not authenticated"), 3, ["unauthenticated", "never"], json!("user")),
        (
            CannedAnswer::baanx_error(498, "Invalid API key"),
            3,
            ["unauthenticated", "never"],
            json!("application"),
        ),
        (
            CannedAnswer::baanx_error(499, "Missing API key"),
            3,
            ["unauthenticated", "never"],
            json!("application"),
        ),
        (CannedAnswer::baanx_error(500, "Internal server error"), 4, ["unavailable", "allowed"], Value::Null),
        (CannedAnswer::json(429, limited), 4, ["rate_limited", "allowed"], Value::Null),
    ] {
        let is_limit = answer.status == 429;
        sandbox.baanx().answer_next(answer);
        let (exit, error) = desk.failure(&cards).await;
        assert_eq!((exit, &verdict(&error)[..2]), (code, &expected[..]), "{error}");
        assert_eq!(error["credential"], credential);
        assert_eq!(error["retry_after_seconds"], if is_limit { json!(3600) } else { Value::Null });
    }

    let sessions = [
        "start",
        "--provider",
        "sessions",
        "--reference",
        "c1",
        "--first-name",
        "A",
        "--last-name",
        "B",
        "--email",
        "a@b.co",
        "--phone",
        "+15195550100",
    ];
    for (answer, code, expected) in [
        (CannedAnswer::text(402, "Insufficient funds or subscription."), 3, ["payment_required", "never"]),
        (CannedAnswer::session_api_error(500, "x"), 4, ["unavailable", "after_check"]),
        (
            CannedAnswer::session_api_error(429, "x").header("Retry-After", "7"),
            4,
            ["rate_limited", "allowed"],
        ),
        (CannedAnswer::text(200, "<html>"), 4, ["invalid_response", "after_check"]),
    ] {
        sandbox.session_api().answer_next(answer);
        let (exit, error) = desk.failure(&sessions).await;
        assert_eq!((exit, &verdict(&error)[..2]), (code, &expected[..]), "{error}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    // Bound, so that nobody else takes it, and without anybody who listens.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nobody = socket.local_addr().unwrap();
    let desk = Desk::new(&format!(
        "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nbase_url = \"http://{nobody}\"\napi_key = \"k\"\n"
    ));
    let (exit, error) = desk.failure(&["check", "a:self"]).await;
    assert_eq!((exit, verdict(&error)), (4, ["connection", "exhausted", "not_sent"]));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_once_and_nothing_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    let (exit, error) = desk
        .failure(&[
            "start",
            "--provider",
            "sessions",
            "--reference",
            "c1",
            "--phone",
            "0151",
            "--email",
            "canary",
        ])
        .await;
    assert_eq!((exit, verdict(&error)), (3, ["invalid_request", "never", "not_sent"]));
    let mut problems: Vec<String> = error["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["input"].as_str().unwrap(), one["problem"].as_str().unwrap()))
        .collect();
    problems.sort();
    assert_eq!(problems, ["email invalid", "first_name missing", "last_name missing", "phone invalid"]);
    assert!(!error.to_string().contains("canary"));
    assert!(sandbox.session_api().requests().is_empty());
}

#[tokio::test]
async fn references_that_are_none_reach_nobody() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    for reference in [
        "",
        "nocolon",
        ":x",
        "sessions:",
        "sessions:.",
        "sessions:..",
        "sessions:a/b",
        "sessions:%2e%2e",
        "sessions:a?b",
        "sessions:a#b",
        "sessions://",
        "sessions:../../v1/other",
        "sessions:a\nb",
        "primary:a/b",
        "nobody:x",
    ] {
        let (exit, error) = desk.failure(&["check", reference]).await;
        assert_eq!(exit, 2, "{reference}: {error}");
        let key = reference.split_once(':').map_or("", |(_, key)| key);
        let url =
            format!("https://a.b/?session_id={}&status=success", key.replace('%', "%25").replace('#', "%23"));
        let (exit, error) = desk.failure(&["redirect", reference, &url]).await;
        assert!(exit == 2 || reference.starts_with("primary:"), "{reference}: {error}");
    }
    assert!(sandbox.session_api().requests().is_empty() && sandbox.nxos().requests().is_empty());
    let (_, error) = desk.failure(&["check", "nobody:x"]).await;
    assert!(error["message"].as_str().unwrap().contains("`nobody`"), "{error}");
}

#[tokio::test]
async fn what_a_provider_cannot_do() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox).env("T", "t");
    for arguments in [
        &["refresh", "sessions:abc"][..],
        &["find", "--provider", "primary", "--reference", "c1"],
        &["import", "--provider", "sessions", "--share-token-env", "T"],
        &["redirect", "primary:self", "https://a.b/?session_id=self&status=success"],
    ] {
        let (exit, error) = desk.failure(arguments).await;
        assert_eq!((exit, verdict(&error)), (3, ["unsupported", "never", "not_sent"]), "{arguments:?}");
    }
}

#[tokio::test]
async fn what_is_not_believed() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    for url in [
        "https://a.b/?status=success",
        "https://a.b/?session_id=other&status=success",
        "https://a.b/?session_id=abc&sessionId=abc&status=success",
        "https://a.b/?session_id=abc&status=success&status=failed",
    ] {
        let (exit, error) = desk.failure(&["redirect", "sessions:abc", url]).await;
        assert_eq!((exit, &error["kind"]), (5, &json!("redirect_rejected")), "{url}");
    }
    let organization = sandbox.nxos().own_organization().to_owned();
    let mut webhook = sandbox.nxos().webhook(&organization, NxosEventData::Minimal);
    webhook.body.push(b' ');
    let lines: Vec<String> = webhook.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let headers = desk.file("headers", lines.join("\n"));
    let body = desk.file("body", &webhook.body);
    let files = ["--headers", headers.to_str().unwrap(), "--body", body.to_str().unwrap()];
    let (exit, error) = desk.failure(&[&["webhook", "primary"][..], &files].concat()).await;
    assert_eq!((exit, &error["kind"]), (5, &json!("webhook_rejected")));
    let (exit, error) = desk.failure(&[&["webhook", "signup"][..], &files].concat()).await;
    assert_eq!((exit, &error["kind"]), (2, &json!("config")), "no secrets are configured there");
}

#[tokio::test]
async fn a_command_line_that_cannot_be_understood() {
    let desk = Desk::new("");
    for arguments in [
        &["strat"][..],
        &["start"],
        &["check"],
        &["watch", "a:b", "--for", "soon"],
        &["compare", "--from", "primary"],
        &["start", "--frist-name", "x"],
    ] {
        let (exit, error) = desk.failure(arguments).await;
        assert_eq!((exit, fields(&error)), (2, ERROR.to_vec()), "{arguments:?}");
    }
}
