//! The shape that every configuration has: `active`, a table of providers, and perhaps those of routing and of a tracker.

use std::fmt;

use idv_core::{
    ConfigProblem, Location, OptionEntry, OptionTable, OptionValue, ProviderId, ProviderOptions, VendorWord,
};

use super::ConfigDocument;
use crate::util::suggestion::{suggestion, unknown_provider};

/// The content of a configuration, before any provider is built.
///
/// `Debug` shows the ids of the providers and the problems, and no other value.
#[non_exhaustive]
pub struct ParsedConfig {
    /// The provider for new sessions.
    pub active: Option<ProviderId>,
    /// The configured providers, in the order of the file.
    pub providers: Vec<ProviderEntry>,
    /// The `routing` table, where there is one.
    pub routing: Option<ProviderOptions>,
    /// The same as it was written.
    pub(crate) routing_table: Option<OptionValue>,
    /// The `tracker` table, where there is one: see [`TrackerTable`](super::TrackerTable).
    pub tracker: Option<ProviderOptions>,
    /// The problems of the shape.
    pub problems: Vec<ConfigProblem>,
}

/// One configured provider. `Debug` shows its id only.
#[non_exhaustive]
pub struct ProviderEntry {
    /// Its name.
    pub id: ProviderId,
    /// Its kind, as written.
    pub kind: String,
    /// The place of the kind, as a problem that has no message yet.
    pub kind_location: ConfigProblem,
    /// Whether it takes no new sessions; default: `false`.
    pub retired: bool,
    /// The `http` table.
    pub http: ProviderOptions,
    /// The `limits` table.
    pub limits: ProviderOptions,
    /// Everything else: the options of the kind.
    pub options: ProviderOptions,
    /// The whole table, but for `retired`.
    pub(crate) table: OptionValue,
}

impl fmt::Debug for ParsedConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedConfig")
            .field("providers", &self.providers)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProviderEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderEntry").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Keys that every provider has, whatever its kind.
const COMMON_KEYS: &[&str] = &["kind", "retired", "http", "limits"];

/// Keys at the top.
const TOP_KEYS: &[&str] = &["active", "providers", "routing", "tracker"];

impl ConfigDocument {
    /// Reads the shape.
    #[must_use]
    pub fn parsed(&self) -> ParsedConfig {
        let mut parsed = ParsedConfig {
            active: None,
            providers: Vec::new(),
            routing: None,
            routing_table: None,
            tracker: None,
            problems: Vec::new(),
        };
        let OptionValue::Table(table) = &self.root.value else {
            parsed.problems.push(ConfigProblem::new("", "expected a table with `active` and `providers`"));
            return parsed;
        };
        for (key, place, entry) in table.iter() {
            match key {
                "active" => parsed.read_active(entry),
                "providers" => parsed.read_providers(entry),
                "routing" => {
                    let (at, table) = (entry.location, entry.value.clone());
                    parsed.routing_table = Some(table.clone());
                    parsed.routing = Some(ProviderOptions::new("routing", at, table));
                }
                "tracker" => {
                    let (at, table) = (entry.location, entry.value.clone());
                    parsed.tracker = Some(ProviderOptions::new("tracker", at, table));
                }
                unknown => {
                    let known = suggestion(unknown, TOP_KEYS);
                    parsed.refuse(&ConfigProblem::join([unknown]), place, format!("unknown key{known}"));
                }
            }
        }
        parsed.check_active(table);
        parsed
    }
}

impl ProviderEntry {
    /// A problem that the kind has found, at its place in the file. A kind does not see the `http` table, and so names a key in
    /// it without a place.
    pub(crate) fn placed(&self, problem: ConfigProblem) -> ConfigProblem {
        let http = ConfigProblem::join(["providers", self.id.as_str(), "http"]);
        match problem.path.strip_prefix(&http) {
            Some("") => self.http.problem("", problem.message),
            Some(key) if key.starts_with('.') => self.http.problem(key, problem.message),
            _ => problem,
        }
    }
}

impl ConfigDocument {
    /// The names of all providers, readable or not.
    pub(crate) fn provider_ids(&self) -> Vec<&str> {
        let OptionValue::Table(table) = &self.root.value else { return Vec::new() };
        match table.get("providers").map(|entry| &entry.value) {
            Some(OptionValue::Table(providers)) => providers.keys().collect(),
            _ => Vec::new(),
        }
    }
}

