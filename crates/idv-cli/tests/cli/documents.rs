//! The JSON documents: every name, every type, null for what is not known, and nothing else on stdout.

use serde_json::{Value, json};

use crate::support::*;

fn session(args: &str) -> Value {
    let session = World::new().json(args).found("session");
    shape::check(&session, shape::SESSION);
    session
}

fn seconds_from_now(time: &Value) -> i64 {
    let text = time.as_str().expect("a time");
    let out = std::process::Command::new("date").args(["-u", "+%s", "-d", text]).output().unwrap();
    let then: i64 = String::from_utf8(out.stdout).unwrap().trim().parse().expect("an RFC 3339 time");
    then - i64::try_from(now()).unwrap()
}

#[test]
fn a_session_of_each_flow() {
    let made = session(&start("primary"));
    assert_eq!(made["reference"], "primary:self");
    assert_eq!((&made["provider"], &made["kind"]), (&json!("primary"), &json!("nxos")));
    assert_eq!((&made["url"], &made["access_token"]), (&json!(NXOS_URL), &json!(NXOS_TOKEN)));
    assert_eq!(made["single_use"], false);
    assert_lives(&made, 1800);

    let made = session(&start("cards"));
    assert_eq!(made["reference"], "cards:case-7781");
    assert_eq!((&made["provider"], &made["kind"]), (&json!("cards"), &json!("baanx-user")));
    assert_eq!((&made["url"], &made["access_token"]), (&json!(USER_URL), &Value::Null));
    assert_eq!(made["single_use"], true, "\"Each session URL is single-use\"");
    assert_lives(&made, 24 * 3600);

    let made = session(&start("signup"));
    assert_eq!(made["reference"], "signup:case-7781");
    assert_eq!((&made["provider"], &made["kind"]), (&json!("signup"), &json!("baanx-registration")));
    assert_eq!((&made["url"], &made["access_token"]), (&json!(SIGNUP_URL), &Value::Null));
    assert_eq!(made["single_use"], false, "\"can be used multiple times until verification is complete\"");
    assert_lives(&made, 7 * 24 * 3600);

    let made = session(&start("sessions"));
    assert_eq!(made["reference"], format!("sessions:{SESSION_ID}"));
    assert_eq!((&made["provider"], &made["kind"]), (&json!("sessions"), &json!("session-api")));
    assert_eq!((&made["url"], &made["access_token"]), (&json!(DEEPIDV_URL), &Value::Null));
    assert_eq!(made["expires_at"], Value::Null, "the vendor's page names no lifetime");
}

fn assert_lives(session: &Value, seconds: i64) {
    assert_eq!(session["status"], "in_progress", "a link is open");
    assert_eq!(session["expires_at_estimated"], true, "\"typically\" and \"~\" are estimates");
    let lives = seconds_from_now(&session["expires_at"]);
    assert!((seconds - 60..=seconds + 1).contains(&lives), "{lives} s instead of {seconds}: {session}");
}

#[test]
fn a_refresh_is_a_session_where_there_is_one() {
    for (provider, url) in [("primary", NXOS_URL), ("cards", USER_URL), ("signup", SIGNUP_URL)] {
        let made = session(&about("refresh", provider));
        assert_eq!(made["reference"], reference(provider));
        assert_eq!(made["url"], url);
        assert_eq!(made["status"], "in_progress");
    }
    let world = World::new();
    let error = world.json(&about("refresh", "sessions")).fails("unsupported");
    assert_eq!(error["provider"], "sessions");
    assert_eq!(error["operation"], "refresh");
    assert_eq!(error["delivery"], "not_sent");
    assert_eq!(error["retry"], "never");
    world.vendor.none("a second POST would be a second session");
}

/// nxos replays the answer of a key that it has seen: the token's age is not known then.
#[test]
fn a_replayed_answer_has_no_known_end() {
    let world = World::with(|seen| good(seen).with("Idempotent-Replayed", "true"));
    let made = world.json(&format!("{} --idempotency-key k1", start("primary"))).found("session");
    shape::check(&made, shape::SESSION);
    assert_eq!(made["expires_at"], Value::Null);
}

