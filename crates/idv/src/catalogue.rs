//! The catalogue of known provider kinds.

use std::collections::BTreeMap;
use std::sync::Arc;

use idv_core::{ProviderFactory, ProviderKind};

/// The kinds that a configuration can name: those of the compiled-in vendors, and those that the application adds.
#[derive(Debug, Clone)]
pub struct Catalogue(BTreeMap<ProviderKind, Arc<dyn ProviderFactory>>);

impl Catalogue {
    /// No kinds at all.
    #[must_use]
    pub fn empty() -> Self {
        Self(BTreeMap::new())
    }

    /// The kinds whose features are on.
    #[must_use]
    pub fn compiled_in() -> Self {
        #[allow(unused_mut, reason = "without any vendor feature there is nothing to add")]
        let mut catalogue = Self::empty();
        #[cfg(feature = "baanx")]
        {
            catalogue.add(idv_baanx::BaanxRegistrationFactory);
            catalogue.add(idv_baanx::BaanxUserFactory);
        }
        #[cfg(feature = "nxos")]
        catalogue.add(idv_nxos::NxosFactory);
        #[cfg(feature = "onfido")]
        catalogue.add(idv_onfido::OnfidoFactory);
        #[cfg(feature = "session-api")]
        catalogue.add(idv_session_api::SessionApiFactory);
        #[cfg(feature = "stripe")]
        catalogue.add(idv_stripe::StripeFactory);
        #[cfg(feature = "sumsub")]
        catalogue.add(idv_sumsub::SumsubFactory);
        #[cfg(feature = "veriff")]
        catalogue.add(idv_veriff::VeriffFactory);
        catalogue
    }

    /// Adds a kind, in place of an earlier one of the same name.
    pub fn add(&mut self, factory: impl ProviderFactory) {
        self.0.insert(factory.kind(), Arc::new(factory));
    }

    /// The factory of a kind.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&Arc<dyn ProviderFactory>> {
        self.0.get(kind)
    }

    /// The names of the kinds, in order.
    #[must_use]
    pub fn kinds(&self) -> Vec<&str> {
        self.0.keys().map(ProviderKind::as_str).collect()
    }

    /// The factories, in the order of their kinds.
    pub fn factories(&self) -> impl Iterator<Item = &Arc<dyn ProviderFactory>> {
        self.0.values()
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::compiled_in()
    }
}
