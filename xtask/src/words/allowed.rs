//! How many passages of each crate, and of the pages, are not plain English yet.

/// The numbers only fall.
pub(crate) const ALLOWED: &[(&str, usize)] = &[
    ("docs", 54),
    ("idv", 161),
    ("idv-baanx", 10),
    ("idv-cli", 56),
    ("idv-conformance", 95),
    ("idv-core", 88),
    ("idv-http", 47),
    ("idv-nxos", 3),
    ("idv-sandbox", 91),
    ("idv-session-api", 19),
];
