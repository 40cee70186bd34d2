//! Misconfigured secrets: placeholders, and secrets with something around them.
//!
//! Anybody can sign with a placeholder. A secret with a line break behind it is another secret than the vendor's, which shows
//! at the first webhook only. Both are refused when a provider is built, wherever the text came from.

mod phrase;
mod reference;
mod slip;
#[cfg(test)]
mod tests;

pub use slip::{SecretSlip, is_variable_name};

impl SecretSlip {
    /// The slip in a text that is used as a secret, if there is one. Of several slips a placeholder comes first, then the
    /// outermost.
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

/// A text in place of a secret. All of it counts: a word that a real secret happens to contain says nothing.
fn stands_for_a_secret(core: &str) -> Option<SecretSlip> {
    reference::of(core).or_else(|| phrase::of(core)).or_else(|| reference::bare(core))
}

/// The outermost slip around a secret.
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

/// The text after `Bearer `, if it is one word.
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
