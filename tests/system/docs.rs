//! The tables in the documentation are generated from the profiles of the providers, and must be fresh.
//! `cargo xtask docs` writes them anew.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(missing_docs)]

mod description_keys;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use idv::adapter::{Description, HumanDuration};
use idv::config::ConfigDocument;
use idv::profile::{InputNeed, MappingRow, ProviderProfile};
use idv::testing::StaticSecrets;
use idv::{Operation, Registry, VerificationProvider, VerificationReason, VerificationStatus};

const CONFIG: &str = r#"
active = "nxos"

[providers.nxos]
kind = "nxos"
environment = "sandbox"
api_key = { env = "KEY" }

[providers.baanx-user]
kind = "baanx-user"
base_url = "https://dev.api.baanx.com"
client_key = { env = "KEY" }

[providers.baanx-registration]
kind = "baanx-registration"
base_url = "https://dev.api.baanx.com"
client_key = { env = "KEY" }
successor = "baanx-user"

[providers.deepidv]
kind = "session-api"
preset = "deepidv"
api_key = { env = "KEY" }

[providers.sumsub]
kind = "sumsub"
app_token = { env = "KEY" }
secret_key = { env = "KEY" }
level = "basic-kyc"

[providers.veriff]
kind = "veriff"
base_url = "https://stationapi.veriff.com"
api_key = { env = "KEY" }
shared_secrets = [{ env = "KEY" }]

[providers.stripe-identity]
kind = "stripe-identity"
secret_key = { env = "KEY" }

[providers.onfido]
kind = "onfido"
region = "eu"
api_token = { env = "KEY" }
workflow_id = "2c3d4e5f-0000-4000-8000-000000000002"
"#;

const FLOWS: [&str; 8] =
    ["nxos", "baanx-user", "baanx-registration", "deepidv", "sumsub", "veriff", "stripe-identity", "onfido"];

fn registry() -> Registry {
    let secrets = Arc::new(StaticSecrets::new([("KEY", "a-key")]));
    Registry::builder().secrets(secrets).build(&ConfigDocument::from_toml_str(CONFIG).unwrap()).unwrap()
}

fn profiles(registry: &Registry) -> Vec<ProviderProfile> {
    FLOWS.iter().map(|id| registry.provider(&id.parse().unwrap()).unwrap().profile().clone()).collect()
}

fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    }
    text
}

/// For each of our words, the vendor's words by flow, grouped by surface. Surfaces with the same words are named together.
fn words(profile: &ProviderProfile, wanted: impl Fn(&MappingRow) -> bool) -> String {
    let mut surfaces: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in profile.mapping.iter().filter(|row| wanted(row)) {
        surfaces.entry(row.surface.as_str()).or_default().push(format!("`{}`", row.word));
    }
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (surface, words) in surfaces {
        match groups.iter_mut().find(|(_, known)| *known == words) {
            Some((names, _)) => write!(names, ", {surface}").unwrap(),
            None => groups.push((surface.to_owned(), words)),
        }
    }
    let listed: Vec<String> =
        groups.iter().map(|(names, words)| format!("{names}: {}", words.join(", "))).collect();
    if listed.is_empty() { "–".to_owned() } else { listed.join("; ") }
}

fn head(first: &str) -> Vec<&str> {
    std::iter::once(first).chain(FLOWS).collect()
}

fn statuses(profiles: &[&ProviderProfile]) -> String {
    let row = |status: &VerificationStatus| {
        let cells = profiles.iter().map(|profile| words(profile, |row| row.status == Some(*status)));
        std::iter::once(format!("`{status}`")).chain(cells).collect()
    };
    table(&head("status"), VerificationStatus::ALL.iter().map(row).collect())
}

