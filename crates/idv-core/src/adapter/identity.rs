//! Readers of the facts of an identity: a text that does not fit is absent, and nothing is guessed.

use crate::model::is_date;
use crate::{CountryCode, Pii};

/// Longest text kept, in bytes: an address in one line.
const LIMIT: usize = 1000;

/// A text such as a name or an address, in one line. It is absent where it is empty, longer than 1000 bytes, or has control
/// characters.
#[must_use]
pub fn text(text: &str) -> Option<Pii> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_usable = !line.is_empty() && line.len() <= LIMIT && !line.chars().any(char::is_control);
    is_usable.then(|| line.into())
}

/// A day of the calendar, with or without a time behind it; absent where the text begins with none.
#[must_use]
pub fn date(text: &str) -> Option<Pii> {
    let (day, rest) = text.trim().split_at_checked(10)?;
    (is_date(day) && (rest.is_empty() || rest.starts_with(['T', ' ']))).then(|| day.into())
}

/// A country of ISO 3166-1, written in two letters or in three; kept in two.
#[must_use]
pub fn country(text: &str) -> Option<Pii> {
    let text = text.trim();
    let country = CountryCode::from_alpha_3(text).or_else(|| text.parse().ok())?;
    Some(country.as_str().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(fact: Option<Pii>) -> Option<String> {
        fact.map(|fact| fact.expose().to_owned())
    }

    #[test]
    fn what_does_not_fit_is_absent() {
        for (fact, expected) in [
            (text("  Ada \n King "), Some("Ada King")),
            (text(""), None),
            (text(" \t"), None),
            (text("Ada\u{1b}[2J"), None),
            (text(&"a".repeat(1001)), None),
            (date("1815-12-10"), Some("1815-12-10")),
            (date("1815-12-10T00:00:00Z"), Some("1815-12-10")),
            (date("1815-12-10 00:00:00"), Some("1815-12-10")),
            (date("1815-13-10"), None),
            (date("1815-12-101"), None),
            (date("10.12.1815"), None),
            (date("1815"), None),
            (country("gbr"), Some("GB")),
            (country("GB"), Some("GB")),
            (country("UK"), None),
            (country("XXX"), None),
            (country("Britain"), None),
        ] {
            assert_eq!(shown(fact).as_deref(), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_every_fact_is_one_line(given in "\\PC*|.{0,40}|\\d{4}-\\d{2}-\\d{2}.*") {
            for fact in [text(&given), date(&given), country(&given)].into_iter().flatten() {
                prop_assert!(!fact.expose().chars().any(char::is_control));
                prop_assert!(!fact.expose().is_empty());
            }
        }
    }
}
