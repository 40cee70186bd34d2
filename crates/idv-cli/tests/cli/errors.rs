//! Failures: their exit codes, their documents, and the next step.

use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::support::*;

/// A command that fails at a vendor of this kind.
fn at_vendor(reply: Reply, args: &str) -> (World, String) {
    (World::always(reply).http("attempt_timeout = \"150ms\""), args.to_owned())
}

/// Every kind of error, by the command that meets it. The exit code of each is in [`Ran::fails`].
fn each_kind() -> Vec<(&'static str, World, String)> {
    let answered =
        |status: u16, code: &str| Reply::json(status, &vendor_error("primary", code, "canary text"));
    let check = about("check", "primary");
    let url = format!("https://app.example/?session_id={SESSION_ID}");
    let forged = World::new();
    forged.write("headers", "svix-id: m\nsvix-timestamp: 1\nsvix-signature: v1,x\n");
    let unset = World::new().edit("NXOS_API_KEY", "NOT_SET");
    let missing = "start --provider sessions --reference r --email nonsense".to_owned();
    let mut all = vec![
        ("config", unset, check.clone()),
        ("invalid_request", World::new(), missing),
        ("unsupported", World::new(), about("refresh", "sessions")),
        ("webhook_rejected", forged, "webhook primary --headers headers --body headers".to_owned()),
        ("redirect_rejected", World::new(), format!("redirect {} {url}", reference("sessions"))),
    ];
    for (kind, reply) in [
        ("invalid_request", answered(400, "some_code")),
        ("unauthenticated", answered(401, "invalid_api_key")),
        ("payment_required", answered(402, "some_code")),
        ("forbidden", answered(403, "authorization_required")),
        ("not_found", answered(404, "organization_not_found")),
        ("conflict", answered(409, "idempotency_key_in_use")),
        ("rate_limited", answered(429, "rate_limited").with("Retry-After", "60")),
        ("unavailable", answered(503, "internal_error")),
        ("timeout", Reply::Silence),
        ("connection", Reply::Close),
        ("invalid_response", Reply::text(200, "application/json", "<html>canary</html>")),
    ] {
        let (world, args) = at_vendor(reply, &check);
        all.push((kind, world, args));
    }
    all
}

#[test]
fn each_kind_of_error() {
    let mut text = String::new();
    for (kind, world, args) in each_kind() {
        let error = world.json(&args).fails(kind);
        shape::check(&error, shape::ERROR);
        text += &world.transcript(&args);
    }
    assert_snapshot!(text);
}

/// The last line for people says what to do next, and names only commands that exist.
#[test]
fn every_failure_ends_with_a_hint() {
    let mut hints = String::new();
    let lost = [start("cards"), start("primary"), start("sessions"), about("refresh", "signup")];
    let lost = lost.map(|args| ("connection", World::always(Reply::Close), args));
    for (_, world, args) in each_kind().into_iter().chain(lost) {
        let ran = world.idv(&args).run();
        assert!(ran.stdout.is_empty() && ran.stderr.starts_with("error: "), "{ran}");
        let last = ran.stderr.lines().last().unwrap();
        assert!(last.starts_with("next: ") && last.len() > 15, "no hint: {ran}");
        hints += last;
    }
    let named: Vec<&str> = hints.split("`idv ").skip(1).filter_map(|named| named.split('`').next()).collect();
    assert!(named.len() > 3, "{hints}");
    for command in named.into_iter().filter(|command| *command != "help") {
        idv(command).arg("--help").run().exits(0);
    }
}

/// What makes or mints is not to be repeated before a look; the exit code is that of the failure.
#[test]
fn a_lost_start_says_to_look_first() {
    for args in [start("cards"), start("sessions"), about("refresh", "signup")] {
        let world = World::always(Reply::Close);
        let error = world.json(&args).fails("connection");
        assert_eq!(
            (&error["retry"], &error["delivery"]),
            (&json!("after_check"), &json!("unknown")),
            "{args}"
        );
        let ran = world.idv(&args).run().exits(4);
        assert!(ran.stderr.contains("idv check") && ran.stderr.contains("idv find"), "look first: {ran}");
    }
}

/// The key was made here, so nobody else could tell it to whoever repeats the start.
#[test]
fn a_lost_start_tells_the_key_to_repeat_it_with() {
    let lost = World::always(Reply::Close);
    let ran = lost.idv(&start("primary")).run().exits(4);
    let key = lost.vendor.only().header("idempotency-key").unwrap().to_owned();
    assert!(ran.stderr.contains(&format!("--idempotency-key {key}")), "what to repeat: {ran}");
    assert_eq!(
        World::always(Reply::Close).json(&start("cards")).fails("connection")["idempotency_key"],
        Value::Null,
        "the vendor knows none"
    );
    let world = World::new();
    world.json(&format!("{} --idempotency-key {key}", start("primary"))).exits(0);
    assert_eq!(world.vendor.only().header("idempotency-key"), Some(key.as_str()));
    let mine = World::always(Reply::Close).json(&format!("{} --idempotency-key my-key", start("primary")));
    assert_eq!(mine.fails("connection")["idempotency_key"], Value::Null, "the caller knows it");
}

#[test]
fn a_wait_is_rounded_up() {
    let body = json!({"message": "Rate limit exceeded", "retryAfter": 30.2});
    let error = World::always(Reply::json(429, &body)).json(&start("cards")).fails("rate_limited");
    assert_eq!(error["retry_after_seconds"], 31);
}

#[test]
fn nothing_is_sent_where_nobody_listens() {
    // Bound, so that nobody else takes it, and without anybody who listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let world = World::new();
    world.write("idv.toml", &config(&format!("http://{}", socket.local_addr().unwrap()), "primary"));
    let error = world.json(&start("cards")).fails("connection");
    assert_eq!((&error["delivery"], &error["retry"]), (&json!("not_sent"), &json!("allowed")));
}

#[test]
fn a_credential_that_is_refused_says_whose_it_is() {
    for (status, credential, hint) in
        [(401, "user", "--user-token-env"), (498, "application", "in the configuration")]
    {
        let world = World::always(Reply::json(status, &vendor_error("cards", "", "no")));
        let error = world.json(&about("check", "cards")).fails("unauthenticated");
        assert_eq!(error["credential"], credential);
        let ran = world.idv(&about("check", "cards")).run().exits(3);
        assert!(ran.stderr.contains(hint), "{ran}");
    }
}