fn reasons(profiles: &[&ProviderProfile]) -> String {
    let row = |reason: &VerificationReason| {
        let cells = profiles.iter().map(|profile| words(profile, |row| row.reason == Some(*reason)));
        std::iter::once(format!("`{reason}`")).chain(cells).collect()
    };
    table(&head("reason"), VerificationReason::ALL.iter().map(row).collect())
}

fn actions(profiles: &[&ProviderProfile]) -> String {
    let row = |status: &VerificationStatus| {
        let cells = profiles.iter().map(|profile| format!("`{}`", profile.next_action(*status).as_str()));
        std::iter::once(format!("`{status}`")).chain(cells).collect()
    };
    table(&head("status"), VerificationStatus::ALL.iter().map(row).collect())
}

fn needs(profile: &ProviderProfile, operation: Operation, need: InputNeed) -> String {
    let declared = profile.inputs.declared(operation).filter(|(_, other)| *other == need);
    let names: Vec<String> = declared.map(|(input, _)| format!("`{input}`")).collect();
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

fn providers(profiles: &[&ProviderProfile]) -> String {
    type Fact = (&'static str, fn(&ProviderProfile) -> String);
    let lines: [Fact; 16] = [
        ("vendor", |p| p.vendor.to_string()),
        ("start needs", |p| needs(p, Operation::Start, InputNeed::Required)),
        ("start can use", |p| needs(p, Operation::Start, InputNeed::Optional)),
        ("check needs", |p| needs(p, Operation::Check, InputNeed::Required)),
        ("fresh link for the same applicant", |p| yes_no(p.capabilities.refresh)),
        ("search by your reference", |p| yes_no(p.capabilities.find)),
        ("import of a verification", |p| yes_no(p.capabilities.import)),
        ("withdrawal of an open session", |p| yes_no(p.capabilities.cancel)),
        ("deletion of an applicant's data", |p| yes_no(p.capabilities.erase)),
        ("identity that was verified", |p| yes_no(p.capabilities.identity)),
        ("return URL with a status", |p| yes_no(p.capabilities.redirect)),
        ("webhooks", |p| p.capabilities.webhooks.map_or("–".to_owned(), |assurance| assurance.to_string())),
        ("token for an embedded page", |p| yes_no(p.capabilities.embed)),
        ("start can be repeated under a key", |p| yes_no(p.capabilities.idempotent_start)),
        ("lifetimes", |p| {
            let one = |life: &idv::profile::Lifetime| {
                format!("{} {} ({})", life.what, HumanDuration::from(life.duration), life.certainty)
            };
            p.lifetimes.iter().map(one).collect::<Vec<_>>().join("; ")
        }),
        ("limits", |p| {
            let one = |limit: &idv::profile::Limit| match limit.per {
                Some(per) => format!("{} {} in {}", limit.count, limit.scope, HumanDuration::from(per)),
                None => format!("{} {}", limit.count, limit.scope),
            };
            p.limits.iter().map(one).collect::<Vec<_>>().join("; ")
        }),
    ];
    let row = |(name, fact): &Fact| {
        std::iter::once((*name).to_owned()).chain(profiles.iter().map(|profile| fact(profile))).collect()
    };
    table(&head(""), lines.iter().map(row).collect())
}

/// The routes of the sandbox's control API.
fn routes() -> String {
    let document: serde_json::Value = serde_json::from_str(&idv_sandbox::control::openapi()).unwrap();
    let mut rows = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let route = format!("`{} {path}`", method.to_uppercase());
            rows.push(vec![route, operation["summary"].as_str().unwrap().to_owned()]);
        }
    }
    rows.sort_unstable();
    table(&["route", "does"], rows)
}

fn yes_no(able: bool) -> String {
    if able { "yes" } else { "–" }.to_owned()
}

