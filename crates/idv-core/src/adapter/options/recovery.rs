//! Takes a reported problem out of a tree, so that the next look shows the next problem.

use super::OptionTable;
use super::de::{Expected, Failure, STAND_INS};
use super::value::{OptionEntry, OptionValue, Row};

/// Changes the tree so that the failure does not come again. `false` when that cannot be done.
pub(super) fn remove_offending_entry(tree: &mut OptionEntry, failure: &Failure) -> bool {
    let path = failure.path();
    match &failure.expected {
        Expected::KnownKey { key, .. } => remove(tree, &path, key),
        Expected::Key(key) => match find(tree, &path).map(|entry| &mut entry.value) {
            Some(OptionValue::Table(table)) if table.get(key).is_none() => {
                table.0.push(missing(key));
                true
            }
            Some(value @ OptionValue::Placeholder(_)) => {
                *value = OptionValue::Table(OptionTable(vec![missing(key)]));
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

fn missing(key: &str) -> Row {
    (key.to_owned(), None, OptionEntry { location: None, value: OptionValue::Placeholder(0) })
}

fn find<'a>(tree: &'a mut OptionEntry, path: &[String]) -> Option<&'a mut OptionEntry> {
    path.iter().try_fold(tree, |entry, key| entry.child_mut(key))
}

/// Removes a row of a table; an element of a list is replaced, so that the others keep their places.
fn remove(tree: &mut OptionEntry, path: &[String], key: &str) -> bool {
    let Some(entry) = find(tree, path) else { return false };
    match &mut entry.value {
        OptionValue::Table(OptionTable(rows)) => match rows.iter().position(|(name, ..)| name == key) {
            Some(row) => match &mut rows[row].2.value {
                OptionValue::Placeholder(number) => try_another(number),
                _ => {
                    rows.remove(row);
                    true
                }
            },
            None => false,
        },
        OptionValue::List(entries) => {
            match key.parse::<usize>().ok().and_then(|index| entries.get_mut(index)).map(|one| &mut one.value)
            {
                Some(OptionValue::Placeholder(number)) => try_another(number),
                Some(element) => {
                    *element = OptionValue::Placeholder(0);
                    true
                }
                None => false,
            }
        }
        _ => false,
    }
}

/// The type in question takes no such text: perhaps another one.
fn try_another(number: &mut usize) -> bool {
    *number += 1;
    *number < STAND_INS.len()
}
