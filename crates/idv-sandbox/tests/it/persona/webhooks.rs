//! Webhooks of the simulated Persona.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use idv_sandbox::{Act, Mischief, Persona, PersonaInflection};
use serde_json::Value;
use sha2::Sha256;

use crate::persona::{created, id};
use crate::receiver::{Received, Receiver};
use crate::support::{DAY, frozen};

/// Written from Persona's page on best practices for webhooks: each set has a time of its own.
fn verifies(secret: &str, received: &Received) -> Vec<bool> {
    let sets = received.header("persona-signature").unwrap().split(' ');
    let check = |set: &str| {
        let (time, signature) = set.split_once(',').unwrap();
        let (time, signature) = (time.strip_prefix("t=").unwrap(), signature.strip_prefix("v1=").unwrap());
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
        mac.update(format!("{time}.").as_bytes());
        mac.update(&received.body);
        let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        signature == expected
    };
    sets.map(check).collect()
}

fn told(receiver: &Receiver) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |body: Value| {
        let attributes = &body["data"]["attributes"];
        (text(&attributes["name"]), text(&attributes["payload"]["data"]["attributes"]["status"]))
    };
    receiver.received().iter().map(|one| line(one.json())).collect()
}

async fn approved(persona: &Persona) -> String {
    let id = id(&created(persona, "user-42").await).to_owned();
    for act in [Act::Submit, Act::Hold, Act::Approve] {
        persona.act(&id, &act).unwrap();
    }
    id
}

#[tokio::test]
async fn every_change_is_told_with_a_snapshot() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let persona = sandbox.persona();
    persona.add_webhook_endpoint(&receiver.url).unwrap();
    approved(persona).await;
    sandbox.webhooks_settled().await;
    let told = told(&receiver);
    let told: Vec<(&str, &str)> = told.iter().map(|(name, status)| (&**name, &**status)).collect();
    let expected = [
        ("inquiry.created", "created"),
        ("inquiry.started", "completed"),
        ("inquiry.completed", "completed"),
        ("inquiry.marked-for-review", "needs_review"),
        ("inquiry.approved", "approved"),
    ];
    assert_eq!(told, expected);
    for received in receiver.received() {
        assert_eq!(verifies(&persona.webhook_secret(), &received), [true]);
        assert!(received.json()["data"]["id"].as_str().unwrap().starts_with("evt_"));
    }
}

#[tokio::test]
async fn a_rotation_sends_a_set_for_each_secret() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let persona = sandbox.persona();
    persona.add_webhook_endpoint(&receiver.url).unwrap();
    let old = persona.webhook_secret();
    let new = persona.rotate_webhook_secret();
    created(persona, "user-42").await;
    sandbox.webhooks_settled().await;
    sandbox.advance(DAY);
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    assert_eq!(
        (verifies(&new, &received[0]), verifies(&old, &received[0])),
        (vec![true, false], vec![false, true])
    );
    assert_eq!(received[1].json()["data"]["attributes"]["name"], "inquiry.expired");
    assert_eq!((verifies(&new, &received[1]), verifies(&old, &received[1])), (vec![true], vec![false]));
}

#[tokio::test]
async fn attributes_can_be_left_out_and_spelled_otherwise() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let persona = sandbox.persona();
    persona.add_webhook_endpoint(&receiver.url).unwrap();
    persona.block_webhook_attributes(&["status", "fields"]);
    persona.set_webhook_inflection(PersonaInflection::Snake);
    created(persona, "user-42").await;
    sandbox.webhooks_settled().await;
    let attributes =
        receiver.received()[0].json()["data"]["attributes"]["payload"]["data"]["attributes"].take();
    assert!(attributes.get("status").is_none() && attributes.get("fields").is_none());
    assert_eq!(attributes["reference_id"], "user-42");
}

#[tokio::test]
async fn a_failed_delivery_is_tried_eight_times_in_all() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([500; 20]).await);
    let persona = sandbox.persona();
    persona.add_webhook_endpoint(&receiver.url).unwrap();
    persona.add_mischief(Mischief::UnknownType).unwrap();
    created(persona, "user-42").await;
    for seconds in [3, 66, 731, 4098, 15_627, 46_658, 117_651, 262_146] {
        sandbox.webhooks_settled().await;
        sandbox.advance(Duration::from_secs(seconds));
    }
    sandbox.webhooks_settled().await;
    let bodies: Vec<Value> = receiver.received().iter().map(Received::json).collect();
    let of = |name: &str| bodies.iter().filter(|body| body["data"]["attributes"]["name"] == name).count();
    assert_eq!(of("simulated.type.unknown"), 8);
}