/// Puts `table` between the markers of a section.
fn with_section(text: &str, name: &str, table: &str) -> String {
    let open = format!("<!-- generated: {name} -->\n");
    let (before, rest) = text.split_once(&open).unwrap_or_else(|| panic!("no section `{name}`"));
    let (_, after) = rest.split_once("<!-- end -->").expect("a section has an end");
    format!("{before}{open}\n{table}\n<!-- end -->{after}")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

#[test]
fn generated_tables_are_fresh() {
    let registry = registry();
    let built = profiles(&registry);
    let profiles: Vec<&ProviderProfile> = built.iter().collect();
    let files: [(&str, Vec<(&str, String)>); 3] = [
        ("README.md", vec![("statuses", statuses(&profiles)), ("providers", providers(&profiles))]),
        ("docs/concepts.md", vec![("actions", actions(&profiles)), ("reasons", reasons(&profiles))]),
        ("docs/sandbox.md", vec![("routes", routes()), ("magic", idv_sandbox::magic::TEXT.to_owned())]),
    ];
    for (name, sections) in files {
        let path = root().join(name);
        let written = std::fs::read_to_string(&path).unwrap();
        let fresh =
            sections.iter().fold(written.clone(), |text, (name, table)| with_section(&text, name, table));
        if std::env::var_os("IDV_WRITE_DOCS").is_some() {
            std::fs::write(&path, fresh).unwrap();
        } else {
            assert!(written == fresh, "the tables in {name} are stale: run `cargo xtask docs`");
        }
    }
}

/// The page of every vendor whose description is built in, by the name of its file.
fn pages() -> BTreeMap<String, String> {
    let page = |name: &'static str| {
        let page = Description::built_in(name).unwrap().page();
        (format!("{name}.md"), format!("<!-- generated from the description: cargo xtask docs -->\n\n{page}"))
    };
    Description::built_in_names().map(page).collect()
}

#[test]
fn generated_pages_are_fresh() {
    let folder = root().join("docs/providers");
    if std::env::var_os("IDV_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, page) in pages() {
            std::fs::write(folder.join(name), page).unwrap();
        }
        return;
    }
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    let written: BTreeMap<String, String> = files.map(read).collect();
    assert!(written == pages(), "the pages in docs/providers are stale: run `cargo xtask docs`");
}

/// The options on each page are all that an instance needs.
#[test]
fn configurations_on_the_pages_work() {
    for (name, page) in pages() {
        let (_, block) = page.split_once("```toml\n").unwrap();
        let (block, _) = block.split_once("```").unwrap();
        let variables = block.split("env = \"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
        let secret = |variable: &str| -> (&'static str, &'static str) {
            (variable.to_owned().leak(), "whsec_a2V5-a2V5-a2V5-a2V5")
        };
        let secrets = StaticSecrets::new(variables.map(secret));
        let document = ConfigDocument::from_toml_str(block).unwrap();
        let built = Registry::builder().secrets(Arc::new(secrets)).build(&document);
        assert!(built.is_ok(), "{name}: {}", built.unwrap_err());
    }
}

/// Every TOML block of the documentation is a configuration that can be used.
#[test]
fn configurations_in_the_documentation_work() {
    let mut count = 0;
    for name in ["README.md", "docs/concepts.md", "docs/adding-a-provider.md"] {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        for block in text.split("```toml\n").skip(1) {
            let (block, _) = block.split_once("```").unwrap();
            let names = ["NXOS_API_KEY", "NXOS_WEBHOOK_SECRET", "DEEPIDV_API_KEY", "BAANX_CLIENT_KEY"];
            let value = |name| (name, if name == "NXOS_WEBHOOK_SECRET" { "whsec_a2V5" } else { "a-key" });
            let secrets = Arc::new(StaticSecrets::new(names.map(value)));
            let document = ConfigDocument::from_toml_str(block).unwrap();
            let built = Registry::builder().secrets(secrets).build(&document);
            assert!(built.is_ok(), "{name}: {}", built.unwrap_err());
            assert!(built.unwrap().providers().all(|one| !one.id().as_str().is_empty()));
            count += 1;
        }
    }
    assert!(count > 0);
}
