//! The documents of `--json`, field by field.

use idv_sandbox::{NxosEventData, OrganizationType, Sandbox, SignedWebhook};
use serde_json::{Value, json};

use crate::support::{Desk, fields};

const PERSON: [&str; 8] =
    ["--first-name", "Ada", "--last-name", "Sample", "--email", "ada@example.com", "--phone", "+15195550100"];

const SESSION: [&str; 11] = [
    "access_token",
    "expires_at",
    "expires_at_estimated",
    "kind",
    "links",
    "provider",
    "reference",
    "single_use",
    "status",
    "unused_inputs",
    "url",
];

const VERIFICATION: [&str; 14] = [
    "cooldown_seconds",
    "correlation",
    "kind",
    "next_action",
    "poll_after_seconds",
    "provider",
    "provider_status",
    "reasons",
    "recheck_after_seconds",
    "reference",
    "status",
    "subject_kind",
    "updated_at",
    "via",
];

/// An application reads the document with the library's own type, and loses nothing of the verification.
#[track_caller]
fn reads(document: &Value) -> idv::Verification {
    let read: idv::Verification = serde_json::from_value(document.clone()).unwrap();
    let mut again = json!(read);
    for added in ["provider", "kind"] {
        again[added] = document[added].clone();
    }
    assert_eq!(&again, document);
    read
}

