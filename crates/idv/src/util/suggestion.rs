//! Suggestions for misspelt names in error texts.

use idv_core::{ConfigProblem, VendorWord};

/// The error text for a name that no provider has.
pub(crate) fn unknown_provider(name: &str, known: &[&str]) -> String {
    format!("no provider `{}` is configured{}", VendorWord::new(name), suggestion(name, known))
}

/// A hint for a misspelt name: the nearest known one, and all of them.
pub(crate) fn suggestion(name: &str, known: &[&str]) -> String {
    let plain: Vec<String> = known.iter().map(|known| ConfigProblem::join([*known])).collect();
    let listed = if plain.is_empty() { "none".to_owned() } else { plain.join(", ") };
    match idv_core::did_you_mean(name, known) {
        Some(nearest) => format!("; did you mean `{}`? Known: {listed}", ConfigProblem::join([nearest])),
        None => format!("; known: {listed}"),
    }
}
