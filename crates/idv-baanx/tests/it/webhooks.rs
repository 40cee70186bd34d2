//! Webhooks: what is refused, and what is read from both documented shapes.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use idv_core::{
    Assurance, Error, ErrorKind, NextAction, Operation, Result, Surface, Timestamp,
    VerificationReason as Reason, VerificationStatus as Status, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Flow, NOW, WEBHOOK_KEY, assert_no_secret, now, options, signature};

const USER: &str = "3f0a6f5e-7d55-4c1b-8a61-2b90c7d1e2aa";
const EVENT: &str = "0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01";

/// The envelope of the webhooks guide.
fn guide() -> Value {
    json!({
        "api_version": "v1", "event_id": EVENT, "event_category": "kyc", "event_type": "kyc.status.changed",
        "user_id": USER, "user_external_id": "mine-1", "event_object_id": USER, "event_object_status": "failed",
        "event_object_changes": {"status": ["pending", "failed"]},
        "event_object": {
            "status": "failed", "failure_code": "103", "failure_reason": "canary: text for people",
            "someone": {"firstName": "canary"},
        },
        "occurred_at": "2026-07-01T09:12:44.481Z",
    })
}

/// The example of the page "Start User Verification".
fn flat() -> Value {
    json!({
        "event": "user.verification.completed", "userId": USER, "verificationState": "VERIFIED",
        "timestamp": "2024-01-15T10:30:00Z",
    })
}

fn headers(timestamp: &str, signature: &str) -> HeaderMap {
    [("x-timestamp", timestamp), ("x-signature", signature)]
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect()
}

fn signed(body: &[u8]) -> HeaderMap {
    let timestamp = NOW.to_string();
    headers(&timestamp, &signature(WEBHOOK_KEY, &timestamp, body))
}

fn receive_at(flow: Flow, headers: &HeaderMap, body: &[u8], at: Timestamp) -> Result<WebhookOutcome> {
    flow.offline().verify_webhook(&WebhookRequest::new(headers, body, at))
}

fn receive(flow: Flow, body: &[u8]) -> Result<WebhookOutcome> {
    receive_at(flow, &signed(body), body, now())
}

#[track_caller]
fn event(flow: Flow, body: &Value) -> WebhookEvent {
    match receive(flow, body.to_string().as_bytes()).unwrap() {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_forged(flow: Flow, headers: &HeaderMap, body: &[u8]) -> Error {
    let error = receive_at(flow, headers, body, now()).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::WebhookRejected, Some(Operation::Webhook)));
    assert_eq!(error.provider().unwrap().as_str(), flow.id());
    assert_eq!(error.webhook_response_status(), StatusCode::UNAUTHORIZED);
    let shown = format!("{error} {error:?}");
    let right = signature(WEBHOOK_KEY, &NOW.to_string(), body);
    assert!(!shown.contains(&right) && !shown.contains(WEBHOOK_KEY), "{shown}");
    error
}

/// Of `printf '%s' '1767225600.{}' | openssl dgst -sha256 -hmac whk_canary`, so that this file's own signer is checked
/// by another one.
#[test]
fn the_signature_is_that_of_openssl() {
    let theirs = "19cd65584dfaf492cb05b02cef5d42bf3b6c6e869ee8bbe19658a3c6d8f25ccf";
    assert_eq!(signature(WEBHOOK_KEY, "1767225600", b"{}"), theirs);
    let error = receive_at(Flow::User, &headers("1767225600", theirs), b"{}", now()).unwrap_err();
    assert_eq!(error.webhook_response_status(), StatusCode::BAD_REQUEST, "authentic, and unreadable");
}

