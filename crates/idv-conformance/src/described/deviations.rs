//! The cases that no adapter passes with a document of a certain form.

use super::document::Document;
use super::{calls, words};

/// Where the error about a missing table names a secret instead.
const SECRETS: (&str, &str) = (
    "config::missing_keys_are_named/auth",
    "without the table the secrets of the instance have lost their use, and the error names these",
);
/// Where nothing but the records of a list can be unreadable.
const LISTS: (&str, &str) = (
    "errors::useless_successes_are_errors/find other types",
    "numbers are compared as text, so records whose reference is another number are those of another reference",
);
/// Where a text that reads as a number is a status too.
const NUMBERS: (&str, &str) = (
    "errors::useless_successes_are_errors/check other types",
    "numbers are words as they are written, so the state can be read, and the id is that of another session",
);

/// The deviations file of a document.
pub(super) fn of(document: &Document) -> String {
    let goes_on = ["/find/next_token", "/find/next_url", "/find/more"];
    let is_plain_list =
        !document.at("/find").is_null() && goes_on.iter().all(|key| document.at(key).is_null());
    let all = [
        (SECRETS, !calls::secrets(document).is_empty()),
        (LISTS, is_plain_list),
        (NUMBERS, words::are_numbers(document)),
    ];
    let needed = all.into_iter().filter(|(_, needed)| *needed);
    let entry = |((scenario, reason), _): ((&str, &str), bool)| {
        format!(
            "[[deviation]]\nscenario = \"{scenario}\"\nreason = \"{reason}\"\nsource = \"the document\"\n"
        )
    };
    needed.map(entry).collect()
}
