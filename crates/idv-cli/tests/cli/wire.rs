//! What is sent, for each flow and operation, as the vendors' pages say.

use serde_json::{Value, json};

use crate::support::*;

const JSON: &str = "application/json";

/// What one command should send.
struct Call {
    name: &'static str,
    args: String,
    line: String,
    present: Vec<(&'static str, String)>,
    absent: Vec<&'static str>,
    body: Option<Value>,
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn calls() -> Vec<Call> {
    let nxos = "/v1/organizations/verification";
    let key = || ("Authorization", bearer(NXOS_KEY));
    let others = ["x-client-key", "x-api-key", "x-us-env", "Cookie"];
    let baanx_others = ["x-api-key", "x-us-env", "Idempotency-Key", "Nxos-On-Behalf-Of", "Cookie"];
    let session_others = ["Authorization", "x-client-key", "x-us-env", "Idempotency-Key", "Cookie"];
    let client = || ("x-client-key", CLIENT_KEY.to_owned());
    let no_body = ["Content-Type", "Transfer-Encoding"];
    let list = |a: &[&'static str], b: &[&'static str]| [a, b].concat();
    vec![
        Call {
            name: "nxos start",
            args: start("primary"),
            line: format!("POST {nxos}"),
            present: vec![key(), ("Content-Length", "0".into())],
            absent: list(&others, &list(&no_body, &["Nxos-On-Behalf-Of"])),
            body: None,
        },
        Call {
            name: "nxos start for an organization",
            args: format!("{} --organization {ORG}", start("primary")),
            line: format!("POST {nxos}"),
            present: vec![key(), ("Content-Length", "0".into()), ("Nxos-On-Behalf-Of", ORG.into())],
            absent: list(&others, &no_body),
            body: None,
        },
        Call {
            name: "nxos start with all that it cannot use",
            args: format!(
                "{} --first-name Ada --last-name Lovelace --email ada@example.test --phone +15192223333 \
                 --workflow wf_1 --redirect-url https://app.example/back --invite email,sms \
                 --user-token-env USER_TOKEN --onboarding-id-env ONBOARDING_ID --idempotency-key my-key-1",
                start("primary")
            ),
            line: format!("POST {nxos}"),
            present: vec![key(), ("Content-Length", "0".into()), ("Idempotency-Key", "my-key-1".into())],
            absent: list(&others, &list(&no_body, &["Nxos-On-Behalf-Of"])),
            body: None,
        },
        Call {
            name: "nxos refresh for an organization",
            args: format!("refresh primary:{ORG}"),
            line: format!("POST {nxos}"),
            present: vec![key(), ("Content-Length", "0".into()), ("Nxos-On-Behalf-Of", ORG.into())],
            absent: list(&others, &no_body),
            body: None,
        },
        Call {
            name: "nxos check",
            args: about("check", "primary"),
            line: format!("GET {nxos}"),
            present: vec![key()],
            absent: list(&others, &list(&no_body, &["Idempotency-Key", "Nxos-On-Behalf-Of"])),
            body: None,
        },
        Call {
            name: "nxos check for an organization",
            args: format!("check primary:{ORG}"),
            line: format!("GET {nxos}"),
            present: vec![key(), ("Nxos-On-Behalf-Of", ORG.into())],
            absent: list(&others, &list(&no_body, &["Idempotency-Key"])),
            body: None,
        },
        Call {
            name: "nxos import",
            args: format!("import --provider primary --organization {ORG} --share-token-env SHARE_TOKEN"),
            line: format!("POST {nxos}/import"),
            present: vec![key(), ("Nxos-On-Behalf-Of", ORG.into()), ("Content-Type", JSON.into())],
            absent: others.to_vec(),
            body: Some(json!({"shareToken": "canary-share-token-0014"})),
        },
        Call {
            name: "Baanx user start",
            args: start("cards"),
            line: "GET /v1/user/verification".into(),
            present: vec![client(), ("Authorization", bearer(USER_TOKEN))],
            absent: list(&baanx_others, &no_body),
            body: None,
        },
        Call {
            name: "Baanx user refresh",
            args: about("refresh", "cards"),
            line: "GET /v1/user/verification".into(),
            present: vec![client(), ("Authorization", bearer(USER_TOKEN))],
            absent: list(&baanx_others, &no_body),
            body: None,
        },
        Call {
            name: "Baanx user check",
            args: about("check", "cards"),
            line: "GET /v1/user".into(),
            present: vec![client(), ("Authorization", bearer(USER_TOKEN))],
            absent: list(&baanx_others, &no_body),
            body: None,
        },
        Call {
            name: "Baanx registration start",
            args: start("signup"),
            line: "POST /v1/auth/register/verification".into(),
            present: vec![client(), ("Content-Type", JSON.into())],
            absent: list(&baanx_others, &["Authorization"]),
            body: Some(json!({"onboardingId": ONBOARDING})),
        },
        Call {
            name: "Baanx registration start with a user token at hand",
            args: format!("{} --user-token-env USER_TOKEN", start("signup")),
            line: "POST /v1/auth/register/verification".into(),
            present: vec![client(), ("Content-Type", JSON.into())],
            absent: list(&baanx_others, &["Authorization"]),
            body: Some(json!({"onboardingId": ONBOARDING})),
        },
        Call {
            name: "Baanx registration refresh with a user token at hand",
            args: format!("{} --user-token-env USER_TOKEN", about("refresh", "signup")),
            line: "POST /v1/auth/register/verification".into(),
            present: vec![client(), ("Content-Type", JSON.into())],
            absent: list(&baanx_others, &["Authorization"]),
            body: Some(json!({"onboardingId": ONBOARDING})),
        },
        Call {
            name: "Baanx registration check with a user token at hand",
            args: format!("{} --user-token-env USER_TOKEN", about("check", "signup")),
            line: format!("GET /v1/auth/register?onboardingId={ONBOARDING}"),
            present: vec![client()],
            absent: list(&baanx_others, &list(&no_body, &["Authorization"])),
            body: None,
        },
        Call {
            name: "session API start",
            args: start("sessions"),
            line: "POST /v1/sessions".into(),
            present: vec![("x-api-key", DEEPIDV_KEY.into()), ("Content-Type", JSON.into())],
            absent: session_others.to_vec(),
            body: Some(session_body(false, false)),
        },
        Call {
            name: "session API check",
            args: about("check", "sessions"),
            line: format!("GET /v1/sessions/{SESSION_ID}"),
            present: vec![("x-api-key", DEEPIDV_KEY.into())],
            absent: list(&session_others, &no_body),
            body: None,
        },
        Call {
            name: "session API find",
            args: "find --provider sessions --reference case-7781".into(),
            line: "GET /v1/sessions?external_id=case-7781".into(),
            present: vec![("x-api-key", DEEPIDV_KEY.into())],
            absent: list(&session_others, &no_body),
            body: None,
        },
    ]
}

/// The required parameters of the page, the reference, and both invitations said in so many words.
fn session_body(email: bool, sms: bool) -> Value {
    json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.test", "phone": "+15192223333",
        "external_id": "case-7781", "send_email_invite": email, "send_phone_invite": sms,
    })
}

