//! Records under ids, in the order of their creation.

use std::collections::{BTreeMap, HashMap};

use crate::evicted::Evicted;
use crate::vendor_state::newest_ids;

/// Verifications under their ids. The oldest are evicted for new ones, and their ids are remembered.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    /// Each with its number, which tells the order of creation.
    entries: HashMap<String, (u64, T)>,
    /// The ids of those that can be evicted, by their numbers.
    evictable: BTreeMap<u64, String>,
    next: u64,
    evicted: Evicted,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { entries: HashMap::new(), evictable: BTreeMap::new(), next: 0, evicted: Evicted::default() }
    }
}

impl<T> Kept<T> {
    /// Adds one that can be evicted.
    pub(crate) fn add(&mut self, id: String, value: T) {
        self.evictable.insert(self.next, id.clone());
        self.add_for_good(id, value);
    }

    /// Adds one that is neither evicted nor counted.
    pub(crate) fn add_for_good(&mut self, id: String, value: T) {
        self.entries.insert(id, (self.next, value));
        self.next += 1;
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let (number, value) = self.entries.remove(id)?;
        self.evictable.remove(&number);
        Some(value)
    }

    /// Evicts the oldest, unless there is space for another one.
    pub(crate) fn evict(&mut self, capacity: usize) -> Option<(String, T)> {
        if self.evictable.len() < capacity.max(1) {
            return None;
        }
        let (_, oldest) = self.evictable.pop_first()?;
        let (_, value) = self.entries.remove(&oldest)?;
        self.evicted.add(oldest.clone());
        Some((oldest, value))
    }

    pub(crate) fn was_evicted(&self, id: &str) -> bool {
        self.evicted.contains(id)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.entries.get(id).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.entries.get_mut(id).map(|(_, value)| value)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.values().map(|(_, value)| value)
    }

    /// Those that can be evicted, with their numbers, oldest first.
    pub(crate) fn in_order(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.evictable.iter().filter_map(|(number, id)| Some((*number, self.get(id)?)))
    }

    /// All ids, oldest first.
    pub(crate) fn ids(&self) -> Vec<String> {
        let mut all: Vec<(u64, &String)> =
            self.entries.iter().map(|(id, (number, _))| (*number, id)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, id)| id.clone()).collect()
    }

    /// The ids of those that changed last, the latest change first. Those without a time of change are left out.
    pub(crate) fn newest(&self, limit: usize, changed_at: impl Fn(&T) -> Option<i64>) -> Vec<String> {
        let timed = |(id, (number, value)): (_, &(u64, T))| Some(((changed_at(value)?, *number), id));
        newest_ids(self.entries.iter().filter_map(timed), limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Kept<i64> {
        let mut kept = Kept::default();
        kept.add("a".to_owned(), 5);
        kept.add_for_good("b".to_owned(), 7);
        kept.add("c".to_owned(), 5);
        kept
    }

    #[test]
    fn the_oldest_makes_room_unless_it_is_kept_for_good() {
        let mut kept = three();
        assert_eq!(kept.evict(3), None);
        assert_eq!(kept.evict(2), Some(("a".to_owned(), 5)));
        assert_eq!(kept.evict(0), Some(("c".to_owned(), 5)));
        assert_eq!(kept.evict(0), None);
        assert_eq!((kept.was_evicted("a"), kept.was_evicted("b"), kept.get("b")), (true, false, Some(&7)));
    }

    #[test]
    fn what_is_removed_is_not_counted() {
        let mut kept = three();
        assert_eq!((kept.remove("a"), kept.remove("a")), (Some(5), None));
        assert_eq!(kept.evict(2), None);
        assert!(!kept.was_evicted("a"));
        assert_eq!(kept.in_order().map(|(number, _)| number).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn ids_come_by_creation_or_by_change() {
        let kept = three();
        assert_eq!(kept.ids(), ["a", "b", "c"]);
        assert_eq!(kept.newest(2, |at| Some(*at)), ["b", "c"]);
        assert_eq!(kept.newest(3, |at| Some(*at).filter(|at| *at < 7)), ["c", "a"]);
    }
}
