//! The three spellings of names (Persona documentation, key inflection).

use serde_json::{Map, Value};

/// The spelling of the names in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PersonaInflection {
    /// `reference-id`
    Kebab,
    /// `referenceId`. The API keys of the simulation are set to it, so that a client has to ask for what it reads.
    #[default]
    Camel,
    /// `reference_id`
    Snake,
}

impl PersonaInflection {
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "kebab" => Self::Kebab,
            "camel" => Self::Camel,
            "snake" => Self::Snake,
            _ => return None,
        })
    }

    /// The document with its names in this spelling; they have dashes before.
    pub(super) fn spell(self, document: Value) -> Value {
        match self {
            Self::Kebab => document,
            Self::Camel => renamed(document, camel),
            Self::Snake => renamed(document, |name| name.replace('-', "_")),
        }
    }
}

/// The document with dashes in its names, whatever spelling it had.
pub(super) fn kebab(document: Value) -> Value {
    renamed(document, kebab_name)
}

/// The name with dashes.
pub(super) fn kebab_name(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        match letter {
            '_' => kebab.push('-'),
            letter if letter.is_ascii_uppercase() => kebab.extend(['-', letter.to_ascii_lowercase()]),
            letter => kebab.push(letter),
        }
    }
    kebab
}

fn camel(name: &str) -> String {
    let mut parts = name.split('-');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at_checked(1).unwrap_or(("", part));
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    camel
}

fn renamed(document: Value, rename: fn(&str) -> String) -> Value {
    match document {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (rename(&name), renamed(value, rename)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(|item| renamed(item, rename)).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_have_three_spellings_and_values_have_one() {
        let dashed = json!({ "data": [{ "reference-id": "user-42", "fields": { "name-first": null } }] });
        let camel = json!({ "data": [{ "referenceId": "user-42", "fields": { "nameFirst": null } }] });
        let snake = json!({ "data": [{ "reference_id": "user-42", "fields": { "name_first": null } }] });
        assert_eq!(PersonaInflection::Camel.spell(dashed.clone()), camel);
        assert_eq!(PersonaInflection::Snake.spell(dashed.clone()), snake);
        assert_eq!((kebab(camel), kebab(snake)), (dashed.clone(), dashed));
    }
}
