//! The built-in descriptions.

/// The name of each built-in description, and its document.
const DOCUMENTS: &[(&str, &str)] = &[
    ("deepidv", include_str!("../../vendors/deepidv.toml")),
    ("didit", include_str!("../../vendors/didit.toml")),
    ("idenfy", include_str!("../../vendors/idenfy.toml")),
    ("persona", include_str!("../../vendors/persona.toml")),
];

/// The document of a built-in description.
pub(crate) fn built_in(name: &str) -> Option<&'static str> {
    DOCUMENTS.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
}

/// The names of the built-in descriptions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    DOCUMENTS.iter().map(|(name, _)| *name)
}
