//! The shape that every configuration has: `active`, and a table of providers.

use idv_core::{ConfigProblem, Entry, Location, OptionValue, ProviderId, ProviderOptions};

use super::ConfigDocument;

/// What a configuration says, before any provider is built.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outline {
    /// The provider for new sessions.
    pub active: Option<ProviderId>,
    /// The configured providers, in the order of the file.
    pub providers: Vec<ProviderEntry>,
    /// What is wrong with the shape.
    pub problems: Vec<ConfigProblem>,
}

/// One configured provider.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProviderEntry {
    /// Its name.
    pub id: ProviderId,
    /// Its kind, as written.
    pub kind: String,
    /// Where the kind stands, to complain about it.
    pub kind_problem: ConfigProblem,
    /// The `http` table.
    pub http: ProviderOptions,
    /// Everything else: the options of the kind.
    pub options: ProviderOptions,
}

type Row = (String, Option<Location>, Entry);

impl ConfigDocument {
    /// Reads the shape.
    #[must_use]
    pub fn outline(&self) -> Outline {
        let mut outline = Outline { active: None, providers: Vec::new(), problems: Vec::new() };
        let OptionValue::Table(rows) = &self.root.value else {
            outline.problems.push(ConfigProblem::new("", "expected a table with `active` and `providers`"));
            return outline;
        };
        for (key, place, entry) in rows {
            match key.as_str() {
                "active" => outline.read_active(entry),
                "providers" => outline.read_providers(entry),
                unknown => {
                    let known = near(unknown, &["active", "providers"]);
                    outline.refuse(unknown, *place, format!("unknown key{known}"));
                }
            }
        }
        outline.check_active(rows);
        outline
    }
}

impl Outline {
    fn refuse(&mut self, path: &str, place: Option<Location>, message: impl Into<String>) {
        self.problems.push(problem(path, place, message));
    }

    fn read_active(&mut self, entry: &Entry) {
        match &entry.value {
            OptionValue::Text(text) => match text.parse() {
                Ok(id) => self.active = Some(id),
                Err(error) => self.refuse("active", entry.location, format!("{error}")),
            },
            _ => self.refuse("active", entry.location, "expected the id of a provider"),
        }
    }

    fn read_providers(&mut self, entry: &Entry) {
        let OptionValue::Table(rows) = &entry.value else {
            return self.refuse("providers", entry.location, "expected tables such as [providers.primary]");
        };
        for (key, place, entry) in rows {
            let path = format!("providers.{key}");
            match (key.parse::<ProviderId>(), &entry.value) {
                (Ok(id), OptionValue::Table(rows)) => self.read_provider(id, &path, entry.location, rows),
                (Ok(_), _) => self.refuse(&path, entry.location, "expected a table"),
                (Err(error), _) => self.refuse("providers", *place, format!("{error}")),
            }
        }
    }

    fn read_provider(&mut self, id: ProviderId, path: &str, place: Option<Location>, rows: &[Row]) {
        let named = |name: &str| rows.iter().find(|(key, ..)| key == name).map(|(.., entry)| entry);
        let kind_place = named("kind").and_then(|entry| entry.location).or(place);
        let kind = match named("kind").map(|entry| &entry.value) {
            Some(OptionValue::Text(kind)) => kind.clone(),
            Some(_) => return self.refuse(&format!("{path}.kind"), kind_place, "expected a text"),
            None => return self.refuse(&format!("{path}.kind"), place, "is required"),
        };
        let empty = || Entry { location: place, value: OptionValue::Table(Vec::new()) };
        let http = named("http").cloned().unwrap_or_else(empty);
        let rest: Vec<Row> =
            rows.iter().filter(|(key, ..)| key != "kind" && key != "http").cloned().collect();
        self.providers.push(ProviderEntry {
            id,
            kind,
            kind_problem: problem(&format!("{path}.kind"), kind_place, ""),
            http: ProviderOptions::new(format!("{path}.http"), http.location, http.value),
            options: ProviderOptions::new(path, place, OptionValue::Table(rest)),
        });
    }

    /// `active` has to name one of the providers, unless something is wrong with them anyway.
    fn check_active(&mut self, rows: &[Row]) {
        let place = rows.iter().find(|(key, ..)| key == "active").and_then(|(.., entry)| entry.location);
        let ids: Vec<String> = self.providers.iter().map(|provider| provider.id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        if !rows.iter().any(|(key, ..)| key == "active") {
            self.refuse("active", None, "is required: the id of the provider for new sessions");
        }
        if !rows.iter().any(|(key, ..)| key == "providers") {
            self.refuse("providers", None, "is required: at least one table such as [providers.primary]");
        } else if self.problems.is_empty() && ids.is_empty() {
            self.refuse("providers", None, "at least one provider is needed");
        }
        let Some(active) = self.active.as_ref().map(ProviderId::as_str) else { return };
        let excused = self.problems.iter().any(|problem| problem.path.starts_with("providers"));
        if !excused && !ids.contains(&active) {
            let known = near(active, &ids);
            self.refuse("active", place, format!("no provider of this name is configured{known}"));
        }
    }
}

pub(crate) fn problem(path: &str, place: Option<Location>, message: impl Into<String>) -> ConfigProblem {
    let mut problem = ConfigProblem::new(path, message);
    (problem.line, problem.column) = (place.map(|at| at.line), place.map(|at| at.column));
    problem
}

/// A hint for a misspelt name: the nearest known one, and all of them.
pub(crate) fn near(name: &str, known: &[&str]) -> String {
    let scored = known.iter().map(|other| (strsim::jaro_winkler(name, other), *other));
    let nearest = scored.filter(|(score, _)| *score > 0.75).max_by(|a, b| a.0.total_cmp(&b.0));
    let listed = known.join(", ");
    match nearest {
        Some((_, nearest)) => format!("; did you mean `{nearest}`? Known: {listed}"),
        None => format!("; known: {listed}"),
    }
}
