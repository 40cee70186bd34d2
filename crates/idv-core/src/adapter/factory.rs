//! The factory of an adapter: builds a provider of its configuration.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::{
    BuildContext, ConfigProblem, OptionsValidator, ProviderId, ProviderKind, ProviderOptions,
    VerificationProvider,
};

/// An adapter: builds providers of one kind from its typed configuration. It is a [`ProviderFactory`], so adapters in crates
/// elsewhere are registered in the same way as ours.
///
/// ```
/// use idv_core::testing::ScriptedProvider;
/// use idv_core::{Adapter, JsonSchema, OptionsValidator, ProviderId, ProviderKind, SecretSource};
///
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct AcmeConfig {
///     api_key: SecretSource,
/// }
///
/// #[derive(Debug)]
/// struct AcmeAdapter;
///
/// impl Adapter for AcmeAdapter {
///     type Config = AcmeConfig;
///     type Provider = ScriptedProvider; // an adapter's own type, which calls the vendor
///
///     const KIND: ProviderKind = ProviderKind::from_static("acme");
///
///     fn build(
///         &self, id: &ProviderId, config: &AcmeConfig, validator: &mut OptionsValidator<'_>,
///     ) -> Option<ScriptedProvider> {
///         let _key = validator.secret("api_key", &config.api_key)?;
///         Some(ScriptedProvider::new(id.clone()))
///     }
///
///     fn lint(&self, _: &AcmeConfig, _: &mut OptionsValidator<'_>) {}
///
///     fn schema(&self) -> Option<JsonSchema> {
///         None
///     }
/// }
/// ```
pub trait Adapter: fmt::Debug + Send + Sync + 'static {
    /// The options of an instance.
    type Config: DeserializeOwned;
    /// The provider of an instance.
    type Provider: VerificationProvider;

    /// The kind, as in `kind = "…"`.
    const KIND: ProviderKind;

    /// Builds a configured instance, and resolves every configured secret. What is wrong with the options is added to the
    /// validator: all of it and not the first problem only, without any value. Nothing is built where something is wrong.
    fn build(
        &self,
        id: &ProviderId,
        config: &Self::Config,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<Self::Provider>;

    /// Adds warnings about options that are valid but probably a mistake: a key of another form than the vendor documents, or
    /// one of another environment. Everything that is added to this validator is a warning. No message repeats a value. No I/O but
    /// reading the secrets.
    fn lint(&self, config: &Self::Config, validator: &mut OptionsValidator<'_>);

    /// The JSON Schema of the options: see [`ProviderFactory::schema`].
    fn schema(&self) -> Option<JsonSchema>;
}

impl<A: Adapter> ProviderFactory for A {
    fn kind(&self) -> ProviderKind {
        A::KIND
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        let (mut validator, config) = OptionsValidator::read(options, context);
        let Some(config) = config else { return Err(validator.into_errors()) };
        let provider = Adapter::build(self, id, &config, &mut validator);
        let provider = validator.finish(provider)?;
        let mut validator = OptionsValidator::new(options, context);
        self.lint(&config, &mut validator);
        Ok(BuiltProvider { provider: Arc::new(provider), warnings: validator.into_errors() })
    }

    fn schema(&self) -> Option<JsonSchema> {
        Adapter::schema(self)
    }
}

/// Builds providers of one kind, from options that need not have a type. Most adapters implement [`Adapter`] instead.
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
    ) -> Result<BuiltProvider, Vec<ConfigProblem>>;

    /// The JSON Schema of the options (draft 2020-12), where the adapter was built with its `schema` feature. It becomes
    /// a part of the schema of the whole configuration, so it may refer to its own `$defs` and to nothing else.
    fn schema(&self) -> Option<JsonSchema>;
}

/// A provider as a factory built it.
#[derive(Debug)]
#[non_exhaustive]
pub struct BuiltProvider {
    /// The provider.
    pub provider: Arc<dyn VerificationProvider>,
    /// Warnings about its options, for the registry's health report; no message repeats a value.
    pub warnings: Vec<ConfigProblem>,
}

impl<P: VerificationProvider> From<Arc<P>> for BuiltProvider {
    fn from(provider: Arc<P>) -> Self {
        Self { provider, warnings: Vec::new() }
    }
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