#[test]
fn each_operation_sends_what_the_vendors_page_says() {
    for call in calls() {
        let world = World::new();
        world.json(&call.args).document();
        let seen = world.vendor.only();
        let name = call.name;
        // Query parameters beside the ones that are needed, such as a page size, are the adapter's business in `find`.
        if call.line.contains("?external_id") {
            assert!(
                seen.line() == call.line || seen.line().starts_with(&format!("{}&", call.line)),
                "{name}: {seen:?}"
            );
        } else {
            assert_eq!(seen.line(), call.line, "{name}");
        }
        for (header, value) in &call.present {
            assert_eq!(seen.header(header), Some(value.as_str()), "{name}: `{header}` in {seen:#?}");
        }
        for header in &call.absent {
            assert_eq!(seen.header(header), None, "{name}: `{header}` must not be sent");
        }
        match call.body {
            Some(body) => assert_eq!(seen.json(), body, "{name}"),
            None => assert!(seen.body.is_empty(), "{name}: no body belongs to it: {seen:?}"),
        }
        assert_eq!(seen.header("Host"), world.vendor.base.strip_prefix("http://"), "{name}");
    }
}

fn is_uuid_v4(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
        && text.chars().all(|c| c == '-' || matches!(c, '0'..='9' | 'a'..='f'))
        && text.as_bytes()[14] == b'4'
        && matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b')
}

