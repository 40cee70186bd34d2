//! The nxos adapter against nxos's own OpenAPI document ("Start verification").

use std::sync::Arc;
use std::time::Duration;

use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    CredentialOwner, OptionValue, ProviderFactory, ProviderOptions, RefreshRequest, StartRequest, Timestamp,
    VerificationProvider,
};
use idv_tests::Prism;

const PATH: &str = "/v1/organizations/verification";
const KEY: &str = "Authorization: Bearer nxos_sk_test_1";

fn provider(prism: &Prism) -> Arc<dyn VerificationProvider> {
    let json = format!(r#"{{"base_url":"{}","api_key":"nxos_sk_test_1"}}"#, prism.base_url());
    let table: OptionValue = serde_json::from_str(&json).unwrap();
    let options = ProviderOptions::new("providers.primary", None, table);
    let context = testing::context(Timestamp::from_unix_seconds(1_767_225_600), StaticSecrets::default());
    idv_nxos::NxosFactory.build(&"primary".parse().unwrap(), &options, &context).unwrap().provider
}

#[tokio::test]
async fn a_start_and_a_refresh_keep_to_the_document() {
    let prism = Prism::start();
    let provider = provider(&prism);
    let own = provider.start(&StartRequest::new("case-7")).await.unwrap();
    let customer = StartRequest::new("case-7")
        .organization("org_cust1234567890abcdef1234567890abcd")
        .first_name("Ada")
        .email("ada@example.com")
        .idempotency_key("k".repeat(255));
    let started = provider.start(&customer).await.unwrap();
    let refreshed = provider.refresh(&RefreshRequest::new(started.reference.clone())).await.unwrap();
    for session in [own, started, refreshed] {
        assert_eq!(
            session.url().unwrap().expose(),
            "https://in.sumsub.com/idensic/l/#/sbx_token_placeholder"
        );
        assert_eq!(session.access_token().unwrap().expose(), "_act-sbx-jwt-token-placeholder");
    }
}

#[tokio::test]
async fn every_declared_error_is_understood() {
    let prism = Prism::start();
    let provider = provider(&prism);
    for (status, kind, retry, code) in [
        (401, "unauthenticated", "never", "missing_api_key"),
        (403, "forbidden", "never", "forbidden"),
        (404, "not_found", "never", "not_found"),
        (409, "conflict", "never", "quote_expired"),
        (429, "rate_limited", "allowed", "rate_limited"),
        (500, "unavailable", "allowed", "internal_error"),
    ] {
        prism.force(Some(status));
        let error = provider.start(&StartRequest::new("case-7")).await.unwrap_err();
        assert_eq!((error.kind().as_str(), error.retry().as_str()), (kind, retry), "{error}");
        assert_eq!((error.delivery().as_str(), error.http_status()), ("answered", Some(status)));
        assert_eq!(error.code().unwrap(), code);
        assert_eq!(error.request_id().unwrap(), "req_a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4");
        assert_eq!(error.retry_after(), (status == 429).then_some(Duration::from_secs(23)));
        let owner = (status == 401).then_some(CredentialOwner::Application);
        assert_eq!(error.credential(), owner);
    }
    prism.force(None);
    provider.start(&StartRequest::new("case-7")).await.unwrap();
}

/// What our call would get if it had a body, a content type, a query, or no key: the check can fail.
#[tokio::test]
async fn a_call_that_breaks_the_document_is_refused() {
    let prism = Prism::start();
    let json = "Content-Type: application/json";
    let query = format!("{PATH}?reference=case-7");
    for (what, path, headers, body, status) in [
        ("a body", PATH, &[KEY, json, "Content-Length: 2"][..], "{}", 400),
        ("a body of no type", PATH, &[KEY, "Content-Length: 2"], "{}", 400),
        ("a chunked body", PATH, &[KEY, "Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\n\r\n", 400),
        ("a content type", PATH, &[KEY, json, "Content-Length: 0"], "", 415),
        ("a query", &query, &[KEY, "Content-Length: 0"], "", 400),
        ("no key", PATH, &["Content-Length: 0"], "", 422),
    ] {
        let (found, answer) = prism.send("POST", path, headers, body.as_bytes());
        assert_eq!(found, status, "{what}: {answer}");
    }
    let (found, answer) = prism.send("POST", PATH, &[KEY, "Content-Length: 0"], b"");
    assert_eq!(found, 200, "{answer}");
    provider(&prism).start(&StartRequest::new("case-7")).await.unwrap();
}
