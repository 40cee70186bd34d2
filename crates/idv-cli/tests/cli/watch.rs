//! `idv watch`: a document for each change, and what ends it.

use serde_json::json;

use crate::support::*;

/// Longer than a check on a loaded machine takes, and shorter than the pause before the second one.
const SHORT: &str = "--for 2s";

#[test]
fn a_settled_verification_is_one_line_and_one_check() {
    for (provider, body) in [
        ("primary", nxos_state("APPROVED")),
        ("cards", baanx_state("VERIFIED")),
        ("signup", baanx_state("REJECTED")),
        ("sessions", deepidv_state("EXPIRED", "PENDING")),
    ] {
        let world = World::always(Reply::json(200, &body));
        let ran = world.json(&about("watch", provider));
        let state = ran.found("verification");
        assert_eq!(ran.stderr, "", "{ran}");
        assert_eq!(world.vendor.seen().len(), 1);
        let checked = world.json(&about("check", provider)).found("verification");
        assert_eq!(state, checked, "the same document as that of a check");
        let seen = world.vendor.seen();
        assert_eq!(
            (seen[0].line(), seen[0].header("authorization")),
            (seen[1].line(), seen[1].header("authorization"))
        );
    }
}

#[test]
fn the_end_of_the_time_is_no_failure() {
    let world = World::new();
    let ran = world.json(&format!("{} {SHORT}", about("watch", "primary")));
    assert_eq!(ran.found("verification")["status"], "in_progress");
    let words = world.idv(&format!("{} {SHORT}", about("watch", "primary"))).run().exits(0);
    assert!(words.stdout.contains("The time is up. To go on: idv watch primary:self"), "{words}");
    assert!(words.stdout.contains("in_progress  (vendor says PENDING; next action wait 15s)"), "{words}");
    assert_eq!(words.stderr, "", "no spinner where nobody watches");
}

#[test]
fn a_vendor_that_is_down_all_the_time_is_a_failure() {
    let world = World::always(Reply::json(503, &json!({"error": {"code": "internal", "message": "down"}})));
    world.json(&format!("{} {SHORT}", about("watch", "primary"))).fails("unavailable");
    let silent = World::always(Reply::Silence);
    let error = silent.json(&format!("{} {SHORT}", about("watch", "sessions"))).fails("timeout");
    assert_eq!(
        (&error["provider"], &error["retry"], &error["delivery"]),
        (&json!("sessions"), &json!("allowed"), &json!("unknown")),
        "the question was put, and may be put again"
    );
}

#[test]
fn what_waiting_does_not_heal_ends_it_at_once() {
    for (status, kind) in [(401, "unauthenticated"), (403, "forbidden"), (404, "not_found")] {
        let world = World::always(Reply::json(status, &vendor_error("cards", "no", "no")));
        world.json(&about("watch", "cards")).fails(kind);
        assert_eq!(world.vendor.seen().len(), 1, "{kind}");
    }
    let world = World::new();
    world.json("watch nobody:k").fails("config");
    assert_eq!(world.json("watch primary").exits(2).error()["kind"], "invalid_request");
    world.json("watch cards:case-7781").fails("invalid_request");
    world.vendor.none("nothing of this can be asked");
}
