//! The registry with providers from elsewhere: no vendor feature is needed for any of this.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderMap;
use idv::adapter::{BuildContext, BuiltProvider, JsonSchema, ProviderFactory, ProviderOptions, UrlRule};
use idv::config::{ConfigDocument, orphaned_sessions};
use idv::profile::{AfterRejection, Successor};
use idv::{
    CheckRequest, ConfigProblem, ErrorKind, FindRequest, ImportRequest, NextAction, ProviderId, ProviderKind,
    Redirect, RedirectClaim, RedirectOutcome, RefreshRequest, Registry, SessionRef, SessionUrl, StartRequest,
    Timestamp, VendorWord, Verification, VerificationSession, VerificationStatus, WebhookRequest,
};
use idv_core::testing::{Call, CountingRandomness, ScriptedProvider, profile};
use serde::Deserialize;
use uuid::Uuid;

/// A vendor that this workspace has never heard of: what somebody else's crate looks like.
#[derive(Debug, Clone)]
struct AcmeFactory {
    kind: &'static str,
    built: Arc<Mutex<Vec<Arc<ScriptedProvider>>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcmeConfig {
    #[serde(default)]
    idempotent: bool,
    successor: Option<ProviderId>,
}

impl ProviderFactory for AcmeFactory {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static(self.kind)
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        _: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        let config: AcmeConfig = options.parse()?;
        let mut profile = profile();
        profile.capabilities.idempotent_start = config.idempotent;
        if let Some(provider) = config.successor {
            let via = Some(Successor::new(provider, ProviderKind::from_static("acme")));
            profile.actions.rejected = AfterRejection::Retry { cooldown: None, via };
        }
        let provider = Arc::new(scripted(id, profile));
        self.built.lock().unwrap().push(Arc::clone(&provider));
        Ok(provider.into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

fn scripted(id: &ProviderId, profile: idv::profile::ProviderProfile) -> ScriptedProvider {
    let reference = SessionRef::new(id.clone(), "k1").unwrap();
    let url = SessionUrl::parse("https://acme.example/s", UrlRule::Https).unwrap();
    let session = VerificationSession::new(reference.clone(), url);
    let wait = NextAction::Wait { poll_after: std::time::Duration::from_secs(5) };
    let word = VendorWord::new("OPEN");
    let state = Verification::new(reference.clone(), VerificationStatus::InProgress, word.clone(), wait);
    let back = RedirectOutcome::new(reference, RedirectClaim::Submitted, word);
    ScriptedProvider::with_profile(id.clone(), profile)
        .on_start(Ok(session.clone()))
        .on_refresh(Ok(session))
        .on_check(Ok(state.clone()))
        .on_find(Ok(vec![state.clone()]))
        .on_import(Ok(state))
        .on_redirect(Ok(back))
}

/// A registry of acme providers, and the providers themselves in the order of the configuration.
fn build(toml: &str) -> idv::Result<(Registry, Vec<Arc<ScriptedProvider>>)> {
    let acme = AcmeFactory { kind: "acme", built: Arc::default() };
    let other = AcmeFactory { kind: "other", built: Arc::default() };
    let registry = Registry::builder()
        .factory(acme.clone())
        .factory(other)
        .randomness(Arc::new(CountingRandomness::default()))
        .build(&ConfigDocument::from_toml_str(toml)?)?;
    let built = acme.built.lock().unwrap().clone();
    Ok((registry, built))
}

fn problems(toml: &str) -> Vec<String> {
    let error = build(toml).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    error.config_problems().iter().map(ToString::to_string).collect()
}

const TWO: &str = "active = \"old\"\nproviders.old.kind = \"acme\"\nproviders.new.kind = \"acme\"\n";

fn keys(provider: &ScriptedProvider) -> Vec<Option<String>> {
    let key = |call: &Call| match call {
        Call::Start(request) => Some(request.context().idempotency_key().map(str::to_owned)),
        _ => None,
    };
    provider.calls().iter().filter_map(key).collect()
}

#[tokio::test]
async fn new_sessions_go_to_the_active_provider_and_old_ones_stay_where_they_were_made() {
    let (registry, _) = build(TWO).unwrap();
    let session = registry.start(&StartRequest::new("case-7")).await.unwrap();
    assert_eq!((registry.active().as_str(), session.reference.to_string().as_str()), ("old", "old:k1"));

    let (registry, built) = build(&TWO.replace("active = \"old\"", "active = \"new\"")).unwrap();
    let reference = session.reference;
    registry.refresh(&RefreshRequest::new(reference.clone())).await.unwrap();
    registry.check(&CheckRequest::new(reference.clone())).await.unwrap();
    let back = registry.parse_redirect(&Redirect::new(&reference, "https://a.example/")).unwrap();
    assert_eq!(back.reference, reference);
    assert!(matches!(built[0].calls()[..], [Call::Refresh(_), Call::Check(_)]));
    assert!(built[1].calls().is_empty());

    let session = registry.start(&StartRequest::new("case-8")).await.unwrap();
    assert_eq!(session.reference.provider().as_str(), "new");
}

#[tokio::test]
async fn a_provider_can_be_named() {
    let (registry, built) = build(TWO).unwrap();
    let new: ProviderId = "new".parse().unwrap();
    registry.start_at(&new, &StartRequest::new("case-7")).await.unwrap();
    registry.find(&new, &FindRequest::new("case-7")).await.unwrap();
    registry.import(&new, &ImportRequest::new("token")).await.unwrap();
    assert!(matches!(built[1].calls()[..], [Call::Start(_), Call::Find(_), Call::Import(_)]));
    assert!(built[0].calls().is_empty());
}

#[tokio::test]
async fn an_unknown_provider_is_named_beside_the_configured_ones() {
    let (registry, built) = build(TWO).unwrap();
    let gone: SessionRef = "gone:secret-key".parse().unwrap();
    let (headers, id) = (HeaderMap::new(), gone.provider());
    let errors = [
        registry.start_at(id, &StartRequest::new("r")).await.unwrap_err(),
        registry.refresh(&RefreshRequest::new(gone.clone())).await.unwrap_err(),
        registry.check(&CheckRequest::new(gone.clone())).await.unwrap_err(),
        registry.find(id, &FindRequest::new("r")).await.unwrap_err(),
        registry.import(id, &ImportRequest::new("t")).await.unwrap_err(),
        registry.parse_redirect(&Redirect::new(&gone, "/")).unwrap_err(),
        registry.verify_webhook(id, &WebhookRequest::new(&headers, b"", Timestamp::UNIX_EPOCH)).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(
            (error.kind(), error.provider().map(ProviderId::as_str)),
            (ErrorKind::Config, Some("gone"))
        );
        assert_eq!(error.message(), "no provider `gone` is configured (configured: new, old)");
        assert!(!error.to_string().contains("secret-key"));
        assert_eq!(error.webhook_response_status(), 503);
    }
    assert!(built.iter().all(|provider| provider.calls().is_empty()));
}

#[tokio::test]
async fn no_layer_copies_what_is_asked() {
    let (registry, built) = build(&format!("{TWO}providers.old.idempotent = true\n")).unwrap();
    let request = StartRequest::new("case-7").deadline(Duration::from_secs(9));
    registry.start(&request).await.unwrap();
    let calls = built[0].calls();
    let [Call::Start(sent)] = &calls[..] else { panic!("{calls:?}") };
    assert!(std::ptr::eq(&**sent, &*request), "the adapter reads the caller's own input");
    assert!(sent.context().idempotency_key().is_some() && sent.context().stats().is_some());
    assert_eq!(request.context().idempotency_key(), None, "the caller's request stays as it was");
}

#[tokio::test]
async fn an_idempotency_key_is_minted_once_where_the_vendor_knows_such_keys() {
    let toml = format!("{TWO}providers.old.idempotent = true\n");
    let (registry, built) = build(&toml).unwrap();
    registry.start(&StartRequest::new("case-7")).await.unwrap();
    let _ = registry.start(&StartRequest::new("case-7")).await;
    let _ = registry.start(&StartRequest::new("case-7").idempotency_key("mine")).await;
    let minted = keys(&built[0]);
    for key in &minted[..2] {
        let key = key.as_deref().unwrap();
        let uuid = Uuid::parse_str(key).unwrap();
        assert_eq!((uuid.get_version_num(), uuid.get_variant()), (4, uuid::Variant::RFC4122));
        assert_eq!(key, uuid.hyphenated().to_string());
    }
    assert_ne!(minted[0], minted[1]);
    assert_eq!(minted[2].as_deref(), Some("mine"));

    let new: ProviderId = "new".parse().unwrap();
    registry.start_at(&new, &StartRequest::new("case-7")).await.unwrap();
    let _ = registry.start_at(&new, &StartRequest::new("case-7").idempotency_key("mine")).await;
    assert_eq!(keys(&built[1]), [None, Some("mine".to_owned())]);
}

#[test]
fn randomness_of_the_system_makes_keys_of_version_4() {
    let random: &dyn idv::adapter::Randomness = &idv::adapter::OsRandomness;
    let (one, two) = (random.idempotency_key(), random.idempotency_key());
    assert_ne!(one, two);
    assert_eq!(Uuid::parse_str(&one).unwrap().get_version_num(), 4);
}

#[test]
fn a_successor_has_to_be_there_and_of_the_right_kind() {
    let with = |line: &str| format!("{TWO}providers.x.kind = \"other\"\n{line}\n");
    assert!(build(&with("providers.old.successor = \"new\"")).is_ok());
    assert_eq!(
        problems(&with("providers.old.successor = \"newe\"")),
        [
            "providers.old.successor (line 5, column 27): no provider `newe` is configured; did you mean `new`? \
          Known: old, new, x"
        ]
    );
    assert_eq!(
        problems(&with("providers.old.successor = \"x\"")),
        ["providers.old.successor (line 5, column 27): must name a provider of kind `acme`"]
    );
    assert_eq!(
        problems(&with("providers.old.successor = \"a b\"")),
        [
            "providers.old.successor (line 5, column 27): a provider id or kind is 1 to 64 ASCII letters, digits, `-` or `_`"
        ]
    );
}

#[test]
fn a_broken_successor_is_told_once() {
    let toml = format!("{TWO}providers.old.successor = \"broken\"\nproviders.broken = {{}}\n");
    assert_eq!(problems(&toml), ["providers.broken.kind (line 5, column 20): is required"]);
    let toml = format!("{TWO}providers.old.successor = \"new\"\nproviders.new.colour = 1\n");
    assert_eq!(
        problems(&toml),
        [
            "providers.new.colour (line 5, column 15): unknown key. Known keys: idempotent, successor, kind, retired, http, limits"
        ]
    );
}

#[test]
fn a_kind_can_be_replaced() {
    let (first, second) = (
        AcmeFactory { kind: "acme", built: Arc::default() },
        AcmeFactory { kind: "acme", built: Arc::default() },
    );
    let document = ConfigDocument::from_toml_str(TWO).unwrap();
    Registry::builder().factory(first.clone()).factory(second.clone()).build(&document).unwrap();
    assert_eq!((first.built.lock().unwrap().len(), second.built.lock().unwrap().len()), (0, 2));
}

#[test]
fn a_change_that_strands_sessions_is_noticed() {
    let parsed = |toml: &str| ConfigDocument::from_toml_str(toml).unwrap().parsed();
    let warnings = |old: &str, new: &str| {
        orphaned_sessions(&parsed(old), &parsed(new)).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(warnings(TWO, TWO).is_empty());
    assert!(warnings(TWO, &TWO.replace("active = \"old\"", "active = \"new\"")).is_empty());
    assert!(warnings(TWO, &format!("{TWO}providers.third.kind = \"acme\"\n")).is_empty());
    let changed = "active = \"new\"\nproviders.new.kind = \"other\"\n";
    assert_eq!(
        warnings(TWO, changed),
        [
            "providers.old: is dropped: references of its sessions would name no provider. Keep it with `retired = true` until they \
             are settled",
            "providers.new.kind (line 2, column 22): the kind changed in place: sessions of the old kind would be asked \
             about at the new one. Give the new provider an id of its own",
        ]
    );
}

#[test]
fn a_registry_is_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send>(_: &T) {}
    shared::<Registry>();
    shared::<ConfigDocument>();
    shared::<idv::adapter::Catalogue>();
    shared::<idv::layers::UnclaimedHandler>();
    let (registry, _) = build(TWO).unwrap();
    let (start, check) = (StartRequest::new("r"), CheckRequest::new("old:k".parse().unwrap()));
    sent(&registry.start(&start));
    sent(&registry.check(&check));
    sent(&idv::Error::new(ErrorKind::Config, "x"));
}
