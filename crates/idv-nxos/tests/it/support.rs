//! A simulated nxos whose clock stands still, the adapter in front of it, and ways to look at what was sent.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    BuiltProvider, ConfigProblem, Error, OptionValue, ProviderFactory, ProviderOptions, SessionRef,
    Timestamp, VerificationProvider,
};
use idv_sandbox::{Nxos, RecordedRequest, Sandbox};

/// 2026-01-01T00:00:00Z, where both clocks stand.
pub(crate) const NOW: i64 = 1_767_225_600;

pub(crate) const VERIFICATION: &str = "/v1/organizations/verification";
pub(crate) const IMPORT: &str = "/v1/organizations/verification/import";

pub(crate) async fn sandbox() -> Sandbox {
    let instant = UNIX_EPOCH + Duration::from_secs(NOW as u64);
    Sandbox::builder().seed(7).frozen_at(instant).start().await.expect("the sandbox starts")
}

/// Builds an instance from options in JSON.
pub(crate) fn build(json: &str) -> Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
    built(json).map(|built| built.provider)
}

/// The same, with the warnings.
pub(crate) fn built(json: &str) -> Result<BuiltProvider, Vec<ConfigProblem>> {
    let table: OptionValue = serde_json::from_str(json).expect("options are JSON");
    let options = ProviderOptions::new("providers.primary", None, table);
    let context = testing::context(Timestamp::from_unix_seconds(NOW), StaticSecrets::default());
    idv_nxos::NxosFactory.build(&"primary".parse().expect("an id"), &options, &context)
}

/// The adapter in front of the simulated nxos, with further options such as `,"on_behalf_of":"org_1"`.
pub(crate) fn provider(nxos: &Nxos, extra: &str) -> Arc<dyn VerificationProvider> {
    let json = format!(
        r#"{{"base_url":"{}","api_key":"{}","webhook_secrets":["{}"]{extra}}}"#,
        nxos.base_url(),
        nxos.api_key(),
        nxos.webhook_secret()
    );
    build(&json).expect("good options")
}

/// The adapter in front of any server.
pub(crate) fn provider_at(base_url: &str) -> Arc<dyn VerificationProvider> {
    build(&format!(r#"{{"base_url":"{base_url}","api_key":"nxos_sk_test_1"}}"#)).expect("good options")
}

pub(crate) fn reference(key: &str) -> SessionRef {
    format!("primary:{key}").parse().expect("a reference")
}

/// The one request that was sent since the last look.
#[track_caller]
pub(crate) fn sent(nxos: &Nxos) -> RecordedRequest {
    let mut requests = nxos.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    nxos.clear_requests();
    requests.remove(0)
}

/// A request is exactly this: nothing is missing and nothing is there besides. `key` stands for the API key.
#[track_caller]
pub(crate) fn assert_sent(request: &RecordedRequest, nxos: &Nxos, line: &str, headers: &[&str], body: &str) {
    let query = request.query.as_deref().map(|query| format!("?{query}")).unwrap_or_default();
    assert_eq!(format!("{} {}{query}", request.method, request.path), line);
    let mut found: Vec<String> =
        request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    found.sort();
    let mut expected: Vec<String> = headers.iter().map(|&header| header.to_owned()).collect();
    expected.extend(["accept-encoding: identity", "accept: application/json"].map(str::to_owned));
    expected.push(format!("authorization: Bearer {}", nxos.api_key()));
    expected.push(format!("host: {}", nxos.base_url().trim_start_matches("http://")));
    expected.push(format!("user-agent: idv/{}", env!("CARGO_PKG_VERSION")));
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(request.text(), body);
}

/// Kind, delivery and retry verdict, in their words.
pub(crate) fn axes(error: &Error) -> (&'static str, &'static str, &'static str) {
    (error.kind().as_str(), error.delivery().as_str(), error.retry().as_str())
}

/// The inputs that an error complains about, with what is wrong with each.
pub(crate) fn complaints(error: &Error) -> Vec<String> {
    error.input_problems().iter().map(|found| format!("{} {}", found.input, found.problem)).collect()
}
