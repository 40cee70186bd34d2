//! A map of bounded size.

use std::collections::{BTreeMap, HashMap};

/// Keeps at most `cap` entries by evicting the oldest insertion.
#[derive(Debug)]
pub(crate) struct BoundedMap<V> {
    cap: usize,
    next: u64,
    entries: HashMap<String, (u64, V)>,
    order: BTreeMap<u64, String>,
}

impl<V> BoundedMap<V> {
    pub(crate) fn new(cap: usize) -> Self {
        Self { cap, next: 0, entries: HashMap::new(), order: BTreeMap::new() }
    }

    pub(crate) fn insert(&mut self, key: String, value: V) {
        self.remove(&key);
        self.order.insert(self.next, key.clone());
        self.entries.insert(key, (self.next, value));
        self.next += 1;
        while self.entries.len() > self.cap {
            let Some((_, oldest)) = self.order.pop_first() else { break };
            self.entries.remove(&oldest);
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.entries.get_mut(key).map(|(_, value)| value)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        let (position, value) = self.entries.remove(key)?;
        self.order.remove(&position);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_makes_room() {
        let mut map = BoundedMap::new(2);
        for key in ["a", "b", "a", "c"] {
            map.insert(key.to_owned(), key);
        }
        assert_eq!((map.get("a"), map.get("b"), map.get("c")), (Some(&"a"), None, Some(&"c")));
        map.remove("a");
        map.insert("d".to_owned(), "d");
        assert_eq!(map.get("c"), Some(&"c"));
    }
}
