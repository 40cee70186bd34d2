//! The reasons of a decline: texts that the author of the simulated workflow wrote.

use crate::reason::Reason;

/// The text of a reason: its word as a sentence, or as it is where no vendor has it.
pub(crate) fn text(reason: &Reason) -> String {
    let word = reason.as_str();
    match Reason::words().any(|known| known == word) {
        true => {
            let sentence = word.replace('_', " ");
            let (first, rest) = sentence.split_at(1);
            format!("{}{rest}", first.to_ascii_uppercase())
        }
        false => word.to_owned(),
    }
}
