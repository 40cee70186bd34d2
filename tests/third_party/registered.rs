//! Registered beside the built-in ones, the kind from outside is configured, listed and routed to like them.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod veritas;

use std::sync::Arc;

use idv::config::ConfigDocument;
use idv::testing::StaticSecrets;
use idv::{CheckRequest, ErrorKind, Registry, Result, SessionRef, StartRequest, VerificationStatus};
use idv_tests::{BadServer, Step};

use veritas::VeritasFactory;

fn config(base_url: &str, kind: &str) -> String {
    format!(
        "active = \"mine\"\n\n[providers.mine]\nkind = \"{kind}\"\nbase_url = \"{base_url}\"\n\
         password = {{ env = \"VERITAS_PASSWORD\" }}\n\n[providers.theirs]\nkind = \"nxos\"\n\
         environment = \"sandbox\"\napi_key = {{ env = \"NXOS_API_KEY\" }}\n"
    )
}

fn registry(toml: &str) -> Result<Registry> {
    let secrets =
        StaticSecrets::new([("VERITAS_PASSWORD", "veritas-password"), ("NXOS_API_KEY", "nxos_sk_test_1")]);
    Registry::builder()
        .factory(VeritasFactory)
        .secrets(Arc::new(secrets))
        .build(&ConfigDocument::from_toml_str(toml)?)
}

fn answer(body: &str) -> Vec<Step> {
    vec![Step::Read, Step::answer(200, &["Content-Type: application/json"], body)]
}

fn token() -> Vec<Step> {
    answer(r#"{"token":"t","seconds":600}"#)
}

#[tokio::test]
async fn sessions_are_opened_and_read_through_the_registry() {
    let opened = answer(r#"{"number":"77","link":"https://veritas.example/77"}"#);
    let read = answer(r#"{"number":"77","verdict":"true"}"#);
    let server = BadServer::start([token(), opened, read]).await;
    let registry = registry(&config(server.base_url(), "veritas")).unwrap();
    let session = registry.start(&StartRequest::new("case-7").last_name("Sample")).await.unwrap();
    assert_eq!(session.reference.to_string(), "mine:77");
    let stored: SessionRef = session.reference.to_string().parse().unwrap();
    let found = registry.check(&CheckRequest::new(stored)).await.unwrap();
    assert_eq!(found.status, VerificationStatus::Approved);
    assert_eq!(found.provider_status.as_str(), "true");
}

/// A stored reference, and an answer about it, about somebody else, and about nobody.
#[tokio::test]
async fn only_an_answer_about_the_case_is_a_verdict() {
    for (number, kind) in [
        (r#""77""#, None),
        ("77", None),
        (r#""78""#, Some(ErrorKind::Conflict)),
        ("78", Some(ErrorKind::Conflict)),
        ("null", Some(ErrorKind::InvalidResponse)),
        (r#""""#, Some(ErrorKind::InvalidResponse)),
    ] {
        let read = answer(&format!(r#"{{"number":{number},"verdict":"true"}}"#));
        let server = BadServer::start([token(), read]).await;
        let registry = registry(&config(server.base_url(), "veritas")).unwrap();
        let outcome = registry.check(&CheckRequest::new("mine:77".parse().unwrap())).await;
        assert_eq!(outcome.err().map(|error| error.kind()), kind, "{number}");
    }
}

#[test]
fn the_kind_stands_among_the_known_ones() {
    let registry_of = |kind| registry(&config("https://veritas.example", kind));
    let kinds: Vec<String> = registry_of("veritas")
        .unwrap()
        .providers()
        .map(|provider| provider.profile().kind.to_string())
        .collect();
    assert_eq!(kinds, ["veritas", "nxos"]);
    let error = registry_of("veritass").unwrap_err().to_string();
    assert!(error.contains("`veritas`"), "{error}");
}
