//! Whatever comes in, nothing panics, and nothing becomes a decision that its table does not name.

use std::sync::{Arc, Mutex, OnceLock};

use hmac::{Hmac, KeyInit, Mac};
use idv_core::{
    Redirect, VerificationProviderExt, VerificationStatus as Status, WebhookOutcome, WebhookRequest,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use wiremock::matchers::any as everything;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::config::{described, known_keys};
use crate::support::{ID, Provider, SECRET, build, deepidv, headers, now, ok, over, session, with};

fn word() -> impl Strategy<Value = String> {
    let near = prop::sample::select(vec![
        "VERIFIED",
        "verified",
        "REJECTED",
        "approved",
        "APPROVED",
        "success",
        "failed",
        "PENDING",
        "SUBMITTED",
        "done",
        "DONE",
        "pass",
        "session_expired",
        "rejected",
        " VERIFIED",
        "VERIFIED\0",
        "\u{130}",
    ]);
    prop_oneof![near.prop_map(str::to_owned), ".{0,20}"]
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// A vendor whose every decision word is known, with signed webhooks.
fn signed() -> &'static Provider {
    static PROVIDER: OnceLock<Provider> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        let more = json!({
            "status_words": {"done": null, "done + pass": "approved", "done + fail": "rejected", "VERIFIED": "in_review"},
            "session": {"detail": "/detail"}, "webhook": {"scheme": "hmac", "header": "x-sig"},
            "webhook_secrets": [{"env": "SECRET"}], "return_url": {"words": {"approved": "submitted", "VERIFIED": "failed"}},
        });
        build(&over(described(), more)).unwrap()
    })
}

fn sign(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    base16ct::lower::encode_string(&mac.finalize().into_bytes())
}

