//! A provider with `retired = true` sees its sessions through and takes nobody new.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(all(feature = "baanx", feature = "nxos"))]

use http::{HeaderMap, HeaderName};
use idv::{
    CheckRequest, ErrorKind, FindRequest, ImportRequest, ProviderId, RefreshRequest, Registry, Result,
    StartRequest, VerificationStatus, WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{Act, NxosEventData, Sandbox};

fn id(text: &str) -> ProviderId {
    text.parse().unwrap()
}

/// Two instances at one vendor.
fn config(sandbox: &Sandbox, active: &str, more_of_old: &str) -> String {
    let nxos = sandbox.nxos();
    let table = format!(
        "kind = \"nxos\"\nbase_url = \"{}\"\napi_key = \"{}\"\nwebhook_secrets = [\"{}\"]\n",
        nxos.base_url(),
        nxos.api_key(),
        nxos.webhook_secret(),
    );
    format!("active = \"{active}\"\n[providers.old]\n{table}{more_of_old}\n[providers.new]\n{table}")
}

fn problems(result: Result<Registry>) -> Vec<String> {
    result.unwrap_err().config_problems().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn its_sessions_are_seen_through() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let before = Registry::from_toml_str(&config(&sandbox, "old", "")).unwrap();
    assert!(!before.is_retired(&id("old")));
    let session = before.start(&StartRequest::new("case-7")).await.unwrap().reference;

    let after = Registry::from_toml_str(&config(&sandbox, "new", "retired = true\n")).unwrap();
    assert!(after.is_retired(&id("old")) && !after.is_retired(&id("new")));
    after.refresh(&RefreshRequest::new(session.clone())).await.unwrap();
    nxos.act(nxos.own_organization(), &Act::Approve).unwrap();
    let state = after.check(&CheckRequest::new(session.clone())).await.unwrap();
    assert_eq!(state.status, VerificationStatus::Approved);
    // The adapter answers, not the layer.
    let error = after.find(&id("old"), &FindRequest::new("case-7")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);

    let webhook = nxos.webhook(nxos.own_organization(), NxosEventData::Full);
    let pair = |(name, value): &(String, String)| {
        (HeaderName::try_from(name.as_str()).unwrap(), value.parse().unwrap())
    };
    let headers: HeaderMap = webhook.headers.iter().map(pair).collect();
    let now = std::time::SystemTime::now();
    let outcome =
        after.verify_webhook(&id("old"), &WebhookRequest::new(&headers, &webhook.body, now)).unwrap();
    assert!(matches!(outcome, WebhookOutcome::Event(_)));
}

#[tokio::test]
async fn nobody_new_gets_in_by_any_door() {
    let sandbox = Sandbox::start().await.unwrap();
    let registry = Registry::from_toml_str(&config(&sandbox, "new", "retired = true\n")).unwrap();
    let (old, start, import) = (id("old"), StartRequest::new("case-7"), ImportRequest::new("token"));
    let provider = registry.provider(&old).unwrap();
    let errors = [
        registry.start_at(&old, &start).await.unwrap_err(),
        provider.start(&start).await.unwrap_err(),
        registry.import(&old, &import).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some(&old)));
        assert_eq!(error.message(), "the provider `old` is retired: it takes no new sessions");
    }
    assert_eq!(sandbox.nxos().requests(), [], "nothing was sent");
    registry.start(&start).await.unwrap();
}

#[tokio::test]
async fn it_cannot_be_active_and_says_so_with_its_place() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(
        problems(Registry::from_toml_str(&config(&sandbox, "old", "retired = true\n"))),
        ["active (line 1, column 10): this provider is retired: it takes no new sessions"]
    );
    assert_eq!(
        problems(Registry::from_toml_str(&config(&sandbox, "new", "retired = \"yes\"\n"))),
        ["providers.old.retired (line 7, column 11): expected true or false"]
    );
    assert!(Registry::from_toml_str(&config(&sandbox, "old", "retired = false\n")).is_ok());
}

#[test]
fn a_retired_successor_is_warned_of() {
    let config = |cards: &str, signup: &str| {
        format!(
            "active = \"other\"\n\
             [providers.other]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = {{ file = \"key\" }}\n\
             [providers.cards]\nkind = \"baanx-user\"\nbase_url = \"http://127.0.0.1:9\"\n\
             client_key = {{ file = \"key\" }}\n{cards}\n\
             [providers.signup]\nkind = \"baanx-registration\"\nbase_url = \"http://127.0.0.1:9\"\n\
             client_key = {{ file = \"key\" }}\nsuccessor = \"cards\"\n{signup}\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "nxos_sk_1").unwrap();
    let warnings = |text: &str| {
        let document = idv::config::ConfigDocument::from_toml_str(text).unwrap().with_base(folder.path());
        let registry = Registry::builder().build(&document).unwrap();
        registry.warnings().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(warnings(&config("", "")), [""; 0]);
    assert_eq!(warnings(&config("retired = true", "retired = true")), [""; 0]);
    assert_eq!(
        warnings(&config("retired = true", "")),
        [
            "providers.signup.successor (line 15, column 13): is retired: applicants who are rejected can be checked there, but not \
          tried again"
        ]
    );
}
