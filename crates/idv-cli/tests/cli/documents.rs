//! Every document of the contract, for people and with `--json`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::*;

/// A vendor that has decided about the organization and the users, and not yet about the others.
fn decided() -> World {
    World::with(|seen| match seen.target.split('?').next().unwrap() {
        "/v1/user" | "/v1/auth/register" => Reply::json(200, &baanx_state("REJECTED")),
        "/v1/organizations/verification" if seen.header("Nxos-On-Behalf-Of").is_some() => {
            Reply::json(200, &nxos_state("APPROVED"))
        }
        _ => good(seen),
    })
    .edit("[providers.primary.http]", "recheck_after = \"365d\"\n[providers.primary.http]")
}

#[test]
fn sessions() {
    let world = World::with(|seen| match seen.line().as_str() {
        "POST /v1/sessions" => Reply::json(
            200,
            &json!({"id": SESSION_ID, "session_url": DEEPIDV_URL, "links": [{"url": "https://l.example/1", "type": "web"}]}),
        ),
        _ => good(seen),
    });
    let commands = [
        start("primary"),
        format!(
            "{} --email ada@example.test --date-of-birth 1815-12-10 --country GB --language en-GB --workflow wf_1",
            start("primary")
        ),
        start("cards"),
        about("refresh", "signup"),
        start("sessions"),
    ];
    assert_snapshot!(world.transcript(&commands.join("\n")));
}

/// The vendor's own component takes the token: there is no link to show.
#[test]
fn a_session_by_token_alone() {
    assert_snapshot!(World::direct().transcript("start --provider embedded --reference case-7"));
}

#[test]
fn verifications() {
    let commands = [
        about("check", "primary"),
        format!("check primary:{ORG}"),
        about("check", "cards"),
        about("check", "signup"),
        about("check", "sessions"),
        format!("import --provider primary --organization {ORG} --share-token-env SHARE_TOKEN"),
        "find --provider sessions --reference case-7781".to_owned(),
    ];
    assert_snapshot!(decided().transcript(&commands.join("\n")));
}

#[test]
fn a_search_without_result() {
    let world = World::always(Reply::json(200, &json!({"sessions": [], "next_token": null})));
    assert_snapshot!(world.transcript("find --provider sessions --reference case-7781"));
}

#[test]
fn cancellations_and_erasures() {
    assert_snapshot!(World::direct().transcript(
        "cancel direct:id:case-7
         erase --yes people:8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10
         erase --yes people:00000000-0000-4000-8000-000000000000
         check direct:id:case-7"
    ));
}

#[test]
fn redirects() {
    let back = |query: &str| format!("redirect {} https://app.example/back?{query}", reference("sessions"));
    let commands = [
        back(&format!("session_id={SESSION_ID}&status=success")),
        back(&format!("session_id={SESSION_ID}&status=failed&reason=session_expired")),
        back("status=success"),
    ];
    assert_snapshot!(World::new().transcript(&commands.join("\n")));
}

#[test]
fn providers() {
    let world = World::new();
    assert_snapshot!(world.idv("providers").run().exits(0).stdout);
    let document = world.json("providers").document();
    let all = &document["providers"];
    let named: Vec<(&str, Option<&str>)> = document["available"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["kind"].as_str().unwrap(), one["preset"].as_str()))
        .collect();
    assert!(named.len() >= 12, "{named:?}");
    for wanted in [
        ("nxos", None),
        ("session-api", None),
        ("session-api", Some("shufti")),
        ("session-api", Some("plaid")),
    ] {
        assert!(named.contains(&wanted), "{wanted:?}");
    }
    let ids: Vec<&Value> = all.as_array().unwrap().iter().map(|one| &one["provider"]).collect();
    assert_eq!(ids, ["cards", "primary", "sessions", "signup"]);
    for provider in all.as_array().unwrap() {
        shape::check(provider, shape::PROVIDER);
        assert_eq!(provider["active"], provider["provider"] == "primary", "{provider}");
        assert_eq!(provider["inputs"]["start"]["reference"], "required", "{provider}");
        assert_eq!(provider["capabilities"]["cancel"], false, "{provider}");
    }
    world.vendor.none("profiles are facts, no I/O");
}

/// An application reads a document with the library's own type, and loses nothing of it.
#[test]
fn the_library_reads_verifications() {
    let world = decided();
    for args in [about("check", "primary"), format!("check primary:{ORG}"), about("check", "signup")] {
        let document = world.json(&args).found("verification");
        let read: idv::Verification = serde_json::from_value(document.clone()).unwrap();
        let mut again = json!(read);
        for added in ["provider", "kind"] {
            again[added] = document[added].clone();
        }
        assert_eq!(again, document);
    }
}

#[test]
fn a_link_expires_when_the_vendor_says() {
    let session = World::new().json(&start("primary")).found("session");
    let expires: idv::Timestamp = session["expires_at"].as_str().unwrap().parse().unwrap();
    let left = expires.unix_seconds() - i64::try_from(now()).unwrap();
    assert!((1740..=1800).contains(&left), "{left} s instead of half an hour: {session}");
}

#[test]
fn logs_do_not_disturb_the_document() {
    for flags in ["-v", "-vv", "-vvv"] {
        let ran = World::new().json(&format!("{} {flags}", start("primary")));
        ran.found("session");
        assert!(ran.stderr.contains("idv_http"), "there are logs: {ran}");
        let ran = World::always(Reply::json(404, &vendor_error("primary", "not_found", "no")))
            .json(&format!("{} {flags}", start("primary")));
        ran.fails("not_found");
    }
    let ran = World::new().json(&start("primary"));
    assert_eq!(ran.stderr, "", "without -v there is nothing to say: {ran}");
}