#[test]
fn the_guide_s_envelope_is_read() {
    for flow in Flow::BOTH {
        let read = event(flow, &guide());
        assert_eq!(read.provider.as_str(), flow.id());
        assert_eq!((read.id.as_str(), read.provider_event_type.as_str()), (EVENT, "kyc.status.changed"));
        assert_eq!(read.assurance(), Assurance::Signed);
        assert_eq!(read.status(), Some(Status::Rejected));
        assert_eq!(read.provider_status().unwrap(), &"failed");
        assert_eq!(read.occurred_at, Some("2026-07-01T09:12:44.481Z".parse().unwrap()));
        assert_eq!(
            read.correlation.iter().collect::<Vec<_>>(),
            [("user_external_id", "mine-1"), ("user_id", USER)]
        );
        assert_eq!(read.reference, None, "the keys are the caller's references, which Baanx never sees");
        let [reason] = read.reasons() else { panic!("{:?}", read.reasons()) };
        assert_eq!(reason.reason, Reason::FaceMismatch);
        assert_eq!(reason.provider_code.as_ref().unwrap(), &"103");
        assert_no_secret(&format!("{read:?}"));
    }
}

#[test]
fn the_flat_shape_is_read() {
    for flow in Flow::BOTH {
        let body = flat();
        let read = event(flow, &body);
        let digest = idv_core::signature::body_digest(body.to_string().as_bytes());
        assert_eq!((&read.id, read.provider_event_type.as_str()), (&digest, "user.verification.completed"));
        assert_eq!(read.status(), Some(Status::Approved));
        assert_eq!(read.provider_status().unwrap(), &"VERIFIED");
        assert_eq!(read.occurred_at, Some("2024-01-15T10:30:00Z".parse().unwrap()));
        assert_eq!(read.correlation.iter().collect::<Vec<_>>(), [("user_id", USER)]);
        assert_eq!((read.reference, read.next_action), (None, NextAction::Done { recheck_after: None }));
    }
}

#[test]
fn every_word_is_read_in_both_shapes_and_any_case() {
    for flow in Flow::BOTH {
        let cooldown = (flow == Flow::User).then_some(Duration::from_secs(24 * 3600));
        let retry = NextAction::RetryWithNewSession { cooldown, via: None };
        let done = NextAction::Done { recheck_after: None };
        for (word, status, next) in [
            ("pending", Status::InReview, NextAction::Check),
            ("completed", Status::Approved, done.clone()),
            ("failed", Status::Rejected, retry.clone()),
            ("UNVERIFIED", Status::NotStarted, NextAction::Check),
            ("VERIFIED", Status::Approved, done),
            ("REJECTED", Status::Rejected, retry),
            ("approved", Status::Unrecognized, NextAction::Check),
            ("declined", Status::Unrecognized, NextAction::Check),
            ("resubmission_requested", Status::Unrecognized, NextAction::Check),
        ] {
            for word in [word.to_owned(), word.to_ascii_uppercase(), word.to_ascii_lowercase()] {
                let mut nested = guide();
                nested["event_object"] = json!({"status": word, "failure_code": null});
                nested["event_object_status"] = json!(word);
                nested["event_object_changes"]["status"] = json!(["started", word]);
                let mut outer = guide();
                outer["event_object"] = json!({});
                outer["event_object_status"] = json!(word);
                outer["event_object_changes"] = json!({"name": ["failed", "completed"], "status": "failed"});
                let mut flat = flat();
                flat["verificationState"] = json!(word);
                for body in [nested, outer, flat] {
                    let read = event(flow, &body);
                    assert_eq!(read.status(), Some(status), "{body}");
                    assert_eq!(read.provider_status().unwrap(), &word.as_str());
                    assert_eq!(read.next_action, next, "{body}");
                    assert!(read.reasons().is_empty());
                }
            }
        }
    }
}

#[test]
fn camel_case_is_read_like_snake_case() {
    let body = json!({
        "apiVersion": "v1", "eventId": EVENT, "eventType": "kyc.status.changed", "userId": USER,
        "userExternalId": "mine-1", "eventObjectStatus": "failed",
        "eventObject": {"status": "failed", "failureCode": 103},
        "occurredAt": "2026-07-01T09:12:44.481Z",
    });
    for flow in Flow::BOTH {
        assert_eq!(event(flow, &body).status(), event(flow, &guide()).status());
        assert_eq!(event(flow, &body), event(flow, &guide()));
    }
}

