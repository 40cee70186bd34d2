//! How many passages of each crate, and of the pages, are not plain English yet.

/// The numbers only fall.
pub(crate) const ALLOWED: &[(&str, usize)] = &[
    ("docs", 0),
    ("idv", 0),
    ("idv-cli", 0),
    ("idv-conformance", 0),
    ("idv-core", 0),
    ("idv-http", 0),
    ("idv-sandbox", 0),
];
