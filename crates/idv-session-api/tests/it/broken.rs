//! What a description can forget so that it seems to work, and an applicant is decided about wrongly or verified twice. A broken
//! description for each is refused when it is read, or its answers are.

use idv_core::{ErrorKind, FindRequest, StartRequest, VerificationProviderExt};
use idv_session_api::Description;
use serde_json::{Value, json};

use crate::support::{answering, build, ok, session};

const SOUND: &str = r#"vendor = "Acme"
base_url = "https://api.acme.example"
check.path = "/s/{id}"
session = { id = "/id", detail = "/final" }
find = { path = "/s", next_token = { at = "/next", parameter = "next" } }
refresh.url = "/url"
policy.next_actions.expired = "resume_session"
webhook = { scheme = "hmac", header = "x-signature" }

[start]
path = "/s"
id = "/id"
fields.reference = "external_id"

[status_words]
done = "in_review"
"done + true" = "approved"
gone = "expired"
"#;

/// The problem of a description, which is its only one.
fn problem(text: &str) -> String {
    let found = Description::read(text).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].to_string()
}

fn with(from: &str, to: &str) -> String {
    let changed = SOUND.replace(from, to);
    assert_ne!(changed, SOUND, "{from}");
    changed
}

#[test]
fn the_sound_description_is_read() {
    assert!(Description::read(SOUND).is_ok());
}

#[test]
fn an_interim_word_of_a_webhook_cannot_read_as_a_decision() {
    let words = "done = \"approved\"\n\"done + false\" = \"in_review\"\n";
    let told = problem(&with("done = \"in_review\"\n\"done + true\" = \"approved\"\n", words));
    assert!(
        told.starts_with("status_words.done") && told.contains("an interim webhook would pass"),
        "{told}"
    );
}

#[test]
fn a_word_of_a_webhook_cannot_be_its_own_detail() {
    let hook = "webhook = { scheme = \"hmac\", header = \"x-signature\", status = [\"/state\", \"/final\"] }";
    let told = problem(&with("webhook = { scheme = \"hmac\", header = \"x-signature\" }", hook));
    assert!(told.starts_with("webhook.status") && told.contains("its own detail"), "{told}");
}

#[test]
fn a_return_url_without_words_is_none() {
    let told = problem(&with("[start]", "[return_url]\nwords = {}\n\n[start]"));
    assert!(told.starts_with("return_url.words") && told.contains("leave `[return_url]` out"), "{told}");
}

#[test]
fn a_list_cut_short_cannot_pass_for_the_whole() {
    let told = problem(&with(", next_token = { at = \"/next\", parameter = \"next\" }", ""));
    assert!(told.starts_with("find") && told.contains("its first page would pass for all of it"), "{told}");
    let posted = "fields = { reference = \"external_id\" }, next_token = { at = \"/next\" }";
    let told = problem(&with("next_token = { at = \"/next\", parameter = \"next\" }", posted));
    assert!(told.starts_with("find.next_token.field"), "{told}");
}

#[test]
fn no_session_is_to_be_resumed_where_no_link_can_be_had() {
    let told = problem(&with("refresh.url = \"/url\"\n", ""));
    assert!(told.starts_with("policy.next_actions.expired") && told.contains("always fails"), "{told}");
}

#[test]
fn an_answer_has_a_place_for_its_id() {
    for (from, to, key) in [
        ("id = \"/id\"\nfields", "id = []\nfields", "start.id"),
        ("session = { id = \"/id\"", "session = { id = []", "session.id"),
    ] {
        let told = problem(&with(from, to));
        assert!(told.starts_with(key) && told.contains("must not be empty"), "{told}");
    }
}

fn described(base: &str, more: Value) -> crate::support::Provider {
    let mut options = serde_json::to_value(toml::from_str::<toml::Table>(SOUND).unwrap()).unwrap();
    options["base_url"] = base.into();
    options["api_key"] = json!({"env": "KEY"});
    build(&crate::support::over(options, more)).unwrap()
}

/// A place that fits the answer to a check and not the elements of a list, as `/data` does at Persona.
#[tokio::test]
async fn an_element_that_does_not_fit_is_not_dropped() {
    let element = json!({"id": "a", "external_id": "case-7", "status": "done"});
    let server = answering(ok(json!({"sessions": [element], "next": null}))).await;
    let fits = described(&server.uri(), json!({}));
    assert_eq!(fits.find(&FindRequest::new("case-7")).await.unwrap().len(), 1);
    let broken = described(&server.uri(), json!({"session": {"at": "/data"}}));
    let error = broken.find(&FindRequest::new("case-7")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

/// A place that is another one in the vendor's answers: nothing is guessed.
#[tokio::test]
async fn an_answer_without_the_id_is_neither_a_session_nor_a_state() {
    let answer = json!({"session_id": "a", "session_url": "https://a.example/a", "status": "gone"});
    let server = answering(ok(answer)).await;
    let provider = described(&server.uri(), json!({}));
    let error = provider.start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!((error.kind(), error.retry().as_str()), (ErrorKind::InvalidResponse, "after_check"));
    let error = provider.check_session(&session("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}
