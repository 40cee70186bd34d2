//! Unresolved references, in the notations of shells, templates and secret stores.

use super::phrase;
use super::slip::{SecretSlip, is_variable_name};

/// The text between the two ends of a reference. The more ordinary the ends, the stricter it is: a random secret must not
/// look like one by chance.
#[derive(Clone, Copy)]
enum Inside {
    Anything,
    /// A name such as `NAME` or `name`.
    Name,
    /// The name of an environment variable, in capitals.
    Variable,
    /// A name in capitals, or words that stand for a secret.
    VariableOrPlaceholder,
    /// Words such as `your api key`.
    Words,
}

/// How references begin and end. The first row that fits counts.
const NOTATIONS: &[(&str, &str, Inside)] = &[
    // Actions of a forge, shells, Make, Docker Compose, Spring.
    ("${{", "}}", Inside::Anything),
    ("${", "}", Inside::Anything),
    ("$(", ")", Inside::Anything),
    ("$env:", "", Inside::Name),
    ("$", "", Inside::VariableOrPlaceholder),
    // Helm, Jinja, Handlebars, Ansible; Ruby; ERB.
    ("{{", "}}", Inside::Anything),
    ("#{", "}", Inside::Anything),
    ("<%=", "%>", Inside::Anything),
    ("<%", "%>", Inside::Anything),
    // The shell of Windows, Erlang and Logstash, Maven, deployment scripts, Python.
    ("%{", "}", Inside::Anything),
    ("%", "%", Inside::Name),
    ("%", "", Inside::Variable),
    ("@", "@", Inside::Variable),
    ("__", "__", Inside::Variable),
    ("{", "}", Inside::Variable),
    ("env:", "", Inside::Name),
    ("env.", "", Inside::Name),
    ("process.env.", "", Inside::Name),
    // Manuals.
    ("<", ">", Inside::Words),
    ("[", "]", Inside::Words),
];

/// How the addresses of secrets begin: 1Password, Vault, vals, the stores of clouds, files.
const ADDRESSES: &[&str] = &[
    "op://",
    "vault:",
    "ref+",
    "arn:aws:secretsmanager:",
    "arn:aws:ssm:",
    "awssm://",
    "ssm://",
    "sm://",
    "gcpsm://",
    "akv://",
    "secretref:",
    "file:",
    "/run/secrets/",
];

/// Words of which a bare name in capitals must have one, to be taken for the name of a variable.
const NAMED: &[&str] = &["APIKEY", "KEY", "KEYS", "PASSWORD", "PROXY", "SECRET", "SECRETS", "TOKEN"];

/// The bytes with which references and addresses begin.
const FIRST_BYTES: &[u8] = b"$%#/<@[_{aefgoprsv";

/// The reference that a text is, if it is one.
pub(super) fn of(text: &str) -> Option<SecretSlip> {
    if !FIRST_BYTES.contains(&text.bytes().next()?.to_ascii_lowercase()) {
        return None;
    }
    let begins = |start: &str| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    if ADDRESSES.iter().any(|start| begins(start)) {
        return Some(SecretSlip::Elsewhere);
    }
    if let Some(name) = table(text) {
        return Some(name);
    }
    NOTATIONS.iter().find_map(|(open, close, inside)| {
        let inner = begins(open).then(|| text.get(open.len()..))??.strip_suffix(close)?;
        inside.read(inner)
    })
}

/// The name of a variable without anything that would make a reference of it.
pub(super) fn bare(text: &str) -> Option<SecretSlip> {
    let is_meant =
        is_variable_name(text) && text.contains('_') && text.split('_').any(|word| NAMED.contains(&word));
    is_meant.then(|| SecretSlip::Variable(Some(text.to_owned())))
}

impl Inside {
    fn read(self, inner: &str) -> Option<SecretSlip> {
        let variable = variable(inner);
        let is_meant = match self {
            Self::Anything => true,
            Self::Name => is_name(inner),
            Self::Variable => is_variable_name(inner),
            Self::VariableOrPlaceholder => is_variable_name(inner) || phrase::of(inner).is_some(),
            Self::Words => {
                // One word in capitals is rather what should stand there.
                let named =
                    variable.filter(|name| name.contains('_')).map(|name| SecretSlip::Variable(Some(name)));
                return is_words(inner).then(|| named.unwrap_or(SecretSlip::Placeholder));
            }
        };
        is_meant.then_some(SecretSlip::Variable(variable))
    }
}

/// A table of TOML or JSON that became a text: `{ env = "NAME" }`.
fn table(text: &str) -> Option<SecretSlip> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let (key, value) = inner.split_once(['=', ':'])?;
    let plain = |part: &str| part.trim().trim_matches(['"', '\'']).to_owned();
    match plain(key).as_str() {
        "env" => Some(SecretSlip::Variable(Some(plain(value)).filter(|name| is_variable_name(name)))),
        "file" => Some(SecretSlip::Elsewhere),
        _ => None,
    }
}

/// The variable that is named inside a reference: `secrets.NAME`, `NAME:-default`, ` NAME | quote `.
fn variable(inner: &str) -> Option<String> {
    let path = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
    let path = inner.trim().split(|character| !path(character)).next()?;
    let name = path.rsplit('.').next()?;
    is_variable_name(name).then(|| name.to_owned())
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && text.bytes().all(plain)
}

fn is_words(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ' | b'.');
    text.trim().starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_of_every_reference_is_known() {
        let notations = NOTATIONS.iter().map(|(open, ..)| open);
        for start in notations.chain(ADDRESSES) {
            assert!(FIRST_BYTES.contains(&start.as_bytes()[0]), "{start}");
        }
    }
}
