//! How many passages of each crate, and of the pages, are not plain English yet.

/// The numbers only fall.
pub(crate) const ALLOWED: &[(&str, usize)] = &[
    ("docs", 55),
    ("idv", 150),
    ("idv-cli", 4),
    ("idv-conformance", 97),
    ("idv-core", 0),
    ("idv-http", 1),
    ("idv-sandbox", 44),
];