#[test]
fn inputs_that_the_vendor_cannot_honour_are_listed() {
    let all = "--first-name Ada --last-name Lovelace --email ada@example.test --phone +15192223333 \
               --organization org_0123456789abcdef0123456789abcdef --workflow wf_1 --invite email,sms \
               --redirect-url https://app.example/back --user-token-env USER_TOKEN \
               --onboarding-id-env ONBOARDING_ID --idempotency-key key-1";
    let person = ["email", "first_name", "last_name", "phone"];
    let more = ["invites", "redirect_url", "workflow"];
    for (provider, expected) in [
        ("primary", [&person[..], &more, &["onboarding_id", "user_token"]].concat()),
        ("cards", [&person[..], &more, &["idempotency_key", "onboarding_id", "organization"]].concat()),
        ("signup", [&person[..], &more, &["idempotency_key", "organization", "user_token"]].concat()),
        ("sessions", vec!["idempotency_key", "onboarding_id", "organization", "user_token"]),
    ] {
        let made = session(&format!("start --provider {provider} --reference case-7781 {all}"));
        let mut unused: Vec<_> =
            made["unused_inputs"].as_array().unwrap().iter().map(|i| i.as_str().unwrap()).collect();
        unused.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(unused, expected, "{provider}");
    }
    for provider in FLOWS {
        assert_eq!(
            session(&start(provider))["unused_inputs"],
            json!([]),
            "{provider}: nothing else was given"
        );
    }
}

#[test]
fn links_and_older_spellings_of_the_session_api() {
    for (body, links) in [
        (json!({"id": SESSION_ID, "session_url": DEEPIDV_URL}), 0),
        (json!({"idv_id": SESSION_ID, "session_url": DEEPIDV_URL, "links": []}), 0),
        (
            json!({"id": SESSION_ID, "sessionUrl": DEEPIDV_URL, "links": [{"url": "https://l.example/1", "type": "web"}]}),
            1,
        ),
    ] {
        let world = World::always(Reply::json(200, &body));
        let made = world.json(&start("sessions")).found("session");
        shape::check(&made, shape::SESSION);
        assert_eq!(made["reference"], format!("sessions:{SESSION_ID}"), "{body}");
        assert_eq!(made["url"], DEEPIDV_URL, "{body}");
        assert_eq!(made["links"].as_array().unwrap().len(), links, "{body}");
    }
}

#[test]
fn a_verification_of_each_flow() {
    let check = |provider: &str| {
        let state = World::new().json(&about("check", provider)).found("verification");
        shape::check(&state, shape::VERIFICATION);
        assert_eq!(state["reference"], reference(provider));
        assert_eq!(state["provider"], provider);
        state
    };
    let state = check("primary");
    assert_eq!(state["kind"], "nxos");
    assert_eq!(state["subject_kind"], "person", "INDIVIDUAL");
    assert_same_time(&state["updated_at"], "2026-05-15T14:30:00Z");
    assert_eq!(state["reasons"], json!([]));

    let state = check("cards");
    assert_eq!(state["kind"], "baanx-user");
    assert_eq!((&state["subject_kind"], &state["updated_at"]), (&Value::Null, &Value::Null));
    assert_eq!(state["correlation"]["user_id"], USER_ID);

    let state = check("signup");
    assert_eq!(state["kind"], "baanx-registration");
    assert_eq!(state["correlation"]["user_id"], USER_ID);

    let state = check("sessions");
    assert_eq!(state["kind"], "session-api");
    assert_same_time(&state["updated_at"], "2026-07-01T09:12:44Z");
    assert_eq!(state["correlation"]["session_id"], SESSION_ID);
    assert_eq!(state["correlation"]["external_id"], "case-7781");

    let world = World::always(Reply::json(
        200,
        &json!({"object": "organization_verification", "status": "APPROVED", "type": "BUSINESS",
                "updatedAt": "2026-05-15T14:30:00.000Z"}),
    ));
    let state = world.json(&format!("check primary:{ORG}")).found("verification");
    assert_eq!(state["subject_kind"], "business");
    assert_eq!(state["correlation"], json!({"organization_id": ORG}));
}

fn assert_same_time(time: &Value, expected: &str) {
    let text = time.as_str().unwrap_or_else(|| panic!("{time} should be a time"));
    assert!(
        text.ends_with('Z') && text.starts_with(expected.trim_end_matches('Z')),
        "{text} is not {expected}"
    );
}

