//! Configurations.
#![no_main]

use std::sync::Arc;

use idv::adapter::{ProcessSecrets, SecretResolver, SecretSource};
use idv::config::{ConfigDocument, HttpConfig};
use idv::{ErrorKind, Registry};
use idv_fuzz::CANARY;
use libfuzzer_sys::{Corpus, fuzz_target};
use secrecy::SecretString;
use toml::{Table, Value};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let document = match ConfigDocument::from_toml_str(text) {
        Ok(document) => document,
        Err(error) => {
            assert!(
                error
                    .config_problems()
                    .iter()
                    .all(|problem| problem.line.is_some() && problem.column.is_some())
            );
            told(&error, false);
            return Corpus::Keep;
        }
    };
    if names_files(&document) {
        return Corpus::Reject;
    }
    // A number that no other reader takes is kept for an error of ours, at its place; nothing is claimed then.
    let keys_hold_it = text.parse().map_or(true, |table| keys_hold_it(&table));
    match Registry::builder().secrets(Arc::new(NoFiles)).build(&document) {
        Ok(registry) => {
            assert!(registry.provider(&registry.active()).is_ok());
            for warning in registry.warnings() {
                assert!(keys_hold_it || !format!("{warning} {warning:?}").contains(CANARY));
            }
            let shown = format!("{registry:?}");
            assert!(keys_hold_it || !shown.contains(CANARY), "a registry shows a secret: {shown}");
        }
        Err(error) => {
            assert!(error.config_problems().iter().all(|problem| !problem.path.is_empty()), "{error}");
            told(&error, keys_hold_it);
        }
    }
    Corpus::Keep
});

/// An error of a configuration is one line that repeats no value and says nothing twice.
fn told(error: &idv::Error, keys_hold_it: bool) {
    assert_eq!(error.kind(), ErrorKind::Config);
    let problems = error.config_problems();
    assert!(!problems.is_empty());
    for (index, problem) in problems.iter().enumerate() {
        assert!(!problem.message.is_empty());
        assert!(!problems[..index].contains(problem), "told twice: {problem}");
    }
    assert!(!error.to_string().contains(char::is_control), "{:?}", error.to_string());
    assert!(keys_hold_it || !format!("{error} {error:?}").contains(CANARY), "{error}");
}

/// Files that an input chooses are not read: one may have no end.
fn names_files(document: &ConfigDocument) -> bool {
    let tables = document.parsed().providers;
    tables.iter().any(|entry| entry.http.parse::<HttpConfig>().is_ok_and(|http| !http.extra_ca.is_empty()))
}

/// Keys are no secrets, nor are the names of kinds and providers: they are printed.
fn keys_hold_it(table: &Table) -> bool {
    const NAMES: &[&str] = &["active", "kind", "order", "providers", "successor", "use"];
    fn is_name(value: &Value) -> bool {
        match value {
            Value::String(name) => name.contains(CANARY),
            Value::Array(names) => names.iter().any(is_name),
            _ => false,
        }
    }
    fn in_value(value: &Value) -> bool {
        match value {
            Value::Table(table) => keys_hold_it(table),
            Value::Array(values) => values.iter().any(in_value),
            _ => false,
        }
    }
    table.iter().any(|(key, value)| {
        key.contains(CANARY) || in_value(value) || (NAMES.contains(&key.as_str()) && is_name(value))
    })
}

#[derive(Debug)]
struct NoFiles;

impl SecretResolver for NoFiles {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        match source {
            SecretSource::File(_) => Err("the file cannot be read".to_owned()),
            other => ProcessSecrets::default().resolve(other),
        }
    }
}
