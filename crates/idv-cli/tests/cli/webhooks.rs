//! `idv webhook`: verified over raw bytes first, then read.

use serde_json::{Value, json};

use crate::support::*;

/// 2026-07-01T09:12:44Z, when all of these arrive.
const AT: u64 = 1_782_897_164;
const AT_TEXT: &str = "2026-07-01T09:12:44Z";
type Headers = Vec<(&'static str, String)>;

const ID: &str = "msg_2b7canaryless";

fn deliver(provider: &str, headers: &[(&str, String)], body: &str) -> Ran {
    let world = World::new();
    deliver_to(&world, provider, headers, body)
}

fn deliver_to(world: &World, provider: &str, headers: &[(&str, String)], body: &str) -> Ran {
    let lines: String = headers.iter().map(|(n, v)| format!("{n}: {v}\n")).collect();
    world.write("headers.txt", &lines);
    world.write("body.bin", body);
    let ran = world.json(&format!("webhook {provider} --headers headers.txt --body body.bin --at {AT_TEXT}"));
    world.vendor.none("a webhook is read, not sent");
    ran
}

fn svix_named(prefix: &str, at: u64, body: &str) -> Headers {
    let names = match prefix {
        "svix" => ["svix-id", "svix-timestamp", "svix-signature"],
        _ => ["webhook-id", "webhook-timestamp", "webhook-signature"],
    };
    let values = [ID.to_owned(), at.to_string(), sign::svix(SVIX_SECRET, ID, at, body)];
    names.into_iter().zip(values).collect()
}

fn svix(body: &str) -> Headers {
    svix_named("svix", AT, body)
}

fn baanx_at(at: u64, body: &str) -> Headers {
    vec![("X-Timestamp", at.to_string()), ("X-Signature", sign::baanx(BAANX_SECRET, at, body))]
}

fn baanx(body: &str) -> Headers {
    baanx_at(AT, body)
}

fn deepidv() -> Headers {
    vec![("deepidv-signature", DEEPIDV_SECRET.to_owned())]
}

fn nxos_event(data: Value) -> String {
    json!({"type": "organization.verification.updated", "timestamp": "2026-07-01T09:12:44.000Z", "data": data}).to_string()
}

fn guide_event(status: &str, code: Option<&str>) -> String {
    json!({
        "api_version": "v1", "event_id": "0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01", "event_category": "kyc",
        "event_type": "kyc.status.changed", "user_id": USER_ID, "user_external_id": "case-7781",
        "event_object_id": USER_ID, "event_object_status": status,
        "event_object": {"status": status, "failure_code": code, "failure_reason": code.map(|_| "canary reason")},
        "occurred_at": "2026-07-01T09:12:44.481Z",
    })
    .to_string()
}

fn state_event(state: &str) -> String {
    json!({"event": "user.verification.completed", "userId": USER_ID, "verificationState": state,
           "timestamp": "2024-01-15T10:30:00Z"})
    .to_string()
}

fn deepidv_event(kind: &str, status: &str) -> String {
    json!({"type": kind, "data": deepidv_record(status, "COMPLETED")}).to_string()
}

fn event(ran: &Ran) -> Value {
    let event = ran.found("event");
    shape::check(&event, shape::EVENT);
    event
}

#[test]
fn events_of_nxos() {
    for (word, status) in [
        ("NOT_STARTED", "not_started"),
        ("PENDING", "in_progress"),
        ("ON_HOLD", "on_hold"),
        ("RESUBMISSION_REQUIRED", "resubmission_required"),
        ("APPROVED", "approved"),
        ("REJECTED", "rejected"),
        ("approved", "approved"),
        ("ESCALATED", "unrecognized"),
    ] {
        let body = nxos_event(json!({"organizationId": ORG, "status": word, "type": "BUSINESS"}));
        for prefix in ["svix", "webhook"] {
            let event = event(&deliver("primary", &svix_named(prefix, AT, &body), &body));
            assert_eq!(event["provider"], "primary");
            assert_eq!(event["id"], ID, "the id of the delivery");
            assert_eq!(event["assurance"], "signed");
            assert_eq!(event["provider_event_type"], "organization.verification.updated");
            assert_eq!((&event["status"], &event["provider_status"]), (&json!(status), &json!(word)));
            assert_eq!(event["reference"], format!("primary:{ORG}"));
            assert_eq!(event["correlation"]["organization_id"], ORG);
            assert_eq!(event["next_action"], "check", "the fields of `data` are not documented");
            assert!(event["occurred_at"].as_str().unwrap().starts_with("2026-07-01T09:12:44"), "{event}");
        }
    }
}

/// "Read `organizationId` and `status` where present, and do without."
#[test]
fn events_of_nxos_without_data() {
    let bare = json!({"type": "organization.verification.updated", "timestamp": "2026-07-01T09:12:44.000Z"});
    for body in [nxos_event(json!({})), nxos_event(Value::Null), bare.to_string()] {
        let event = event(&deliver("primary", &svix(&body), &body));
        for field in ["status", "provider_status", "reference"] {
            assert_eq!(event[field], Value::Null, "{field} of {body}");
        }
        assert_eq!(event["next_action"], "check", "{body}");
    }
    let body = nxos_event(json!({"organizationId": ORG}));
    let told = event(&deliver("primary", &svix(&body), &body));
    assert_eq!((&told["reference"], &told["status"]), (&json!(format!("primary:{ORG}")), &Value::Null));
    let body = nxos_event(json!({"status": "APPROVED"}));
    let told = event(&deliver("primary", &svix(&body), &body));
    assert_eq!((&told["reference"], &told["next_action"]), (&Value::Null, &json!("check")));
}

#[test]
fn events_of_baanx() {
    for provider in ["cards", "signup"] {
        for (word, status) in [
            ("pending", "in_review"),
            ("completed", "approved"),
            ("failed", "rejected"),
            ("COMPLETED", "approved"),
            ("VERIFIED", "approved"),
            ("REJECTED", "rejected"),
            ("escalated", "unrecognized"),
            ("approved", "unrecognized"),
        ] {
            let body = guide_event(word, None);
            let event = event(&deliver(provider, &baanx(&body), &body));
            assert_eq!(
                (&event["status"], &event["provider_status"]),
                (&json!(status), &json!(word)),
                "{provider}"
            );
            assert_eq!(event["provider"], provider);
            assert_eq!(event["id"], "0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01");
            assert_eq!(event["assurance"], "signed");
            assert_eq!(event["provider_event_type"], "kyc.status.changed");
            assert_eq!(event["correlation"]["user_id"], USER_ID);
            assert_eq!(event["correlation"]["user_external_id"], "case-7781");
        }
        for (word, status) in [("VERIFIED", "approved"), ("REJECTED", "rejected"), ("OTHER", "unrecognized")]
        {
            let body = state_event(word);
            let event = event(&deliver(provider, &baanx(&body), &body));
            assert_eq!(
                (&event["status"], &event["provider_status"]),
                (&json!(status), &json!(word)),
                "{provider}"
            );
            assert_eq!(event["provider_event_type"], "user.verification.completed");
            assert_eq!(event["id"], sign::digest(&body), "no id was given: the SHA-256 of the body");
            assert_eq!(event["correlation"]["user_id"], USER_ID);
        }
    }
}

/// The list of the design page.
#[test]
fn veriffs_codes() {
    let either: &[&str] = &["document_tampered", "liveness_failed"];
    for (codes, reasons) in [
        (&["101", "505", "515", "526", "504"][..], either),
        (&["102", "507", "508"], &["document_tampered"][..]),
        (&["103", "509", "120"], &["face_mismatch"]),
        (&["104", "123", "128"], &["data_mismatch"]),
        (&["105", "106", "107", "111", "112", "113", "501", "502", "503"], &["fraud_suspected"]),
        (&["108", "109", "110", "124"], &["duplicate"]),
        (&["126", "127"], &["watchlist"]),
        (&["510", "206"], &["document_unsupported"]),
        (&["511", "207"], &["document_expired"]),
        (&["530", "531", "532", "533", "534", "535", "536"], &["underage"]),
        (&["539"], &["attempts_exhausted"]),
        (&["201", "208", "209", "210"], &["document_missing"]),
        (&["202", "203", "204", "205"], &["document_unreadable"]),
        (&["121", "122", "129", "537", "540", "605", "a_word", "103x", "0103"], &["other"]),
    ] {
        for code in codes {
            let body = guide_event("failed", Some(code));
            let event = event(&deliver("cards", &baanx(&body), &body));
            let told = &event["reasons"];
            assert_eq!(told.as_array().unwrap().len(), 1, "{code}: {event}");
            assert!(reasons.contains(&told[0]["reason"].as_str().unwrap()), "{code}: {told}");
            assert_eq!(told[0]["provider_code"], *code, "the vendor's own code travels along");
            assert_eq!(event["status"], "rejected", "{code}");
        }
    }
}

#[test]
fn a_shared_secret_carries_no_verdict() {
    for (kind, status) in [
        ("session.created", "PENDING"),
        ("session.status.submitted", "SUBMITTED"),
        ("session.status.verified", "VERIFIED"),
        ("session.status.rejected", "REJECTED"),
        ("session.status.failed", "FAILED"),
    ] {
        let body = deepidv_event(kind, status);
        let event = event(&deliver("sessions", &deepidv(), &body));
        assert_eq!(event["assurance"], "shared_secret", "{kind}");
        assert_eq!(event["status"], Value::Null, "{kind}: only a signed body may carry a status");
        assert_eq!(event["reasons"], json!([]), "{kind}");
        assert_eq!(event["next_action"], "check", "{kind}");
        assert_eq!(event["id"], sign::digest(&body), "{kind}");
        assert_eq!(event["reference"], reference("sessions"), "{kind}");
        assert_eq!(event["correlation"]["session_id"], SESSION_ID, "{kind}");
    }
}

#[test]
fn other_events_are_ignored() {
    let nxos =
        json!({"type": "transaction.status.updated", "timestamp": "2026-07-01T09:12:44.000Z", "data": {}});
    let baanx_body = guide_event("completed", None).replace("kyc.status.changed", "card.activated");
    let deepidv_body = deepidv_event("workflow.created", "PENDING");
    for (provider, headers, body, kind) in [
        ("primary", svix(&nxos.to_string()), nxos.to_string(), "transaction.status.updated"),
        ("cards", baanx(&baanx_body), baanx_body.clone(), "card.activated"),
        ("signup", baanx(&baanx_body), baanx_body.clone(), "card.activated"),
        ("sessions", deepidv(), deepidv_body, "workflow.created"),
    ] {
        let ignored = deliver(provider, &headers, &body).found("ignored");
        shape::check(&ignored, shape::IGNORED);
        assert_eq!((&ignored["provider"], &ignored["provider_event_type"]), (&json!(provider), &json!(kind)));
    }
}

fn without(headers: &[(&'static str, String)], name: &str) -> Headers {
    headers.iter().filter(|(n, _)| *n != name).cloned().collect()
}

fn replaced(headers: &[(&'static str, String)], name: &str, value: &str) -> Headers {
    headers.iter().map(|(n, v)| (*n, if *n == name { value.to_owned() } else { v.clone() })).collect()
}

#[test]
fn forgeries_are_rejected() {
    let body = nxos_event(json!({"organizationId": ORG, "status": "APPROVED"}));
    let good = svix(&body);
    let other_key = sign::svix("whsec_b3RoZXIta2V5LW90aGVyLWtleQ==", ID, AT, &body);
    let mut cases: Vec<(String, &str, Headers, String)> = vec![
        ("nxos, no headers".into(), "primary", vec![], body.clone()),
        ("nxos, other body".into(), "primary", good.clone(), body.replace("APPROVED", "REJECTED")),
        ("nxos, a byte more".into(), "primary", good.clone(), format!("{body}\n")),
        ("nxos, other key".into(), "primary", replaced(&good, "svix-signature", &other_key), body.clone()),
        ("nxos, other id".into(), "primary", replaced(&good, "svix-id", "msg_other"), body.clone()),
        (
            "nxos, other time".into(),
            "primary",
            replaced(&good, "svix-timestamp", &(AT + 1).to_string()),
            body.clone(),
        ),
        ("nxos, no signature".into(), "primary", replaced(&good, "svix-signature", ""), body.clone()),
        ("nxos, only the version".into(), "primary", replaced(&good, "svix-signature", "v1,"), body.clone()),
        (
            "nxos, no version".into(),
            "primary",
            replaced(&good, "svix-signature", good[2].1.trim_start_matches("v1,")),
            body.clone(),
        ),
        (
            "nxos, another version".into(),
            "primary",
            replaced(&good, "svix-signature", &good[2].1.replace("v1,", "v2,")),
            body.clone(),
        ),
        (
            "nxos, a word for a time".into(),
            "primary",
            replaced(&good, "svix-timestamp", "soon"),
            body.clone(),
        ),
        (
            "nxos, names mixed".into(),
            "primary",
            vec![
                ("svix-id", ID.into()),
                ("webhook-timestamp", AT.to_string()),
                ("svix-signature", good[2].1.clone()),
            ],
            body.clone(),
        ),
    ];
    for name in ["svix-id", "svix-timestamp", "svix-signature"] {
        cases.push((format!("nxos, without {name}"), "primary", without(&good, name), body.clone()));
    }
    for late in [301, 4000] {
        for at in [AT - late, AT + late] {
            cases.push((
                format!("nxos, signed at {at}"),
                "primary",
                svix_named("svix", at, &body),
                body.clone(),
            ));
        }
    }
    let body = guide_event("completed", None);
    let good = baanx(&body);
    for provider in ["cards", "signup"] {
        let other_key = sign::baanx("whk_other", AT, &body);
        cases.extend([
            ("Baanx, no headers".into(), provider, vec![], body.clone()),
            ("Baanx, other body".into(), provider, good.clone(), body.replace("completed", "failed")),
            ("Baanx, other key".into(), provider, replaced(&good, "X-Signature", &other_key), body.clone()),
            (
                "Baanx, empty key".into(),
                provider,
                replaced(&good, "X-Signature", &sign::baanx("", AT, &body)),
                body.clone(),
            ),
            ("Baanx, no signature".into(), provider, replaced(&good, "X-Signature", ""), body.clone()),
            (
                "Baanx, half a signature".into(),
                provider,
                replaced(&good, "X-Signature", &good[1].1[..32]),
                body.clone(),
            ),
            (
                "Baanx, other time".into(),
                provider,
                replaced(&good, "X-Timestamp", &(AT + 1).to_string()),
                body.clone(),
            ),
            (
                "Baanx, the body alone signed".into(),
                provider,
                replaced(&good, "X-Signature", &sign::digest(&body)),
                body.clone(),
            ),
            ("Baanx, without a time".into(), provider, without(&good, "X-Timestamp"), body.clone()),
            ("Baanx, late".into(), provider, baanx_at(AT - 301, &body), body.clone()),
            ("Baanx, early".into(), provider, baanx_at(AT + 301, &body), body.clone()),
        ]);
    }
    let body = deepidv_event("session.status.verified", "VERIFIED");
    for (name, headers) in [
        ("no header", vec![]),
        ("empty", vec![("deepidv-signature", String::new())]),
        ("other secret", vec![("deepidv-signature", "whsec_other".to_owned())]),
        ("half the secret", vec![("deepidv-signature", DEEPIDV_SECRET[..12].to_owned())]),
        ("more than the secret", vec![("deepidv-signature", format!("{DEEPIDV_SECRET}x"))]),
    ] {
        cases.push((format!("deepidv, {name}"), "sessions", headers, body.clone()));
    }
    for (name, provider, headers, body) in cases {
        let ran = deliver(provider, &headers, &body);
        assert_eq!(ran.code, 5, "{name}: {ran}");
        let error = ran.fails("webhook_rejected");
        shape::check(&error, shape::ERROR);
        assert_eq!(
            (&error["provider"], &error["delivery"]),
            (&json!(provider), &json!("not_sent")),
            "{name}"
        );
    }
}

#[test]
fn the_tolerance_is_300_seconds_both_ways() {
    for at in [AT - 299, AT, AT + 299] {
        let body = nxos_event(json!({}));
        event(&deliver("primary", &svix_named("svix", at, &body), &body));
        let body = guide_event("completed", None);
        event(&deliver("cards", &baanx_at(at, &body), &body));
    }
}

#[test]
fn one_of_several_signatures_and_keys_is_enough() {
    let body = nxos_event(json!({"organizationId": ORG, "status": "APPROVED"}));
    let good = svix(&body);
    let several = format!("v1,bm90IHRoaXMgb25l v1a,other {} v9,x", good[2].1);
    event(&deliver("primary", &replaced(&good, "svix-signature", &several), &body));
    let rotated = |env: &str, other: &str| {
        World::new().edit(
            &format!("webhook_secrets = [{{ env = \"{env}\" }}]"),
            &format!("webhook_secrets = [\"{other}\", {{ env = \"{env}\" }}]"),
        )
    };
    let world = rotated("NXOS_WEBHOOK_SECRET", "whsec_b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1r");
    event(&deliver_to(&world, "primary", &good, &body));
    let body = guide_event("completed", None);
    event(&deliver_to(&rotated("BAANX_WEBHOOK_SECRET", "whk_other"), "cards", &baanx(&body), &body));
    let body = deepidv_event("session.status.verified", "VERIFIED");
    event(&deliver_to(&rotated("DEEPIDV_WEBHOOK_SECRET", "whsec_other"), "sessions", &deepidv(), &body));
}

#[test]
fn signed_but_unreadable_bodies_are_rejected() {
    for body in ["", "{", "[]", "null", "7", "\"text\"", "{}", "{\"type\":7}"] {
        for (provider, headers) in [("primary", svix(body)), ("cards", baanx(body)), ("sessions", deepidv())]
        {
            let ran = deliver(provider, &headers, body);
            assert_eq!(ran.code, 5, "{provider} {body:?}: {ran}");
            ran.fails("webhook_rejected");
        }
    }
}

/// Nothing is trusted where nothing can be checked.
#[test]
fn without_keys_every_webhook_is_refused() {
    for (provider, env, headers, body) in [
        ("primary", "NXOS_WEBHOOK_SECRET", svix(&nxos_event(json!({}))), nxos_event(json!({}))),
        ("cards", "BAANX_WEBHOOK_SECRET", baanx(&state_event("VERIFIED")), state_event("VERIFIED")),
        ("sessions", "DEEPIDV_WEBHOOK_SECRET", deepidv(), deepidv_event("session.created", "PENDING")),
    ] {
        let line = format!("webhook_secrets = [{{ env = \"{env}\" }}]\n");
        for instead in ["", "webhook_secrets = []\n"] {
            let world = World::new().edit(&line, instead);
            let ran = deliver_to(&world, provider, &headers, &body);
            let error = ran.error();
            assert!(
                ["config", "unsupported"].contains(&error["kind"].as_str().unwrap()),
                "{provider}: {ran}"
            );
            assert_eq!(error["provider"], provider);
        }
    }
}

#[test]
fn the_files_of_a_webhook() {
    let body = nxos_event(json!({}));
    let good = svix(&body);
    let world = World::new();
    world.write("body.bin", &body);
    let run = |headers: &str| {
        world.write("headers.txt", headers);
        world.json(&format!("webhook primary --headers headers.txt --body body.bin --at {AT_TEXT}"))
    };
    let lines: Vec<String> = good.iter().map(|(n, v)| format!("{n}: {v}")).collect();
    event(&run(&lines.join("\r\n")));
    event(&run(&format!("{}\n\n", lines.join("\n"))));
    event(&run(&lines.join("\n").replace("svix-", "Svix-").replace(": ", ":")));
    for bad in ["no colon here", "bad name: x", "x\u{e9}: y", ": empty"] {
        let ran = run(&format!("{}\n{bad}\n", lines.join("\n")));
        assert_eq!(ran.code, 2, "{bad}: {ran}");
        ran.error();
    }
    // A header that is sent twice is a header that somebody added.
    let twice = run(&format!("{}\n{}\n", lines.join("\n"), "svix-signature: v1,bm90IHRoaXMgb25l"));
    assert!(twice.code == 5 || twice.code == 0, "{twice}");
    run(&lines.join("\n"));
    for args in [
        "webhook primary --headers gone.txt --body body.bin",
        "webhook primary --headers headers.txt --body gone.bin",
        "webhook primary --headers headers.txt",
        "webhook primary --body body.bin",
        "webhook --headers headers.txt --body body.bin",
        "webhook primary --headers headers.txt --body body.bin --at yesterday",
        "webhook primary --headers headers.txt --body body.bin --at 1782897164",
    ] {
        let ran = world.json(args);
        assert_eq!(ran.code, 2, "{args}: {ran}");
        ran.error();
    }
    // Without `--at` it arrives now, years from the signature.
    world.json("webhook primary --headers headers.txt --body body.bin").fails("webhook_rejected");
    let fresh = nxos_event(json!({"organizationId": ORG}));
    let lines: String =
        svix_named("svix", now(), &fresh).iter().map(|(n, v)| format!("{n}: {v}\n")).collect();
    world.write("headers.txt", &lines);
    world.write("body.bin", &fresh);
    event(&world.json("webhook primary --headers headers.txt --body body.bin"));
    // The same instant in another zone.
    let body = nxos_event(json!({}));
    world.write("body.bin", &body);
    let lines: String = svix(&body).iter().map(|(n, v)| format!("{n}: {v}\n")).collect();
    world.write("headers.txt", &lines);
    event(
        &world.json("webhook primary --headers headers.txt --body body.bin --at 2026-07-01T11:12:44+02:00"),
    );
}
