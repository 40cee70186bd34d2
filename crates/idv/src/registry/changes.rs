//! The changes that a new configuration made.

use std::fmt;

use idv_core::ProviderId;

use super::snapshot::Snapshot;

/// The changes that a new configuration made, each list in the order of the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Where new sessions go now, if that is elsewhere than before.
    pub active: Option<ActiveMoved>,
    /// Whether the table `routing` says something else, or its key is another one: where new sessions go may be another provider.
    pub routing: bool,
    /// Providers that were not there.
    pub added: Vec<ProviderId>,
    /// Providers that are gone: references of their sessions name no provider, until they come back. Better is `retired =
    /// true`.
    pub removed: Vec<ProviderId>,
    /// Providers whose kind changed in place: sessions of the old kind are asked about at the new one.
    pub kind_changed: Vec<ProviderId>,
    /// Providers of the same kind that were built anew, because their options or secrets changed.
    pub rebuilt: Vec<ProviderId>,
    /// Providers that take no new sessions any more.
    pub retired: Vec<ProviderId>,
    /// Providers that take new sessions again.
    pub reinstated: Vec<ProviderId>,
}

/// Where new sessions went, and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActiveMoved {
    /// The provider that was active.
    pub from: ProviderId,
    /// The provider that is active.
    pub to: ProviderId,
}

impl Changes {
    /// Whether every provider is what it was, and new sessions go where they went.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn between(old: &Snapshot, new: &Snapshot) -> Self {
        let mut changes = Self { routing: !new.routes_like(old), ..Self::default() };
        if old.active != new.active {
            let (from, to) = (old.active.clone(), new.active.clone());
            changes.active = Some(ActiveMoved { from, to });
        }
        for id in old.providers.keys() {
            changes.compare(old, new, id);
        }
        let is_new = |id: &&ProviderId| !old.providers.contains_key(*id);
        changes.added = new.providers.keys().filter(is_new).cloned().collect();
        changes
    }

    fn compare(&mut self, old: &Snapshot, new: &Snapshot, id: &ProviderId) {
        let (Some(before), Some(after)) = (old.providers.get(id), new.providers.get(id)) else {
            return self.removed.push(id.clone());
        };
        if before.profile().kind != after.profile().kind {
            self.kind_changed.push(id.clone());
        } else if !new.is_carried_over(old, id) {
            self.rebuilt.push(id.clone());
        }
        match (old.retired.contains(id), new.retired.contains(id)) {
            (false, true) => self.retired.push(id.clone()),
            (true, false) => self.reinstated.push(id.clone()),
            _ => {}
        }
    }
}

/// One line, such as `active: a -> b; added: c, d`.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [
            ("added", &self.added),
            ("removed", &self.removed),
            ("of another kind", &self.kind_changed),
            ("rebuilt", &self.rebuilt),
            ("retired", &self.retired),
            ("reinstated", &self.reinstated),
        ];
        let active = self.active.iter().map(|moved| format!("active: {} -> {}", moved.from, moved.to));
        let routing = self.routing.then(|| "routing changed".to_owned());
        let filled = lists.into_iter().filter(|(_, ids)| !ids.is_empty());
        let listed = filled.map(|(what, ids)| {
            let ids: Vec<&str> = ids.iter().map(ProviderId::as_str).collect();
            format!("{what}: {}", ids.join(", "))
        });
        let parts: Vec<String> = active.chain(routing).chain(listed).collect();
        f.write_str(if parts.is_empty() { "nothing changed" } else { "" })?;
        f.write_str(&parts.join("; "))
    }
}
