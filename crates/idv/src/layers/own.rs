//! Layers that an application adds to those of the registry.

use std::fmt;
use std::sync::Arc;

use idv_core::VerificationProvider;

use super::layer::{Layer, Layered};

type Wrap = dyn Fn(Arc<dyn VerificationProvider>) -> Arc<dyn VerificationProvider> + Send + Sync;

/// Layers in the order in which they were added: the last one is the outermost.
#[derive(Clone, Default)]
pub(crate) struct OwnLayers(Vec<Arc<Wrap>>);

impl OwnLayers {
    pub(crate) fn add<L: Layer + Clone>(&mut self, layer: L) {
        self.0.push(Arc::new(move |provider| Arc::new(Layered::around(layer.clone(), provider))));
    }

    pub(crate) fn around(&self, provider: Arc<dyn VerificationProvider>) -> Arc<dyn VerificationProvider> {
        self.0.iter().fold(provider, |inner, wrap| wrap(inner))
    }
}

impl fmt::Debug for OwnLayers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnLayers").field(&self.0.len()).finish()
    }
}
