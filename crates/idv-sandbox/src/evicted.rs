//! Recently evicted ids, so that a later request for one of them gets a clear answer.

use crate::bounded::BoundedMap;

const MAX_REMEMBERED: usize = 20_000;

/// The newest ids that were evicted.
#[derive(Debug)]
pub(crate) struct Evicted(BoundedMap<()>);

impl Default for Evicted {
    fn default() -> Self {
        Self(BoundedMap::new(MAX_REMEMBERED))
    }
}

impl Evicted {
    pub(crate) fn add(&mut self, id: String) {
        self.0.insert(id, ());
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.0.get(id).is_some()
    }
}
