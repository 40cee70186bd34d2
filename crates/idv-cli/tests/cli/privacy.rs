//! Planted words: credentials, people, links and what vendors write may be seen nowhere but where they belong.

use serde_json::{Value, json};

use crate::support::*;

/// The planted words all hold `canary`; these do not, as they have to look real.
const MORE: [&str; 6] =
    ["Ada", "Lovelace", "ada@example.test", "15192223333", "Y2FuYXJ5LXN2aXgtc2VjcmV0LTAwMDY", "7000000001"];

fn assert_silent(text: &str, name: &str) {
    let lower = text.to_lowercase();
    let at = lower.find("canary");
    assert!(at.is_none(), "{name}: {:?}", &text[at.unwrap_or(0).saturating_sub(60)..]);
    for word in MORE {
        assert!(!text.contains(word), "{name}: `{word}` in {text}");
    }
}

fn commands() -> Vec<(String, String)> {
    let mut all = Vec::new();
    let person = "--first-name Ada --last-name Lovelace --email ada@example.test --phone +15192223333 \
                  --redirect-url https://app.example/back?canary=1 --user-token-env USER_TOKEN \
                  --onboarding-id-env ONBOARDING_ID --invite email,sms --idempotency-key canary-idempotency";
    for provider in FLOWS {
        all.push(("start".into(), format!("start --provider {provider} --reference case-7781 {person}")));
        all.push(("check".into(), about("check", provider)));
        if provider != "sessions" {
            all.push(("refresh".into(), about("refresh", provider)));
        }
    }
    all.push(("find".into(), "find --provider sessions --reference case-7781".into()));
    all.push(("import".into(), "import --provider primary --share-token-env SHARE_TOKEN".into()));
    let url = format!("https://app.example/back?canary=1&session_id={SESSION_ID}&status=success");
    all.push(("redirect".into(), format!("redirect {} {url}", reference("sessions"))));
    all.push(("providers".into(), "providers".into()));
    all.push(("config".into(), "config check".into()));
    all
}

/// The links that belong on stdout of `start` and `refresh`, taken away.
fn without_links(text: &str) -> String {
    [NXOS_URL, NXOS_TOKEN, USER_URL, SIGNUP_URL, DEEPIDV_URL]
        .iter()
        .fold(text.to_owned(), |t, link| t.replace(link, ""))
}

#[test]
fn nothing_is_told_when_all_goes_well() {
    for flags in ["--json -vv", "-vv", "-vvvv", ""] {
        for (operation, args) in commands() {
            let world = World::new();
            let ran = world.idv(&format!("{args} {flags}")).run().exits(0);
            assert_silent(&ran.stderr, &format!("stderr of {operation} {flags}"));
            let stdout = match operation.as_str() {
                "start" | "refresh" => without_links(&ran.stdout),
                _ => ran.stdout.clone(),
            };
            assert_silent(&stdout, &format!("stdout of {operation} {flags}"));
        }
    }
}

/// An answer in which every text that the adapter does not need is planted.
fn planted(status: u16) -> Reply {
    let mut body = json!({
        "error": {"code": "some_code", "message": "canary: Ada Lovelace lives at 1 Main Street", "requestId": "req_1",
                  "details": [{"email": "canary@example.test"}]},
        "message": "canary: ada@example.test", "url": "http://canary.example/link", "accessToken": "canary-token",
        "sessionUrl": "http://canary.example/link", "session_url": "http://canary.example/link",
        "firstName": "CanaryFirst",
    });
    if status == 200 {
        body["status"] = json!(["canary status"]);
        body["verificationState"] = json!({"canary": "x"});
        body["session_record"] = json!({"status": 7, "canary": "canary"});
        body["sessions"] = json!("canary");
        body["id"] = json!("canary/../id");
    }
    Reply::json(status, &body)
        .with("X-Request-Id", "req_2")
        .with("Set-Cookie", "canary=1")
        .with("Location", "https://canary.example/x")
}

#[test]
fn nothing_is_told_when_the_vendor_fails() {
    let mut replies: Vec<(String, Reply)> = [200, 302, 400, 401, 402, 403, 404, 409, 422, 429, 498, 500, 503]
        .map(|s| (s.to_string(), planted(s)))
        .into();
    replies.push(("garbage".into(), Reply::text(200, "text/html", "<html>canary ada@example.test</html>")));
    replies.push(("cut".into(), Reply::Cut { body: b"{\"sessionUrl\":\"https://canary.example/".to_vec() }));
    replies.push(("closed".into(), Reply::Close));
    for (form, reply) in replies {
        // Waits are told, not waited for.
        let reply = if form == "429" { reply.with("Retry-After", "60") } else { reply };
        for flags in ["--json -vv", "-vv"] {
            for (operation, args) in commands() {
                if ["redirect", "providers", "config"].contains(&operation.as_str()) {
                    continue;
                }
                let ran = World::always(reply.clone()).idv(&format!("{args} {flags}")).run();
                assert_ne!(ran.code, 0, "{form}: {ran}");
                let name = format!("{operation}, {form}, {flags}: {}", args);
                assert_silent(&ran.stderr, &format!("stderr of {name}"));
                assert_eq!(ran.stdout, "", "{name}");
                let base = ran.stderr.contains("/v1/");
                assert!(!base, "a path may hold an id: {ran}");
            }
        }
    }
}