#[test]
fn every_failure_code_has_its_reason() {
    let table: &[(Reason, &[u16])] = &[
        (Reason::DocumentTampered, &[101, 102, 504, 505, 507, 508]),
        (Reason::LivenessFailed, &[515, 526]),
        (Reason::FaceMismatch, &[103, 120, 509]),
        (Reason::DataMismatch, &[104, 123, 128]),
        (Reason::FraudSuspected, &[105, 106, 107, 111, 112, 113, 501, 502, 503]),
        (Reason::Duplicate, &[108, 109, 110, 124]),
        (Reason::Watchlist, &[126, 127]),
        (Reason::DocumentUnsupported, &[206, 510]),
        (Reason::DocumentExpired, &[207, 511]),
        (Reason::Underage, &[530, 531, 532, 533, 534, 535, 536]),
        (Reason::AttemptsExhausted, &[539]),
        (Reason::DocumentMissing, &[201, 208, 209, 210]),
        (Reason::DocumentUnreadable, &[202, 203, 204, 205]),
    ];
    let provider = Flow::User.offline();
    for code in 0..1000_u16 {
        let expected = table.iter().find(|(_, codes)| codes.contains(&code));
        let expected = expected.map_or(Reason::Other, |(reason, _)| *reason);
        for given in [json!(code), json!(code.to_string())] {
            let mut body = guide();
            body["event_object"]["failure_code"] = given;
            let body = body.to_string();
            let headers = signed(body.as_bytes());
            let outcome = provider.verify_webhook(&WebhookRequest::new(&headers, body.as_bytes(), now()));
            let WebhookOutcome::Event(read) = outcome.unwrap() else { panic!() };
            let [reason] = read.reasons() else { panic!("{code}") };
            assert_eq!(reason.reason, expected, "{code}");
            assert_eq!(reason.provider_code.as_ref().unwrap(), &code.to_string().as_str());
        }
    }
    let rows = provider.profile().mapping.iter().filter(|row| row.surface == Surface::WebhookReason);
    assert_eq!(rows.count(), table.iter().map(|(_, codes)| codes.len()).sum::<usize>());
}

/// Facts of an event that disagree, in both orders of their places and of the text.
#[test]
fn an_event_whose_facts_disagree_carries_no_status() {
    let guide = |facts: &str| {
        let event = r#""event_type":"kyc.status.changed","user_id":"user-1""#;
        [format!("{{{event},{facts}}}"), format!("{{{facts},{event}}}")]
    };
    for facts in [
        r#""event_object":{"status":"completed"},"verificationState":"REJECTED""#,
        r#""verificationState":"REJECTED","event_object":{"status":"completed"}"#,
        r#""event_object":{"status":"failed"},"verificationState":"VERIFIED""#,
        r#""event_object":{"status":"completed"},"event_object_status":"failed""#,
        r#""event_object":{"status":"completed"},"eventObject":{"status":"pending"}"#,
        r#""event_object":{"status":"completed"},"event_object_status":["completed"]"#,
        r#""event_object":{"status":"completed"},"event_object_changes":{"status":["pending","failed"]}"#,
        r#""event_object":{"status":"completed"},"eventObjectChanges":{"status":["pending","REJECTED"]}"#,
        r#""event_object":{"status":"failed","status":"completed"}"#,
        r#""event_object":{"status":"completed","status":"failed"}"#,
        r#""verificationState":"VERIFIED","verificationState":"VERIFIED""#,
        r#""event_object":{"status":"completed","failure_code":"103"}"#,
        r#""event_object":{"status":"completed","failure_code":["103"]}"#,
        r#""event_object":{"status":"failed","failure_code":"103","failureCode":"539"}"#,
        r#""event_object":{"status":"completed"},"userId":"user-2""#,
        r#""event_object":{"status":"completed"},"userId":["user-1"]"#,
        r#""event_object":{"status":"completed"},"user_external_id":"a","userExternalId":"b""#,
    ] {
        for body in guide(facts) {
            for flow in Flow::BOTH {
                let WebhookOutcome::Event(read) = receive(flow, body.as_bytes()).unwrap() else {
                    panic!("{body}")
                };
                assert_eq!((read.status(), &read.next_action), (None, &NextAction::Check), "{body}");
                assert!(read.reasons().is_empty() && read.provider_status().is_none(), "{body}");
            }
        }
    }
    for body in guide(
        r#""event_object":{"status":"completed"},"verificationState":"VERIFIED","event_object_status":"COMPLETED""#,
    ) {
        let WebhookOutcome::Event(read) = receive(Flow::User, body.as_bytes()).unwrap() else {
            panic!("{body}")
        };
        assert_eq!(read.status(), Some(Status::Approved), "words that mean the same agree");
    }
}

