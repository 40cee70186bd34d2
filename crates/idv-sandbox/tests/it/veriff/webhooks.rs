//! Webhooks of the simulated Veriff.

use idv_sandbox::{Act, DeliveryState, Mischief};
use serde_json::json;

use crate::receiver::Receiver;
use crate::support::{HOUR, MINUTE};
use crate::veriff::{SECRET, assert_signed, attempts, created, decision, frozen, hmac, lines, told};

#[tokio::test]
async fn webhooks_are_signed_as_in_the_golden_vectors() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    veriff.set_shared_secret(SECRET);
    for (body, signature) in [
        (
            r#"{"status":"success","verification":{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","status":"resubmission_requested","code":9103,"vendorData":"user-7"}}"#,
            "db52f5063cb33bdcc98aa334b2ccbf3f746a234d9ed49084f50d9c97e1078c1f",
        ),
        (
            r#"{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","feature":"selfid","code":7002,"action":"submitted","vendorData":"user-7"}"#,
            "89f781957f680e1af4825bcce7ce6b60ca69f3272728136a2550bc39325f23c7",
        ),
    ] {
        let webhook = veriff.sign(body.as_bytes());
        assert_eq!(webhook.header("x-hmac-signature"), Some(signature));
        assert_eq!(webhook.header("x-auth-client"), Some(veriff.api_key()));
    }
}

#[tokio::test]
async fn webhooks_tell_the_way_to_a_decision() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    let user = "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a";
    let id = created(veriff, json!({ "vendorData": "user-7", "endUserId": user })).await;
    for act in [Act::Submit, Act::Hold, Act::Reject { reason: None }, Act::Approve] {
        veriff.act(&id, &act).unwrap();
    }
    sandbox.webhooks_settled().await;
    let expected =
        [("started", 7001), ("submitted", 7002), ("review", 9121), ("declined", 9102), ("approved", 9001)];
    assert_eq!(told(&receiver), lines(&expected));
    let received = receiver.received();
    received.iter().for_each(|one| assert_signed(veriff, one));
    let attempt = &attempts(veriff, &id).await[0].0;
    let event = json!({
        "id": id, "attemptId": attempt, "feature": "selfid", "code": 7001, "action": "started",
        "vendorData": "user-7", "endUserId": user,
    });
    assert_eq!(received[0].json(), event);
    assert_eq!(received[4].json(), decision(veriff, &id).await.json());
    assert_eq!(received[4].body, veriff.decision_webhook(&id).unwrap().body);
}

#[tokio::test]
async fn a_resubmission_is_told_after_five_minutes_unless_it_came_before() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff();
    let id = created(veriff, json!({})).await;
    veriff.act(&id, &Act::Submit).unwrap();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    veriff.act(&id, &Act::RequireResubmission).unwrap();
    let first = decision(veriff, &id).await.json()["verification"]["attemptId"].take();
    sandbox.advance(MINUTE * 4);
    sandbox.webhooks_settled().await;
    assert!(receiver.received().is_empty());
    sandbox.advance(MINUTE);
    sandbox.webhooks_settled().await;
    assert_eq!(told(&receiver), lines(&[("resubmission_requested", 9103)]));
    receiver.forget();

    veriff.act(&id, &Act::Submit).unwrap();
    assert_eq!(
        decision(veriff, &id).await.json()["verification"]["attemptId"],
        first,
        "until the next decision"
    );
    veriff.act(&id, &Act::RequireResubmission).unwrap();
    veriff.act(&id, &Act::Submit).unwrap();
    veriff.act(&id, &Act::Approve).unwrap();
    sandbox.advance(MINUTE * 10);
    sandbox.webhooks_settled().await;
    let again = [("started", 7001), ("submitted", 7002)];
    assert_eq!(told(&receiver), lines(&[&again[..], &again, &[("approved", 9001)]].concat()));
    let words: Vec<String> = attempts(veriff, &id).await.into_iter().map(|(_, word)| word).collect();
    assert_eq!(words, ["resubmission_requested", "resubmission_requested", "approved"]);
    assert_ne!(decision(veriff, &id).await.json()["verification"]["attemptId"], first);
}

#[tokio::test]
async fn webhooks_are_repeated_hourly_for_seven_days() {
    let (sandbox, receiver) = (frozen().await, Receiver::start(vec![500; 200]).await);
    let veriff = sandbox.veriff();
    let id = created(veriff, json!({})).await;
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    veriff.act(&id, &Act::Approve).unwrap();
    for _ in 0..7 * 24 + 5 {
        sandbox.webhooks_settled().await;
        sandbox.advance(HOUR);
    }
    assert_eq!(receiver.received().len(), 7 * 24 + 1);
    assert_eq!(veriff.webhooks()[0].state, DeliveryState::GivenUp);
    receiver.received().iter().for_each(|one| assert_signed(veriff, one));
}

#[tokio::test]
async fn webhooks_go_wrong_on_request() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    let id = created(veriff, json!({})).await;
    let reject = Act::Reject { reason: None };
    for mischief in [Mischief::Tampered, Mischief::Unsigned, Mischief::Duplicate, Mischief::Lost] {
        veriff.add_mischief(mischief).unwrap();
        veriff.act(&id, &reject).unwrap();
        sandbox.webhooks_settled().await;
    }
    let received = receiver.received();
    let words: Vec<_> = told(&receiver).into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["approved", "declined", "declined", "declined"]);
    assert_eq!(received[0].json()["status"], "success");
    assert_ne!(
        received[0].header("x-hmac-signature"),
        Some(&*hmac(&veriff.shared_secret(), &received[0].body))
    );
    assert_eq!(received[1].header("x-hmac-signature"), None);
    received[2..].iter().for_each(|one| assert_signed(veriff, one));
}
