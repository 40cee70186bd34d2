//! Webhooks by themselves: signed, repeated on the vendor's schedule, and given up.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use idv_sandbox::{Act, BaanxEventShape, DeliveryState, NxosEventData, OrganizationType, Reason, Sandbox};
use serde_json::json;
use sha2::Sha256;

use crate::receiver::{Received, Receiver};
use crate::support::{DAY, HOUR, MINUTE, NEW_YEAR, client, frozen};

fn verify_svix(secret: &str, received: &Received, now: u64) {
    assert!(received.verifies_as_svix(secret), "{received:?}");
    assert_eq!(received.header("svix-timestamp"), Some(now.to_string().as_str()));
}

/// Written from the Baanx guide, webhooks security.
fn baanx_signature(key: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any key");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An nxos with an organization and a receiver that answers like this.
async fn nxos_with(answers: impl IntoIterator<Item = u16>) -> (Sandbox, String, Receiver) {
    let (sandbox, receiver) = (frozen().await, Receiver::start(answers).await);
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    sandbox.nxos().add_webhook_endpoint(&receiver.url).unwrap();
    (sandbox, organization, receiver)
}

#[tokio::test]
async fn nxos_tells_every_change_of_a_status_once() {
    let (sandbox, organization, receiver) = nxos_with([]).await;
    let nxos = sandbox.nxos();
    for act in [Act::Hold, Act::Approve, Act::Approve, Act::Lapse] {
        nxos.act(&organization, &act).unwrap();
    }
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    let words: Vec<_> = received.iter().map(|one| one.json()["data"]["status"].clone()).collect();
    assert_eq!(words, ["ON_HOLD", "APPROVED", "RESUBMISSION_REQUIRED"]);
    for one in &received {
        verify_svix(&nxos.webhook_secret(), one, NEW_YEAR);
        assert_eq!(one.json()["type"], "organization.verification.updated");
        assert_eq!(one.json()["data"]["organizationId"], organization.as_str());
        assert_eq!(one.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn nxos_repeats_for_more_than_a_day_with_one_id_and_fresh_signatures() {
    let (sandbox, organization, receiver) = nxos_with([500, 302, 404, 500, 500, 500, 500, 500, 500]).await;
    sandbox.nxos().act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let waits = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600];
    let mut elapsed = 0;
    for (number, wait) in waits.into_iter().enumerate() {
        sandbox.advance(Duration::from_secs(wait - 1));
        sandbox.webhooks_settled().await;
        assert_eq!(receiver.received().len(), number + 1, "not a second early");
        sandbox.advance(Duration::from_secs(1));
        sandbox.webhooks_settled().await;
        elapsed += wait;
        let received = receiver.received();
        assert_eq!(received.len(), number + 2);
        assert_eq!(received[number + 1].header("svix-id"), received[0].header("svix-id"));
        assert_eq!(received[number + 1].body, received[0].body);
        verify_svix(&sandbox.nxos().webhook_secret(), &received[number + 1], NEW_YEAR + elapsed);
    }
    sandbox.advance(30 * DAY);
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 8, "the eighth attempt was the last");
    let delivery = sandbox.nxos().webhooks().remove(0);
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::GivenUp, 8));
    assert_eq!(delivery.attempts[1].status, Some(302), "a redirect is a failure");
    assert_eq!(delivery.attempts[0].answer.as_deref(), Some("ok"));
}

#[tokio::test]
async fn a_clock_that_jumps_finds_every_attempt_that_fell_due() {
    let (sandbox, organization, receiver) = nxos_with([500, 500, 500, 200]).await;
    sandbox.nxos().act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    sandbox.advance(DAY);
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 4);
    assert_eq!(sandbox.nxos().webhooks()[0].state, DeliveryState::Delivered);
    let at: Vec<_> = sandbox.nxos().webhooks()[0].attempts.iter().map(|one| one.at.clone()).collect();
    assert_eq!(
        at,
        [
            "2026-01-01T00:00:00.000Z",
            "2026-01-01T00:00:05.000Z",
            "2026-01-01T00:05:05.000Z",
            "2026-01-01T00:35:05.000Z"
        ]
    );
}

