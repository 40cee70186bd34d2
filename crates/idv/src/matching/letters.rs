//! The letters of names, in the alphabet of passports.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization as _;

/// Pairs of letters that machine-readable zones write for one letter (ICAO Doc 9303-3, section 6), and that letter without its mark.
const PAIRS: [(&str, &str); 4] = [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")];

/// Apostrophes, which join the parts of a word, such as `O'Brien`; a soft sign is written with one.
const APOSTROPHES: [char; 2] = ['\'', '`'];

/// The words of a name in lower-case Latin letters. A letter without a Latin spelling stays as it is, so that it still counts.
pub(super) fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let latin = lower.nfc().fold(String::new(), |mut latin, letter| {
        match deunicode_char(letter) {
            Some(spelling) => latin.push_str(spelling),
            None => latin.push(letter),
        }
        latin
    });
    let joined = latin.to_lowercase().replace(APOSTROPHES, "");
    let words = joined.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Makes one spelling of `Müller`, `Mueller` and `Muller`.
pub(super) fn without_pairs(word: &str) -> String {
    PAIRS.iter().fold(word.to_owned(), |word, (pair, letter)| word.replace(pair, letter))
}