#[test]
fn nothing_is_told_of_what_is_refused_here() {
    for (args, value) in [
        ("start --provider sessions --reference r --email", "canary-no-mail"),
        ("start --provider sessions --reference r --phone", "canary-no-phone"),
        ("start --provider sessions --reference r --redirect-url", "http://canary.example/"),
        ("start --provider primary --reference r --organization", "canary/org"),
        ("start --provider primary --reference r --idempotency-key", "canary\nkey"),
        ("check cards:r --user-token-env", "CANARY_LINES"),
        ("start --provider primary --reference", "canary\nreference"),
        ("check", "sessions:../canary"),
        ("check", "canary"),
        ("redirect sessions:x", "https://app.example/?session_id=canary&status=canary"),
        ("redirect sessions:x", "canary no URL"),
    ] {
        for json in [true, false] {
            let world = World::new();
            let run = world.idv(args).arg(value).arg("-vv").env("CANARY_LINES", "canary\ntoken");
            let ran = if json { run.arg("--json") } else { run }.run();
            assert_ne!(ran.code, 0, "{ran}");
            if value != "CANARY_LINES" {
                assert_silent(&ran.stderr, &format!("{args} {value}"));
            } else {
                assert!(!ran.stderr.contains("canary"), "{ran}");
            }
            world.vendor.none(args);
        }
    }
}

#[test]
fn nothing_is_told_of_a_webhook() {
    let body = json!({"type": "session.status.verified", "data": {"id": SESSION_ID, "external_id": "case-1",
        "status": "VERIFIED", "updated_at": "2026-07-01T09:12:44.000Z", "user": {"email": "canary@example.test"},
        "session_url": "https://canary.example/"}});
    let world = World::new();
    world.write("body", &body.to_string());
    for (secret, code) in [(DEEPIDV_SECRET, 0), ("whsec_canaryGuess", 5)] {
        world.write("headers", &format!("deepidv-signature: {secret}\n"));
        for flags in ["--json -vv", "-vv"] {
            let ran = world
                .idv(&format!("webhook sessions --headers headers --body body {flags}"))
                .run()
                .exits(code);
            assert_silent(&format!("{}{}", ran.stdout, ran.stderr), flags);
        }
    }
}

/// Neither the log nor the errors of a configuration show what stands in it.
#[test]
fn nothing_is_told_of_a_configuration() {
    for (old, new) in [
        ("api_key = { env = \"NXOS_API_KEY\" }", "api_key = \"canary\\nkey\""),
        ("api_key = { env = \"NXOS_API_KEY\" }", "api_key = [\"canary\"]"),
        ("api_key = { env = \"NXOS_API_KEY\" }", "api_key = { value = \"canary\" }"),
        ("api_key = { env = \"NXOS_API_KEY\" }", "apikey = \"canary\""),
        ("api_key = { env = \"NXOS_API_KEY\" }", "api_key = \"canary"),
        (
            "webhook_secrets = [{ env = \"NXOS_WEBHOOK_SECRET\" }]",
            "webhook_secrets = [\"canary not base64\"]",
        ),
    ] {
        let world = World::new().edit(old, new);
        for flags in ["--json -vv", "-vv"] {
            let ran = world.idv(&format!("config check {flags}")).run().exits(2);
            assert_silent(&ran.stderr, new);
            assert_silent(&ran.stdout, new);
        }
    }
}

#[test]
fn the_link_stands_on_stdout_only_and_only_where_it_belongs() {
    for (provider, link) in
        [("primary", NXOS_URL), ("cards", USER_URL), ("signup", SIGNUP_URL), ("sessions", DEEPIDV_URL)]
    {
        let world = World::new();
        for flags in ["", "--json"] {
            let ran = world.idv(&format!("{} -vv {flags}", start(provider))).run().exits(0);
            assert_eq!(ran.stdout.matches(link).count(), 1, "{ran}");
            assert!(!ran.stderr.contains(link), "{ran}");
        }
    }
    // People get the token from the document only.
    let ran = World::new().idv(&start("primary")).run().exits(0);
    assert!(!ran.stdout.contains(NXOS_TOKEN), "{ran}");
}

/// A search that finds sessions shows no more of them than a check.
#[test]
fn unknown_fields_of_a_vendor_go_nowhere() {
    let mut record = deepidv_record("VERIFIED", "COMPLETED");
    for field in
        ["analysis_data", "meta_data", "uploads", "location", "resource_links", "session_url", "user"]
    {
        record[field] = json!({"name": "canary", "url": "https://canary.example/"});
    }
    let answers: [(Value, &str); 2] = [
        (
            json!({"session_record": record, "user": {"email": "canary@example.test"}, "resource_links": ["https://canary.example"]}),
            "check",
        ),
        (json!({"sessions": [record], "next_token": null}), "find"),
    ];
    for (body, operation) in answers {
        let args = if operation == "check" {
            about("check", "sessions")
        } else {
            "find --provider sessions --reference r".into()
        };
        for flags in ["--json", ""] {
            let ran =
                World::always(Reply::json(200, &body)).idv(&format!("{args} -vv {flags}")).run().exits(0);
            assert_silent(&format!("{}{}", ran.stdout, ran.stderr), operation);
        }
    }
}
