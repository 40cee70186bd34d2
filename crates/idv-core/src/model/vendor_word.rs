//! Vendor codes: words that come from a vendor, made safe to keep and to print.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest word kept, in bytes after escaping.
const LIMIT: usize = 128;

/// A vendor's own word, code or request id: at most 128 bytes, control and direction-changing characters escaped.
///
/// Others influence its text (an applicant, a vendor, the sender of a redirect), so it is cut and escaped before it is kept.
/// Two words that differ only after the cut are equal.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VendorWord(Cow<'static, str>);

impl VendorWord {
    /// Keeps `raw`, escaped and cut at a character boundary.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        // Nearly every word is plain, and then nothing has to be looked at twice.
        if raw.len() <= LIMIT && is_plain(raw) {
            return Self(Cow::Owned(raw.into()));
        }
        let mut kept = String::with_capacity(raw.len().min(LIMIT));
        for character in raw.chars() {
            let length = kept.len();
            if is_printable(character) {
                kept.push(character)
            } else {
                kept.extend(character.escape_unicode())
            }
            if kept.len() > LIMIT {
                kept.truncate(length);
                break;
            }
        }
        Self(Cow::Owned(kept))
    }

    /// Keeps `raw` only where it is shaped like a machine's code or id: ASCII letters, digits and `_ - . : /`, at most
    /// 128 of them. Vendors put prose, and sometimes applicants' data, where a code was expected.
    #[must_use]
    pub fn code(raw: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte);
        (!raw.is_empty() && raw.len() <= LIMIT && raw.bytes().all(plain))
            .then(|| Self(Cow::Owned(raw.into())))
    }

    /// Keeps a vendor's word together with what a table says of it, whatever the case of its ASCII letters. A word that stands in
    /// the table as it is costs no allocation.
    #[must_use]
    pub fn lookup_ignore_case<T: Copy>(table: &[(&'static str, T)], word: &str) -> (Option<T>, Self) {
        match table.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)) {
            Some((known, meaning)) if *known == word => (Some(*meaning), Self(Cow::Borrowed(known))),
            found => (found.map(|(_, meaning)| *meaning), Self::new(word)),
        }
    }

    /// The kept text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Looks up a vendor's word in a table, whatever the case of its ASCII letters.
#[must_use]
pub fn lookup_ignore_case<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, meaning)| *meaning)
}

/// Whether a text is printable ASCII. Every byte is looked at, which is done for many at a time.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

fn is_printable(character: char) -> bool {
    let turns_direction = matches!(character,
        '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !character.is_control() && !turns_direction
}

impl fmt::Display for VendorWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for VendorWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for VendorWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Reads any text, cut and escaped as [`VendorWord::new`] does.
impl<'de> Deserialize<'de> for VendorWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&Cow::<'de, str>::deserialize(deserializer)?))
    }
}

impl AsRef<str> for VendorWord {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for VendorWord {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for VendorWord {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn control_and_direction_characters_are_escaped() {
        assert_eq!(VendorWord::new("a\u{1b}[31m\n\u{202e}b").as_str(), "a\\u{1b}[31m\\u{a}\\u{202e}b");
    }

    #[test]
    fn a_code_is_a_code_or_nothing() {
        assert_eq!(VendorWord::code("rate_limited").unwrap(), "rate_limited");
        assert!(VendorWord::code("Phone +15551234567 is invalid").is_none());
        assert!(VendorWord::code("").is_none());
        assert!(VendorWord::code(&"x".repeat(129)).is_none());
    }

    #[test]
    fn a_word_of_a_table_is_kept_as_the_vendor_writes_it() {
        const TABLE: &[(&str, u8)] = &[("DONE", 1), ("FAILED", 2)];
        for (word, meaning) in [("DONE", Some(1)), ("failed", Some(2)), ("DONE ", None), ("", None)] {
            assert_eq!(VendorWord::lookup_ignore_case(TABLE, word), (meaning, VendorWord::new(word)));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_kept_within_the_limit_and_printable(raw in "\\PC*|.{0,300}") {
            let word = VendorWord::new(&raw);
            prop_assert!(word.as_str().len() <= LIMIT);
            prop_assert!(word.as_str().chars().all(is_printable));
        }

        #[test]
        fn short_plain_words_are_kept_as_they_are(raw in "[A-Za-z0-9_ ]{0,128}") {
            let word = VendorWord::new(&raw);
            prop_assert_eq!(word.as_str(), raw);
        }

        #[test]
        fn words_of_printable_ascii_are_cut_and_otherwise_kept(raw in "[ -~]{120,140}") {
            let word = VendorWord::new(&raw);
            prop_assert_eq!(word.as_str(), &raw[..raw.len().min(LIMIT)]);
        }
    }
}