#[test]
fn an_import_is_a_verification() {
    let world = World::new();
    let state = world
        .json(&format!("import --provider primary --organization {ORG} --share-token-env SHARE_TOKEN"))
        .found("verification");
    shape::check(&state, shape::VERIFICATION);
    assert_eq!(state["reference"], format!("primary:{ORG}"));
    assert_eq!(state["status"], "in_progress", "never approved at once");
    assert_eq!(state["provider_status"], "PENDING");
    for provider in ["cards", "signup", "sessions"] {
        let world = World::new();
        let error = world
            .json(&format!("import --provider {provider} --share-token-env SHARE_TOKEN"))
            .fails("unsupported");
        assert_eq!(error["operation"], "import", "{provider}");
        world.vendor.none(provider);
    }
}

#[test]
fn find_lists_verifications_where_the_vendor_can() {
    let world = World::new();
    let found = world.json("find --provider sessions --reference case-7781").found("verifications");
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), 1);
    shape::check(&found[0], shape::VERIFICATION);
    assert_eq!(found[0]["reference"], format!("sessions:{SESSION_ID}"));
    assert_eq!(found[0]["status"], "in_review");
    let nobody = World::always(Reply::json(200, &json!({"sessions": [], "next_token": null})));
    assert_eq!(
        nobody.json("find --provider sessions --reference case-7781").found("verifications"),
        json!([])
    );
    for provider in ["primary", "cards", "signup"] {
        let world = World::new();
        let error =
            world.json(&format!("find --provider {provider} --reference case-7781")).fails("unsupported");
        assert_eq!((&error["operation"], &error["provider"]), (&json!("find"), &json!(provider)));
        world.vendor.none(provider);
    }
}

#[test]
fn the_providers_document() {
    let world = World::new();
    let providers = world.json("providers").found("providers");
    let all = providers.as_array().unwrap();
    let find =
        |id: &str| all.iter().find(|p| p["provider"] == id).unwrap_or_else(|| panic!("{id} in {providers}"));
    assert_eq!(all.len(), 4);
    for (id, kind) in [
        ("primary", "nxos"),
        ("cards", "baanx-user"),
        ("signup", "baanx-registration"),
        ("sessions", "session-api"),
    ] {
        let provider = find(id);
        assert_eq!(provider["kind"], kind);
        for part in ["capabilities", "inputs"] {
            assert!(provider[part].is_object(), "{part} of {provider}");
        }
        assert!(provider["lifetimes"].is_array(), "lifetimes of {provider}");
        assert!(provider["cadence"].is_object(), "cadence of {provider}");
        assert_eq!(provider["active"], id == "primary");
        assert_eq!(provider["inputs"]["start"]["reference"], "required", "{id}");
    }
    // What the vendors' pages require, and what they can do.
    assert_eq!(find("cards")["inputs"]["start"]["user_token"], "required");
    assert_eq!(find("cards")["inputs"]["check"]["user_token"], "required");
    assert_eq!(find("signup")["inputs"]["start"]["onboarding_id"], "required");
    for input in ["first_name", "last_name", "email", "phone"] {
        assert_eq!(find("sessions")["inputs"]["start"][input], "required");
        assert_ne!(find("primary")["inputs"]["start"][input], "required");
    }
    for (id, refresh, find_, import, redirect) in [
        ("primary", true, false, true, false),
        ("cards", true, false, false, false),
        ("signup", true, false, false, false),
        ("sessions", false, true, false, true),
    ] {
        let can = &find(id)["capabilities"];
        let all = [&can["refresh"], &can["find"], &can["import"], &can["redirect"]];
        assert_eq!(all, [refresh, find_, import, redirect].map(Value::from).each_ref(), "{id}: {can}");
    }
    world.vendor.none("profiles are facts, no I/O");
}

#[test]
fn logs_do_not_disturb_the_document() {
    for flags in ["-v", "-vv", "-vvv"] {
        let world = World::new();
        world.json(&format!("{} {flags}", start("primary"))).found("session");
        let ran = World::always(Reply::json(404, &vendor_error("primary", "not_found", "no")))
            .json(&format!("{} {flags}", start("primary")));
        ran.fails("not_found");
    }
    let ran = World::new().json(&format!("-vv {}", start("primary")));
    assert!(!ran.stderr.is_empty(), "-vv should log something: {ran}");
    let ran = World::new().json(&start("primary"));
    assert_eq!(ran.stderr, "", "without -v there is nothing to say: {ran}");
}
