//! Events about sessions that were begun before a switch.

use idv::{Correlation, ErrorKind, WebhookOutcome};
use idv_sandbox::{Act, SignedWebhook};

use crate::applicant::Stored;
use crate::config::Config;
use crate::flow::Flow;
use crate::world::{Person, World, deliver};

/// That an event is about the session of a person. Baanx sends no id that a reference could be made of: its events name
/// the user.
pub(crate) fn assert_about(
    world: &World,
    flow: Flow,
    person: &Person,
    stored: &Stored,
    outcome: &WebhookOutcome,
) {
    let WebhookOutcome::Event(event) = outcome else { panic!("{}: {outcome:?}", flow.name()) };
    assert_eq!(event.provider, flow.id());
    match flow {
        Flow::Cards | Flow::Signup => {
            let user = world.baanx_user(flow, person);
            assert_eq!(event.correlation.get(Correlation::USER_ID), Some(user.as_str()));
            assert_eq!(event.reference, None);
        }
        _ => assert_eq!(event.reference, Some(stored.reference())),
    }
}

/// A session at every provider, each begun while that one was active, and approved.
async fn sessions(world: &World) -> Vec<(Flow, Person, Stored)> {
    let mut sessions = Vec::new();
    for flow in Flow::ALL {
        let person = world.person(&format!("case-{}", flow.name()));
        let session = world.start(flow, &person).await;
        world.act(flow, &person, &Act::Approve);
        sessions.push((flow, person.clone(), Stored::new(&session.reference, &person)));
    }
    sessions
}

fn assert_refused(config: &Config, endpoint: Flow, webhook: &SignedWebhook, what: &str) {
    let error = deliver(&config.registry(), endpoint, webhook).expect_err(what);
    assert_eq!(error.kind(), ErrorKind::WebhookRejected, "{what}: {error}");
    assert_eq!(error.webhook_response_status(), 401, "{what}");
    assert_eq!(error.provider(), Some(&endpoint.id()), "{what}");
}

#[tokio::test]
async fn an_event_is_believed_at_the_endpoint_of_its_provider_whichever_is_active() {
    let world = World::new().await;
    for (flow, person, stored) in sessions(&world).await {
        let webhook = world.webhook(flow, &person);
        for active in Flow::ALL {
            let registry = world.config().active(active).registry();
            let outcome = deliver(&registry, flow, &webhook).unwrap();
            assert_about(&world, flow, &person, &stored, &outcome);
        }
    }
}

/// The two flows of Baanx have one key, so that one endpoint can serve both; an event never becomes the reference of a
/// session there.
#[tokio::test]
async fn an_event_is_refused_at_the_endpoint_of_another_vendor() {
    let world = World::new().await;
    for (flow, person, _) in sessions(&world).await {
        let webhook = world.webhook(flow, &person);
        for endpoint in Flow::ALL.into_iter().filter(|endpoint| *endpoint != flow) {
            let what = format!("of {} at {}", flow.name(), endpoint.name());
            let config = world.config().active(flow);
            if matches!((flow, endpoint), (Flow::Cards, Flow::Signup) | (Flow::Signup, Flow::Cards)) {
                let outcome = deliver(&config.registry(), endpoint, &webhook).expect(&what);
                let WebhookOutcome::Event(event) = outcome else { panic!("{what}: {outcome:?}") };
                assert_eq!((event.provider, event.reference), (endpoint.id(), None), "{what}");
            } else {
                assert_refused(&config, endpoint, &webhook, &what);
            }
        }
    }
}

/// Whoever runs a test and a live integration at Veriff may use one secret for both.
#[tokio::test]
async fn an_event_of_another_integration_of_veriff_is_refused() {
    let world = World::new().await;
    let person = world.person("case-1");
    world.start(Flow::Veriff, &person).await;
    world.act(Flow::Veriff, &person, &Act::Approve);
    let webhook = world.webhook(Flow::Veriff, &person);
    for active in Flow::ALL {
        let config = world.config().active(active);
        deliver(&config.registry(), Flow::Veriff, &webhook).unwrap();
        let other = config.edit(Flow::Veriff, |table| table.set_text("api_key", "of-the-live-integration"));
        assert_refused(&other, Flow::Veriff, &webhook, "of another integration");
    }
}

#[tokio::test]
async fn old_and_new_events_are_believed_while_a_secret_is_rotated() {
    let world = World::new().await;
    for (flow, person, stored) in sessions(&world).await {
        let vendor = world.vendor(flow);
        let (before, old) = (world.config(), vendor.webhook_secret());
        let late = world.webhook(flow, &person);
        let new = vendor.rotate_webhook_secret();
        assert_ne!(old, new);
        let fresh = world.webhook(flow, &person);
        for secrets in [[&*new, &*old], [&*old, &*new]] {
            let both = before.edit(flow, |table| table.set_webhook_secrets(&secrets));
            for active in Flow::ALL {
                let registry = both.active(active).registry();
                for webhook in [&late, &fresh] {
                    let outcome = deliver(&registry, flow, webhook).unwrap();
                    assert_about(&world, flow, &person, &stored, &outcome);
                }
            }
        }
        let after = before.edit(flow, |table| table.set_webhook_secrets(&[&*new]));
        deliver(&after.registry(), flow, &fresh).unwrap();
        assert_refused(&after, flow, &late, "signed with the old secret alone");
    }
}

/// The secrets of webhooks are no one else's business, except at Veriff and at Shufti: there the first of them is for requests too.
#[tokio::test]
async fn checks_go_on_while_a_secret_is_rotated() {
    let world = World::new().await;
    for (flow, _, stored) in sessions(&world).await {
        let (before, old) = (world.config(), world.vendor(flow).webhook_secret());
        let check = async |secrets: &[&str], active: Flow| {
            let config = before.edit(flow, |table| table.set_webhook_secrets(secrets));
            stored.check(&config.active(active).registry()).await
        };
        for active in Flow::ALL {
            check(&[&old, "whsec_bmV3"], active).await.unwrap();
        }
        let new = world.vendor(flow).rotate_webhook_secret();
        for active in Flow::ALL {
            check(&[&new, &old], active).await.unwrap();
            let late = check(&[&old, &new], active).await;
            match flow {
                Flow::Veriff | Flow::Shufti => {
                    assert_eq!(late.unwrap_err().kind(), ErrorKind::Unauthenticated)
                }
                _ => assert_eq!(late.unwrap().reference, stored.reference()),
            }
        }
    }
}
