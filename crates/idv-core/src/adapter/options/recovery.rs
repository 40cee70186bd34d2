//! Takes a reported problem out of a tree, so that the next look shows the next problem.

use super::OptionTable;
use super::de::{Expected, Failure};
use super::value::{OptionEntry, OptionValue};

/// Changes the tree so that the failure does not come again. `false` when that cannot be done.
pub(super) fn remove_offending_entry(tree: &mut OptionEntry, failure: &Failure) -> bool {
    let path = failure.path();
    match &failure.expected {
        Expected::KnownKey { key, .. } => remove(tree, &path, key),
        Expected::Key(key) => match find(tree, &path).map(|entry| &mut entry.value) {
            Some(OptionValue::Table(table)) if table.get(key).is_none() => {
                table.0.push((
                    (*key).to_owned(),
                    None,
                    OptionEntry { location: None, value: OptionValue::Placeholder },
                ));
                true
            }
            _ => false,
        },
        Expected::Value(_) => match path.split_last() {
            Some((key, table)) => remove(tree, table, key),
            None => false,
        },
    }
}

fn find<'a>(tree: &'a mut OptionEntry, path: &[String]) -> Option<&'a mut OptionEntry> {
    path.iter().try_fold(tree, |entry, key| entry.child_mut(key))
}

/// Removes a row of a table; an element of a list is replaced, so that the others keep their places.
fn remove(tree: &mut OptionEntry, path: &[String], key: &str) -> bool {
    let Some(entry) = find(tree, path) else { return false };
    match &mut entry.value {
        OptionValue::Table(OptionTable(rows)) => match rows.iter().position(|(name, ..)| name == key) {
            Some(row) if !matches!(rows[row].2.value, OptionValue::Placeholder) => {
                rows.remove(row);
                true
            }
            _ => false,
        },
        OptionValue::List(entries) => {
            match key.parse::<usize>().ok().and_then(|index| entries.get_mut(index)) {
                Some(element) if !matches!(element.value, OptionValue::Placeholder) => {
                    element.value = OptionValue::Placeholder;
                    true
                }
                _ => false,
            }
        }
        _ => false,
    }
}
