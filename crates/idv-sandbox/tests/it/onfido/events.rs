//! Events of the simulated Onfido.

use idv_sandbox::Act;
use serde_json::Value;

use crate::onfido::{assert_signed, created, text};
use crate::receiver::Receiver;
use crate::support::{HOUR, frozen};

/// The action of each event, with the status in its object.
fn told(receiver: &Receiver) -> Vec<(String, String)> {
    let line = |body: Value| {
        let payload = &body["payload"];
        (text(payload, "action").to_owned(), text(&payload["object"], "status").to_owned())
    };
    receiver.received().iter().map(|one| line(one.json())).collect()
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(action, status)| ((*action).to_owned(), (*status).to_owned())).collect()
}

const COMPLETED: &str = "workflow_run.completed";

/// An event about the end of a run, and none about its beginning.
#[tokio::test]
async fn ends_are_told_and_signed() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let onfido = sandbox.onfido();
    onfido.add_webhook_endpoint(&receiver.url).unwrap();
    let made = created(onfido, "user-7").await;
    for act in [Act::Open, Act::Submit, Act::Hold, Act::Approve] {
        onfido.act(text(&made, "id"), &act).unwrap();
    }
    sandbox.webhooks_settled().await;
    let expected = [("workflow_task.completed", "completed"), (COMPLETED, "review"), (COMPLETED, "approved")];
    assert_eq!(told(&receiver), of(&expected));
    for received in receiver.received() {
        assert_signed(&onfido.webhook_secret(), &received);
    }
    let last = receiver.received()[2].json()["payload"].take();
    assert_eq!(
        (text(&last, "resource_type"), text(&last["object"], "id")),
        ("workflow_run", text(&made, "id"))
    );
    assert_eq!(text(&last["object"], "completed_at_iso8601"), "2026-01-01T00:00:00Z");
    let href = format!("{}/workflow_runs/{}", onfido.api_url(), text(&made, "id"));
    assert_eq!(text(&last["object"], "href"), href);
    assert_eq!(text(&last["resource"], "customer_user_id"), "user-7");
    assert!(last["resource"].get("sdk_token").is_none(), "a token is for no webhook");
}

/// Onfido documents no event for runs that are abandoned or fail.
#[tokio::test]
async fn an_end_without_a_verdict_is_told_only_on_request() {
    for (every, expected) in [(false, &[][..]), (true, &[(COMPLETED, "abandoned"), (COMPLETED, "error")])] {
        let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
        let onfido = sandbox.onfido();
        onfido.add_webhook_endpoint(&receiver.url).unwrap();
        onfido.tell_every_end(every);
        for act in [Act::Expire, Act::Say { word: "error".to_owned() }] {
            onfido.act(text(&created(onfido, "user-7").await, "id"), &act).unwrap();
        }
        sandbox.webhooks_settled().await;
        assert_eq!(told(&receiver), of(expected));
    }
}

#[tokio::test]
async fn the_resource_can_be_left_out() {
    let sandbox = frozen().await;
    let onfido = sandbox.onfido();
    let made = created(onfido, "user-7").await;
    onfido.act(text(&made, "id"), &Act::Approve).unwrap();
    for send in [true, false] {
        onfido.send_resources(send);
        let event: Value = serde_json::from_slice(&onfido.event(text(&made, "id")).unwrap().body).unwrap();
        assert_eq!(event["payload"]["resource"].is_object(), send);
        assert_eq!(event["payload"]["object"]["status"], "approved");
    }
}

/// A webhook has one token, so a replaced one is of no use any more.
#[tokio::test]
async fn a_replaced_token_signs_nothing_more() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([500]).await);
    let onfido = sandbox.onfido();
    onfido.add_webhook_endpoint(&receiver.url).unwrap();
    let old = onfido.webhook_secret();
    onfido.act(text(&created(onfido, "user-7").await, "id"), &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let new = onfido.rotate_webhook_secret();
    sandbox.advance(HOUR);
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    assert_signed(&old, &received[0]);
    assert_signed(&new, &received[1]);
    assert_eq!((received.len(), &received[0].body), (2, &received[1].body));
}