#[test]
fn an_event_with_two_types_is_refused() {
    for body in [
        r#"{"event_type":"kyc.status.changed","event":"card.activated","event_object":{"status":"completed"}}"#,
        r#"{"event":"card.activated","event_object":{"status":"completed"},"event_type":"kyc.status.changed"}"#,
        r#"{"event":"card.activated","event":"user.verification.completed","verificationState":"VERIFIED"}"#,
    ] {
        let error = receive(Flow::User, body.as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind(), error.webhook_response_status().as_u16()),
            (ErrorKind::WebhookRejected, 400)
        );
    }
}

#[test]
fn a_byte_order_mark_before_the_body_is_passed_over() {
    let body = format!("\u{feff}{}", flat());
    let WebhookOutcome::Event(read) = receive(Flow::User, body.as_bytes()).unwrap() else { panic!() };
    assert_eq!(read.status(), Some(Status::Approved));
}

#[test]
fn an_event_without_status_asks_for_a_check() {
    for flow in Flow::BOTH {
        for mut body in [guide(), flat()] {
            for key in
                ["event_object", "event_object_status", "verificationState", "occurred_at", "timestamp"]
            {
                body.as_object_mut().unwrap().remove(key);
            }
            let read = event(flow, &body);
            assert_eq!((read.status(), read.next_action), (None, NextAction::Check));
            assert_eq!((read.occurred_at, read.provider), (None, flow.id().parse().unwrap()));
        }
    }
}

#[test]
fn fields_of_other_types_are_done_without() {
    let body = json!({
        "event_type": "kyc.status.changed", "event_id": {"a": 1}, "user_id": null, "user_external_id": [],
        "event_object": "none", "event_object_status": false, "occurred_at": "yesterday",
    });
    let read = event(Flow::User, &body);
    assert_eq!(read.id, idv_core::signature::body_digest(body.to_string().as_bytes()));
    assert_eq!((read.status(), read.occurred_at), (None, None));
    assert!(read.correlation.is_empty());
}

#[test]
fn ids_that_would_be_cut_are_not_trusted_to_differ() {
    let id = |end: &str, external: &str| {
        let mut body = guide();
        body["event_id"] = json!("x".repeat(200) + end);
        body["user_external_id"] = json!(external);
        event(Flow::User, &body).id
    };
    assert_ne!(id("a", "1"), id("b", "1"));
    assert_eq!(id("a", "1"), id("a", "2"), "the vendor's id decides, whatever else the body says");
}

