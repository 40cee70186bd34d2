//! What `idv start` takes: flags, a file, stdin, and the environment for what must not be seen.

use serde_json::{Value, json};

use crate::support::*;

const SUBJECT: &str = r#"{"reference": "case-9", "first_name": "Grace", "last_name": "Hopper", "email": "grace@example.test",
    "phone": "+441632960000", "workflow": "wf_file", "redirect_url": "https://app.example/file", "invites": ["email"]}"#;

fn body(world: &World) -> Value {
    world.vendor.only().json()
}

fn file_body() -> Value {
    json!({
        "first_name": "Grace", "last_name": "Hopper", "email": "grace@example.test", "phone": "+441632960000",
        "external_id": "case-9", "send_email_invite": true, "send_phone_invite": false, "workflow_id": "wf_file",
        "redirect_url": "https://app.example/file",
    })
}

#[test]
fn a_subject_comes_from_a_file_or_from_stdin() {
    let world = World::new();
    world.write("subject.json", SUBJECT);
    world.json("start --provider sessions --subject subject.json").found("session");
    assert_eq!(body(&world), file_body());
    let world = World::new();
    world.idv("start --provider sessions --subject - --json").stdin(SUBJECT).run().found("session");
    assert_eq!(body(&world), file_body());
}

#[test]
fn flags_come_before_the_file() {
    for (flag, field, value) in [
        ("--reference case-1", "external_id", json!("case-1")),
        ("--first-name Ada", "first_name", json!("Ada")),
        ("--last-name Lovelace", "last_name", json!("Lovelace")),
        ("--email ada@example.test", "email", json!("ada@example.test")),
        ("--phone +15192223333", "phone", json!("+15192223333")),
        ("--workflow wf_flag", "workflow_id", json!("wf_flag")),
        ("--redirect-url https://app.example/flag", "redirect_url", json!("https://app.example/flag")),
    ] {
        let world = World::new();
        world.write("subject.json", SUBJECT);
        world.json(&format!("start --provider sessions --subject subject.json {flag}")).found("session");
        let mut expected = file_body();
        expected[field] = value;
        assert_eq!(body(&world), expected, "{flag}");
    }
    let world = World::new();
    world.write("subject.json", SUBJECT);
    world.json("start --provider sessions --subject subject.json --invite sms").found("session");
    assert_eq!(body(&world)["send_phone_invite"], true);
    assert_eq!(body(&world)["send_email_invite"], false, "the flag says all of it");
    // A variable that only the file names is not asked for.
    for (provider, flag, file) in [
        ("cards", "--user-token-env USER_TOKEN", r#"{"reference": "r", "user_token_env": "NOT_SET"}"#),
        ("signup", "--onboarding-id abc", r#"{"reference": "r", "onboarding_id_env": "NOT_SET"}"#),
    ] {
        let world = World::new();
        world.write("subject.json", file);
        world.json(&format!("start --provider {provider} --subject subject.json {flag}")).found("session");
        let world = World::new();
        world.write("subject.json", file);
        let error =
            world.json(&format!("start --provider {provider} --subject subject.json")).fails("config");
        assert!(error["message"].as_str().unwrap().contains("NOT_SET"), "{error}");
    }
}

#[test]
fn invitations_in_the_file() {
    for (text, email, sms) in [
        (r#"["email"]"#, true, false),
        (r#"["sms", "email"]"#, true, true),
        ("[]", false, false),
        ("null", false, false),
        (r#"{"sms": true}"#, false, true),
        (r#"{"email": true, "sms": false}"#, true, false),
    ] {
        let world = World::new();
        world.write("subject.json", &SUBJECT.replace(r#"["email"]"#, text));
        world.json("start --provider sessions --subject subject.json").found("session");
        let body = body(&world);
        assert_eq!(
            (&body["send_email_invite"], &body["send_phone_invite"]),
            (&json!(email), &json!(sms)),
            "{text}"
        );
    }
}

#[test]
fn invitations_on_the_command_line() {
    for (flags, email, sms) in [
        ("", false, false),
        ("--invite email", true, false),
        ("--invite email,sms", true, true),
        ("--invite sms --invite email", true, true),
    ] {
        let world = World::new();
        world.json(&format!("{} {flags}", start("sessions"))).found("session");
        let body = body(&world);
        let sent = (&body["send_email_invite"], &body["send_phone_invite"]);
        assert_eq!(sent, (&json!(email), &json!(sms)), "`{flags}`");
    }
}

#[test]
fn a_share_token_comes_from_the_environment() {
    let world = World::new();
    world.json("import --provider primary --share-token-env SHARE_TOKEN").found("verification");
    assert_eq!(body(&world), json!({"shareToken": "canary-share-token-0014"}));
}

/// The names of `StartRequest`, all of them.
#[test]
fn every_input_has_its_key_in_the_file() {
    let world = World::new();
    world.write(
        "subject.json",
        &json!({"reference": "case-9", "organization": ORG, "idempotency_key": "file-key"}).to_string(),
    );
    let session = world.json("start --subject subject.json").found("session");
    assert_eq!(session["reference"], format!("primary:{ORG}"));
    let seen = world.vendor.only();
    assert_eq!(seen.header("Nxos-On-Behalf-Of"), Some(ORG));
    assert_eq!(seen.header("Idempotency-Key"), Some("file-key"));

    let world = World::new();
    let session = world.json(&format!("{} --organization {ORG}", start("primary"))).found("session");
    assert_eq!(session["reference"], format!("primary:{ORG}"), "as after the option");

    let world = World::new();
    let facts =
        json!({"reference": "case-9", "date_of_birth": "1815-12-10", "country": "GB", "language": "en-GB"});
    world.write("subject.json", &facts.to_string());
    let session = world.json("start --subject subject.json").found("session");
    assert_eq!(session["unused_inputs"], json!(["country", "date_of_birth", "language"]), "they are read");

    let world = World::new();
    world.write("subject.json", &json!({"reference": "case-9", "user_token": "from-file"}).to_string());
    world.json("start --provider cards --subject subject.json").found("session");
    assert_eq!(world.vendor.only().header("Authorization"), Some("Bearer from-file"));

    let world = World::new();
    world.write("subject.json", &json!({"reference": "case-9", "user_token": "from-file"}).to_string());
    world.json("start --provider cards --subject subject.json --user-token-env USER_TOKEN").found("session");
    assert_eq!(world.vendor.only().header("Authorization"), Some(format!("Bearer {USER_TOKEN}").as_str()));

    let world = World::new();
    world.write("subject.json", &json!({"reference": "case-9", "onboarding_id": "US_from-file"}).to_string());
    world.json("start --provider signup --subject subject.json").found("session");
    assert_eq!(body(&world), json!({"onboardingId": "US_from-file"}));
}

#[test]
fn the_onboarding_id_comes_from_the_flag_or_the_environment() {
    for flag in [format!("--onboarding-id {ONBOARDING}"), "--onboarding-id-env ONBOARDING_ID".into()] {
        let world = World::new();
        world.json(&format!("start --provider signup --reference case-1 {flag}")).found("session");
        assert_eq!(body(&world), json!({"onboardingId": ONBOARDING}), "{flag}");
        for command in ["check", "refresh"] {
            let world = World::new();
            world.json(&format!("{command} signup:case-1 {flag}")).document();
            world.vendor.only();
        }
    }
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    for args in [
        "start --provider cards --reference r --user-token-env NOT_SET",
        "start --provider signup --reference r --onboarding-id-env NOT_SET",
        "check cards:r --user-token-env NOT_SET",
        "refresh signup:r --onboarding-id-env NOT_SET",
        "import --provider primary --share-token-env NOT_SET",
    ] {
        let world = World::new();
        let error = world.json(args).fails("config");
        assert!(error["message"].as_str().unwrap().contains("NOT_SET"), "{args}: {error}");
        world.vendor.none(args);
    }
}

#[test]
fn an_empty_credential_is_none() {
    for (args, input) in [
        ("start --provider cards --reference r --user-token-env EMPTY", "user_token"),
        ("check cards:r --user-token-env EMPTY", "user_token"),
        ("start --provider signup --reference r --onboarding-id-env EMPTY", "onboarding_id"),
        ("check signup:r --onboarding-id-env EMPTY", "onboarding_id"),
        ("check signup:r", "onboarding_id"),
        ("refresh signup:r", "onboarding_id"),
        ("check cards:r", "user_token"),
        ("refresh cards:r", "user_token"),
    ] {
        let world = World::new();
        let error = world.idv(args).arg("--json").env("EMPTY", "").run().fails("invalid_request");
        assert_eq!(error["inputs"][0]["input"], input, "{args}: {error}");
        shape::check(&error["inputs"][0], shape::INPUT_PROBLEM);
        world.vendor.none(args);
    }
}

#[test]
fn all_that_is_missing_or_wrong_is_told_together() {
    let world = World::new();
    let error = world
        .json("start --provider sessions --reference r --email nonsense --phone 12 --redirect-url http://evil.example/")
        .fails("invalid_request");
    assert_eq!((&error["delivery"], &error["retry"]), (&json!("not_sent"), &json!("never")));
    let mut told: Vec<_> = error["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| {
            shape::check(i, shape::INPUT_PROBLEM);
            (i["input"].as_str().unwrap(), i["problem"].as_str().unwrap())
        })
        .collect();
    told.sort_unstable();
    let expected = [
        ("email", "invalid"),
        ("first_name", "missing"),
        ("last_name", "missing"),
        ("phone", "invalid"),
        ("redirect_url", "invalid"),
    ];
    assert_eq!(told, expected);
    for secret in ["nonsense", "evil.example"] {
        assert!(!error.to_string().contains(secret), "`{secret}` is echoed: {error}");
    }
    world.vendor.none("inputs are checked first");
    for (provider, input) in [("cards", "user_token"), ("signup", "onboarding_id")] {
        let error =
            World::new().json(&format!("start --provider {provider} --reference r")).fails("invalid_request");
        assert_eq!(
            error["inputs"],
            json!([{"input": input, "problem": "missing", "message": error["inputs"][0]["message"]}])
        );
    }
}

#[test]
fn a_subject_that_cannot_be_read_is_a_mistake_of_usage() {
    for (text, named) in [
        ("", "subject.json"),
        ("{", "subject.json"),
        ("[]", "subject.json"),
        ("\"text\"", "subject.json"),
        (r#"["case-1", "Ada"]"#, "subject.json"),
        (r#"{"reference": "r", "invites": [true]}"#, "invites"),
        (r#"{"reference": "r", "invites": {"pigeon": true}}"#, "invites"),
        (r#"{"reference": "r", "first_name": 1, "emial": "canary-mail@example.test"}"#, "emial"),
        (r#"{"reference": "r", "first_name": 1, "emial": "canary-mail@example.test"}"#, "first_name"),
        (r#"{"reference": "r", "firstName": "canary-mail"}"#, "firstName"),
        (r#"{"reference": "r", "invites": ["pigeon"]}"#, "invites"),
        (r#"{"reference": "r", "invites": true}"#, "invites"),
    ] {
        let world = World::new();
        world.write("subject.json", text);
        let ran = world.json("start --subject subject.json");
        assert_eq!(ran.code, 2, "{text}: {ran}");
        let error = ran.error();
        shape::check(&error, shape::ERROR);
        assert!(error.to_string().contains(named), "`{named}` is not named: {error}");
        assert!(
            !error["message"].as_str().unwrap().contains("configuration"),
            "the configuration is fine, the subject is not: {error}"
        );
        assert!(!ran.stderr.contains("canary-mail"), "{ran}");
        world.vendor.none(text);
    }
    let world = World::new();
    let error = world.json("start --subject gone.json").fails("config");
    assert!(error["message"].as_str().unwrap().contains("gone.json"), "{error}");
    // Nobody said which case it is.
    let world = World::new();
    world.write("subject.json", "{}");
    let error = world.json("start --subject subject.json").fails("invalid_request");
    assert_eq!(error["inputs"][0]["input"], "reference");
    world.vendor.none("no reference");
}

#[test]
fn the_link_as_a_qr_code() {
    let world = World::new();
    let plain = world.idv(&start("primary")).run().exits(0);
    let ran = world.idv(&start("primary")).arg("--qr").run().exits(0);
    assert!(ran.stdout.contains(NXOS_URL), "{ran}");
    let blocks = |text: &str| text.chars().filter(|c| matches!(c, '█' | '▀' | '▄')).count();
    assert_eq!(blocks(&plain.stdout), 0, "{plain}");
    assert!(blocks(&ran.stdout) > 100, "a code is drawn: {ran}");
    assert!(!ran.stdout.contains('\u{1b}'), "{ran}");
    // A document stays a document.
    world.json(&format!("{} --qr", start("primary"))).found("session");
}
