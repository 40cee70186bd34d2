//! How many passages of each crate, and of the pages, are not plain English yet.

/// The numbers only fall.
pub(crate) const ALLOWED: &[(&str, usize)] = &[
    ("docs", 54),
    ("idv", 152),
    ("idv-baanx", 0),
    ("idv-cli", 55),
    ("idv-conformance", 96),
    ("idv-core", 0),
    ("idv-http", 0),
    ("idv-nxos", 0),
    ("idv-sandbox", 91),
    ("idv-session-api", 0),
];
