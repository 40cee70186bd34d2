//! Texts that can hardly be the secret that is meant: placeholders, and secrets with something around them.
//!
//! Whatever a placeholder signs, anybody can sign. A secret with a line break behind it is another secret than the vendor's,
//! and nobody notices before the first webhook. Both are refused when a provider is built, wherever the text came from.

mod phrase;
mod reference;
#[cfg(test)]
mod tests;

use std::fmt;

/// Why a text can hardly be the secret that is meant. `Display` is a sentence that says what to change.
///
/// Neither the variants nor the sentence repeat the text; only the name of an environment variable, where the text is a
/// reference to one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSlip {
    /// There is no text.
    Empty,
    /// There are blanks and nothing else.
    Blank,
    /// A byte-order mark stands before it.
    ByteOrderMark,
    /// It begins with a blank or a line break.
    BlankBefore,
    /// It ends with a blank.
    BlankAfter,
    /// It ends with a line break.
    LineBreakAfter,
    /// It stands in quotes.
    Quoted,
    /// Something stands before it that is no part of it, such as `Bearer `.
    Prefixed(&'static str),
    /// It is the whole line `NAME=…` of a file with environment variables.
    Assignment,
    /// It is a reference to an environment variable that nothing has replaced, with the name where one can be told.
    Variable(Option<String>),
    /// It says where a secret is kept.
    Elsewhere,
    /// It is shortened or hidden, as consoles and logs show secrets.
    Masked,
    /// It is a text that stands for a secret, such as `changeme`.
    Placeholder,
}

impl SecretSlip {
    /// What is wrong with a text as a secret, if anything is. Of several slips a placeholder comes first, then the outermost.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::as_sent(text).or_else(|| after_scheme(text).map(|_| Self::Prefixed("Bearer ")))
    }

    /// The same for a text that a sender repeats in a header as it is: there `Bearer ` may be a part of it.
    #[must_use]
    pub fn as_sent(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Empty);
        }
        let core = bare(text);
        if core.is_empty() && unquoted(text.trim_matches(is_blank)).is_none() {
            return Some(Self::Blank);
        }
        stands_for_a_secret(core).or_else(|| around(text))
    }
}

impl fmt::Display for SecretSlip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self {
            Self::Variable(name) => {
                let name = name.as_deref().unwrap_or("…");
                return write!(
                    f,
                    "this is a reference to an environment variable and not its value: did you mean {{ env = \"{name}\" }}?"
                );
            }
            Self::Prefixed(before) => {
                return write!(f, "`{before}` stands before the secret and is no part of it: remove it");
            }
            Self::Empty => "the secret is empty",
            Self::Blank => "the secret has blanks and nothing else",
            Self::ByteOrderMark => "a byte-order mark stands before the secret: save it as UTF-8 without one",
            Self::BlankBefore => "the secret begins with a blank or a line break: remove it",
            Self::BlankAfter => "the secret ends with a blank: remove it",
            Self::LineBreakAfter => "the secret ends with a line break: remove it",
            Self::Quoted => {
                "the secret stands in quotes: remove them (`docker --env-file` keeps them as a part of the value)"
            }
            Self::Assignment => "this is a whole line `NAME=…`: only what stands behind `=` is the secret",
            Self::Elsewhere => {
                "this says where a secret is kept and is not the secret: use { env = \"…\" } or { file = \"…\" }"
            }
            Self::Masked => "the secret is shortened or hidden, as consoles and logs show it: copy the whole",
            Self::Placeholder => "this is a placeholder and not a secret: everybody knows it",
        };
        f.write_str(sentence)
    }
}

impl std::error::Error for SecretSlip {}

/// Whether a text looks like the name of an environment variable (`NXOS_API_KEY`), and so may be printed where a secret
/// could stand.
#[must_use]
pub fn is_variable_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let starts_well = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    starts_well && name.len() <= 64 && name.bytes().all(plain)
}

/// A text in place of a secret. All of it counts: a word that a real secret happens to contain says nothing.
fn stands_for_a_secret(core: &str) -> Option<SecretSlip> {
    reference::of(core).or_else(|| phrase::of(core)).or_else(|| reference::bare(core))
}

/// What stands around a secret, the outermost first.
fn around(text: &str) -> Option<SecretSlip> {
    if text.starts_with(BYTE_ORDER_MARK) {
        return Some(SecretSlip::ByteOrderMark);
    }
    if text.starts_with(is_blank) {
        return Some(SecretSlip::BlankBefore);
    }
    if text.ends_with(['\r', '\n']) {
        return Some(SecretSlip::LineBreakAfter);
    }
    if text.ends_with(is_blank) {
        return Some(SecretSlip::BlankAfter);
    }
    if unquoted(text).is_some() {
        return Some(SecretSlip::Quoted);
    }
    if after_version(text).is_some() {
        return Some(SecretSlip::Prefixed("v1,"));
    }
    is_assignment(text).then_some(SecretSlip::Assignment)
}

/// A text without anything that slips in around a secret.
fn bare(text: &str) -> &str {
    let mut text = text;
    loop {
        let trimmed = text.trim_matches(is_blank);
        let inner = unquoted(trimmed).or_else(|| after_scheme(trimmed)).or_else(|| after_version(trimmed));
        match inner {
            Some(inner) => text = inner,
            None => return trimmed,
        }
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// White space, and what takes no place at all.
fn is_blank(character: char) -> bool {
    let takes_no_place = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | BYTE_ORDER_MARK);
    character.is_whitespace() || character.is_control() || takes_no_place
}

fn unquoted(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    let close = match characters.next()? {
        '"' => '"',
        '\'' => '\'',
        '“' => '”',
        '„' => '“',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    };
    characters.as_str().strip_suffix(close)
}

/// What follows `Bearer `, if that is one word.
fn after_scheme(text: &str) -> Option<&str> {
    const SCHEME: &str = "Bearer";
    let scheme = text.get(..SCHEME.len()).filter(|scheme| scheme.eq_ignore_ascii_case(SCHEME))?;
    let rest = text.get(scheme.len()..).filter(|rest| rest.starts_with(char::is_whitespace))?.trim_start();
    let is_one_word = !rest.is_empty() && !rest.trim_end().contains(char::is_whitespace);
    is_one_word.then_some(rest)
}

/// Some consoles show the version of the scheme before the key (Supabase: `v1,whsec_…`).
fn after_version(text: &str) -> Option<&str> {
    text.strip_prefix("v1,").filter(|rest| rest.starts_with("whsec_"))
}

/// `export NAME=value`, or `LONG_NAME=value`: shorter ones could be a secret by chance.
fn is_assignment(text: &str) -> bool {
    let exported = text.strip_prefix("export ");
    let Some((name, value)) = exported.unwrap_or(text).split_once('=') else { return false };
    let is_long = name.len() >= 8 && name.contains('_');
    is_variable_name(name) && (exported.is_some() || is_long) && !value.trim_matches('=').is_empty()
}
