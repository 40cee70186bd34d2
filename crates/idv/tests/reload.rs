//! A configuration that changes while the registry is in use.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idv::adapter::{
    BuildContext, BuiltProvider, JsonSchema, OptionsValidator, ProviderFactory, ProviderOptions,
    SecretSource, UrlRule,
};
use idv::config::ConfigDocument;
use idv::routing::RouteRequest;
use idv::testing::{Call, ScriptedProvider, StaticSecrets, profile};
use idv::{
    CheckRequest, ConfigProblem, ErrorKind, ProviderId, ProviderKind, Registry, Result, SessionRef,
    SessionUrl, StartRequest, VerificationProvider, VerificationSession,
};
use serde::Deserialize;

/// A kind whose instances are kept, to see who was asked.
#[derive(Debug, Clone)]
struct Acme {
    kind: &'static str,
    built: Arc<Mutex<Vec<Arc<ScriptedProvider>>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "these keys are only there to be changed")]
struct Options {
    key: Option<SecretSource>,
    colour: Option<String>,
    sizes: Option<Vec<i64>>,
}

impl Acme {
    fn new(kind: &'static str) -> Self {
        Self { kind, built: Arc::default() }
    }

    fn calls(&self) -> Vec<(String, Vec<Call>)> {
        self.built.lock().unwrap().iter().map(|one| (one.id().to_string(), one.calls())).collect()
    }
}