#[tokio::test]
async fn nxos_disables_an_endpoint_that_fails_for_five_days() {
    let (sandbox, organization, receiver) = nxos_with([500; 100]).await;
    let nxos = sandbox.nxos();
    for act in [Act::Approve, Act::Hold, Act::Approve, Act::Hold, Act::Approve, Act::Hold] {
        nxos.act(&organization, &act).unwrap();
        sandbox.webhooks_settled().await;
        sandbox.advance(DAY);
        sandbox.webhooks_settled().await;
    }
    assert!(!nxos.webhook_endpoints()[0].enabled);
    receiver.forget();
    nxos.act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_tried_again() {
    let sandbox = frozen().await;
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let gone = Receiver::start([]).await.url.clone();
    sandbox.nxos().add_webhook_endpoint(&gone).unwrap();
    sandbox.nxos().act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let delivery = sandbox.nxos().webhooks().remove(0);
    assert_eq!(delivery.state, DeliveryState::Waiting);
    assert_eq!(delivery.next_attempt_at.as_deref(), Some("2026-01-01T00:00:05.000Z"));
    assert_eq!((delivery.attempts[0].status, delivery.attempts[0].error.is_some()), (None, true));
}

#[tokio::test]
async fn a_rotated_nxos_secret_signs_along_for_a_day() {
    let (sandbox, organization, receiver) = nxos_with([]).await;
    let nxos = sandbox.nxos();
    let old = nxos.webhook_secret();
    let new = nxos.rotate_webhook_secret();
    assert_ne!(old, new);
    sandbox.advance(23 * HOUR);
    nxos.act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let received = receiver.received().remove(0);
    for secret in [&old, &new] {
        verify_svix(secret, &received, NEW_YEAR + 23 * 3600);
    }
}

#[tokio::test]
async fn after_a_day_the_old_nxos_secret_is_gone() {
    let (sandbox, organization, receiver) = nxos_with([]).await;
    let nxos = sandbox.nxos();
    nxos.rotate_webhook_secret();
    sandbox.advance(DAY);
    nxos.act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let received = receiver.received().remove(0);
    assert_eq!(received.header("svix-signature").unwrap().split(' ').count(), 1);
    verify_svix(&nxos.webhook_secret(), &received, NEW_YEAR + 24 * 3600);
}

async fn user_with_page(sandbox: &Sandbox) -> String {
    let user = sandbox.baanx().add_user("Ada", "Sample");
    open_page(sandbox, &user.token).await;
    user.user_id
}

async fn open_page(sandbox: &Sandbox, token: &str) {
    let url = format!("{}/v1/user/verification", sandbox.baanx().base_url());
    let request = client().get(url).header("x-client-key", sandbox.baanx().client_key()).bearer_auth(token);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn baanx_tells_submission_and_decision_in_the_shape_of_the_guide() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let baanx = sandbox.baanx();
    baanx.add_webhook_endpoint(&receiver.url).unwrap();
    let user = user_with_page(&sandbox).await;
    baanx.set_external_id(&user, "case-7").unwrap();
    baanx.act(&user, &Act::Submit).unwrap();
    let reason = Some(Reason::new("document_expired").unwrap());
    baanx.act(&user, &Act::Reject { reason }).unwrap();
    baanx.act(&user, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    let told: Vec<_> = received.iter().map(|one| one.json()["event_object"].clone()).collect();
    assert_eq!(
        told,
        [
            json!({ "status": "pending", "failure_code": null, "failure_reason": null }),
            json!({ "status": "failed", "failure_code": "511", "failure_reason": "Document expired" }),
            json!({ "status": "completed", "failure_code": null, "failure_reason": null }),
        ]
    );
    for one in &received {
        let timestamp = one.header("x-timestamp").unwrap();
        assert_eq!(timestamp, NEW_YEAR.to_string());
        let expected = baanx_signature(&baanx.webhook_key(), timestamp, &one.body);
        assert_eq!(one.header("x-signature"), Some(expected.as_str()));
        assert_eq!(
            (&one.json()["user_id"], &one.json()["user_external_id"]),
            (&json!(user), &json!("case-7"))
        );
    }
}

#[tokio::test]
async fn baanx_tries_six_times_in_half_a_minute() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([503; 9]).await);
    sandbox.baanx().add_webhook_endpoint(&receiver.url).unwrap();
    let user = user_with_page(&sandbox).await;
    sandbox.baanx().act(&user, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    for (number, wait) in [1, 2, 4, 8, 16].into_iter().enumerate() {
        assert_eq!(receiver.received().len(), number + 1);
        sandbox.advance(Duration::from_secs(wait));
        sandbox.webhooks_settled().await;
    }
    sandbox.advance(DAY);
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    assert_eq!(received.len(), 6);
    assert!(received.iter().all(|one| one.json()["event_id"] == received[0].json()["event_id"]));
}

#[tokio::test]
async fn baanx_never_repeats_after_a_4xx() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([401]).await);
    sandbox.baanx().add_webhook_endpoint(&receiver.url).unwrap();
    let user = user_with_page(&sandbox).await;
    sandbox.baanx().act(&user, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    sandbox.advance(DAY);
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(sandbox.baanx().webhooks()[0].state, DeliveryState::GivenUp);
}

#[tokio::test]
async fn a_rotated_baanx_key_is_dead_at_once_for_what_is_on_its_way_too() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([500]).await);
    let baanx = sandbox.baanx();
    baanx.add_webhook_endpoint(&receiver.url).unwrap();
    let user = user_with_page(&sandbox).await;
    baanx.act(&user, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let new = baanx.rotate_webhook_key();
    sandbox.advance(Duration::from_secs(1));
    sandbox.webhooks_settled().await;
    let again = receiver.received().remove(1);
    let expected = baanx_signature(&new, again.header("x-timestamp").unwrap(), &again.body);
    assert_eq!(again.header("x-signature"), Some(expected.as_str()));
}

