//! The factory of an adapter: builds a provider of its configuration.

use std::fmt;
use std::sync::Arc;

use crate::{BuildContext, ConfigProblem, ProviderId, ProviderKind, ProviderOptions, VerificationProvider};

/// Builds providers of one kind. Adapters in crates elsewhere are registered in the same way as ours.
pub trait ProviderFactory: fmt::Debug + Send + Sync + 'static {
    /// The kind, as in `kind = "…"`.
    fn kind(&self) -> ProviderKind;

    /// Builds a configured instance. Every configured secret is resolved here.
    ///
    /// # Errors
    /// Everything that is wrong with the options, not the first problem only, and without any value.
    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>>;

    /// Warnings about options that are valid but probably a mistake: a key of another form than the vendor documents, or one
    /// of another environment. They are part of a registry's health report; no message repeats a value. No I/O but reading
    /// the secrets.
    fn lint(&self, _options: &ProviderOptions, _context: &BuildContext) -> Vec<ConfigProblem> {
        Vec::new()
    }

    /// The JSON Schema of the options (draft 2020-12), where the adapter was built with its `schema` feature. It becomes
    /// a part of the schema of the whole configuration, so it may refer to its own `$defs` and to nothing else.
    fn schema(&self) -> Option<JsonSchema>;
}

/// A JSON Schema, as JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonSchema(String);

impl JsonSchema {
    /// The schema of a type, without references to elsewhere.
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn of<T: schemars::JsonSchema>() -> Self {
        let settings =
            schemars::generate::SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
        Self(settings.into_generator().into_root_schema_for::<T>().as_value().to_string())
    }

    /// Takes JSON text, such as another generator's.
    #[must_use]
    pub fn new(json: impl Into<String>) -> Self {
        Self(json.into())
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
