//! The table `[tracker]` of a configuration, and databases that are opened by it.

use std::time::Duration;

use idv::Registry;
use idv::adapter::ProcessSecrets;
use idv::config::ConfigDocument;
use idv_tracker::{StoreErrorKind, StoreOptions, Tracker, TrackerConfig, TrackerOptions};
use secrecy::ExposeSecret;

fn configured(table: &str) -> Result<TrackerConfig, String> {
    let document =
        ConfigDocument::from_toml_str(&format!("[tracker]\n{table}\n")).unwrap().with_base("folder");
    match TrackerConfig::from_document(&document, &ProcessSecrets::new(document.base())) {
        Ok(config) => Ok(config.unwrap()),
        Err(problems) => Err(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

fn registry() -> Registry {
    let text = "active = \"p\"\n[providers.p]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = \"nxos_sk_test_1\"\n";
    Registry::from_toml_str(text).unwrap()
}

#[test]
fn a_configuration_without_the_table_asks_for_no_tracker() {
    let document = ConfigDocument::from_toml_str("active = \"p\"").unwrap();
    assert!(TrackerConfig::from_document(&document, &ProcessSecrets::default()).unwrap().is_none());
}

#[test]
fn what_is_not_said_is_as_by_default() {
    let config = configured("url = \"sqlite://idv.db\"").unwrap();
    assert_eq!(config.store.url.expose_secret(), "sqlite://folder/idv.db");
    let (given, default) = (config.options, TrackerOptions::default());
    assert_eq!((given.hold, given.lease, given.approvals_count_for), (default.hold, default.lease, None));
    assert_eq!((given.batch, given.concurrency), (default.batch, default.concurrency));
    let all = "url = \"postgres://idv@localhost/idv\"\nhold = \"2h\"\napprovals_count_for = \"365d\"\nbatch = 8\nconcurrency = 4\n\
               lease = \"30s\"\nquota_percent = 50";
    let config = configured(all).unwrap();
    assert_eq!(config.store.url.expose_secret(), "postgres://idv@localhost/idv");
    let given = config.options;
    assert_eq!((given.hold.as_secs(), given.lease.as_secs()), (7200, 30));
    assert_eq!(given.approvals_count_for, Some(Duration::from_secs(365 * 24 * 3600)));
    assert_eq!((given.batch, given.concurrency, given.quota_percent), (8, 4, 50));
}

/// No problem repeats the address: it may hold a password.
#[test]
fn an_address_that_cannot_be_used_is_told_with_its_place() {
    for (url, said) in [
        ("\"mysql://canary\"", "begins with sqlite:// or postgres://"),
        ("\"sqlite://\"", "names no file"),
        ("\"sqlite::memory:\"", "names no file"),
        ("\"sqlite://canary.db?mode=ro\"", "a path alone"),
        ("\"${CANARY_URL}\"", "reference to an environment variable"),
        ("\" postgres://canary\"", "begins with a blank"),
        ("{ env = \"NOT_SET\" }", "NOT_SET is not set"),
        ("{ file = \"no/such\" }", "cannot be read"),
    ] {
        let told = configured(&format!("url = {url}")).unwrap_err();
        assert!(told.starts_with("tracker.url (line 2, column 7): ") && told.contains(said), "{url}: {told}");
        assert!(!told.contains("canary"), "{told}");
    }
}

#[test]
fn the_application_can_be_told_at_a_url() {
    let with = |delivery: &str| configured(&format!("url = \"sqlite://idv.db\"\n{delivery}"));
    assert!(with("").unwrap().delivery.is_none());
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let delivered =
        with(&format!("deliver_to = \"https://app.example/idv\"\ndeliver_secrets = [\"{secret}\"]"));
    assert!(delivered.unwrap().delivery.is_some());
    let plain = with(&format!("deliver_to = \"http://canary.example\"\ndeliver_secrets = [\"{secret}\"]"))
        .unwrap_err();
    assert!(plain.starts_with("tracker.deliver_to (line 3") && !plain.contains("canary"), "{plain}");
    let short =
        format!("deliver_to = \"https://app.example\"\ndeliver_secrets = [\"{secret}\", \"whsec_Y2FuYXJ5\"]");
    let short = with(&short).unwrap_err();
    assert!(short.starts_with("tracker.deliver_secrets.1 (line 4") && !short.contains("Y2Fu"), "{short}");
    let unset = "deliver_to = { env = \"NOT_SET\" }\ndeliver_secrets = [{ env = \"NOT_SET\" }, \"changeme\"]";
    assert_eq!(with(unset).unwrap_err().lines().count(), 3, "all of them are told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a folder/idv.db", "100%/idv.db", "a%20b/idv.db", "ünï#1/idv.db"] {
        let path = folder.path().join(name);
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        let options = StoreOptions::new("sqlite://idv.db").beside(path.parent().unwrap()).unwrap();
        Tracker::open(registry(), options).await.unwrap();
        assert!(path.exists(), "{name}");
    }
}

/// All of them bring the tables up to date: one does, and the others wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_file_can_be_opened_by_several_at_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions::new("sqlite://idv.db").beside(folder.path()).unwrap();
        let open = (0..8).map(|_| tokio::spawn(Tracker::open(registry(), options.clone())));
        for opened in open.collect::<Vec<_>>() {
            opened.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("idv.db"), "no database ".repeat(1000)).unwrap();
    let begun = std::time::Instant::now();
    let options = StoreOptions::new("sqlite://idv.db").beside(folder.path()).unwrap();
    assert_eq!(Tracker::open(registry(), options).await.unwrap_err().kind(), StoreErrorKind::Schema);
    let nowhere = StoreOptions::new("sqlite://idv.db").beside(&folder.path().join("gone")).unwrap();
    assert_eq!(Tracker::open(registry(), nowhere).await.unwrap_err().kind(), StoreErrorKind::Unavailable);
    assert!(begun.elapsed() < Duration::from_secs(4));
}