async fn create_session(sandbox: &Sandbox, external_id: &str) -> String {
    let body = json!({
        "first_name": "Ada", "last_name": "Sample", "email": "ada@example.test", "phone": "+15192223333",
        "external_id": external_id,
    });
    let url = format!("{}/v1/sessions", sandbox.session_api().base_url());
    let request = client().post(url).header("x-api-key", sandbox.session_api().api_key()).json(&body);
    let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_session_api_sends_its_secret_with_the_documented_events() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let api = sandbox.session_api();
    api.add_webhook_endpoint(&receiver.url).unwrap();
    let id = create_session(&sandbox, "case-7").await;
    for act in [Act::Open, Act::Submit, Act::Approve, Act::Reject { reason: None }, Act::Expire] {
        // The last is not possible any more.
        let _ = api.act(&id, &act);
    }
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    let types: Vec<_> = received.iter().map(|one| one.json()["type"].clone()).collect();
    let documented =
        ["session.created", "session.status.submitted", "session.status.verified", "session.status.rejected"];
    assert_eq!(types, documented);
    for one in &received {
        assert_eq!(one.header("deepidv-signature"), Some(api.webhook_secret().as_str()));
        assert_eq!(one.json()["data"]["id"], id.as_str());
    }
}

#[tokio::test]
async fn a_failed_flow_is_told_and_an_expired_or_voided_session_is_not() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let api = sandbox.session_api();
    let reason = Reason::new("internal_error").unwrap();
    for act in [Act::Fail { reason }, Act::Expire, Act::Void] {
        let id = create_session(&sandbox, "case-7").await;
        if api.webhook_endpoints().is_empty() {
            api.add_webhook_endpoint(&receiver.url).unwrap();
        }
        api.act(&id, &act).unwrap();
    }
    sandbox.webhooks_settled().await;
    let types: Vec<_> = receiver.received().iter().map(|one| one.json()["type"].clone()).collect();
    assert_eq!(types, ["session.status.failed", "session.created", "session.created"]);
}

#[tokio::test]
async fn the_session_api_tries_again_after_ten_seconds() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([500, 200]).await);
    sandbox.session_api().add_webhook_endpoint(&receiver.url).unwrap();
    create_session(&sandbox, "case-7").await;
    sandbox.webhooks_settled().await;
    sandbox.advance(Duration::from_secs(10));
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 2);
    sandbox.advance(HOUR);
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 2);
}

#[tokio::test]
async fn webhooks_stay_on_this_machine() {
    let sandbox = frozen().await;
    for url in ["https://127.0.0.1/", "http://example.test/", "http://10.0.0.1/", "nonsense"] {
        for refused in [
            sandbox.nxos().add_webhook_endpoint(url),
            sandbox.baanx().add_webhook_endpoint(url),
            sandbox.session_api().add_webhook_endpoint(url),
        ] {
            assert!(matches!(refused, Err(idv_sandbox::Error::NotLoopback)), "{url}");
        }
    }
}

#[tokio::test]
async fn a_removed_endpoint_gets_nothing_more() {
    let (sandbox, organization, receiver) = nxos_with([500]).await;
    let nxos = sandbox.nxos();
    nxos.act(&organization, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let id = nxos.webhook_endpoints().remove(0).id;
    nxos.remove_webhook_endpoint(&id).unwrap();
    sandbox.advance(MINUTE);
    nxos.act(&organization, &Act::Hold).unwrap();
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 1);
    assert!(nxos.remove_webhook_endpoint(&id).is_err());
}

#[tokio::test]
async fn nxos_tells_as_much_as_it_is_set_to() {
    let (sandbox, organization, receiver) = nxos_with([]).await;
    sandbox.nxos().set_event_data(NxosEventData::Minimal);
    sandbox.nxos().act(&organization, &Act::Approve).unwrap();
    sandbox.nxos().set_event_data(NxosEventData::Empty);
    sandbox.nxos().act(&organization, &Act::Hold).unwrap();
    sandbox.webhooks_settled().await;
    let data: Vec<_> = receiver.received().iter().map(|one| one.json()["data"].clone()).collect();
    assert_eq!(data, [json!({ "organizationId": organization }), json!({})]);
}

#[tokio::test]
async fn baanx_can_tell_in_the_older_shape() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let baanx = sandbox.baanx();
    baanx.set_event_shape(BaanxEventShape::Legacy);
    baanx.add_webhook_endpoint(&receiver.url).unwrap();
    let user = user_with_page(&sandbox).await;
    baanx.act(&user, &Act::Submit).unwrap();
    baanx.act(&user, &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    let expected = json!({
        "event": "user.verification.completed", "userId": user, "verificationState": "VERIFIED",
        "timestamp": "2026-01-01T00:00:00Z",
    });
    assert_eq!(received.iter().map(Received::json).collect::<Vec<_>>(), [expected]);
}
