//! Where the provider of a watched session is found.

use crate::{Registry, ReloadableRegistry};

/// Where a watcher finds the provider of a session. Both kinds of registry turn into one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WatchedRegistry {
    /// The same providers as long as the watcher lives.
    Fixed(Registry),
    /// The providers of the configuration that holds when a check begins.
    Reloadable(ReloadableRegistry),
}

impl WatchedRegistry {
    /// The providers as they are now.
    pub(super) fn current(&self) -> Registry {
        match self {
            Self::Fixed(registry) => registry.clone(),
            Self::Reloadable(registry) => registry.current(),
        }
    }
}

impl From<Registry> for WatchedRegistry {
    fn from(registry: Registry) -> Self {
        Self::Fixed(registry)
    }
}

impl From<ReloadableRegistry> for WatchedRegistry {
    fn from(registry: ReloadableRegistry) -> Self {
        Self::Reloadable(registry)
    }
}
