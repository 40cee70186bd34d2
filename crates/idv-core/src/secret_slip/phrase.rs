//! Words that stand for a secret, and secrets that are not shown.

use super::SecretSlip;

/// Words of which one is enough, where nothing but words of these two tables stands beside it.
const TELLING: &str = "censored change enter example fill fixme here hidden insert masked missing nil none notset null \
    paste placeholder redacted removed replace sample tba tbd todo undefined unset your yours";

/// Words that go with them, the documented beginnings of keys among them.
const OTHERS: &str = "a access actual an api app auth baanx bearer before client deepidv for from goes id in is it key \
    keys live me nxos of or own pass password pk please private prod proxy public real secret secrets \
    shared signing sk string test text the this to token url use using value vendor webhook webhooks \
    whk whsec with";

/// What a secret is called, and nothing else: the name was filled in for the value.
const NAMES: &str = "accesskey accesstoken apikey apisecret apitoken authtoken bearertoken clientkey clientsecret \
    myapikey mykey mypassword mysecret mysecretkey mytoken password privatekey secret secretkey \
    sharedsecret signingkey signingsecret token webhookkey webhooksecret webhooksecrets";

/// Words with which a request to fill something in begins and ends, whatever stands between them.
const BEGINNINGS: &str = "enter insert paste replace your";
const ENDS: &str = "here key password secret token";

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
    is_among(NAMES, &joined) || asks(&words) || is_made_of_words(joined.as_bytes())
}

fn is_among(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// `your-baanx-webhook-secret`.
fn asks(words: &[&str]) -> bool {
    let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let [first, .., last] = words else { return false };
    is_among(BEGINNINGS, first) && is_among(ENDS, last) && words.iter().all(is_word)
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
    let known = |words: &'static str, tells: bool| {
        let words = words.split(' ').filter(|word| text.starts_with(word.as_bytes()));
        words.map(move |word| (word.len(), tells))
    };
    let run = |is_of_it: fn(&u8) -> bool| text.iter().take_while(|byte| is_of_it(byte)).count();
    let (masks, digits) = (run(|byte| *byte == b'x'), run(u8::is_ascii_digit));
    let mask = (masks >= 3).then_some((masks, true));
    let number = (1..=4).contains(&digits).then_some((digits, false));
    known(TELLING, true).chain(known(OTHERS, false)).chain(mask).chain(number).collect::<Vec<_>>().into_iter()
}
