//! A description by itself: read, and tried on its own samples.

mod page;

use std::sync::Arc;

use idv_core::{
    BaseUrl, BuildContext, Clock, ConfigProblem, OsRandomness, ProviderId, ProviderProfile, SecretResolver,
    SecretSource, Timestamp,
};
use idv_http::{ErrorRules, JsonClient};
use secrecy::SecretString;

use crate::description::{self, Document};
use crate::exchange::Parts;
use crate::{SessionApiConfig, profile, sample};

static ERROR_RULES: ErrorRules = ErrorRules::new();

/// When samples arrive that do not say it: 2026-07-01T09:00:00Z.
const NOW: i64 = 1_782_896_400;

/// The address of a vendor whose description names none. Nothing is ever sent there.
const NOWHERE: &str = "https://vendor.invalid";

/// A description of a vendor, without any instance of it.
///
/// ```
/// let description = idv_session_api::Description::built_in("deepidv").expect("it is built in");
/// for sample in description.samples() {
///     assert!(sample.differences.is_empty(), "{}: {:?}", sample.name, sample.differences);
/// }
/// ```
#[derive(Debug)]
pub struct Description {
    text: String,
    preset: Option<&'static str>,
    document: Document,
    parts: Parts,
}

/// A sample of a description, and what an application sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SampleOutcome {
    /// The name of the sample: a few words on the case that it shows.
    pub name: String,
    /// Each fact that an application sees, by its name in the command's JSON.
    pub seen: Vec<(&'static str, String)>,
    /// The error that an application gets in place of a result, as a sentence; `None` where it gets one.
    pub error: Option<String>,
    /// Each fact that the description says otherwise, as a sentence. There are none where the sample holds.
    pub differences: Vec<String>,
}

impl Description {
    /// Reads a document.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line and column; no value is repeated.
    pub fn read(text: &str) -> Result<Self, Vec<ConfigProblem>> {
        let context = BuildContext::new(Arc::new(SampleClock), Arc::new(OsRandomness), Arc::new(NoSecrets));
        let (document, spec) = description::read_alone(text, &context)?;
        let wrong = |message: &str| vec![ConfigProblem::new("", message)];
        let id: ProviderId = "sample".parse().map_err(|_| wrong("the samples cannot be read"))?;
        let nowhere: BaseUrl = NOWHERE.parse().map_err(|_| wrong("the samples cannot be read"))?;
        let base = spec.base_url.clone().unwrap_or(nowhere);
        let client = JsonClient::new(id.clone(), base, &ERROR_RULES, &context);
        let client = client.map_err(|problems| wrong(&problems.to_string()))?;
        let profile = profile::of(&SessionApiConfig::of_samples(), &spec);
        let parts = Parts {
            id,
            profile,
            client: client.with_error_places(spec.errors.places.clone()),
            spec: Arc::new(spec),
            headers: Vec::new(),
            workflow: None,
            webhooks: None,
            context,
        };
        Ok(Self { text: text.to_owned(), preset: None, document, parts })
    }

    /// A built-in description; `None` where there is none of that name.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let preset = Self::built_in_names().find(|known| *known == name);
        let read = Self::read(description::built_in(name)?).ok()?;
        Some(Self { preset, ..read })
    }

    /// The names of the built-in descriptions.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        description::built_in_names()
    }

    /// The document, as it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The page of the vendor in documentation, in Markdown: its configuration, operations, words, facts and sources.
    #[must_use]
    pub fn page(&self) -> String {
        page::page(self.preset, &self.text, &self.document, &self.parts.spec, &self.parts.profile)
    }

    /// The profile of an instance without options of its own.
    #[must_use]
    pub fn profile(&self) -> &ProviderProfile {
        &self.parts.profile
    }

    /// The vendor's page for each place of the document that has one.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.document.sources.iter().map(|(place, source)| (place.as_str(), source.as_str()))
    }

    /// Reads every sample as an application would see it. Nothing is sent.
    #[must_use]
    pub fn samples(&self) -> Vec<SampleOutcome> {
        let now = Timestamp::from_unix_seconds(NOW);
        let outcome = |one: &description::Sample| {
            let (seen, error) = sample::seen(&self.parts, one, now);
            let seen = seen.facts();
            let told = one.sees.facts();
            let differs =
                told.into_iter().zip(&seen).filter(|((_, told), (_, seen))| told.is_some() && told != seen);
            let differences = differs.map(|((name, told), (_, seen))| {
                let (told, seen) = (told.unwrap_or_default(), seen.as_deref().unwrap_or("nothing"));
                format!("{name}: the description says `{told}`, and an application sees `{seen}`")
            });
            SampleOutcome {
                name: one.name.clone(),
                error: error.map(|error| error.to_string()),
                differences: differences.collect(),
                seen: seen.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect(),
            }
        };
        self.document.samples.iter().map(outcome).collect()
    }
}

impl SessionApiConfig {
    /// The options of the instance that samples are read with.
    fn of_samples() -> Self {
        Self {
            preset: None,
            description: None,
            base_url: None,
            api_key: SecretSource::Literal(SecretString::from("")),
            secrets: std::collections::BTreeMap::new(),
            workflow_id: None,
            webhook_secrets: Vec::new(),
            recheck_after: None,
        }
    }
}

/// The time of the samples.
#[derive(Debug)]
struct SampleClock;

impl Clock for SampleClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(NOW)
    }
}

/// No secrets at all: a description names none.
#[derive(Debug)]
struct NoSecrets;

impl SecretResolver for NoSecrets {
    fn resolve(&self, _: &SecretSource) -> Result<SecretString, String> {
        Err("a description holds no secrets".to_owned())
    }
}
