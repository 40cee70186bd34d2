//! The checks, family by family. Each is a plain async function; [`suite!`](crate::suite) makes a test of each.

use crate::registration::Check;

pub mod config;
pub mod contract;
pub mod ending;
pub mod errors;
pub mod privacy;
pub mod redirect;
pub mod retry;
pub mod start;
pub mod status;
pub mod time;
pub mod webhook;

/// The checks of every file, family by family.
const FILES: &[&[Check]] = &[
    contract::CHECKS,
    contract::blocking::CHECKS,
    contract::reading::CHECKS,
    start::CHECKS,
    start::return_url::CHECKS,
    start::told::CHECKS,
    status::CHECKS,
    status::named::CHECKS,
    status::doubtful::CHECKS,
    status::lists::CHECKS,
    ending::CHECKS,
    errors::CHECKS,
    errors::gateway::CHECKS,
    errors::told::CHECKS,
    errors::steps::CHECKS,
    retry::CHECKS,
    webhook::CHECKS,
    webhook::times::CHECKS,
    webhook::reading::CHECKS,
    webhook::doubtful::CHECKS,
    redirect::CHECKS,
    time::CHECKS,
    time::deadlines::CHECKS,
    time::expiries::CHECKS,
    privacy::CHECKS,
    privacy::identity::CHECKS,
    config::CHECKS,
    config::placeholders::CHECKS,
];

/// All checks, family by family.
pub(crate) fn all() -> impl Iterator<Item = &'static Check> {
    FILES.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The source files below a folder.
    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries =
            std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }

    /// The checks that a file defines.
    fn defined(folder: &Path, file: &Path) -> Vec<String> {
        let family = file.strip_prefix(folder).expect("a file below it").with_extension("");
        let family = family.iter().next().and_then(|name| name.to_str()).expect("a family").to_owned();
        let text = std::fs::read_to_string(file).expect("text");
        let functions = text.lines().filter_map(|line| line.strip_prefix("pub async fn "));
        let names =
            functions.filter_map(|rest| rest.split_once('(')).map(|(name, _)| format!("{family}::{name}"));
        names.collect()
    }

    /// A check that is not registered would never run.
    #[test]
    fn every_check_is_registered_once() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
        let defined: BTreeSet<String> =
            files(&folder).iter().flat_map(|file| defined(&folder, file)).collect();
        let registered: Vec<String> = all().map(Check::scenario).collect();
        assert_eq!(registered.iter().cloned().collect::<BTreeSet<_>>(), defined);
        assert_eq!(registered.len(), defined.len(), "a check is registered twice");
    }
}
