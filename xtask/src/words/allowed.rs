//! How many passages of each crate, and of the pages, are not plain English yet.

/// The numbers only fall.
pub(crate) const ALLOWED: &[(&str, usize)] = &[
    ("docs", 55),
    ("idv", 150),
    ("idv-baanx", 10),
    ("idv-cli", 4),
    ("idv-conformance", 97),
    ("idv-core", 117),
    ("idv-http", 1),
    ("idv-nxos", 3),
    ("idv-sandbox", 44),
    ("idv-session-api", 19),
];
