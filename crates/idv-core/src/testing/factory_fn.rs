//! A factory that is a function.

use std::fmt;
use std::sync::Arc;

use crate::{
    BuildContext, BuiltProvider, ConfigProblem, JsonSchema, ProviderFactory, ProviderId, ProviderKind,
    ProviderOptions, VerificationProvider,
};

/// A factory that is a function from the configured id to a provider, whatever the options are.
///
/// ```
/// use std::sync::Arc;
///
/// use idv_core::ProviderKind;
/// use idv_core::testing::{FactoryFn, ScriptedProvider};
///
/// let kind = ProviderKind::from_static("scripted");
/// let factory = FactoryFn::new(kind, |id| Arc::new(ScriptedProvider::new(id.clone())));
/// # let _ = factory;
/// ```
pub struct FactoryFn<F> {
    kind: ProviderKind,
    build: F,
}

impl<F> FactoryFn<F> {
    /// A factory of this kind.
    #[must_use]
    pub fn new<P>(kind: ProviderKind, build: F) -> Self
    where
        F: Fn(&ProviderId) -> Arc<P>,
        P: VerificationProvider,
    {
        Self { kind, build }
    }
}

impl<F> fmt::Debug for FactoryFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FactoryFn").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<F, P> ProviderFactory for FactoryFn<F>
where
    F: Fn(&ProviderId) -> Arc<P> + Send + Sync + 'static,
    P: VerificationProvider,
{
    fn kind(&self) -> ProviderKind {
        self.kind.clone()
    }

    fn build(
        &self,
        id: &ProviderId,
        _: &ProviderOptions,
        _: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        Ok((self.build)(id).into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}
