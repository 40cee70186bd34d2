//! The document of an instance: built in, in a file, or in the options themselves, with what lies over it.

use std::path::Path;
use std::sync::Arc;

use idv_core::{
    BuildContext, ConfigProblem, OptionEntry, OptionTable, OptionValue, OptionsValidator, ProviderOptions,
    SecretSource, did_you_mean,
};
use secrecy::ExposeSecret;

use super::built_in;
use super::document::Document;
use super::lower;
use super::spec::ApiSpec;
use crate::SessionApiConfig;
use crate::config::INSTANCE_KEYS;

/// Reads the description of an instance.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub(crate) fn read(
    options: &ProviderOptions,
    config: &SessionApiConfig,
    context: &BuildContext,
) -> Result<Arc<ApiSpec>, Vec<ConfigProblem>> {
    let over = options.table().map(|table| table.without(INSTANCE_KEYS)).unwrap_or_default();
    let table = match (&config.preset, &config.description) {
        (Some(_), Some(_)) => {
            let message = "names a vendor, and so does `preset`: remove one of the two";
            return Err(vec![options.problem("description", message)]);
        }
        (Some(name), None) => {
            let as_it_is = || built_in::spec(name, |text| Some(read_alone(text, context).ok()?.1));
            match over.is_empty().then(as_it_is).flatten() {
                Some(spec) => return Ok(spec),
                None => preset(options, name)?,
            }
        }
        (None, Some(file)) => of_file(options, file, context)?,
        (None, None) if over.is_empty() => {
            let message = "is required: the name of a built-in description, a `description` in a file, or the description itself, \
                           whose `start`, `check` and `status_words` are required";
            return Err(vec![options.problem("preset", message)]);
        }
        (None, None) => OptionTable::new(),
    };
    let whole = options.with_table(table.overlaid_with(&over)).known_keys(INSTANCE_KEYS);
    lowered(&whole, context).map(|(_, spec)| Arc::new(spec))
}

/// Reads a document by itself, without options over it.
///
/// # Errors
/// Everything that is wrong with it, each with its line and column.
pub(crate) fn read_alone(
    text: &str,
    context: &BuildContext,
) -> Result<(Document, ApiSpec), Vec<ConfigProblem>> {
    lowered(&ProviderOptions::new("", None, OptionValue::Table(table(text)?)), context)
}

fn lowered(
    document: &ProviderOptions,
    context: &BuildContext,
) -> Result<(Document, ApiSpec), Vec<ConfigProblem>> {
    let (mut validator, read) = OptionsValidator::read::<Document>(document, context);
    let spec = read.and_then(|read| {
        sources(&read, document, &mut validator);
        let spec = lower::spec(&read, &mut validator)?;
        Some((read, spec))
    });
    validator.finish(spec)
}

/// Every source is that of a place that the document has.
fn sources(read: &Document, document: &ProviderOptions, validator: &mut OptionsValidator<'_>) {
    for place in read.sources.keys() {
        if !document.table().is_some_and(|table| has(table, place)) {
            validator.add_error("sources", "has a source of a place that this document does not have");
        }
    }
}

/// Whether a table has a place, whose keys are joined by dots and can have dots themselves.
fn has(table: &OptionTable, place: &str) -> bool {
    table.iter().any(|(key, _, entry)| match (place.strip_prefix(key), &entry.value) {
        (Some(""), _) => true,
        (Some(rest), OptionValue::Table(inner)) => {
            rest.strip_prefix('.').is_some_and(|rest| has(inner, rest))
        }
        _ => false,
    })
}

fn preset(options: &ProviderOptions, name: &str) -> Result<OptionTable, Vec<ConfigProblem>> {
    let Some(text) = built_in::built_in(name) else {
        let known: Vec<&str> = built_in::names().collect();
        let hint = did_you_mean(name, &known)
            .map_or_else(|| ".".to_owned(), |near| format!("; did you mean `{near}`?"));
        let message = format!("is no built-in description{hint} There are {}", known.join(", "));
        return Err(vec![options.problem("preset", message)]);
    };
    table(text).map_err(|problems| within(options, "preset", name, problems))
}

/// A file is read like that of a secret: relative to the configuration, up to a limit, and a registry that is reloaded sees whether
/// its content has changed.
fn of_file(
    options: &ProviderOptions,
    file: &Path,
    context: &BuildContext,
) -> Result<OptionTable, Vec<ConfigProblem>> {
    const KEY: &str = "description";
    let text = context.secrets.resolve(&SecretSource::File(file.to_owned()));
    let text = text.map_err(|message| vec![options.problem(KEY, message)])?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // By itself first: its own lines and columns are known only here.
    let whole = read_alone(text.expose_secret(), context).and_then(|_| table(text.expose_secret()));
    whole.map_err(|problems| within(options, KEY, &name, problems))
}

/// The table of a TOML text.
fn table(text: &str) -> Result<OptionTable, Vec<ConfigProblem>> {
    match OptionEntry::from_toml(text)?.value {
        OptionValue::Table(table) => Ok(table),
        _ => Ok(OptionTable::new()),
    }
}

/// Problems of a document, told where the options name it.
fn within(
    options: &ProviderOptions,
    key: &str,
    name: &str,
    problems: Vec<ConfigProblem>,
) -> Vec<ConfigProblem> {
    let name = name.escape_debug().to_string();
    problems.into_iter().map(|problem| options.problem(key, format!("{name}: {problem}"))).collect()
}
