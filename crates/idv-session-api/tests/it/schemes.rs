//! Webhooks of described vendors under each scheme. Keys, bodies and signatures are written out; another implementation of
//! HMAC made them from the vendors' documentation.

use idv_core::{Assurance, ErrorKind, Timestamp, WebhookEvent, WebhookOutcome, WebhookRequest};
use serde_json::{Value, json};

use crate::config::described;
use crate::support::{build, headers, over, session, with};

const STRIPE_VERIFIED: &str = r#"{"id":"evt_sim_1","object":"event","type":"identity.verification_session.verified","created":1783000100,"livemode":false,"data":{"object":{"id":"vs_sim_1","object":"identity.verification_session","status":"verified","client_reference_id":"user-7"}}}"#;
const STRIPE_REQUIRES_INPUT: &str = r#"{"id":"evt_sim_2","object":"event","type":"identity.verification_session.requires_input","created":1783000200,"data":{"object":{"id":"vs_sim_1","status":"requires_input","last_error":{"code":"document_expired"}}}}"#;
const PERSONA: &str = r#"{"data":{"type":"event","id":"evt_sim0000000000000001","attributes":{"name":"inquiry.approved","created-at":"2026-07-01T09:00:00.000Z","payload":{"data":{"type":"inquiry","id":"inq_sim000000000000000001","attributes":{"status":"approved","reference-id":"user-42"}}}}}}"#;
const SUMSUB: &str = r#"{"applicantId":"66f0a1b2c3d4e5f601234567","externalUserId":"user-7","type":"applicantReviewed","reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"},"createdAtMs":"2026-07-01 09:12:44.481"}"#;

/// An endpoint with a header as it came, at a moment in seconds since 1970.
struct Endpoint {
    options: Value,
    header: &'static str,
    at: i64,
}

impl Endpoint {
    fn read(&self, more: Value, value: &str, body: &str) -> Result<WebhookEvent, ErrorKind> {
        let provider = build(&over(over(described(), self.options.clone()), more)).unwrap();
        let headers = headers(&[(self.header, value)]);
        let received_at = Timestamp::from_unix_seconds(self.at);
        match provider.verify_webhook(&WebhookRequest::new(&headers, body.as_bytes(), received_at)) {
            Ok(WebhookOutcome::Event(event)) => Ok(*event),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.kind()),
        }
    }

    fn refuses(&self, more: Value, value: &str, body: &str) {
        assert_eq!(self.read(more, value, body).unwrap_err(), ErrorKind::WebhookRejected, "{value}");
    }
}

fn stripe(at: i64) -> Endpoint {
    let options = json!({
        "webhook": {
            "scheme": "hmac", "header": "stripe-signature", "header_form": "t={time},v1={signature}", "signs": "{time}.{body}",
            "event_id": "/id", "session": "/data/object", "events": ["identity.verification_session.*"],
        },
        "webhook_secrets": ["whsec_vkstripe0004"], "session": {"reference": "/client_reference_id"},
        "status_words": {"verified": "approved", "requires_input": "not_started"},
    });
    Endpoint { options, header: "stripe-signature", at }
}

fn persona() -> Endpoint {
    let options = json!({
        "webhook": {
            "scheme": "hmac", "header": "persona-signature", "header_form": "t={time},v1={signature}", "signs": "{time}.{body}",
            "event_type": "/data/attributes/name", "event_time": "/data/attributes/created-at", "event_id": "/data/id",
            "session": "/data/attributes/payload/data", "status": "/attributes/status",
        },
        "webhook_secrets": ["wbhsec_sim-0001"], "session": {"reference": "/attributes/reference-id"},
        "status_words": {"approved": "approved"},
    });
    Endpoint { options, header: "persona-signature", at: 1_782_896_400 }
}

#[test]
fn a_stripe_webhook_carries_its_status() {
    let header = "t=1783000100,v1=10395ec7e3df70b33f2d9dd061b8975907e77507b2eac33ad169401ca938aa6f";
    let read = stripe(1_783_000_400).read(json!({}), header, STRIPE_VERIFIED).unwrap();
    assert_eq!(read.assurance(), Assurance::Signed);
    assert_eq!((read.id.as_str(), read.status().unwrap().as_str()), ("evt_sim_1", "approved"));
    assert_eq!(
        (read.reference, read.correlation.get("external_id")),
        (Some(session("vs_sim_1")), Some("user-7"))
    );
    stripe(1_783_000_401).refuses(json!({}), header, STRIPE_VERIFIED);
    let stripe = stripe(1_783_000_100);
    stripe.refuses(json!({}), header, &STRIPE_VERIFIED.replace("user-7", "user-8"));
    stripe.refuses(json!({}), &header.replace("t=1783000100", "t=1783000101"), STRIPE_VERIFIED);
    stripe.refuses(json!({}), &header.replace("v1=1", "v1=2"), STRIPE_VERIFIED);
    stripe.refuses(json!({"webhook_secrets": ["whsec_vkstripe0005"]}), header, STRIPE_VERIFIED);
    let bare = json!({"header_form": null, "signs": null});
    for other in [
        json!({"digest": "sha256"}),
        json!({"digest": "sha1"}),
        json!({"digest": "sha512"}),
        json!({"scheme": "shared-secret"}),
        json!({"scheme": "sha256-suffix"}),
    ] {
        stripe.refuses(json!({"webhook": with(bare.clone(), other)}), header, STRIPE_VERIFIED);
    }
}

