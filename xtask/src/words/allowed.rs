//! How many passages of each crate, and of the pages, are not plain English yet.

/// The numbers only fall.
pub(crate) const ALLOWED: &[(&str, usize)] = &[
    ("docs", 54),
    ("idv", 152),
    ("idv-baanx", 10),
    ("idv-cli", 55),
    ("idv-conformance", 96),
    ("idv-core", 113),
    ("idv-http", 44),
    ("idv-nxos", 3),
    ("idv-sandbox", 91),
    ("idv-session-api", 19),
];
