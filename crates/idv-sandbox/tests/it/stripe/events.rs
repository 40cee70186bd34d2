//! Events of the simulated Stripe Identity.

use idv_sandbox::Act;
use serde_json::Value;

use crate::receiver::Receiver;
use crate::stripe::{PATH, assert_signed, created, post, text};
use crate::support::{DAY, HOUR, frozen};

/// The type of each event, with the status of the session in it.
fn told(receiver: &Receiver) -> Vec<(String, Option<String>)> {
    let line = |body: Value| {
        let kind = text(&body, "type").rsplit('.').next().unwrap_or_default().to_owned();
        (kind, body["data"]["object"]["status"].as_str().map(str::to_owned))
    };
    receiver.received().iter().map(|one| line(one.json())).collect()
}

#[tokio::test]
async fn every_change_is_told_and_signed() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let stripe = sandbox.stripe();
    stripe.add_webhook_endpoint(&receiver.url).unwrap();
    let id = text(&created(stripe, "user-7").await, "id").to_owned();
    for act in [Act::Open, Act::Leave, Act::Submit, Act::Approve] {
        stripe.act(&id, &act).map(drop).unwrap_or_default();
        crate::stripe::session(stripe, &id).await;
    }
    post(stripe, &format!("{PATH}/{id}/redact"), "").await;
    sandbox.advance(DAY * 4);
    sandbox.webhooks_settled().await;
    let pairs = told(&receiver);
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(kind, status)| (kind.as_str(), status.as_deref().unwrap())).collect();
    let expected = [
        ("created", "requires_input"),
        ("requires_input", "requires_input"),
        ("processing", "processing"),
        ("verified", "verified"),
        ("redacted", "verified"),
    ];
    assert_eq!(pairs, expected);
    let bodies: Vec<Value> = receiver.received().iter().map(crate::receiver::Received::json).collect();
    for body in &bodies {
        assert!(
            text(body, "id").starts_with("evt_") && body["livemode"] == false && body["created"].is_i64()
        );
        let session = &body["data"]["object"];
        assert!(
            session["url"].is_null()
                && session["client_secret"].is_null()
                && session["verified_outputs"].is_null()
        );
    }
    assert_eq!(bodies[1]["data"]["object"]["last_error"]["code"], "abandoned");
    for received in receiver.received() {
        assert_signed(&[stripe.webhook_secret()], &received);
    }
}

#[tokio::test]
async fn a_replaced_secret_signs_for_a_day() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let stripe = sandbox.stripe();
    stripe.add_webhook_endpoint(&receiver.url).unwrap();
    let old = stripe.webhook_secret();
    let new = stripe.rotate_webhook_secret();
    created(stripe, "user-7").await;
    sandbox.advance(DAY);
    created(stripe, "user-8").await;
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    assert_signed(&[new.clone(), old], &received[0]);
    assert_signed(&[new], &received[1]);
}

#[tokio::test]
async fn a_failed_delivery_is_tried_three_times_in_all() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([500, 500, 500, 500]).await);
    let stripe = sandbox.stripe();
    stripe.add_webhook_endpoint(&receiver.url).unwrap();
    created(stripe, "user-7").await;
    for _ in 0..4 {
        sandbox.webhooks_settled().await;
        sandbox.advance(HOUR * 2);
    }
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    let times: Vec<&str> = received.iter().map(|one| one.header("stripe-signature").unwrap()).collect();
    assert!(times[0] != times[1] && received[0].body == received[1].body, "the time is that of the attempt");
}

#[tokio::test]
async fn thin_events_name_the_session_alone() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let stripe = sandbox.stripe();
    stripe.add_webhook_endpoint(&receiver.url).unwrap();
    stripe.send_thin_events(true);
    let id = text(&created(stripe, "user-7").await, "id").to_owned();
    sandbox.webhooks_settled().await;
    let body = receiver.received()[0].json();
    assert_eq!(text(&body, "type"), "v1.identity.verification_session.created");
    assert_eq!((text(&body, "object"), text(&body["related_object"], "id")), ("v2.core.event", &*id));
    assert!(body.get("data").is_none());
}
