//! Where a watcher finds the providers.

use std::borrow::Cow;

use crate::{Registry, ReloadableRegistry};

/// Where a watcher finds the providers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Source {
    /// As they are now.
    Fixed(Registry),
    /// As they are at the time of each check.
    Reloadable(ReloadableRegistry),
}

impl Source {
    pub(super) fn registry(&self) -> Cow<'_, Registry> {
        match self {
            Self::Fixed(registry) => Cow::Borrowed(registry),
            Self::Reloadable(registry) => Cow::Owned(registry.current()),
        }
    }
}

impl From<Registry> for Source {
    fn from(registry: Registry) -> Self {
        Self::Fixed(registry)
    }
}

impl From<ReloadableRegistry> for Source {
    fn from(registry: ReloadableRegistry) -> Self {
        Self::Reloadable(registry)
    }
}