proptest! {
    #[test]
    fn no_return_url_is_a_decision(status in word(), reason in word(), tail in ".{0,20}") {
        let (status, reason, tail) = (encode(&status), encode(&reason), encode(&tail));
        let uri = format!("/back?session_id={ID}&status={status}&reason={reason}&x={tail}&approved=true");
        for provider in [&deepidv("http://127.0.0.1:9"), signed()] {
            if let Ok(read) = provider.parse_redirect(&Redirect::new(&session(ID), &uri)) {
                prop_assert!(!read.status().is_decision());
                prop_assert_eq!(read.next_action().as_str(), "check");
            }
        }
    }

    #[test]
    fn no_text_makes_the_redirect_reader_panic(uri in ".*") {
        let provider = signed();
        if let Ok(read) = provider.parse_redirect(&Redirect::new(&session(ID), &uri)) {
            prop_assert!(!read.status().is_decision());
        }
    }

    #[test]
    fn no_signed_word_is_a_decision_unless_its_table_says_so(status in word(), detail in word()) {
        let body = json!({"type": "x", "data": {"id": ID, "status": status, "detail": detail}}).to_string();
        let headers = headers(&[("x-sig", &sign(body.as_bytes()))]);
        let request = WebhookRequest::new(&headers, body.as_bytes(), now());
        let Ok(WebhookOutcome::Event(event)) = signed().verify_webhook(&request) else { panic!("no event") };
        let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
        let expected = match event.status() {
            Some(Status::Approved) => is(&status, "done") && is(&detail, "pass"),
            Some(Status::Rejected) => is(&status, "done") && is(&detail, "fail"),
            _ => true,
        };
        prop_assert!(expected, "{status} {detail} {event:?}");
    }

    #[test]
    fn no_webhook_body_makes_anything_panic(body in prop::collection::vec(any::<u8>(), 0..200), text in ".*") {
        let near = format!(r#"{{"type":"session.{text}","data":{{"id":"{text}","status":{text}}}}}"#);
        for body in [&body[..], text.as_bytes(), near.as_bytes()] {
            let secret = headers(&[("deepidv-signature", SECRET)]);
            let read = deepidv("http://127.0.0.1:9").verify_webhook(&WebhookRequest::new(&secret, body, now()));
            if let Ok(WebhookOutcome::Event(event)) = read {
                prop_assert_eq!(event.status(), None);
            }
            let signature = headers(&[("x-sig", &sign(body))]);
            let _ = signed().verify_webhook(&WebhookRequest::new(&signature, body, now()));
        }
    }

    #[test]
    fn no_options_make_anything_panic(given in options()) {
        if let Ok(provider) = build(&with(described(), Value::Object(given.clone()))) {
            let uri = "/back?session_id=a&status=done&reason=done";
            if let Ok(read) = provider.parse_redirect(&Redirect::new(&session("a"), uri)) {
                prop_assert!(!read.status().is_decision());
            }
            let body = br#"{"type":"x","data":{"id":"a","status":"done"}}"#;
            let _ = provider.verify_webhook(&WebhookRequest::new(&headers(&[("x", SECRET)]), body, now()));
            let _ = format!("{provider:?}");
        }
        let _ = build(&Value::Object(given));
    }
}

/// Some of the known keys, with values of every type, likely and unlikely.
fn options() -> impl Strategy<Value = Map<String, Value>> {
    let text = prop_oneof![
        prop::sample::select(vec![
            "",
            "/",
            "/a",
            "/{id}",
            "/a/{id}/b/",
            "x",
            "svix",
            "none",
            "shared-secret",
            "hmac",
            "sha256-suffix",
            "unsigned",
            "{time}.{body}",
            "t={time},v1={signature}",
            "deepidv",
            "approved",
            "submitted",
            "a + b",
            " + ",
            "*",
            "https://a.example",
            "email",
            "30d",
            "~2",
            "/~3",
        ])
        .prop_map(str::to_owned),
        ".{0,12}",
    ];
    let value = prop_oneof![
        6 => text.clone().prop_map(Value::from),
        4 => prop::collection::vec(text.clone(), 0..3).prop_map(Value::from),
        4 => prop::collection::btree_map(text.clone(), text.clone(), 0..3).prop_map(|rows| json!(rows)),
        8 => prop::collection::btree_map(inner_key(), inner_value(text), 0..6).prop_map(|rows| json!(rows)),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    prop::collection::btree_map(prop::sample::select(known_keys()), value, 0..6)
        .prop_map(|rows| rows.into_iter().collect())
}

/// Keys of the tables of a description.
fn inner_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "path",
        "fields",
        "constants",
        "required",
        "id",
        "url",
        "link",
        "id_field",
        "query",
        "list",
        "next_url",
        "whole",
        "revive",
        "scheme",
        "header",
        "header_form",
        "signs",
        "time_header",
        "event_type",
        "fresh",
        "status_words",
        "words",
        "session",
        "reason",
        "status",
        "detail",
        "at",
        "kinds",
        "hints",
        "next_actions",
        "limits",
        "prefix",
        "basic_user",
        "outcome",
        "already_gone",
        "oauth2",
        "token_url",
        "client_id",
        "repeatable",
        "reference_is_id",
        "next_token",
        "id_header",
    ])
}

fn inner_value(text: impl Strategy<Value = String> + Clone + 'static) -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text.clone().prop_map(Value::from),
        2 => prop::collection::vec(text.clone(), 0..3).prop_map(Value::from),
        2 => prop::collection::btree_map(text.clone(), text, 0..3).prop_map(|rows| json!(rows)),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<u16>().prop_map(Value::from),
    ]
}

/// A vendor that says what a test tells it to.
#[derive(Clone, Default)]
struct Parrot(Arc<Mutex<Value>>);

impl Respond for Parrot {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        ok(self.0.lock().unwrap().clone())
    }
}

#[test]
fn no_answer_of_deepidv_is_a_decision_unless_its_table_says_so() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let parrot = Parrot::default();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        Mock::given(everything()).respond_with(parrot.clone()).mount(&server).await;
        server
    });
    let provider = deepidv(&server.uri());
    proptest!(ProptestConfig::with_cases(96), |(status in word(), progress in word(), reason in word())| {
        let record = json!({"id": ID, "status": status, "session_progress": progress, "reason": reason, "outcome": "VERIFIED"});
        *parrot.0.lock().unwrap() = json!({"session_record": record, "status": "VERIFIED"});
        let Ok(read) = runtime.block_on(provider.check_session(&session(ID))) else { return Ok(()) };
        prop_assert_eq!(read.status == Status::Approved, status.eq_ignore_ascii_case("VERIFIED"));
        prop_assert_eq!(read.status == Status::Rejected, status.eq_ignore_ascii_case("REJECTED"));
    });
}