impl ProviderFactory for Acme {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static(self.kind)
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        let (mut validator, read) = OptionsValidator::read::<Options>(options, context);
        if let Some(key) = read.and_then(|options| options.key) {
            validator.secret("key", &key);
        }
        validator.finish(Some(()))?;
        let mut facts = profile();
        facts.kind = self.kind();
        let reference = SessionRef::new(id.clone(), "k1").unwrap();
        let url = SessionUrl::parse("https://acme.example/s", UrlRule::Https).unwrap();
        let session = VerificationSession::new(reference, url);
        let provider = (0..4).fold(ScriptedProvider::with_profile(id.clone(), facts), |provider, _| {
            provider.on_start(Ok(session.clone())).on_refresh(Ok(session.clone()))
        });
        let provider = Arc::new(provider);
        self.built.lock().unwrap().push(Arc::clone(&provider));
        Ok(provider.into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

/// The configuration as somebody edits it.
#[derive(Debug, Clone, Default)]
struct File(Arc<Mutex<String>>);

impl File {
    fn write(&self, text: &str) {
        text.clone_into(&mut self.0.lock().unwrap());
    }

    fn read(&self) -> Result<ConfigDocument> {
        ConfigDocument::from_toml_str(&self.0.lock().unwrap())
    }
}

fn open(text: &str) -> (Registry, File, Acme) {
    let (file, acme) = (File::default(), Acme::new("acme"));
    file.write(text);
    let builder = Registry::builder().factory(acme.clone()).factory(Acme::new("other"));
    let read = file.clone();
    (builder.load(move || read.read()).unwrap(), file, acme)
}

const TWO: &str = "active = \"old\"\n[providers.old]\nkind = \"acme\"\n[providers.new]\nkind = \"acme\"\n";

fn moved() -> String {
    TWO.replace("active = \"old\"", "active = \"new\"")
}

fn id(text: &str) -> ProviderId {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_routed_start_sees_the_new_configuration_too() {
    let (registry, file, _) = open(TWO);
    file.write(&format!("{TWO}[[routing.rules]]\nwhen.country = [\"DE\"]\nuse = \"new\"\n"));
    registry.reload().unwrap();
    let (route, request) = (RouteRequest::new("case-7").country("DE"), StartRequest::new("case-7"));
    assert_eq!(registry.start_routed(&route, &request).await.unwrap().provider(), &id("new"));
    assert_eq!(registry.start(&request).await.unwrap().reference.provider(), &id("old"));
}

#[tokio::test]
async fn what_begins_afterwards_sees_the_new_configuration() {
    let (registry, file, acme) = open(TWO);
    let (clone, before) = (registry.clone(), registry.pinned());
    file.write(&moved());
    assert_eq!(clone.active(), id("old"), "nobody has read it yet");
    let changes = registry.reload().unwrap();
    assert_eq!(changes.to_string(), "active: old -> new");
    assert_eq!((clone.active(), before.active()), (id("new"), id("old")));
    let request = StartRequest::new("case-7");
    assert_eq!(clone.start(&request).await.unwrap().reference.provider(), &id("new"));
    assert_eq!(before.start(&request).await.unwrap().reference.provider(), &id("old"));
    let asked: Vec<_> = acme.calls().into_iter().filter(|(_, calls)| !calls.is_empty()).collect();
    assert!(matches!(&asked[..], [(old, calls), (new, more)]
        if old == "old" && new == "new" && calls.len() == 1 && more.len() == 1));
}

#[tokio::test]
async fn anything_wrong_is_reported_at_once_and_changes_nothing() {
    let (registry, file, _) = open(TWO);
    let old = registry.provider(&id("old")).unwrap();
    file.write(&format!("{}colour = 1\n[providers.third]\nkind = \"acne\"\n", moved()));
    let error = registry.reload().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let places: Vec<_> = error.config_problems().iter().map(|one| (one.path.as_str(), one.line)).collect();
    assert_eq!(places, [("providers.new.colour", Some(6)), ("providers.third.kind", Some(8))]);
    file.write("active = ");
    assert_eq!(registry.reload().unwrap_err().kind(), ErrorKind::Config);

    assert_eq!((registry.active(), registry.providers().count()), (id("old"), 2));
    assert!(Arc::ptr_eq(&old, &registry.provider(&id("old")).unwrap()));
    registry.start(&StartRequest::new("case-7")).await.unwrap();
    file.write(&moved());
    registry.reload().unwrap();
    assert_eq!(registry.active(), id("new"));
}

#[test]
fn changes_are_told_apart() {
    let (registry, file, _) = open(TWO);
    let step = |text: &str| {
        file.write(text);
        let changes = registry.reload().unwrap();
        assert_eq!(changes.is_empty(), changes.to_string() == "nothing changed");
        changes.to_string()
    };
    assert_eq!(step(TWO), "nothing changed");
    assert_eq!(
        step(&format!("{TWO}retired = true\n[providers.x]\nkind = \"acme\"\n")),
        "added: x; retired: new"
    );
    assert_eq!(
        step(&format!("{TWO}[providers.x]\nkind = \"other\"\n")),
        "of another kind: x; reinstated: new"
    );
    assert_eq!(step(&format!("{TWO}colour = \"red\"\n")), "removed: x; rebuilt: new");
    let moved = "active = \"new\"\n[providers.new]\nkind = \"acme\"\n";
    assert_eq!(step(moved), "active: old -> new; removed: old; rebuilt: new");
}

#[test]
fn other_rules_are_a_change() {
    let rule = |weight| format!("{TWO}[[routing.rules]]\nsplit = {{ old = {weight}, new = 1 }}\n");
    let (registry, file, _) = open(TWO);
    let step = |text: &str| {
        file.write(text);
        registry.reload().unwrap().to_string()
    };
    assert_eq!(step(&rule(1)), "routing changed");
    assert_eq!(step(&rule(1).replace("old = 1, new = 1", "new = 1, old = 1")), "nothing changed");
    assert_eq!(step(&rule(2)), "routing changed");
    assert_eq!(step(&moved()), "active: old -> new; routing changed");
}

#[test]
fn another_key_of_the_shares_is_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let (key, path) = (folder.path().join("key"), folder.path().join("idv.toml"));
    std::fs::write(&key, "sixteen bytes or more").unwrap();
    let split = "[[routing.rules]]\nsplit = { old = 1, new = 1 }\n";
    std::fs::write(&path, format!("{TWO}[routing]\nkey = {{ file = \"key\" }}\n{split}")).unwrap();
    let builder = Registry::builder().factory(Acme::new("acme"));
    let registry = builder.load(move || ConfigDocument::from_toml_file(&path)).unwrap();
    let reloaded = || registry.reload().unwrap().to_string();
    assert_eq!(reloaded(), "nothing changed");
    std::fs::write(&key, "another, as long as that").unwrap();
    assert_eq!(reloaded(), "routing changed");
    assert_eq!(reloaded(), "nothing changed");
}

/// Connections, budgets and limits of a provider do not begin anew because another one was edited.
#[test]
fn a_provider_that_is_what_it_was_is_carried_over() {
    let with = |lines: &str| format!("{TWO}{lines}");
    let first = with("colour = \"red\"\nsizes = [1, 2]\nhttp.attempts = 2\n");
    let (registry, file, _) = open(&first);
    let same = |text: &str| {
        let before = registry.provider(&id("new")).unwrap();
        file.write(text);
        registry.reload().unwrap();
        Arc::ptr_eq(&before, &registry.provider(&id("new")).unwrap())
    };
    assert!(same(&first));
    assert!(same(&with("# moved about\nhttp.attempts = 2\nsizes = [1, 2]\ncolour = \"red\"\n")));
    assert!(same(&first.replace("kind = \"acme\"\n[", "kind = \"acme\"\ncolour = \"blue\"\n[")));
    assert!(!same(&with("colour = \"blue\"\nsizes = [1, 2]\nhttp.attempts = 2\n")));
    assert!(!same(&with("colour = \"blue\"\nsizes = [2, 1]\nhttp.attempts = 2\n")));
    assert!(!same(&with("colour = \"blue\"\nsizes = [2, 1, 3]\nhttp.attempts = 2\n")));
    assert!(!same(&with("colour = \"blue\"\nsizes = [2, 1]\nhttp.attempts = 3\n")));
    assert!(!same(&with("colour = \"blue\"\nsizes = [2, 1]\n")));
    assert!(!same(TWO));
    assert!(same(TWO));
}

#[test]
fn a_new_secret_or_certificate_makes_a_new_provider() {
    let folder = tempfile::tempdir().unwrap();
    let (key, ca) = (folder.path().join("key"), folder.path().join("ca.pem"));
    let path = folder.path().join("idv.toml");
    std::fs::write(&key, "one").unwrap();
    std::fs::write(&ca, "").unwrap();
    let text = format!("{TWO}key = {{ file = \"key\" }}\nhttp.extra_ca = [\"ca.pem\"]\n");
    std::fs::write(&path, &text).unwrap();
    let builder = Registry::builder().factory(Acme::new("acme"));
    let registry = builder.load(move || ConfigDocument::from_toml_file(&path)).unwrap();
    let reloaded = || registry.reload().unwrap().to_string();
    assert_eq!(reloaded(), "nothing changed");
    std::fs::write(&key, "two").unwrap();
    assert_eq!(reloaded(), "rebuilt: new");
    std::fs::write(&ca, "# another\n").unwrap();
    assert_eq!(reloaded(), "rebuilt: new");
    assert_eq!(reloaded(), "nothing changed");
    std::fs::remove_file(&key).unwrap();
    let error = registry.reload().unwrap_err();
    assert_eq!(error.config_problems()[0].path, "providers.new.key");
}

#[test]
fn retiring_a_provider_does_not_rebuild_it() {
    let (registry, file, acme) = open(&moved());
    file.write(&moved().replace("[providers.old]", "[providers.old]\nretired = true"));
    assert_eq!(registry.reload().unwrap().to_string(), "retired: old");
    assert!(registry.pinned().is_retired(&id("old")));
    let refresh = idv::RefreshRequest::new("old:k1".parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(registry.refresh(&refresh)).unwrap();
    assert_eq!(
        runtime.block_on(registry.start_at(&id("old"), &StartRequest::new("r"))).unwrap_err().kind(),
        ErrorKind::Config
    );
    assert!(matches!(&acme.calls()[0], (old, calls) if old == "old" && calls.len() == 1));
}

/// What was not looked up before the reload and what was are asked of the provider of their time.
#[tokio::test]
async fn a_call_that_is_under_way_ends_where_it_began() {
    let (registry, file, acme) = open(TWO);
    let request = StartRequest::new("case-7");
    let mut call = Box::pin(registry.start(&request));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(call.as_mut().poll(&mut context).is_pending());
    file.write("active = \"new\"\n[providers.new]\nkind = \"acme\"\n");
    assert_eq!(registry.reload().unwrap().to_string(), "active: old -> new; removed: old");
    assert!(acme.calls().iter().all(|(_, calls)| calls.is_empty()), "nothing has been sent");
    assert_eq!(call.await.unwrap().reference.provider(), &id("old"));
    let error = registry.check(&CheckRequest::new("old:k1".parse().unwrap())).await.unwrap_err();
    assert_eq!(error.message(), "no provider `old` is configured (configured: new)");
}

#[test]
fn an_older_configuration_never_replaces_a_newer_one() {
    let (busy, version) = (AtomicBool::new(false), AtomicUsize::new(0));
    let load = move || {
        assert!(!busy.swap(true, Ordering::SeqCst), "two are read at once");
        std::thread::yield_now();
        let version = version.fetch_add(1, Ordering::SeqCst);
        let text = format!("active = \"v{version}\"\n[providers.v{version}]\nkind = \"acme\"\n");
        busy.store(false, Ordering::SeqCst);
        ConfigDocument::from_toml_str(&text)
    };
    let registry = Registry::builder().factory(Acme::new("acme")).load(load).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    registry.reload().unwrap();
                    let current = registry.pinned();
                    assert!(current.provider(&current.active()).is_ok(), "half of one and half of another");
                }
            });
        }
    });
    assert_eq!(registry.active(), id("v200"));
}

