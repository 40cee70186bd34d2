//! The spelling of the session API's answers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The spelling of keys in answers and events: the vendor's pages show one, its SDK's types the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerSpelling {
    /// `session_url`, but `externalId` in the answer to a create call, as the pages have it; `links` is empty.
    #[default]
    Snake,
    /// `sessionUrl` and so on everywhere; `links` holds `{url, type}`.
    Camel,
}

/// The name of the session id in the answer to a create call: the newer pages show one, an older the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdField {
    /// `id`
    #[default]
    Id,
    /// `idv_id`, in camel case `idvId`
    IdvId,
}

impl AnswerSpelling {
    /// Applies the spelling to all keys of `value`, recursively.
    pub(crate) fn apply(self, value: Value) -> Value {
        match (self, value) {
            (Self::Camel, Value::Object(fields)) => Value::Object(
                fields.into_iter().map(|(key, value)| (camel(&key), self.apply(value))).collect(),
            ),
            (Self::Camel, Value::Array(items)) => {
                Value::Array(items.into_iter().map(|item| self.apply(item)).collect())
            }
            (_, value) => value,
        }
    }
}

fn camel(key: &str) -> String {
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut joined, word| {
        let mut letters = word.chars();
        joined.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        joined.push_str(letters.as_str());
        joined
    })
}

#[cfg(test)]
mod tests {
    use super::AnswerSpelling;
    use serde_json::json;

    #[test]
    fn camel_case_reaches_every_key_and_no_value() {
        let snake = json!({ "session_record": { "id": "a_b", "list_of": [{ "next_token": null }] }, "externalId": 1 });
        let camel =
            json!({ "sessionRecord": { "id": "a_b", "listOf": [{ "nextToken": null }] }, "externalId": 1 });
        assert_eq!(AnswerSpelling::Camel.apply(snake.clone()), camel);
        assert_eq!(AnswerSpelling::Snake.apply(snake.clone()), snake);
    }
}
