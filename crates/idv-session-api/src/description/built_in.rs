//! The built-in descriptions.

use std::sync::{Arc, OnceLock};

use super::spec::ApiSpec;

/// A built-in description.
struct BuiltIn {
    name: &'static str,
    text: &'static str,
    /// The document as it was read, because many instances may be of one vendor.
    read: OnceLock<Option<Arc<ApiSpec>>>,
}

impl BuiltIn {
    const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, read: OnceLock::new() }
    }
}

static DOCUMENTS: [BuiltIn; 6] = [
    BuiltIn::new("deepidv", include_str!("../../vendors/deepidv.toml")),
    BuiltIn::new("didit", include_str!("../../vendors/didit.toml")),
    BuiltIn::new("idenfy", include_str!("../../vendors/idenfy.toml")),
    BuiltIn::new("persona", include_str!("../../vendors/persona.toml")),
    BuiltIn::new("plaid", include_str!("../../vendors/plaid.toml")),
    BuiltIn::new("shufti", include_str!("../../vendors/shufti.toml")),
];

/// The document of a built-in description.
pub(crate) fn built_in(name: &str) -> Option<&'static str> {
    DOCUMENTS.iter().find(|document| document.name == name).map(|document| document.text)
}

/// A built-in description, which `read` reads the first time.
pub(super) fn spec(name: &str, read: impl FnOnce(&'static str) -> Option<ApiSpec>) -> Option<Arc<ApiSpec>> {
    let document = DOCUMENTS.iter().find(|document| document.name == name)?;
    document.read.get_or_init(|| read(document.text).map(Arc::new)).clone()
}

/// The names of the built-in descriptions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    DOCUMENTS.iter().map(|document| document.name)
}
