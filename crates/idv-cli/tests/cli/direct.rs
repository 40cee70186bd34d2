//! Sumsub and Veriff themselves: every command against servers that verify each signature, from the vendors' pages.

use serde_json::{Value, json};

use crate::support::*;

const VERIFF_KEY: &str = "canary-veriff-key-0021";
const VERIFF_SECRET: &str = "canary-veriff-secret-0022";
const SUMSUB_TOKEN: &str = "prd:canary-sumsub-token-0023";
const SUMSUB_SECRET: &str = "canary-sumsub-secret-0024";
const SUMSUB_WEBHOOK: &str = "canary-sumsub-webhook-0025";
const VERIFF_ID: &str = "8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10";

/// Both vendors at one address, which refuses what is not signed, and the directory of a configuration.
fn world() -> World {
    let world = World::at(Vendor::run(|seen, _| match seen.target.starts_with("/v1/") {
        true => veriff(seen),
        false => sumsub(seen),
    }));
    let base = &world.vendor.base;
    let text = format!(
        "active = \"people\"\n\
         [providers.people]\nkind = \"veriff\"\nbase_url = \"{base}\"\napi_key = \"{VERIFF_KEY}\"\n\
         shared_secrets = [\"{VERIFF_SECRET}\"]\nhttp.attempts = 1\n\
         [providers.direct]\nkind = \"sumsub\"\nbase_url = \"{base}\"\napp_token = \"{SUMSUB_TOKEN}\"\n\
         secret_key = \"{SUMSUB_SECRET}\"\nwebhook_secrets = [\"{SUMSUB_WEBHOOK}\"]\nlevel = \"basic-kyc\"\nhttp.attempts = 1\n"
    );
    world.write("idv.toml", &text);
    world
}

/// devdocs.veriff.com: the body of a POST is signed, and for everything else the id; answers are signed.
fn veriff(seen: &Seen) -> Reply {
    let signed = match seen.method.as_str() {
        "POST" => seen.body.clone(),
        _ => seen.target.split('/').nth(3).unwrap().as_bytes().to_vec(),
    };
    assert_eq!(seen.header("x-auth-client"), Some(VERIFF_KEY), "{seen:?}");
    assert_eq!(
        seen.header("x-hmac-signature"),
        Some(&*sign::hmac_hex(VERIFF_SECRET, &[&signed])),
        "{seen:?}"
    );
    let body = match seen.line().strip_suffix("/decision") {
        Some(_) => json!({"status": "success", "verification": {
            "id": VERIFF_ID, "vendorData": "case-7", "status": "declined", "code": 9102, "reasonCode": "103",
            "decisionTime": "2026-07-01T09:03:44.476108Z",
        }}),
        None if seen.method == "DELETE" => json!({"status": "success", "verification": {"id": VERIFF_ID}}),
        None => json!({"status": "success", "verification": {
            "id": VERIFF_ID, "url": "https://alchemy.veriff.com/v/canary-link-0026", "vendorData": "case-7",
        }}),
    };
    let text = body.to_string();
    Reply::text(200, "application/json", &text)
        .with("x-auth-client", VERIFF_KEY)
        .with("x-hmac-signature", &sign::hmac_hex(VERIFF_SECRET, &[text.as_bytes()]))
}

/// docs.sumsub.com: seconds, method, target and body are signed.
fn sumsub(seen: &Seen) -> Reply {
    let time = seen.header("x-app-access-ts").unwrap();
    let parts = [time.as_bytes(), seen.method.as_bytes(), seen.target.as_bytes(), &seen.body];
    assert_eq!(seen.header("x-app-token"), Some(SUMSUB_TOKEN), "{seen:?}");
    assert_eq!(seen.header("x-app-access-sig"), Some(&*sign::hmac_hex(SUMSUB_SECRET, &parts)), "{seen:?}");
    if seen.method == "POST" {
        return Reply::json(200, &json!({"url": "https://in.sumsub.com/websdk/p/canary-link-0027"}));
    }
    assert!(
        seen.target.ends_with("/-;externalUserId=case%207/one")
            || seen.target.ends_with("/presence/deactivated"),
        "{}",
        seen.target
    );
    let mut applicant = json!({
        "id": "66f0a1b2c3d4e5f601234567", "externalUserId": "case 7", "type": "company",
        "review": {
            "levelName": "kyb", "reviewStatus": "completed", "reviewDate": "2026-07-01 09:03:00+0000",
            "reviewResult": {"reviewAnswer": "RED", "reviewRejectType": "RETRY", "rejectLabels": ["SCREENSHOTS"]},
        },
    });
    if seen.method == "PATCH" {
        applicant["deleted"] = true.into();
    }
    Reply::json(200, &applicant)
}

