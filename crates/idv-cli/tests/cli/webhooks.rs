//! `idv webhook`: its files, its time, and what it says of an event.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::*;

/// 2026-07-01T09:12:44Z, when all of these arrive.
const AT: u64 = 1_782_897_164;
const AT_TEXT: &str = "2026-07-01T09:12:44Z";
const ID: &str = "msg_2b7canaryless";

fn svix(at: u64, body: &str) -> Vec<String> {
    let signature = sign::svix(SVIX_SECRET, ID, at, body);
    vec![format!("svix-id: {ID}"), format!("svix-timestamp: {at}"), format!("svix-signature: {signature}")]
}

fn nxos_event(data: Value) -> String {
    json!({"type": "organization.verification.updated", "timestamp": "2026-07-01T09:12:44.000Z", "data": data}).to_string()
}

fn baanx_event() -> String {
    json!({
        "api_version": "v1", "event_id": "0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01", "event_category": "kyc",
        "event_type": "kyc.status.changed", "user_id": USER_ID, "user_external_id": "case-7781",
        "event_object_id": USER_ID, "event_object_status": "failed",
        "event_object": {"status": "failed", "failure_code": "103", "failure_reason": "canary reason"},
        "occurred_at": "2026-07-01T09:12:44.481Z",
    })
    .to_string()
}

fn baanx(body: &str) -> Vec<String> {
    vec![format!("X-Timestamp: {AT}"), format!("X-Signature: {}", sign::baanx(BAANX_SECRET, AT, body))]
}

/// The document of an event, with its three ways: signed, without a verdict, and not about a verification.
#[test]
fn events() {
    let world = World::new();
    let mut text = String::new();
    let approved = nxos_event(json!({"organizationId": ORG, "status": "APPROVED", "type": "BUSINESS"}));
    let other = json!({"type": "transaction.status.updated", "data": {}}).to_string();
    let notice = json!({"type": "session.status.verified", "data": deepidv_record("VERIFIED", "COMPLETED")})
        .to_string();
    let failed = baanx_event();
    for (provider, headers, body) in [
        ("primary", svix(AT, &approved), &approved),
        ("cards", baanx(&failed), &failed),
        ("sessions", vec![format!("deepidv-signature: {DEEPIDV_SECRET}")], &notice),
        ("primary", svix(AT, &other), &other),
        ("primary", svix(AT, &other), &approved),
    ] {
        world.write("headers.txt", &headers.join("\n"));
        world.write("body.bin", body);
        text += &world
            .transcript(&format!("webhook {provider} --headers headers.txt --body body.bin --at {AT_TEXT}"));
    }
    assert_snapshot!(text);
    world.vendor.none("a webhook is read, not sent");
    world.write("headers.txt", &baanx(&failed).join("\n"));
    world.write("body.bin", &failed);
    let event = world
        .json(&format!("webhook cards --headers headers.txt --body body.bin --at {AT_TEXT}"))
        .found("event");
    let read: idv::WebhookEvent = serde_json::from_value(event).unwrap();
    assert_eq!(read.reasons()[0].provider_code.as_ref().unwrap(), "103", "the library reads the document");
}

/// Nothing is trusted where nothing can be checked.
#[test]
fn without_keys_every_webhook_is_refused() {
    let world = World::new().edit("webhook_secrets = [{ env = \"NXOS_WEBHOOK_SECRET\" }]\n", "");
    let body = nxos_event(json!({}));
    world.write("headers.txt", &svix(AT, &body).join("\n"));
    world.write("body.bin", &body);
    let error = world.json("webhook primary --headers headers.txt --body body.bin").fails("config");
    assert_eq!(error["provider"], "primary");
}

#[test]
fn the_files_of_a_webhook() {
    let body = nxos_event(json!({}));
    let lines = svix(AT, &body);
    let world = World::new();
    world.write("body.bin", &body);
    let run = |headers: &str| {
        world.write("headers.txt", headers);
        world.json(&format!("webhook primary --headers headers.txt --body body.bin --at {AT_TEXT}"))
    };
    run(&lines.join("\r\n")).found("event");
    run(&format!("{}\n\n", lines.join("\n"))).found("event");
    run(&lines.join("\n").replace("svix-", "Svix-").replace(": ", ":")).found("event");
    for bad in ["no colon here", "bad name: x", "x\u{e9}: y", ": empty"] {
        run(&format!("{}\n{bad}\n", lines.join("\n"))).fails("config");
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
    world.write("headers.txt", &svix(now(), &fresh).join("\n"));
    world.write("body.bin", &fresh);
    world.json("webhook primary --headers headers.txt --body body.bin").found("event");
    // The same instant in another zone.
    let body = nxos_event(json!({}));
    world.write("body.bin", &body);
    world.write("headers.txt", &svix(AT, &body).join("\n"));
    world
        .json("webhook primary --headers headers.txt --body body.bin --at 2026-07-01T11:12:44+02:00")
        .found("event");
}
