//! Words that stand for a secret, and masked secrets.

use super::slip::SecretSlip;

/// Words of a placeholder: a text is one where it has a word of this table, and no word that is in neither table. In the order of
/// the alphabet.
static TELLING: Words = Words::new(&[
    "censored",
    "change",
    "enter",
    "example",
    "fill",
    "fixme",
    "here",
    "hidden",
    "insert",
    "masked",
    "missing",
    "nil",
    "none",
    "notset",
    "null",
    "paste",
    "placeholder",
    "redacted",
    "removed",
    "replace",
    "sample",
    "tba",
    "tbd",
    "todo",
    "undefined",
    "unset",
    "your",
    "yours",
]);

/// Words that go with them, the documented beginnings of keys among them. In the order of the alphabet.
static OTHERS: Words = Words::new(&[
    "a", "access", "actual", "an", "api", "app", "auth", "baanx", "bearer", "before", "client", "deepidv",
    "for", "from", "goes", "id", "in", "is", "it", "key", "keys", "live", "me", "nxos", "of", "or", "own",
    "pass", "password", "pk", "please", "private", "prod", "proxy", "public", "real", "secret", "secrets",
    "shared", "signing", "sk", "string", "test", "text", "the", "this", "to", "token", "url", "use", "using",
    "value", "vendor", "webhook", "webhooks", "whk", "whsec", "with",
]);

/// Names of secrets: the name was filled in for the value.
const NAMES: &[&str] = &[
    "accesskey",
    "accesstoken",
    "apikey",
    "apisecret",
    "apitoken",
    "authtoken",
    "bearertoken",
    "clientkey",
    "clientsecret",
    "myapikey",
    "mykey",
    "mypassword",
    "mysecret",
    "mysecretkey",
    "mytoken",
    "password",
    "privatekey",
    "secret",
    "secretkey",
    "sharedsecret",
    "signingkey",
    "signingsecret",
    "token",
    "webhookkey",
    "webhooksecret",
    "webhooksecrets",
];

/// Words with which a request to fill something in begins and ends, whatever stands between them.
const BEGINNINGS: &[&str] = &["enter", "insert", "paste", "replace", "your"];
const ENDS: &[&str] = &["here", "key", "password", "secret", "token"];

/// No request to fill something in is longer.
const LONGEST: usize = 80;

/// Characters that stand for one that is not shown, or for one that is to come.
const MASKS: &[char] = &['x', 'X', '*', '.', '#', '?', '-', '_', '0', '•', '●', '…'];

/// The slip in a text that is words that stand for a secret, or a masked secret.
pub(super) fn of(text: &str) -> Option<SecretSlip> {
    if is_one_mask(text) {
        return Some(SecretSlip::Placeholder);
    }
    let has_marks = || text.contains(['…', '•', '●']);
    let has_stars = text.contains('*') && text.contains("****");
    let is_hidden = has_stars || text.ends_with("...") || (!text.is_ascii() && has_marks());
    if is_hidden {
        return Some(SecretSlip::Masked);
    }
    (text.len() <= LONGEST && is_placeholder(text)).then_some(SecretSlip::Placeholder)
}

/// `xxxx`, and `00000000-0000-…`: three characters or more that are all the same.
fn is_one_mask(text: &str) -> bool {
    let Some(first) = text.chars().next().filter(|first| MASKS.contains(first)) else { return false };
    text.chars().all(|character| character == first || character == '-') && text.chars().count() >= 3
}

fn is_placeholder(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || is_separator(byte);
    // All bytes are looked at, which is done for many at a time.
    if !text.bytes().fold(true, |is_plain, byte| is_plain & plain(byte)) {
        return false;
    }
    let mut joined = [0; LONGEST];
    let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
    let length =
        joined.iter_mut().zip(letters).map(|(place, byte)| *place = byte.to_ascii_lowercase()).count();
    let joined = &joined[..length];
    let is_name = || NAMES.iter().any(|name| name.as_bytes() == joined);
    is_name() || asks(text) || is_made_of_words(joined)
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'_' | b'.' | b':' | b',' | b'!' | b'/')
}

/// Whether the text reads like `your-baanx-webhook-secret`.
fn asks(text: &str) -> bool {
    let is_among = |words: &[&str], word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let words =
        || text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let begins = words().next().is_some_and(|first| is_among(BEGINNINGS, first));
    begins
        && words().count() > 1
        && words().next_back().is_some_and(|last| is_among(ENDS, last))
        && words().all(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Whether a text without separators is nothing but known words, one that tells among them: `changeme`, `nxossklivexxxx`.
fn is_made_of_words(text: &[u8]) -> bool {
    // Whether the text can be read up to each place, without a telling word and with one.
    let mut reached = [(false, false); LONGEST + 1];
    reached[0] = (true, false);
    for (start, left) in (0..text.len()).map(|start| (start, &text[start..])) {
        let (plain, told) = reached[start];
        if !plain && !told {
            continue;
        }
        let mut reach = |length: usize, tells: bool| {
            let (known, telling) = &mut reached[start + length];
            *known |= plain && !tells;
            *telling |= told || (plain && tells);
        };
        TELLING.at(left).for_each(|word| reach(word.len(), true));
        OTHERS.at(left).for_each(|word| reach(word.len(), false));
        let run = |is_of_it: fn(&u8) -> bool| left.iter().take_while(|byte| is_of_it(byte)).count();
        let (masks, digits) = (run(|byte| *byte == b'x'), run(u8::is_ascii_digit));
        if masks >= 3 {
            reach(masks, true);
        }
        if (1..=4).contains(&digits) {
            reach(digits, false);
        }
    }
    reached[text.len()].1
}

/// Words in the order of the alphabet, found by their first letter.
struct Words {
    words: &'static [&'static str],
    /// Where the words of each letter begin, and where those of `z` end.
    starts: [usize; 27],
}

impl Words {
    const fn new(words: &'static [&'static str]) -> Self {
        let mut starts = [words.len(); 27];
        let (mut letter, mut word) = (0, 0);
        while letter < 26 {
            while word < words.len() && words[word].as_bytes()[0] - b'a' < letter {
                word += 1;
            }
            starts[letter as usize] = word;
            letter += 1;
        }
        Self { words, starts }
    }

    /// The words with which a text begins.
    fn at<'a>(&self, text: &'a [u8]) -> impl Iterator<Item = &'static str> + use<'a> {
        let letter = text.first().filter(|first| first.is_ascii_lowercase()).map(|first| first - b'a');
        let range = letter.map_or(0..0, |letter| {
            let letter = usize::from(letter);
            self.starts[letter]..self.starts[letter + 1]
        });
        self.words[range].iter().copied().filter(|word| text.starts_with(word.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_looked_up_by_their_first_letter() {
        for table in [&TELLING, &OTHERS] {
            assert!(table.words.is_sorted());
            for word in table.words {
                assert!(table.at(format!("{word}x").as_bytes()).any(|found| found == *word), "{word}");
            }
            assert_eq!(table.at(b"zebra").count() + table.at(b"7").count() + table.at(b"").count(), 0);
        }
    }
}
