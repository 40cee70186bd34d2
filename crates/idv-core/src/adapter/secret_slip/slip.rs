//! The kinds of slips, each with a sentence on what to change.

use std::fmt;

/// The reason why a text is probably not the intended secret. `Display` is a sentence that says what to change.
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