#[test]
fn either_side_of_a_rotation_may_be_the_first_to_change_its_key() {
    let new = "v1=8512e0537e1905dfd429e4cc702ae269a85a7b4b0d7f4ccab4068b6480c5aca6";
    let old = "v1=012aefe1ce75de15d57f726a756a958cc11dd0ac81a44568e3c379de956017bd";
    let stripe = stripe(1_783_000_200);
    let secrets = |secrets: &[&str]| json!({"webhook_secrets": secrets});
    let (own, older) = ("whsec_vkstripe0004", "whsec_vkstripe_old");
    for header in [format!("t=1783000200,{old},{new}"), format!("t=1783000200,{new},{old}")] {
        for secrets in [secrets(&[own]), secrets(&[older])] {
            assert_eq!(
                stripe.read(secrets, &header, STRIPE_REQUIRES_INPUT).unwrap().id.as_str(),
                "evt_sim_2"
            );
        }
    }
    let header = format!("t=1783000200,{old}");
    stripe.read(secrets(&[own, older]), &header, STRIPE_REQUIRES_INPUT).unwrap();
    stripe.refuses(secrets(&[own]), &header, STRIPE_REQUIRES_INPUT);
}

#[test]
fn sets_of_persona_are_judged_each_by_itself() {
    let one = "t=1782896400,v1=de196ca1a860f408ee565a4ea09a498f3ebd75f398ea48683288859422714dfa";
    let other = "t=1782896400,v1=2c79dca1f6dd65f4fefd7ffde52e0388a8f28c2c3b76ad015a7cfca463590365";
    let persona = persona();
    for header in [one.to_owned(), format!("{one} {other}"), format!("{other} {one}")] {
        let read = persona.read(json!({}), &header, PERSONA).unwrap();
        assert_eq!(read.id.as_str(), "evt_sim0000000000000001");
        assert_eq!(read.status().unwrap().as_str(), "approved");
        assert_eq!(read.correlation.get("external_id"), Some("user-42"));
        assert_eq!(read.occurred_at.unwrap().unix_seconds(), 1_782_896_400);
    }
    let older = json!({"webhook_secrets": ["wbhsec_sim-0000"]});
    persona.read(older.clone(), &format!("{one} {other}"), PERSONA).unwrap();
    persona.refuses(older, one, PERSONA);
    persona.refuses(json!({}), other, PERSONA);
}

#[test]
fn the_hash_function_is_the_configured_one() {
    let options = json!({
        "webhook": {
            "scheme": "hmac", "header": "x-payload-digest", "session": "", "id": "/applicantId",
            "status": "/reviewResult/reviewAnswer",
        },
        "webhook_secrets": ["vk-sumsub-webhook-02"],
        "session": {"reference": "/externalUserId"}, "status_words": {"GREEN": "approved"},
    });
    let sumsub = Endpoint { options, header: "x-payload-digest", at: 0 };
    let signatures = [
        ("sha1", "5814af7f59d1b6877b445853f665e41f2b644fad"),
        ("sha256", "e79fcc5fe933f071170ce42dd6b1cf3e860cf2fcefd8995c67e96d358f70c36b"),
        (
            "sha512",
            "0b3c4d5baa9b2bb4572e8e6f9047824334965ecf591abb26c0e64d15fb0a09c4f0e2ea718d98109a16fdee540b2d1959a787745a736a29ec1bed892679052cfd",
        ),
    ];
    for (digest, _) in &signatures {
        for (signed_by, signature) in &signatures {
            let option = json!({"webhook": {"digest": digest}});
            if digest == signed_by {
                let read = sumsub.read(option.clone(), signature, SUMSUB).unwrap();
                assert_eq!(
                    (read.assurance(), read.status().unwrap().as_str()),
                    (Assurance::Signed, "approved")
                );
                sumsub.refuses(option, signature, &SUMSUB.replace("GREEN", "RED"));
            } else {
                sumsub.refuses(option, signature, SUMSUB);
            }
        }
    }
}

#[test]
fn the_profile_says_that_the_webhooks_of_each_scheme_are_signed() {
    let provider = build(&over(described(), stripe(0).options)).unwrap();
    assert_eq!(provider.profile().capabilities.webhooks, Some(Assurance::Signed));
    assert!(!format!("{provider:?}").contains("vkstripe"));
}
