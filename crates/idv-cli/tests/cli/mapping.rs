//! Every row of the mapping tables, as `check` and `redirect` tell it; webhooks have a file of their own.

use serde_json::{Value, json};

use crate::support::*;

/// Status, next action, seconds to wait, cool-down and where to go on.
type Meaning = (&'static str, &'static str, bool, Option<u64>, Option<&'static str>);

fn check(provider: &str, body: Value) -> Value {
    let state = World::always(Reply::json(200, &body)).json(&about("check", provider)).found("verification");
    shape::check(&state, shape::VERIFICATION);
    state
}

fn assert_means(name: &str, state: &Value, word: &str, meaning: Meaning) {
    let (status, action, waits, cooldown, via) = meaning;
    assert_eq!(state["status"], status, "{name} {word}");
    assert_eq!(state["provider_status"], word, "{name} {word}: the vendor's own word travels along");
    assert_eq!(state["next_action"], action, "{name} {word}");
    let polls = state["poll_after_seconds"].as_u64();
    assert_eq!(polls.is_some(), waits, "{name} {word}: poll_after_seconds is {polls:?}");
    assert_eq!(state["cooldown_seconds"].as_u64(), cooldown, "{name} {word}");
    assert_eq!(state["via"].as_str(), via, "{name} {word}");
}

const WAIT: (bool, Option<u64>, Option<&str>) = (true, None, None);
const REST: (bool, Option<u64>, Option<&str>) = (false, None, None);

fn means(
    status: &'static str,
    action: &'static str,
    more: (bool, Option<u64>, Option<&'static str>),
) -> Meaning {
    (status, action, more.0, more.1, more.2)
}

#[test]
fn nxos_words() {
    for (word, meaning) in [
        ("NOT_STARTED", means("not_started", "start_session", REST)),
        ("PENDING", means("in_progress", "wait", WAIT)),
        ("ON_HOLD", means("on_hold", "wait", WAIT)),
        ("RESUBMISSION_REQUIRED", means("resubmission_required", "resume_session", REST)),
        ("APPROVED", means("approved", "none", REST)),
        ("REJECTED", means("rejected", "contact_support", REST)),
        ("approved", means("approved", "none", REST)),
        ("Resubmission_Required", means("resubmission_required", "resume_session", REST)),
        ("ESCALATED", means("unrecognized", "wait", WAIT)),
        ("APPROVED ", means("unrecognized", "wait", WAIT)),
        ("PRE_APPROVED", means("unrecognized", "wait", WAIT)),
        ("VERIFIED", means("unrecognized", "wait", WAIT)),
        ("ＡPPROVED", means("unrecognized", "wait", WAIT)),
    ] {
        assert_means("nxos", &check("primary", nxos_state(word)), word, meaning);
    }
    // "once every 10 to 30 seconds while the customer is mid-flow, then back off to once a minute"
    let polls = |word| check("primary", nxos_state(word))["poll_after_seconds"].as_u64().unwrap();
    assert!((10..=30).contains(&polls("PENDING")), "{}", polls("PENDING"));
    assert_eq!(polls("ON_HOLD"), 60);
}

#[test]
fn an_approval_with_a_configured_validity_is_looked_at_again() {
    for (state, after) in [("APPROVED", Some(365 * 24 * 3600)), ("PENDING", None)] {
        let table = "[providers.primary.http]";
        let world = World::always(Reply::json(200, &nxos_state(state)))
            .edit(table, &format!("recheck_after = \"365d\"\n{table}"));
        let state = world.json(&about("check", "primary")).found("verification");
        assert_eq!(state["recheck_after_seconds"].as_u64(), after, "{state}");
    }
}

#[test]
fn baanx_words() {
    let day = Some(24 * 3600);
    for (provider, rejected) in [
        ("cards", means("rejected", "retry_with_new_session", (false, day, None))),
        ("signup", means("rejected", "retry_with_new_session", (false, None, Some("cards")))),
    ] {
        for (word, meaning) in [
            ("UNVERIFIED", means("not_started", "continue_session", REST)),
            ("PENDING", means("in_review", "wait", WAIT)),
            ("VERIFIED", means("approved", "none", REST)),
            ("REJECTED", rejected),
            ("verified", means("approved", "none", REST)),
            ("ESCALATED", means("unrecognized", "wait", WAIT)),
            ("APPROVED", means("unrecognized", "wait", WAIT)),
            // The words of the webhooks mean nothing here.
            ("completed", means("unrecognized", "wait", WAIT)),
            ("failed", means("unrecognized", "wait", WAIT)),
        ] {
            assert_means(provider, &check(provider, baanx_state(word)), word, meaning);
        }
        let polls = check(provider, baanx_state("PENDING"))["poll_after_seconds"].as_u64();
        assert_eq!(polls, Some(5), "{provider}: \"Poll every 5 seconds\"");
    }
}

#[test]
fn a_rejected_registration_without_a_successor_names_none() {
    let world = World::always(Reply::json(200, &baanx_state("REJECTED"))).edit("successor = \"cards\"\n", "");
    let state = world.json(&about("check", "signup")).found("verification");
    assert_eq!(state["status"], "rejected");
    assert_eq!(state["next_action"], "retry_with_new_session");
    assert_eq!(state["via"], Value::Null);
}

#[test]
fn deepidv_words() {
    for (word, progress, meaning) in [
        ("PENDING", "PENDING", means("not_started", "continue_session", REST)),
        ("PENDING", "STARTED", means("in_progress", "wait", WAIT)),
        ("PENDING", "COMPLETED", means("in_progress", "wait", WAIT)),
        ("SUBMITTED", "COMPLETED", means("in_review", "wait", WAIT)),
        ("VERIFIED", "COMPLETED", means("approved", "none", REST)),
        ("REJECTED", "COMPLETED", means("rejected", "retry_with_new_session", REST)),
        ("VOIDED", "PENDING", means("cancelled", "start_session", REST)),
        ("EXPIRED", "PENDING", means("expired", "start_session", REST)),
        ("FAILED", "STARTED", means("failed", "start_session", REST)),
        ("verified", "COMPLETED", means("approved", "none", REST)),
        ("ESCALATED", "COMPLETED", means("unrecognized", "wait", WAIT)),
        ("APPROVED", "COMPLETED", means("unrecognized", "wait", WAIT)),
    ] {
        let state = check("sessions", deepidv_state(word, progress));
        assert_means("sessions", &state, word, meaning);
        let reasons: Vec<_> =
            state["reasons"].as_array().unwrap().iter().map(|r| r["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, if word == "FAILED" { vec!["attempts_exhausted"] } else { vec![] }, "{word}");
    }
    // Without the second word, a link may have been opened.
    let mut body = deepidv_state("PENDING", "PENDING");
    body["session_record"].as_object_mut().unwrap().remove("session_progress");
    assert_eq!(check("sessions", body)["status"], "in_progress");
    // The SDK spells it this way.
    let camel = json!({"sessionRecord": {"id": SESSION_ID, "externalId": "case-7781", "status": "VERIFIED",
        "sessionProgress": "COMPLETED", "updatedAt": "2026-07-01T09:12:44.000Z"}});
    assert_eq!(check("sessions", camel)["status"], "approved");
}

/// A word of a vendor is capped, and cannot play with the terminal.
#[test]
fn words_are_capped_and_escaped() {
    for (provider, body) in [
        ("primary", nxos_state as fn(&str) -> Value),
        ("cards", baanx_state),
        ("sessions", |word| deepidv_state(word, "COMPLETED")),
    ] {
        let word = format!("APPROVED\u{1b}[31m\n{}", "x".repeat(5000));
        let world = World::always(Reply::json(200, &body(&word)));
        let state = world.json(&about("check", provider)).found("verification");
        let kept = state["provider_status"].as_str().unwrap();
        assert_eq!(state["status"], "unrecognized");
        assert!(kept.len() <= 128 && kept.starts_with("APPROVED"), "{provider}: {} bytes", kept.len());
        assert!(!kept.contains(char::is_control), "{provider}: {kept:?}");
        let human = world.idv(&about("check", provider)).run().exits(0);
        assert!(!human.stdout.contains('\u{1b}'), "{provider}: {human}");
    }
}

/// The vendor's answer is about somebody else.
#[test]
fn a_session_of_another_id_is_a_conflict() {
    let mut body = deepidv_state("VERIFIED", "COMPLETED");
    body["session_record"]["id"] = "00000000-0000-4000-8000-000000000000".into();
    let ran = World::always(Reply::json(200, &body)).json(&about("check", "sessions"));
    assert_ne!(ran.code, 0, "somebody else is verified: {ran}");
    assert!(["conflict", "invalid_response"].contains(&ran.error()["kind"].as_str().unwrap()), "{ran}");
}

fn redirect(query: &str) -> Ran {
    let world = World::new();
    let ran = world
        .idv(&format!("redirect {} --json", reference("sessions")))
        .arg(format!("https://app.example/back{query}"))
        .run();
    world.vendor.none("a redirect is read, not sent");
    ran
}

#[test]
fn redirect_words() {
    for (status, reason, ours, our_reason) in [
        ("success", "", "in_review", None),
        ("failed", "", "failed", None),
        ("failed", "document_unreadable", "failed", Some("document_unreadable")),
        ("failed", "face_mismatch", "failed", Some("face_mismatch")),
        ("failed", "session_expired", "expired", Some("session_expired")),
        ("failed", "internal_error", "failed", Some("provider_error")),
        ("failed", "unknown", "failed", Some("unspecified")),
        ("failed", "a_new_reason", "failed", Some("other")),
        ("abandoned", "user_cancelled", "abandoned", Some("applicant_cancelled")),
        ("abandoned", "", "abandoned", None),
        ("SUCCESS", "", "in_review", None),
        ("verified", "", "unrecognized", None),
        ("approved", "", "unrecognized", None),
        ("rejected", "", "unrecognized", None),
    ] {
        let query = if reason.is_empty() { String::new() } else { format!("&reason={reason}") };
        let name = format!("{status} {reason}");
        let back =
            redirect(&format!("?keep=this&session_id={SESSION_ID}&status={status}{query}")).found("redirect");
        shape::check(&back, shape::REDIRECT);
        assert_eq!(back["reference"], reference("sessions"), "{name}");
        assert_eq!(back["status"], ours, "{name}");
        assert_eq!(back["provider_status"], status, "{name}");
        assert_eq!(back["reason"].as_str(), our_reason, "{name}");
        assert_eq!(back["provider_reason"].as_str(), Some(reason).filter(|r| !r.is_empty()), "{name}");
        assert_eq!(back["trusted"], false, "{name}: a redirect is a hint");
        assert_eq!(back["next_action"], "check", "{name}");
    }
    let alias = redirect(&format!("?sessionId={SESSION_ID}&status=success")).found("redirect");
    assert_eq!(alias["status"], "in_review");
}

#[test]
fn redirects_that_are_not_this_sessions_are_refused() {
    for (name, query) in [
        ("no session id", "?status=success".to_owned()),
        ("no status", format!("?session_id={SESSION_ID}")),
        ("empty session id", "?session_id=&status=success".to_owned()),
        ("empty status", format!("?session_id={SESSION_ID}&status=")),
        ("session id twice", format!("?session_id={SESSION_ID}&session_id={SESSION_ID}&status=success")),
        ("both names", format!("?session_id={SESSION_ID}&sessionId={SESSION_ID}&status=success")),
        ("status twice", format!("?session_id={SESSION_ID}&status=success&status=success")),
        ("reason twice", format!("?session_id={SESSION_ID}&status=failed&reason=unknown&reason=unknown")),
        ("another session", "?session_id=00000000-0000-4000-8000-000000000000&status=success".to_owned()),
        ("no query", String::new()),
        ("in the fragment", format!("#session_id={SESSION_ID}&status=success")),
    ] {
        let ran = redirect(&query);
        let error = ran.fails("redirect_rejected");
        shape::check(&error, shape::ERROR);
        assert_eq!(error["provider"], "sessions", "{name}");
        assert_eq!(error["delivery"], "not_sent", "{name}");
        assert_eq!(error["http_status"], Value::Null, "{name}");
    }
}

#[test]
fn flows_without_a_redirect_say_so() {
    for provider in ["primary", "cards", "signup"] {
        let world = World::new();
        let error = world
            .json(&format!("redirect {} https://app.example/back?status=success", reference(provider)))
            .fails("unsupported");
        assert_eq!(error["provider"], provider);
        world.vendor.none(provider);
    }
}

/// A vendor that adds, forgets or misspells what is not the state still tells the state.
#[test]
fn what_is_not_needed_may_be_odd() {
    for (provider, body, status) in [
        ("primary", json!({"status": "APPROVED"}), "approved"),
        (
            "primary",
            json!({"status": "APPROVED", "type": "TRUST", "updatedAt": "yesterday", "new": [1]}),
            "approved",
        ),
        ("primary", json!({"status": "APPROVED", "type": null, "updatedAt": null}), "approved"),
        ("cards", json!({"verificationState": "VERIFIED", "id": USER_ID}), "approved"),
        ("cards", json!({"verificationState": "VERIFIED", "id": USER_ID, "email": 7, "new": {}}), "approved"),
        ("signup", json!({"verificationState": "PENDING", "id": USER_ID, "firstName": []}), "in_review"),
        ("sessions", json!({"session_record": {"id": SESSION_ID, "status": "VERIFIED"}}), "approved"),
        (
            "sessions",
            json!({"session_record": {"id": SESSION_ID, "status": "VERIFIED", "updated_at": "soon", "x": 1}}),
            "approved",
        ),
    ] {
        let state = check(provider, body.clone());
        assert_eq!(state["status"], status, "{body}");
        if body.to_string().contains("yesterday") || body.to_string().contains("soon") {
            assert_eq!(state["updated_at"], Value::Null, "{body}");
        }
    }
}