#[test]
fn nxos_sessions_get_a_fresh_uuid_as_their_idempotency_key() {
    let world = World::new();
    for args in [start("primary"), start("primary"), about("refresh", "primary"), about("refresh", "primary")]
    {
        world.json(&args).document();
    }
    let seen = world.vendor.seen();
    let mut keys: Vec<_> = seen.iter().map(|s| s.header("Idempotency-Key").expect("a key is sent")).collect();
    for key in &keys {
        assert!(is_uuid_v4(key), "a UUID v4 is advised, this is `{key}`");
    }
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 4, "an old key returns a dead token: {keys:?}");
}

#[test]
fn nxos_takes_the_configured_organization_unless_the_request_names_one() {
    let other = "org_ffffffffffffffffffffffffffffffff";
    let configured = || {
        World::new()
            .edit("[providers.primary.http]", &format!("on_behalf_of = \"{ORG}\"\n[providers.primary.http]"))
    };
    let world = configured();
    let session = world.json(&start("primary")).found("session");
    assert_eq!(world.vendor.only().header("Nxos-On-Behalf-Of"), Some(ORG));
    assert_eq!(session["reference"], format!("primary:{ORG}"));
    let world = configured();
    let session = world.json(&format!("{} --organization {other}", start("primary"))).found("session");
    assert_eq!(world.vendor.only().header("Nxos-On-Behalf-Of"), Some(other));
    assert_eq!(session["reference"], format!("primary:{other}"));
    let world = configured();
    world.json("import --provider primary --share-token-env SHARE_TOKEN").found("verification");
    assert_eq!(world.vendor.only().header("Nxos-On-Behalf-Of"), Some(ORG));
    // The reference says whom it is about, whatever the configuration says today.
    let world = configured();
    world.json(&format!("check primary:{other}")).found("verification");
    assert_eq!(world.vendor.only().header("Nxos-On-Behalf-Of"), Some(other));
}

#[test]
fn the_header_for_the_united_states_is_sent_for_the_region_us_only() {
    for (region, expected) in [("us", Some("true")), ("international", None)] {
        for provider in ["cards", "signup"] {
            for args in [start(provider), about("check", provider), about("refresh", provider)] {
                let table = format!("[providers.{provider}.http]");
                let world = World::new().edit(&table, &format!("region = \"{region}\"\n{table}"));
                world.json(&args).document();
                assert_eq!(world.vendor.only().header("x-us-env"), expected, "{region}: {args}");
            }
        }
    }
}

#[test]
fn both_invitations_are_always_said() {
    for (flag, email, sms) in [
        ("", false, false),
        ("--invite email", true, false),
        ("--invite sms", false, true),
        ("--invite email,sms", true, true),
        ("--invite sms --invite email", true, true),
    ] {
        let world = World::new();
        world.json(&format!("{} {flag}", start("sessions"))).document();
        assert_eq!(world.vendor.only().json(), session_body(email, sms), "`{flag}`");
    }
}

#[test]
fn the_session_api_gets_workflow_and_return_address() {
    let world = World::new();
    world
        .json(&format!("{} --workflow wf_7 --redirect-url https://app.example/back?a=b", start("sessions")))
        .document();
    let mut expected = session_body(false, false);
    expected["workflow_id"] = "wf_7".into();
    expected["redirect_url"] = "https://app.example/back?a=b".into();
    assert_eq!(world.vendor.only().json(), expected);

    let table = "[providers.sessions.http]";
    let world = World::new().edit(table, &format!("workflow_id = \"wf_default\"\n{table}"));
    world.json(&start("sessions")).document();
    assert_eq!(world.vendor.only().json()["workflow_id"], "wf_default");
    let world = World::new().edit(table, &format!("workflow_id = \"wf_default\"\n{table}"));
    world.json(&format!("{} --workflow wf_7", start("sessions"))).document();
    assert_eq!(world.vendor.only().json()["workflow_id"], "wf_7");
}

