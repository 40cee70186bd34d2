//! Webhooks: what is believed, and everything that is not.

use std::sync::Arc;
use std::time::Duration;

use idv_core::{
    CheckRequest, ErrorKind, NextAction, Result, StartRequest, Timestamp, VerificationProvider,
    VerificationStatus, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{NxosEventData, OrganizationType, Sandbox, SignedWebhook};
use standardwebhooks::Webhook;

use crate::support::{NOW, build, provider, reference, sandbox};

type Headers = http::HeaderMap;

pub(crate) fn headers(webhook: &SignedWebhook) -> Headers {
    let mut map = Headers::new();
    for (name, value) in &webhook.headers {
        let name = http::HeaderName::try_from(name.as_str()).expect("a header name");
        map.append(name, value.parse().expect("a header value"));
    }
    map
}

/// The same webhook under the other names of its headers.
fn renamed(map: &Headers) -> Headers {
    let name =
        |name: &http::HeaderName| name.as_str().replace("svix-", "webhook-").parse::<http::HeaderName>();
    map.iter().map(|(old, value)| (name(old).expect("a name"), value.clone())).collect()
}

struct World {
    sandbox: Sandbox,
    provider: Arc<dyn VerificationProvider>,
    organization: String,
}

impl World {
    async fn new() -> Self {
        let sandbox = sandbox().await;
        let organization = sandbox.nxos().add_organization(OrganizationType::Business);
        Self { provider: provider(sandbox.nxos(), ""), organization, sandbox }
    }

    fn webhook(&self, data: NxosEventData) -> (Headers, Vec<u8>) {
        let signed = self.sandbox.nxos().webhook(&self.organization, data);
        (headers(&signed), signed.body)
    }

    fn sign(&self, body: &[u8]) -> (Headers, Vec<u8>) {
        let signed = self.sandbox.nxos().sign(body);
        (headers(&signed), signed.body)
    }

    fn read(&self, map: &Headers, body: &[u8]) -> Result<WebhookOutcome> {
        self.provider.verify_webhook(&WebhookRequest::new(map, body, Timestamp::from_unix_seconds(NOW)))
    }

    fn event(&self, map: &Headers, body: &[u8]) -> WebhookEvent {
        match self.read(map, body).unwrap() {
            WebhookOutcome::Event(event) => *event,
            other => panic!("{other:?}"),
        }
    }

    /// Refused as a forgery, and without a word of what would have been right.
    #[track_caller]
    fn assert_forged(&self, map: &Headers, body: &[u8], what: &str) {
        let error = self.read(map, body).expect_err(what);
        assert_eq!(error.kind(), ErrorKind::WebhookRejected, "{what}");
        assert_eq!(error.webhook_response_status(), 401, "{what}");
        assert_eq!(error.provider().map(ToString::to_string).as_deref(), Some("primary"), "{what}");
        let text = format!("{error} {error:?}");
        assert!(!text.contains(self.right(map, body).as_str()), "{what}: {text}");
        assert!(!text.contains(&self.sandbox.nxos().webhook_secret()), "{what}: {text}");
    }

    /// The signature that these headers and this body should have.
    fn right(&self, map: &Headers, body: &[u8]) -> String {
        let text = |name: &str| map.get(name).and_then(|value| value.to_str().ok()).unwrap_or("none");
        let timestamp = text("svix-timestamp").parse().unwrap_or(NOW);
        let key = Webhook::new(&self.sandbox.nxos().webhook_secret()).unwrap();
        let signed =
            key.sign(text("svix-id"), timestamp, body).unwrap_or_else(|_| "v1,none-at-all".to_owned());
        signed.trim_start_matches("v1,").to_owned()
    }
}

const NAMES: [&str; 3] = ["svix-id", "svix-timestamp", "svix-signature"];

#[tokio::test]
async fn an_event_tells_as_much_as_it_has() {
    let world = World::new().await;
    world.sandbox.nxos().set_status(&world.organization, "ON_HOLD").unwrap();
    for (data, named, status) in [
        (NxosEventData::Empty, false, None),
        (NxosEventData::Minimal, true, None),
        (NxosEventData::Full, true, Some(VerificationStatus::OnHold)),
    ] {
        let (map, body) = world.webhook(data);
        let event = world.event(&map, &body);
        assert_eq!(event.id.as_str(), map["svix-id"].to_str().unwrap());
        assert_eq!(event.reference, named.then(|| reference(&world.organization)), "{data:?}");
        let organization = event.correlation.get("organization_id");
        assert_eq!(organization, named.then_some(world.organization.as_str()));
        assert_eq!((event.status(), event.next_action.clone()), (status, NextAction::Check));
        assert_eq!(event.occurred_at, Some(Timestamp::from_unix_seconds(NOW)));
        assert_eq!(event.provider_event_type, "organization.verification.updated");
    }
}

#[tokio::test]
async fn both_families_of_headers_are_read_and_never_mixed() {
    let world = World::new().await;
    let (svix, body) = world.webhook(NxosEventData::Full);
    let standard = renamed(&svix);
    assert_eq!(world.event(&svix, &body), world.event(&standard, &body));
    for mask in 1..7 {
        let mut mixed = Headers::new();
        for (index, name) in NAMES.iter().enumerate() {
            let value = svix[*name].clone();
            match mask & (1 << index) {
                0 => mixed.insert(*name, value),
                _ => {
                    mixed.insert(name.replace("svix", "webhook").parse::<http::HeaderName>().unwrap(), value)
                }
            };
        }
        world.assert_forged(&mixed, &body, &format!("mixed {mask:03b}"));
    }
}

#[tokio::test]
async fn a_header_is_there_once() {
    let world = World::new().await;
    let (good, body) = world.webhook(NxosEventData::Full);
    for name in NAMES {
        let mut missing = good.clone();
        missing.remove(name);
        world.assert_forged(&missing, &body, &format!("{name} is missing"));
        let mut repeated = good.clone();
        repeated.append(name, good[name].clone());
        world.assert_forged(&repeated, &body, &format!("{name} is repeated"));
        for value in ["", " ", "\u{e9}"] {
            let mut odd = good.clone();
            odd.insert(name, http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
            world.assert_forged(&odd, &body, &format!("{name} is {value:?}"));
        }
    }
    world.assert_forged(&Headers::new(), &body, "no header at all");
}

#[tokio::test]
async fn only_the_right_signature_is_believed() {
    let world = World::new().await;
    let (good, body) = world.webhook(NxosEventData::Full);
    let right = good["svix-signature"].to_str().unwrap().to_owned();
    let code = right.trim_start_matches("v1,");
    let flipped = right.replacen(&code[..1], if code.starts_with('A') { "B" } else { "A" }, 1);
    let wrong = format!("v1,{}=", "A".repeat(43));
    for bad in [
        right[..right.len() - 1].to_owned(),
        right[..right.len() - 4].to_owned(),
        format!("{right}AAAA"),
        format!("v2,{code}"),
        format!("v1a,{code}"),
        format!("V1,{code}"),
        code.to_owned(),
        "v1,".to_owned(),
        "v1,!!!!".to_owned(),
        format!("v1,{}", code.replace('=', "")),
        format!("v1;{code}"),
        format!("none,{code}"),
        flipped,
        wrong.clone(),
        vec![wrong.as_str(); 17].join(" "),
        format!("{} {right}", vec![wrong.as_str(); 16].join(" ")),
        format!("{right} {}", "v9,".repeat(1500)),
    ] {
        let mut map = good.clone();
        map.insert("svix-signature", bad.parse().unwrap());
        world.assert_forged(&map, &body, &bad);
    }
    for fine in [format!("{wrong} {right}"), format!("v2,AAAA {right} v1,!!"), format!("{right} {wrong}")] {
        let mut map = good.clone();
        map.insert("svix-signature", fine.parse().unwrap());
        assert!(world.read(&map, &body).is_ok(), "{fine}");
    }
}

#[tokio::test]
async fn every_signed_byte_counts() {
    let world = World::new().await;
    let (good, body) = world.webhook(NxosEventData::Full);
    for position in 0..body.len() {
        let mut altered = body.clone();
        altered[position] ^= 1;
        world.assert_forged(&good, &altered, &format!("byte {position}"));
    }
    world.assert_forged(&good, &body[..body.len() - 1], "a byte less");
    world.assert_forged(&good, &[&body[..], b" "].concat(), "a byte more");
    world.assert_forged(&good, b"", "no body");
    for (name, value) in [("svix-id", "msg_other".to_owned()), ("svix-timestamp", (NOW + 1).to_string())] {
        let mut map = good.clone();
        map.insert(name, value.parse().unwrap());
        world.assert_forged(&map, &body, name);
    }
}

#[tokio::test]
async fn a_webhook_is_fresh_for_300_seconds_both_ways() {
    let world = World::new().await;
    let (good, body) = world.webhook(NxosEventData::Full);
    for (received, fine) in [
        (NOW - 301, false),
        (NOW - 300, true),
        (NOW + 300, true),
        (NOW + 301, false),
        (0, false),
        (i64::MIN, false),
        (i64::MAX, false),
    ] {
        let request = WebhookRequest::new(&good, &body, Timestamp::from_unix_seconds(received));
        let outcome = world.provider.verify_webhook(&request);
        assert_eq!(outcome.is_ok(), fine, "{received}");
        if let Err(error) = outcome {
            assert_eq!(error.webhook_response_status(), 401);
        }
    }
}

/// Each of these is signed rightly, so that only the look at the timestamp can refuse it.
#[tokio::test]
async fn a_timestamp_is_a_plain_number() {
    let world = World::new().await;
    let (good, body) = world.webhook(NxosEventData::Full);
    let (id, now) = (good["svix-id"].to_str().unwrap(), NOW.to_string());
    for text in [
        "now".to_owned(),
        format!("-{now}"),
        format!("+{now}"),
        format!("{now}.0"),
        format!("{now} "),
        "1e9".to_owned(),
        format!("{now}000"),
        i64::MIN.to_string(),
        i64::MAX.to_string(),
        u64::MAX.to_string(),
        "99999999999999999999".to_owned(),
        format!("0x{NOW:x}"),
        format!("00000000000{now}"),
    ] {
        let mut map = good.clone();
        map.insert("svix-timestamp", text.parse().unwrap());
        let signature = idv_tests::sign_svix(&world.sandbox.nxos().webhook_secret(), id, &text, &body);
        map.insert("svix-signature", signature.parse().unwrap());
        world.assert_forged(&map, &body, &text);
    }
    let signature = idv_tests::sign_svix(&world.sandbox.nxos().webhook_secret(), id, &now, &body);
    assert_eq!(good["svix-signature"], signature, "the signature by hand is the right one");
}

#[tokio::test]
async fn an_id_of_any_length_makes_no_trouble() {
    let world = World::new().await;
    let (_, body) = world.webhook(NxosEventData::Full);
    let mut seen = Vec::new();
    for (id, fine) in [
        ("i".repeat(128), true),
        (format!("{}1", "i".repeat(200)), true),
        (format!("{}2", "i".repeat(200)), true),
        ("i".repeat(256), true),
        ("i".repeat(257), false),
    ] {
        let now = NOW.to_string();
        let signature = idv_tests::sign_svix(&world.sandbox.nxos().webhook_secret(), &id, &now, &body);
        let map: Headers = [("svix-id", &id), ("svix-timestamp", &now), ("svix-signature", &signature)]
            .into_iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        match fine {
            true => seen.push(world.event(&map, &body).id),
            false => world.assert_forged(&map, &body, "an id that is too long"),
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4, "different events have different ids: {seen:?}");
}

#[tokio::test]
async fn during_a_rotation_both_secrets_are_good() {
    let (old, new) = (World::new().await, Sandbox::builder().seed(8).start().await.unwrap());
    let secrets = |listed: &[&str]| {
        let listed = listed.iter().map(|secret| format!("\"{secret}\"")).collect::<Vec<_>>().join(",");
        build(&format!(r#"{{"environment":"sandbox","api_key":"k","webhook_secrets":[{listed}]}}"#)).unwrap()
    };
    let (before, after) = (old.sandbox.nxos().webhook_secret(), new.nxos().webhook_secret());
    let (before, after) = (before.as_str(), after.as_str());
    let (map, body) = old.webhook(NxosEventData::Full);
    let request = WebhookRequest::new(&map, &body, Timestamp::from_unix_seconds(NOW));
    for (listed, fine) in
        [(&[before][..], true), (&[before, after], true), (&[after, before], true), (&[after], false)]
    {
        assert_eq!(secrets(listed).verify_webhook(&request).is_ok(), fine);
    }
}

#[tokio::test]
async fn without_a_secret_nothing_is_believed() {
    let world = World::new().await;
    let (map, body) = world.webhook(NxosEventData::Full);
    let provider = build(r#"{"environment":"sandbox","api_key":"k"}"#).unwrap();
    let request = WebhookRequest::new(&map, &body, Timestamp::from_unix_seconds(NOW));
    let error = provider.verify_webhook(&request).unwrap_err();
    assert_eq!((error.kind(), error.webhook_response_status().as_u16()), (ErrorKind::Config, 503));
}

#[tokio::test]
async fn other_types_are_ignored() {
    let world = World::new().await;
    for kind in ["transaction.status.updated", "organization.verification.updated.v2", "", "a\\u0000b"] {
        let (map, body) =
            world.sign(format!(r#"{{"type":"{kind}","data":{{"status":"APPROVED"}}}}"#).as_bytes());
        let outcome = world.read(&map, &body).unwrap();
        assert!(matches!(&outcome, WebhookOutcome::Ignored { .. }), "{kind}: {outcome:?}");
    }
    let (map, body) = world.sign(br#"{"type":"Organization.Verification.Updated"}"#);
    assert_eq!(world.event(&map, &body).provider_event_type, "Organization.Verification.Updated");
}

#[tokio::test]
async fn what_is_signed_and_unreadable_is_rejected_as_such() {
    let world = World::new().await;
    for body in [
        &b""[..],
        b"canary",
        b"[]",
        b"null",
        b"{}",
        br#"{"type":5}"#,
        br#"{"type":null}"#,
        b"\xff\xfe",
        br#"{"type":"organization.verification.updated""#,
        br#"{"type":"a","type":"b"}"#,
        b"{\"type\":\"organization.verification.updated\",\"note\":\"\xff\"}",
    ] {
        let (map, body) = world.sign(body);
        let error = world.read(&map, &body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WebhookRejected, "{body:?}");
        assert_eq!(error.webhook_response_status(), 400, "{body:?}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

#[tokio::test]
async fn data_of_another_shape_is_done_without() {
    let world = World::new().await;
    for data in [
        "null",
        "[]",
        "7",
        "-7",
        "1.5",
        "true",
        r#"[{"organizationId":"org_1"},["APPROVED"]]"#,
        r#""text""#,
        r#"{"organizationId":{"a":[1]},"status":["APPROVED"]}"#,
        r#"{"organizationId":-1.5,"status":1e40,"more":"\ud800"}"#,
        r#"{"organizationId":"org_1","organizationId":7}"#,
        r#"{"organizationId":7,"status":true}"#,
        r#"{"organizationId":null}"#,
        r#"{"organizationId":"","more":1}"#,
        r#"{"organization":{"id":"org_1"}}"#,
    ] {
        let text = format!(r#"{{"type":"organization.verification.updated","timestamp":5,"data":{data}}}"#);
        let (map, body) = world.sign(text.as_bytes());
        let event = world.event(&map, &body);
        assert_eq!(
            (event.reference.clone(), event.status(), event.occurred_at),
            (None, None, None),
            "{data}"
        );
        assert!(event.correlation.is_empty(), "{data}");
    }
    for id in ["a/b", "self", "..", "a b"] {
        let text =
            format!(r#"{{"type":"organization.verification.updated","data":{{"organizationId":"{id}"}}}}"#);
        let (map, body) = world.sign(text.as_bytes());
        assert_eq!(world.event(&map, &body).reference, None, "{id}");
    }
}

#[tokio::test]
async fn escapes_are_undone() {
    let world = World::new().await;
    let body = br#"{"\u0074ype":"organization\u002everification.updated","data":{
        "organization\u0049d":"org\u005f2","status":"ON\u005fHOLD"}}"#;
    let (map, body) = world.sign(body);
    let event = world.event(&map, &body);
    assert_eq!(event.reference, Some(reference("org_2")));
    assert_eq!(event.correlation.get("organization_id"), Some("org_2"));
    assert_eq!(event.status(), Some(VerificationStatus::OnHold));
    assert_eq!(event.provider_event_type, "organization.verification.updated");
}

#[tokio::test]
async fn a_fact_that_is_told_twice_is_not_believed() {
    let world = World::new().await;
    for words in [["REJECTED", "APPROVED"], ["APPROVED", "REJECTED"], ["APPROVED", "APPROVED"]] {
        let [first, second] = words;
        let text = format!(
            r#"{{"type":"organization.verification.updated","data":{{"status":"{first}","organizationId":"org_1","st\u0061tus":"{second}"}}}}"#
        );
        let (map, body) = world.sign(text.as_bytes());
        let event = world.event(&map, &body);
        assert_eq!((event.status(), event.next_action.as_str()), (None, "check"), "{words:?}");
        assert_eq!(event.reference, Some(reference("org_1")));
    }
    let text = r#"{"type":"organization.verification.updated","data":{"status":"APPROVED","organizationId":"org_1","organizationId":"org_2"}}"#;
    let (map, body) = world.sign(text.as_bytes());
    let event = world.event(&map, &body);
    assert_eq!((event.reference.clone(), event.correlation.is_empty()), (None, true));
}

#[tokio::test]
async fn a_byte_order_mark_before_the_body_is_passed_over() {
    let world = World::new().await;
    let text =
        "\u{feff}{\"type\":\"organization.verification.updated\",\"data\":{\"organizationId\":\"org_1\"}}";
    let (map, body) = world.sign(text.as_bytes());
    assert_eq!(world.event(&map, &body).reference, Some(reference("org_1")));
}

#[tokio::test]
async fn webhooks_and_starts_of_the_own_organization_meet_where_its_id_is_configured() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let own = nxos.own_organization().to_owned();
    let provider = provider(nxos, &format!(r#","own_organization":"{own}""#));
    let started = provider.start(&StartRequest::new("case-7")).await.unwrap();
    assert_eq!(started.reference, reference("self"));
    let named = provider.start(&StartRequest::new("case-7").organization(&own)).await.unwrap();
    assert_eq!(named.reference, reference("self"), "however the application names it");
    let sent = nxos.webhook(&own, NxosEventData::Full);
    let map = headers(&sent);
    let outcome = provider.verify_webhook(&WebhookRequest::new(&map, &sent.body, sandbox.now())).unwrap();
    let WebhookOutcome::Event(event) = outcome else { panic!("{outcome:?}") };
    assert_eq!(event.reference, Some(started.reference.clone()));
    let read = provider.check(&CheckRequest::new(started.reference).expect("organization_id", &own)).await;
    assert!(read.is_ok(), "{read:?}");
}

#[tokio::test]
async fn the_same_event_sent_again_has_the_same_id() {
    let world = World::new().await;
    let (map, body) = world.webhook(NxosEventData::Full);
    assert_eq!(world.event(&map, &body).id, world.event(&map, &body).id);
    world.sandbox.advance(Duration::from_secs(1));
    let (other, other_body) = world.webhook(NxosEventData::Full);
    assert_ne!(world.event(&other, &other_body).id, world.event(&map, &body).id);
}
