//! Places, names and query parameters, as every part reads them.

use std::collections::BTreeMap;

use idv_core::OptionsValidator;

use crate::description::path::Path;
use crate::places::Places;

/// Query parameters in their order.
pub(super) fn query(table: &BTreeMap<String, String>) -> Vec<(String, String)> {
    table.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Places as given, else the usual ones.
pub(super) fn places(given: Option<&Places>, usual: &[&str]) -> Places {
    given.cloned().unwrap_or_else(|| Places::new(usual.iter().copied()))
}

/// A name that must not be empty.
pub(super) fn name(
    validator: &mut OptionsValidator<'_>,
    key: &str,
    given: Option<&str>,
    usual: &str,
) -> String {
    if given.is_some_and(str::is_empty) {
        validator.add_error(key, "must not be empty");
    }
    given.unwrap_or(usual).to_owned()
}

/// Refuses a path with an id in it.
pub(super) fn without_id(key: &str, path: &Path, validator: &mut OptionsValidator<'_>) {
    if path.has_id() {
        validator.add_error(key, "is about no session yet: it cannot have the segment `{id}`");
    }
}