/// The ids of Baanx need not be UUIDs, but one may never become another parameter, path or header.
#[test]
fn an_onboarding_id_stays_one_value_of_the_query() {
    for id in
        ["US_100a99cf-f4d3-4fa1-9be9-2e9828b20ebb", "a&onboardingId=b", "a#b", "a b", "a%26b", "é", "../x"]
    {
        let world = World::new();
        let ran = world.idv(&format!("check {} --json --onboarding-id", reference("signup"))).arg(id).run();
        if id.starts_with("US_") {
            ran.document();
        }
        for seen in world.vendor.seen() {
            let value =
                seen.target.strip_prefix("/v1/auth/register?onboardingId=").expect("path and parameter");
            assert!(!value.contains(['&', '#', ' ', '?']), "{id}: {}", seen.target);
            assert_eq!(decode(value), id, "{}", seen.target);
        }
    }
}

#[test]
fn a_reference_with_odd_characters_is_found_as_it_is() {
    let world = World::new();
    let odd = "case 7&limit=1#é+%41";
    world.idv("find --provider sessions --json --reference").arg(odd).run();
    for seen in world.vendor.seen() {
        let query = seen.target.strip_prefix("/v1/sessions?").unwrap();
        let value = query.split('&').find_map(|p| p.strip_prefix("external_id=")).unwrap();
        assert_eq!(decode(value), odd, "{}", seen.target);
        assert_eq!(query.matches("limit=1").count(), 0, "{query}");
    }
}

/// A value of a query, form-decoded.
fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// `find` goes on where the vendor says that there is more.
#[test]
fn find_reads_every_page() {
    let world = World::with(|seen| {
        let page = |n: u8, next: Value| {
            let mut record = deepidv_record("VERIFIED", "COMPLETED");
            record["id"] = format!("00000000-0000-4000-8000-00000000000{n}").into();
            Reply::json(200, &json!({"sessions": [record], "next_token": next}))
        };
        if seen.target.contains("next_token=more") { page(2, Value::Null) } else { page(1, "more".into()) }
    });
    let found = world.json("find --provider sessions --reference case-7781").found("verifications");
    let references: Vec<_> =
        found.as_array().unwrap().iter().map(|v| v["reference"].as_str().unwrap()).collect();
    assert_eq!(
        references,
        ["sessions:00000000-0000-4000-8000-000000000001", "sessions:00000000-0000-4000-8000-000000000002"]
    );
    assert_eq!(world.vendor.seen().len(), 2);
    for seen in world.vendor.seen() {
        assert!(seen.target.contains("external_id=case-7781"), "{}", seen.target);
    }
}

/// No answer sends the program anywhere else.
#[test]
fn no_redirect_is_followed() {
    let elsewhere = Vendor::always(Reply::json(200, &json!({"sessionUrl": USER_URL})));
    for provider in FLOWS {
        for status in [301, 302, 303, 307, 308] {
            let reply =
                Reply::json(status, &json!({})).with("Location", &format!("{}/v1/user", elsewhere.base));
            let world = World::always(reply);
            world.json(&about("check", provider)).fails("invalid_response");
            assert!(!world.vendor.seen().is_empty());
            elsewhere.none(&format!("{provider}, {status}"));
        }
    }
}

/// "No environment proxies unless configured": a key must not leave by a way that nobody configured.
#[test]
fn proxies_of_the_environment_are_not_used() {
    let proxy = Vendor::always(Reply::json(200, &nxos_state("APPROVED")));
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let world = World::new();
        let ran = world.idv("check primary:self --json").env(name, &proxy.base).run();
        assert_eq!(ran.found("verification")["status"], "in_progress", "{name}");
        world.vendor.only();
        proxy.none(name);
    }
}

/// One command is one request, however it ends: what mints a session is not repeated behind the caller's back.
#[test]
fn a_start_that_may_have_made_a_session_is_not_repeated() {
    for provider in ["cards", "signup", "sessions"] {
        for reply in [Reply::Close, Reply::Cut { body: b"{".to_vec() }, Reply::Silence] {
            let world = World::always(reply.clone()).http("attempt_timeout = \"150ms\"");
            let error = world.json(&start(provider)).error();
            assert_eq!(error["retry"], "after_check", "{provider} {reply:?}");
            world.vendor.only();
        }
    }
    let world = World::always(Reply::json(503, &json!({"error": "later"})));
    assert_eq!(world.json(&start("sessions")).fails("unavailable")["retry"], "after_check");
    world.vendor.only();
    for status in [302, 400, 401, 403, 404, 409] {
        for provider in FLOWS {
            let world = World::always(Reply::json(status, &vendor_error(provider, "some_code", "no")));
            world.json(&start(provider)).error();
            world.vendor.only();
        }
    }
}
