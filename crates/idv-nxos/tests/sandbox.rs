//! The adapter against the simulated nxos, over real loopback HTTP.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use idv_core::testing::{self, TableOfSecrets};
use idv_core::{
    OptionValue, ProviderFactory, ProviderOptions, StartRequest, Timestamp, VerificationProvider,
};
use idv_sandbox::{OrganizationType, Sandbox};

fn provider(sandbox: &Sandbox, extra: &str) -> Arc<dyn VerificationProvider> {
    let nxos = sandbox.nxos();
    let json = format!(
        r#"{{"base_url":"{}","api_key":"{}","webhook_secrets":["{}"]{extra}}}"#,
        nxos.base_url(),
        nxos.api_key(),
        nxos.webhook_secret()
    );
    let table: OptionValue = serde_json::from_str(&json).unwrap();
    let options = ProviderOptions::new("providers.primary", None, table);
    let context = testing::context(Timestamp::from_unix_seconds(1_700_000_000), TableOfSecrets::default());
    idv_nxos::NxosFactory.build(&"primary".parse().unwrap(), &options, &context).unwrap()
}

#[tokio::test]
async fn a_start_sends_no_body_and_no_content_type() {
    let sandbox = Sandbox::start().await.unwrap();
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let session =
        provider(&sandbox, "").start(&StartRequest::new("case-7").organization(&organization)).await.unwrap();
    assert_eq!(session.reference.to_string(), format!("primary:{organization}"));
    let sent = sandbox.nxos().requests();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].method.as_str(), sent[0].path.as_str()), ("POST", "/v1/organizations/verification"));
    assert_eq!(sent[0].header("content-length"), Some("0"));
    assert_eq!(sent[0].header("content-type"), None);
    assert!(sent[0].body.is_empty());
    assert_eq!(session.expires_at.unwrap().at, Timestamp::from_unix_seconds(1_700_001_800));
}