impl ParsedConfig {
    /// Whether a provider is there but cannot be read.
    pub(crate) fn is_broken(&self, id: &ProviderId) -> bool {
        let path = ConfigProblem::join(["providers", id.as_str()]);
        self.problems.iter().any(|problem| {
            problem.path.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn refuse(&mut self, path: &str, place: Option<Location>, message: impl Into<String>) {
        self.problems.push(problem(path, place, message));
    }

    fn read_active(&mut self, entry: &OptionEntry) {
        match &entry.value {
            OptionValue::Text(text) => match text.parse() {
                Ok(id) => self.active = Some(id),
                Err(error) => {
                    let message =
                        format!("`{}` cannot be the id of a provider: {error}", VendorWord::new(text));
                    self.refuse("active", entry.location, message);
                }
            },
            _ => self.refuse("active", entry.location, "expected the id of a provider"),
        }
    }

    fn read_providers(&mut self, entry: &OptionEntry) {
        let OptionValue::Table(providers) = &entry.value else {
            return self.refuse("providers", entry.location, "expected tables such as [providers.primary]");
        };
        for (key, place, entry) in providers.iter() {
            let path = ConfigProblem::join(["providers", key]);
            match (key.parse::<ProviderId>(), &entry.value) {
                (Ok(id), OptionValue::Table(table)) => self.read_provider(id, &path, entry.location, table),
                (Ok(_), _) => self.refuse(&path, entry.location, "expected a table"),
                (Err(error), _) => self.refuse(&path, place, format!("{error}")),
            }
        }
    }

    fn read_provider(&mut self, id: ProviderId, path: &str, place: Option<Location>, table: &OptionTable) {
        let named = |name: &str| table.get(name);
        let kind_place = named("kind").and_then(|entry| entry.location).or(place);
        let kind = match named("kind").map(|entry| &entry.value) {
            Some(OptionValue::Text(kind)) => kind.clone(),
            Some(_) => return self.refuse(&format!("{path}.kind"), kind_place, "expected a text"),
            None => return self.refuse_without_kind(path, place, table),
        };
        let empty = || OptionEntry::new(place, OptionValue::Table(OptionTable::new()));
        let options = |name: &str| {
            let table = named(name).cloned().unwrap_or_else(empty);
            ProviderOptions::new(format!("{path}.{name}"), table.location, table.value)
        };
        let (http, limits) = (options("http"), options("limits"));
        let retired = self.read_retired(path, named("retired"));
        let rest = OptionValue::Table(table.without(COMMON_KEYS));
        self.providers.push(ProviderEntry {
            id,
            kind,
            kind_location: problem(&format!("{path}.kind"), kind_place, ""),
            retired,
            http,
            limits,
            options: ProviderOptions::new(path, place, rest).known_keys(COMMON_KEYS),
            table: OptionValue::Table(table.without(&["retired"])),
        });
    }

    fn read_retired(&mut self, path: &str, entry: Option<&OptionEntry>) -> bool {
        match entry.map(|entry| (&entry.value, entry.location)) {
            None => false,
            Some((OptionValue::Bool(retired), _)) => *retired,
            Some((_, place)) => {
                self.refuse(&format!("{path}.retired"), place, "expected true or false");
                false
            }
        }
    }

    /// Without a kind the other keys have no meaning; one of them may be intended as the kind.
    fn refuse_without_kind(&mut self, path: &str, place: Option<Location>, table: &OptionTable) {
        let meant = table.iter().find(|(key, ..)| idv_core::did_you_mean(key, &["kind"]).is_some());
        let (place, hint) = match meant {
            Some((key, place, _)) => (place, format!(": `{}` is not known", ConfigProblem::join([key]))),
            None => (place, String::new()),
        };
        self.refuse(&format!("{path}.kind"), place, format!("is required{hint}"));
    }

    /// `active` has to name one of the providers, broken or not.
    fn check_active(&mut self, table: &OptionTable) {
        if table.get("active").is_none() {
            self.refuse("active", None, "is required: the id of the provider for new sessions");
        }
        let Some(providers) = table.get("providers") else {
            return self.refuse(
                "providers",
                None,
                "is required: at least one table such as [providers.primary]",
            );
        };
        let place = providers.location;
        let OptionValue::Table(providers) = &providers.value else { return };
        if providers.is_empty() {
            return self.refuse("providers", place, "at least one provider is needed");
        }
        let ids: Vec<&str> = providers.keys().collect();
        let Some(active) = self.active.as_ref().map(ProviderId::as_str) else { return };
        let is_retired = self.providers.iter().any(|entry| entry.id.as_str() == active && entry.retired);
        let message = if !ids.contains(&active) {
            unknown_provider(active, &ids)
        } else if is_retired {
            "this provider is retired: it takes no new sessions".to_owned()
        } else {
            return;
        };
        self.refuse("active", table.get("active").and_then(|entry| entry.location), message);
    }
}

pub(crate) fn problem(path: &str, place: Option<Location>, message: impl Into<String>) -> ConfigProblem {
    let mut problem = ConfigProblem::new(path, message);
    (problem.line, problem.column) = (place.map(|at| at.line), place.map(|at| at.column));
    problem
}
