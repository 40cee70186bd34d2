//! A switch of vendor moves new sessions only.

use crate::support::*;

/// The path that shows which flow was asked.
fn asked(world: &World) -> Vec<String> {
    world.vendor.seen().iter().map(|s| s.line()).collect()
}

fn all_inputs() -> String {
    "--first-name Ada --last-name Lovelace --email ada@example.test --phone +15192223333 --user-token-env USER_TOKEN \
     --onboarding-id-env ONBOARDING_ID"
        .into()
}

#[test]
fn one_line_of_configuration_moves_new_sessions() {
    for (active, line) in [
        ("primary", "POST /v1/organizations/verification"),
        ("cards", "GET /v1/user/verification"),
        ("signup", "POST /v1/auth/register/verification"),
        ("sessions", "POST /v1/sessions"),
    ] {
        let world = World::new().edit("active = \"primary\"", &format!("active = \"{active}\""));
        let session = world.json(&format!("start --reference case-7781 {}", all_inputs())).found("session");
        assert_eq!(session["provider"], active);
        assert_eq!(session["reference"], reference(active));
        assert_eq!(asked(&world), [line]);
    }
}

#[test]
fn sessions_in_flight_stay_with_their_provider() {
    for old in FLOWS {
        for active in FLOWS {
            let world = World::new().edit("active = \"primary\"", &format!("active = \"{active}\""));
            let state = world.json(&about("check", old)).found("verification");
            assert_eq!(state["provider"], old, "active is {active}");
            assert_eq!(state["reference"], reference(old));
            if old != "sessions" {
                assert_eq!(world.json(&about("refresh", old)).found("session")["provider"], old);
            } else {
                let url = format!("https://app.example/?session_id={SESSION_ID}&status=success");
                world.idv(&format!("redirect {} --json", reference(old))).arg(url).run().found("redirect");
            }
            let alone = World::new();
            alone.json(&about("check", old)).document();
            assert_eq!(asked(&world)[0], asked(&alone)[0], "the same question as before the switch");
        }
    }
}

#[test]
fn a_provider_that_is_gone_is_named() {
    let world = World::new()
        .edit("[providers.primary", "[providers.renamed")
        .edit("active = \"primary\"", "active = \"cards\"");
    let url = "https://app.example/?status=success";
    for args in [
        "check primary:self".to_owned(),
        "refresh primary:self".into(),
        format!("redirect primary:self {url}"),
    ] {
        let error = world.json(&args).fails("config");
        assert_eq!(error["provider"], "primary", "{args}");
        assert!(error["message"].as_str().unwrap().contains("primary"), "{args}: {error}");
        let human = world.idv(&args).run().exits(2);
        assert!(human.stderr.contains("primary"), "{human}");
    }
    world.vendor.none("nobody is asked in its stead");
}

/// Two instances of one kind are kept apart.
#[test]
fn two_instances_of_one_kind() {
    let second = Vendor::always(Reply::json(200, &nxos_state("APPROVED")));
    let world = World::new();
    let more = format!(
        "\n[providers.us]\nkind = \"nxos\"\nbase_url = \"{}\"\napi_key = \"second-key\"\n",
        second.base
    );
    world.write("idv.toml", &(config(&world.vendor.base, "primary") + &more));
    assert_eq!(world.json("check us:self").found("verification")["status"], "approved");
    assert_eq!(second.only().header("Authorization"), Some("Bearer second-key"));
    world.vendor.none("the other instance");
    assert_eq!(world.json("check primary:self").found("verification")["status"], "in_progress");
    assert_eq!(second.seen().len(), 1);
}