fn one(ran: &Ran, name: &str) -> Value {
    ran.document()[name].clone()
}

#[test]
fn every_command_works_at_veriff() {
    let world = world();
    let session = one(&world.json("start --reference case-7"), "session");
    assert_eq!(session["reference"], format!("people:{VERIFF_ID}"));
    assert_eq!(session["url"], "https://alchemy.veriff.com/v/canary-link-0026");
    let found = one(&world.json(&format!("check people:{VERIFF_ID}")), "verification");
    shape::check(&found, shape::VERIFICATION);
    assert_eq!(
        (&found["status"], &found["next_action"]),
        (&json!("rejected"), &json!("retry_with_new_session"))
    );
    assert_eq!(found["reasons"], json!([{"reason": "face_mismatch", "provider_code": "103"}]));
    let erased = one(&world.json(&format!("erase people:{VERIFF_ID} --yes")), "erasure");
    assert_eq!(erased["state"], "accepted");
    for command in ["refresh", "cancel"] {
        world.json(&format!("{command} people:{VERIFF_ID}")).fails("unsupported");
    }
    let body = format!(
        r#"{{"status":"success","verification":{{"id":"{VERIFF_ID}","attemptId":"a","status":"approved","code":9001,"vendorData":"case-7"}}}}"#
    );
    let event = webhook(&world, "people", &body, |body| {
        format!(
            "x-auth-client: {VERIFF_KEY}\nx-hmac-signature: {}\n",
            sign::hmac_hex(VERIFF_SECRET, &[body.as_bytes()])
        )
    });
    assert_eq!(
        (&event["status"], &event["reference"]),
        (&json!("approved"), &json!(format!("people:{VERIFF_ID}")))
    );
}

#[test]
fn every_command_works_at_sumsub() {
    let world = world();
    let session =
        one(&world.idv("start --provider direct --json").arg("--reference").arg("case 7").run(), "session");
    assert_eq!((&session["reference"], &session["single_use"]), (&json!("direct:id:case 7"), &json!(false)));
    let about = |command: &str| world.idv(&format!("{command} --json")).arg("direct:id:case 7").run();
    let found = one(&about("check"), "verification");
    shape::check(&found, shape::VERIFICATION);
    assert_eq!(
        (&found["status"], &found["next_action"]),
        (&json!("resubmission_required"), &json!("resume_session"))
    );
    assert_eq!(
        (&found["provider_status"], &found["subject_kind"]),
        (&json!("completed"), &json!("business"))
    );
    assert_eq!(one(&about("refresh"), "session")["reference"], "direct:id:case 7");
    assert_eq!(world.vendor.seen().last().unwrap().json()["levelName"], "kyb", "the level stays");
    assert_eq!(one(&about("cancel"), "verification")["status"], "cancelled");
    about("erase --yes").fails("unsupported");
    let body = r#"{"type":"applicantReviewed","externalUserId":"case 7","reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"}}"#;
    let event = webhook(&world, "direct", body, |body| {
        format!("x-payload-digest: {}\n", sign::hmac_hex(SUMSUB_WEBHOOK, &[body.as_bytes()]))
    });
    assert_eq!((&event["status"], &event["reference"]), (&json!("approved"), &json!("direct:id:case 7")));
}

/// The event that `idv webhook` prints of a body, and the refusal where one letter of it is another.
fn webhook(world: &World, provider: &str, body: &str, headers: impl Fn(&str) -> String) -> Value {
    world.write("headers.txt", &headers(body));
    world.write("body.bin", &body.replace("case", "cast"));
    let command = format!("webhook {provider} --headers headers.txt --body body.bin");
    world.json(&command).fails("webhook_rejected");
    world.write("body.bin", body);
    one(&world.json(&command), "event")
}

#[test]
fn nothing_secret_is_printed() {
    let world = world();
    for provider in ["people", "direct"] {
        let ran = world.idv(&format!("check {provider}:nonsense -vvv")).run();
        let printed = format!("{ran}");
        for canary in [VERIFF_KEY, VERIFF_SECRET, SUMSUB_TOKEN, SUMSUB_SECRET, SUMSUB_WEBHOOK] {
            assert!(!printed.contains(canary), "{printed}");
        }
    }
}