fn delivered(desk: &Desk, webhook: &SignedWebhook) -> [String; 2] {
    let lines: Vec<String> = webhook.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let headers = desk.file("headers", lines.join("\r\n"));
    let body = desk.file("body", &webhook.body);
    [headers, body].map(|path| path.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_session_at_nxos() {
    let sandbox = Sandbox::start().await.unwrap();
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let desk = Desk::at(&sandbox);
    let document = desk
        .json(&[
            "start",
            "--reference",
            "c1",
            "--organization",
            &organization,
            "--redirect-url",
            "https://a.b/c",
        ])
        .await;
    let session = &document["session"];
    assert_eq!(fields(session), SESSION);
    assert_eq!(session["reference"], format!("primary:{organization}"));
    assert_eq!((&session["provider"], &session["kind"]), (&json!("primary"), &json!("nxos")));
    assert_eq!(session["status"], "in_progress");
    assert_eq!(session["expires_at_estimated"], true);
    assert_eq!(session["unused_inputs"], json!(["redirect_url"]));
    assert!(session["url"].as_str().unwrap().starts_with(sandbox.nxos().base_url()));
    assert!(sandbox.nxos().access_token_is_live(session["access_token"].as_str().unwrap()));

    let sent = &sandbox.nxos().requests()[0];
    assert_eq!(sent.header("nxos-on-behalf-of"), Some(organization.as_str()));
    assert_eq!((sent.header("content-type"), sent.header("content-length")), (None, Some("0")));
    let key = sent.header("idempotency-key").unwrap();
    assert!(key.len() == 36 && key.as_bytes()[14] == b'4', "a UUID v4: {key}");

    let fresh = desk.json(&["refresh", &format!("primary:{organization}")]).await;
    assert_ne!(fresh["session"]["access_token"], session["access_token"]);
    assert_ne!(sandbox.nxos().requests()[1].header("idempotency-key"), Some(key));
}

#[tokio::test]
async fn a_verification_at_nxos() {
    let sandbox = Sandbox::start().await.unwrap();
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let desk = Desk::at(&sandbox);
    let reference = format!("primary:{organization}");
    for (word, status, action, poll) in [
        ("NOT_STARTED", "not_started", "start_session", Value::Null),
        ("PENDING", "in_progress", "wait", json!(15)),
        ("ON_HOLD", "on_hold", "wait", json!(60)),
        ("RESUBMISSION_REQUIRED", "resubmission_required", "resume_session", Value::Null),
        ("APPROVED", "approved", "none", Value::Null),
        ("REJECTED", "rejected", "contact_support", Value::Null),
        ("approved", "approved", "none", Value::Null),
        ("ESCALATED", "unrecognized", "wait", json!(60)),
    ] {
        sandbox.nxos().set_status(&organization, word).unwrap();
        let document = desk.json(&["check", &reference]).await;
        let found = &document["verification"];
        assert_eq!(fields(found), VERIFICATION);
        assert_eq!(found["status"], status, "{word}");
        assert_eq!(found["provider_status"], word);
        assert_eq!((&found["next_action"], &found["poll_after_seconds"]), (&json!(action), &poll), "{word}");
        assert_eq!(found["subject_kind"], "business");
        assert_eq!(found["correlation"], json!({"organization_id": organization}));
        assert_eq!(found["reasons"], json!([]));
        assert_eq!(reads(found).provider_status, word);
    }
}

#[tokio::test]
async fn both_flows_of_baanx() {
    let sandbox = Sandbox::start().await.unwrap();
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let onboarding = sandbox.baanx().add_onboarding();
    let desk = Desk::at(&sandbox).env("TOKEN", &user.token).env("ONBOARDING", &onboarding);

    let document =
        desk.json(&["start", "--provider", "cards", "--reference", "u:1", "--user-token-env", "TOKEN"]).await;
    assert_eq!(document["session"]["reference"], "cards:u:1");
    assert_eq!(document["session"]["single_use"], true);
    sandbox.baanx().set_state(&user.user_id, "REJECTED").unwrap();
    let document = desk.json(&["check", "cards:u:1", "--user-token-env", "TOKEN"]).await;
    let found = &document["verification"];
    assert_eq!(
        (&found["status"], &found["next_action"]),
        (&json!("rejected"), &json!("retry_with_new_session"))
    );
    assert_eq!((&found["cooldown_seconds"], &found["via"]), (&json!(86_400), &Value::Null));
    assert_eq!(found["correlation"], json!({"user_id": user.user_id}));
    let cooldown = Some(std::time::Duration::from_secs(86_400));
    assert_eq!(reads(found).next_action, idv::NextAction::RetryWithNewSession { cooldown, via: None });

    let start = ["start", "--provider", "signup", "--reference", "r-1", "--onboarding-id-env", "ONBOARDING"];
    let document = desk.json(&start).await;
    assert_eq!(document["session"]["single_use"], false);
    sandbox.baanx().set_state(&onboarding, "REJECTED").unwrap();
    let document = desk.json(&["check", "signup:r-1", "--onboarding-id", &onboarding]).await;
    assert_eq!(document["verification"]["via"], "cards");
    reads(&document["verification"]);
    let registration =
        sandbox.baanx().requests().into_iter().filter(|one| one.path.starts_with("/v1/auth/register"));
    assert!(
        registration.map(|one| one.header("authorization").map(str::to_owned)).all(|sent| sent.is_none())
    );
}

#[tokio::test]
async fn the_session_api_from_start_to_return() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    let start = [
        "start",
        "--provider",
        "sessions",
        "--reference",
        "c7",
        "--redirect-url",
        "https://app.example/back",
    ];
    let document = desk.json(&[&start[..], &PERSON].concat()).await;
    let session = &document["session"];
    assert_eq!((&session["expires_at"], &session["expires_at_estimated"]), (&Value::Null, &Value::Null));
    let reference = session["reference"].as_str().unwrap();
    let id = reference.strip_prefix("sessions:").unwrap();
    let sent: Value = serde_json::from_slice(&sandbox.session_api().requests()[0].body).unwrap();
    assert_eq!(
        sent,
        json!({
            "first_name": "Ada", "last_name": "Sample", "email": "ada@example.com", "phone": "+15195550100",
            "external_id": "c7", "send_email_invite": false, "send_phone_invite": false,
            "redirect_url": "https://app.example/back",
        })
    );

    let found = desk.json(&["find", "--provider", "sessions", "--reference", "c7"]).await;
    assert_eq!(found["verifications"][0]["reference"], reference);
    assert_eq!(fields(&found["verifications"][0]), VERIFICATION);

    for (status, reason, ours, our_reason) in [
        ("success", None, "in_review", Value::Null),
        ("failed", Some("face_mismatch"), "failed", json!("face_mismatch")),
        ("failed", Some("session_expired"), "expired", json!("session_expired")),
        ("failed", Some("internal_error"), "failed", json!("provider_error")),
        ("failed", Some("unknown"), "failed", json!("unspecified")),
        ("abandoned", Some("user_cancelled"), "abandoned", json!("applicant_cancelled")),
        ("approved", Some("brand_new"), "unrecognized", json!("other")),
    ] {
        let url = sandbox.session_api().redirect_url(id, status, reason).unwrap();
        let document = desk.json(&["redirect", reference, &url]).await;
        assert_eq!(
            document["redirect"],
            json!({
                "reference": reference, "status": ours, "provider_status": status, "reason": our_reason,
                "provider_reason": reason, "trusted": false, "next_action": "check",
            })
        );
    }
}

#[tokio::test]
async fn webhooks_of_three_schemes() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    sandbox.nxos().set_status(&organization, "APPROVED").unwrap();
    let [headers, body] = delivered(&desk, &sandbox.nxos().webhook(&organization, NxosEventData::Full));
    let document = desk.json(&["webhook", "primary", "--headers", &headers, "--body", &body]).await;
    let event = &document["event"];
    assert_eq!(
        fields(event),
        [
            "assurance",
            "correlation",
            "id",
            "next_action",
            "occurred_at",
            "provider",
            "provider_event_type",
            "provider_status",
            "reasons",
            "reference",
            "status",
        ]
    );
    assert_eq!((&event["assurance"], &event["status"]), (&json!("signed"), &json!("approved")));
    assert_eq!(
        (&event["next_action"], &event["reference"]),
        (&json!("check"), &json!(format!("primary:{organization}")))
    );

    let user = sandbox.baanx().add_user("Ada", "Sample");
    let [headers, body] =
        delivered(&desk, &sandbox.baanx().webhook_guide(&user.user_id, "failed", Some("103")));
    let document = desk.json(&["webhook", "cards", "--headers", &headers, "--body", &body]).await;
    let event = &document["event"];
    assert_eq!(event["reasons"], json!([{"reason": "face_mismatch", "provider_code": "103"}]));
    assert_eq!(
        (&event["status"], &event["next_action"]),
        (&json!("rejected"), &json!("retry_with_new_session"))
    );
    assert_eq!(event["reference"], Value::Null);
    let read: idv::WebhookEvent = serde_json::from_value(event.clone()).unwrap();
    assert_eq!(read.status(), Some(idv::VerificationStatus::Rejected));
    assert_eq!(read.reasons()[0].provider_code.as_ref().unwrap(), "103");

    sandbox.session_api().set_rate_limits(None);
    let start = ["start", "--provider", "sessions", "--reference", "c7"];
    desk.json(&[&start[..], &PERSON].concat()).await;
    let id = &sandbox.session_api().sessions()[0];
    let [headers, body] = delivered(&desk, &sandbox.session_api().webhook(id, "session.status.verified"));
    let document = desk.json(&["webhook", "sessions", "--headers", &headers, "--body", &body]).await;
    let event = &document["event"];
    assert_eq!((&event["assurance"], &event["status"]), (&json!("shared_secret"), &Value::Null));
    assert_eq!(
        (&event["next_action"], &event["reference"]),
        (&json!("check"), &json!(format!("sessions:{id}")))
    );

    let other = sandbox.nxos().sign(br#"{"type":"transaction.status.updated","data":{}}"#);
    let [headers, body] = delivered(&desk, &other);
    let document = desk.json(&["webhook", "primary", "--headers", &headers, "--body", &body]).await;
    assert_eq!(
        document,
        json!({"ignored": {"provider": "primary", "provider_event_type": "transaction.status.updated"}})
    );
}

#[tokio::test]
async fn an_import_and_the_list_of_providers() {
    let sandbox = Sandbox::start().await.unwrap();
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let token = sandbox.nxos().issue_share_token();
    let desk = Desk::at(&sandbox).env("SHARE", &token);
    let import =
        ["import", "--provider", "primary", "--organization", &organization, "--share-token-env", "SHARE"];
    let document = desk.json(&import).await;
    assert_eq!(document["verification"]["status"], "in_progress");
    let (code, error) = desk.failure(&import).await;
    assert_eq!((code, &error["code"]), (3, &json!("share_token_invalid")), "a token is good for one call");

    let document = desk.json(&["providers"]).await;
    let listed: Vec<String> = document["providers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {}", one["provider"], one["kind"], one["active"]))
        .collect();
    assert_eq!(
        listed,
        [
            r#""cards" "baanx-user" false"#,
            r#""primary" "nxos" true"#,
            r#""sessions" "session-api" false"#,
            r#""signup" "baanx-registration" false"#,
        ]
    );
}