#[test]
fn other_types_are_ignored() {
    for flow in Flow::BOTH {
        for (body, word) in [
            (
                json!({"event_type": "card.activated", "event_object": {"status": "completed"}}),
                "card.activated",
            ),
            (json!({"event_type": "transaction.cleared"}), "transaction.cleared"),
            (json!({"eventType": "kyc.something.new"}), "kyc.something.new"),
            (json!({"event": "user.deleted", "verificationState": "VERIFIED"}), "user.deleted"),
            (json!({"event": "evil\u{1b}[31m"}), "evil\\u{1b}[31m"),
        ] {
            match receive(flow, body.to_string().as_bytes()).unwrap() {
                WebhookOutcome::Ignored { provider, provider_event_type } => {
                    assert_eq!((provider.as_str(), provider_event_type.as_str()), (flow.id(), word));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn an_authentic_body_without_shape_is_unreadable() {
    for flow in Flow::BOTH {
        for body in [
            "",
            "canary",
            "null",
            "[]",
            "7",
            "{}",
            r#"{"event_type":null}"#,
            r#"{"event":""}"#,
            r#"{"event_type":["kyc.status.changed"]}"#,
            "{\"event\":\"user.verification.completed\"",
            "\u{feff}{}",
        ] {
            let error = receive(flow, body.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WebhookRejected, "{body}");
            assert_eq!(error.webhook_response_status(), StatusCode::BAD_REQUEST);
            assert_eq!(error.provider().unwrap().as_str(), flow.id());
            assert_no_secret(&format!("{error} {error:?}"));
        }
        assert!(receive(flow, b"\xff\xfe").is_err());
        assert!(receive(flow, "[".repeat(100_000).as_bytes()).is_err());
    }
}

#[test]
fn forgeries_are_refused() {
    let body = guide().to_string();
    let body = body.as_bytes();
    let timestamp = NOW.to_string();
    let right = signature(WEBHOOK_KEY, &timestamp, body);
    for flow in Flow::BOTH {
        let with = |signature: &str| headers(&timestamp, signature);
        for wrong in [
            "",
            "canary",
            &right[..63],
            &right[..62],
            &right[..2],
            &format!("{right}00"),
            &format!("{right}0"),
            &format!("sha256={right}"),
            &"0".repeat(64),
            &"g".repeat(64),
            &"0".repeat(10_000),
            &signature("whk_other", &timestamp, body),
            &signature("", &timestamp, body),
            &signature(WEBHOOK_KEY, &timestamp, b""),
            &signature(WEBHOOK_KEY, "", body),
        ] {
            assert_forged(flow, &with(wrong), body);
        }
        for missing in ["x-signature", "x-timestamp"] {
            let mut headers = signed(body);
            headers.remove(missing);
            assert_forged(flow, &headers, body);
        }
        for repeated in ["x-signature", "x-timestamp"] {
            let mut headers = signed(body);
            let value = headers[repeated].clone();
            headers.append(repeated, value);
            assert_forged(flow, &headers, body);
        }
        let mut not_ascii = signed(body);
        not_ascii.insert("x-signature", HeaderValue::from_bytes(b"\xff").unwrap());
        assert_forged(flow, &not_ascii, body);
        assert_forged(flow, &HeaderMap::new(), body);
    }
}

#[test]
fn an_altered_byte_is_noticed() {
    let body = flat().to_string().into_bytes();
    let headers = signed(&body);
    let provider = Flow::User.offline();
    assert!(provider.verify_webhook(&WebhookRequest::new(&headers, &body, now())).is_ok());
    for index in 0..body.len() {
        let mut altered = body.clone();
        altered[index] ^= 1;
        assert!(provider.verify_webhook(&WebhookRequest::new(&headers, &altered, now())).is_err(), "{index}");
    }
    for changed in [&body[..body.len() - 1], &[body.as_slice(), b" "].concat()] {
        assert_forged(Flow::User, &headers, changed);
    }
}

#[test]
fn time_is_bounded_both_ways() {
    let body = flat().to_string();
    let body = body.as_bytes();
    for flow in Flow::BOTH {
        for (seconds, fine) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
            let at = Timestamp::from_unix_seconds(NOW + seconds);
            assert_eq!(receive_at(flow, &signed(body), body, at).is_ok(), fine, "{seconds}");
        }
        for odd in [
            "",
            "now",
            "-1",
            "1e9",
            "0x10",
            " 1767225600",
            "1767225600.0",
            "99999999999999999999999",
            "+1767225600",
        ] {
            let signature = signature(WEBHOOK_KEY, odd, body);
            assert!(receive_at(flow, &headers(odd, &signature), body, now()).is_err(), "{odd:?}");
        }
        let later = (NOW + 1).to_string();
        let other = signature(WEBHOOK_KEY, &NOW.to_string(), body);
        assert_forged(flow, &headers(&later, &other), body);
    }
}

#[test]
fn several_keys_are_accepted_during_a_rotation_and_none_refuses_all() {
    let body = flat().to_string();
    let timestamp = NOW.to_string();
    for flow in Flow::BOTH {
        let mut options = options("https://baanx.example");
        options["webhook_secrets"] = json!(["whk_old", "whk_new"]);
        let provider = flow.build(&options).unwrap();
        for (key, fine) in [("whk_old", true), ("whk_new", true), (WEBHOOK_KEY, false)] {
            let headers = headers(&timestamp, &signature(key, &timestamp, body.as_bytes()));
            let request = WebhookRequest::new(&headers, body.as_bytes(), now());
            assert_eq!(provider.verify_webhook(&request).is_ok(), fine, "{key}");
        }
        options.as_object_mut().unwrap().remove("webhook_secrets");
        let provider = flow.build(&options).unwrap();
        let headers = signed(body.as_bytes());
        let error =
            provider.verify_webhook(&WebhookRequest::new(&headers, body.as_bytes(), now())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.webhook_response_status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(error.provider().unwrap().as_str(), flow.id());
    }
}

#[test]
fn one_endpoint_serves_both_kinds() {
    let body = guide().to_string();
    let headers = signed(body.as_bytes());
    for flow in Flow::BOTH {
        assert!(receive_at(flow, &headers, body.as_bytes(), now()).is_ok());
    }
}

/// Any JSON, with the names that mean something here among the keys.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("kyc.status.changed")),
        Just(json!("completed")),
        Just(json!("103")),
    ];
    let key = prop_oneof![
        Just("event_type".to_owned()),
        Just("event".to_owned()),
        Just("event_object".to_owned()),
        Just("event_id".to_owned()),
        Just("status".to_owned()),
        Just("failure_code".to_owned()),
        Just("verificationState".to_owned()),
        Just("occurred_at".to_owned()),
        ".{0,8}",
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_makes_the_parser_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = receive(Flow::User, &body);
    }

    #[test]
    fn no_json_makes_the_parser_panic(body in any_json()) {
        let _ = receive(Flow::Registration, body.to_string().as_bytes());
    }

    #[test]
    fn no_word_outside_the_table_is_a_decision(word in "\\PC{1,30}|(?i)(un|re)?(verified|completed|failed|rejected)[ e]?") {
        let lower = word.to_ascii_lowercase();
        let decided = match lower.as_str() {
            "completed" | "verified" => Some(Status::Approved),
            "failed" | "rejected" => Some(Status::Rejected),
            _ => None,
        };
        let mut nested = guide();
        nested["event_object"] = json!({"status": word});
        nested["event_object_status"] = json!(word);
        nested["event_object_changes"] = json!(null);
        let mut flat = flat();
        flat["verificationState"] = json!(word);
        for body in [nested, flat] {
            let status = event(Flow::User, &body).status().filter(|status| status.is_decision());
            prop_assert_eq!(status, decided);
        }
    }

    #[test]
    fn no_signature_but_the_right_one_is_taken(given in "[0-9a-f]{64}") {
        let body = flat().to_string();
        prop_assert!(receive_at(Flow::User, &headers(&NOW.to_string(), &given), body.as_bytes(), now()).is_err());
    }
}