#[tokio::test(start_paused = true)]
async fn looking_again_reports_changes_and_refusals_and_nothing_else() {
    let (registry, file, _) = open(TWO);
    let reports: Arc<Mutex<Vec<String>>> = Arc::default();
    let (handle, told) = (registry.clone(), Arc::clone(&reports));
    let task = tokio::spawn(async move {
        let report = |outcome: Result<idv::registry::Changes>| {
            let text =
                outcome.map_or_else(|error| format!("{}", error.kind()), |changes| changes.to_string());
            told.lock().unwrap().push(text);
        };
        handle.reload_every(Duration::from_secs(30), report).await;
    });
    let mut steps = Vec::new();
    for text in [TWO, "active = ", "active = ", &moved(), &moved()] {
        file.write(text);
        tokio::time::sleep(Duration::from_secs(30) + Duration::from_millis(1)).await;
        steps.push(std::mem::take(&mut *reports.lock().unwrap()));
    }
    task.abort();
    assert_eq!(steps, [vec![], vec!["config"], vec!["config"], vec!["active: old -> new"], vec![]]);
}

#[tokio::test(start_paused = true)]
async fn no_interval_is_so_short_that_it_never_rests() {
    let reads = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&reads);
    let load = move || {
        count.fetch_add(1, Ordering::SeqCst);
        ConfigDocument::from_toml_str(TWO)
    };
    let registry = Registry::builder().factory(Acme::new("acme")).load(load).unwrap();
    let wait = Duration::from_millis(5500);
    assert!(tokio::time::timeout(wait, registry.reload_every(Duration::ZERO, |_| ())).await.is_err());
    assert_eq!(reads.load(Ordering::SeqCst), 1 + 5);
}

#[test]
fn secrets_come_from_where_the_builder_says_and_are_never_shown() {
    let secrets = Arc::new(StaticSecrets::new([("KEY", "canary")]));
    let text = format!("{TWO}key = {{ env = \"KEY\" }}\n");
    let builder = Registry::builder().factory(Acme::new("acme")).secrets(secrets);
    let registry = builder.load(move || ConfigDocument::from_toml_str(&text)).unwrap();
    registry.reload().unwrap();
    assert!(!format!("{registry:?}").contains("canary"));
}

#[test]
fn it_is_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send>(_: &T) {}
    shared::<Registry>();
    let (registry, ..) = open(TWO);
    let start = StartRequest::new("r");
    sent(&registry.start(&start));
    sent(&registry.reload_every(Duration::from_secs(30), |_| ()));
}
