//! Names, whatever their order and their alphabet.

use human_name::Name;
use strsim::damerau_levenshtein;

use super::letters;
use super::likeness::Likeness;

/// Shortest word in which one wrong letter is forgiven: shorter ones are often other names.
const FORGIVING: usize = 4;

/// Compares two whole names; either may be empty.
pub(super) fn compare(one: &str, other: &str) -> Likeness {
    let is_ascii = one.is_ascii() && other.is_ascii();
    let words = |name: &str| -> Vec<String> {
        let words = letters::words(name).into_iter();
        // Where both sides are in plain letters, a pair such as `ue` is two letters.
        words.map(|word| if is_ascii { word } else { letters::without_pairs(&word) }).collect()
    };
    let (ours, theirs) = (words(one), words(other));
    if ours.is_empty() || theirs.is_empty() {
        return Likeness::Unknown;
    }
    let (only_ours, only_theirs) = (without(&ours, &theirs), without(&theirs, &ours));
    if only_ours.is_empty() && only_theirs.is_empty() || ours.concat() == theirs.concat() {
        return Likeness::Match;
    }
    let is_shortened = only_ours.is_empty() || only_theirs.is_empty();
    match is_shortened || is_misspelt(&only_ours, &only_theirs) || is_short_form(one, other) {
        true => Likeness::Partial,
        false => Likeness::Mismatch,
    }
}

/// The words of one name that are not in the other, each taken as often as it is there.
fn without<'a>(words: &'a [String], others: &[String]) -> Vec<&'a str> {
    let mut others: Vec<&String> = others.iter().collect();
    let mut left = Vec::new();
    for word in words {
        match others.iter().position(|other| *other == word) {
            Some(found) => drop(others.swap_remove(found)),
            None => left.push(word.as_str()),
        }
    }
    left
}

/// Whether the names differ in one word, and that in one letter.
fn is_misspelt(ours: &[&str], theirs: &[&str]) -> bool {
    let ([ours], [theirs]) = (ours, theirs) else { return false };
    ours.len().min(theirs.len()) >= FORGIVING && damerau_levenshtein(ours, theirs) == 1
}

/// Whether one name has initials or a usual short form of the other.
fn is_short_form(one: &str, other: &str) -> bool {
    let (one, other) = (Name::parse(one), Name::parse(other));
    one.zip(other).is_some_and(|(one, other)| one.consistent_with(&other))
}
