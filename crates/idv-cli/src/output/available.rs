//! The kinds of this command, and the vendors whose descriptions are built in: all that a configuration can name.

use idv::adapter::{Catalogue, Description};

/// A kind, and a built-in description where there is one.
pub(super) struct Available {
    pub(super) kind: String,
    pub(super) preset: Option<&'static str>,
}

/// Every kind, each followed by its built-in descriptions.
pub(super) fn available() -> Vec<Available> {
    let mut all = Vec::new();
    for kind in Catalogue::compiled_in().kinds() {
        all.push(Available { kind: kind.to_owned(), preset: None });
        if kind == "session-api" {
            let preset = |name| Available { kind: kind.to_owned(), preset: Some(name) };
            all.extend(Description::built_in_names().map(preset));
        }
    }
    all
}
