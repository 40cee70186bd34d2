//! Words that stand for a secret, and secrets that are not shown.

use super::SecretSlip;

/// Words that stand for a secret, in the order of the alphabet, the documented beginnings of keys among them. Those that are
/// marked are enough by themselves, where nothing but words of this table stands beside them.
const WORDS: &[(&str, bool)] = &[
    ("a", false),
    ("access", false),
    ("actual", false),
    ("an", false),
    ("api", false),
    ("app", false),
    ("auth", false),
    ("baanx", false),
    ("bearer", false),
    ("before", false),
    ("censored", true),
    ("change", true),
    ("client", false),
    ("deepidv", false),
    ("enter", true),
    ("example", true),
    ("fill", true),
    ("fixme", true),
    ("for", false),
    ("from", false),
    ("goes", false),
    ("here", true),
    ("hidden", true),
    ("id", false),
    ("in", false),
    ("insert", true),
    ("is", false),
    ("it", false),
    ("key", false),
    ("keys", false),
    ("live", false),
    ("masked", true),
    ("me", false),
    ("missing", true),
    ("nil", true),
    ("none", true),
    ("notset", true),
    ("null", true),
    ("nxos", false),
    ("of", false),
    ("or", false),
    ("own", false),
    ("pass", false),
    ("password", false),
    ("paste", true),
    ("pk", false),
    ("placeholder", true),
    ("please", false),
    ("private", false),
    ("prod", false),
    ("proxy", false),
    ("public", false),
    ("real", false),
    ("redacted", true),
    ("removed", true),
    ("replace", true),
    ("sample", true),
    ("secret", false),
    ("secrets", false),
    ("shared", false),
    ("signing", false),
    ("sk", false),
    ("string", false),
    ("tba", true),
    ("tbd", true),
    ("test", false),
    ("text", false),
    ("the", false),
    ("this", false),
    ("to", false),
    ("todo", true),
    ("token", false),
    ("undefined", true),
    ("unset", true),
    ("url", false),
    ("use", false),
    ("using", false),
    ("value", false),
    ("vendor", false),
    ("webhook", false),
    ("webhooks", false),
    ("whk", false),
    ("whsec", false),
    ("with", false),
    ("your", true),
    ("yours", true),
];

/// What a secret is called, and nothing else: the name was filled in for the value.
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

/// What stands for a character that is not shown, or for one that is to come.
const MASKS: &[char] = &['x', 'X', '*', '.', '#', '?', '-', '_', '0', '•', '●', '…'];

/// What a text is, if it is words that stand for a secret or a secret that is not shown.
pub(super) fn of(text: &str) -> Option<SecretSlip> {
    if is_one_mask(text) {
        return Some(SecretSlip::Placeholder);
    }
    let is_hidden = text.contains(['…', '•', '●']) || text.contains("****") || text.ends_with("...");
    if is_hidden {
        return Some(SecretSlip::Masked);
    }
    (text.len() <= LONGEST && is_placeholder(text)).then_some(SecretSlip::Placeholder)
}

/// `xxxx`, and `00000000-0000-…`: three characters or more that are all the same.
fn is_one_mask(text: &str) -> bool {
    let mut shown = text.chars().filter(|character| *character != '-');
    let Some(first) = shown.next().or_else(|| text.chars().next()) else { return false };
    text.chars().count() >= 3 && MASKS.contains(&first) && shown.all(|character| character == first)
}

fn is_placeholder(text: &str) -> bool {
    let separates = |character: char| " -_.:,!/".contains(character);
    if !text.chars().all(|character| character.is_ascii_alphanumeric() || separates(character)) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(separates).filter(|word| !word.is_empty()).collect();
    let joined = words.concat();
    NAMES.contains(&joined.as_str()) || asks(&words) || is_made_of_words(joined.as_bytes())
}

/// `your-baanx-webhook-secret`.
fn asks(words: &[&str]) -> bool {
    let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let [first, .., last] = words else { return false };
    BEGINNINGS.contains(first) && ENDS.contains(last) && words.iter().all(is_word)
}

/// Whether a text without separators is nothing but known words, one that tells among them: `changeme`, `nxossklivexxxx`.
fn is_made_of_words(text: &[u8]) -> bool {
    // Whether the text can be read up to each place, without a telling word and with one.
    let mut reached = vec![(false, false); text.len() + 1];
    reached[0] = (true, false);
    for start in 0..text.len() {
        let (plain, told) = reached[start];
        if !plain && !told {
            continue;
        }
        for (length, tells) in words_at(&text[start..]) {
            let (known, telling) = &mut reached[start + length];
            *known |= plain && !tells;
            *telling |= told || (plain && tells);
        }
    }
    reached[text.len()].1
}

/// The lengths of the words with which a text begins, and whether each is enough by itself.
fn words_at(text: &[u8]) -> impl Iterator<Item = (usize, bool)> {
    let first = text.first().copied().unwrap_or_default();
    let start = WORDS.partition_point(|(word, _)| word.as_bytes().first() < Some(&first));
    let alike = WORDS.get(start..).unwrap_or_default().iter();
    let alike = alike.take_while(move |(word, _)| word.as_bytes().first() == Some(&first));
    let known =
        alike.filter(|(word, _)| text.starts_with(word.as_bytes())).map(|(word, tells)| (word.len(), *tells));
    let run = |is_of_it: fn(&u8) -> bool| text.iter().take_while(|byte| is_of_it(byte)).count();
    let (masks, digits) = (run(|byte| *byte == b'x'), run(u8::is_ascii_digit));
    let mask = (masks >= 3).then_some((masks, true));
    let number = (1..=4).contains(&digits).then_some((digits, false));
    known.chain(mask).chain(number)
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn the_words_stand_in_the_order_of_the_alphabet() {
        assert!(WORDS.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}
