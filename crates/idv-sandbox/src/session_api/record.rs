//! Sessions as the session API prints them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use utoipa::ToSchema;

use crate::clock::iso;
use crate::session_api::state::Session;

/// How the keys of answers and events are spelled: the vendor's pages show one, its SDK's types the other.
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
    /// Spells the keys of `value`, all the way down.
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

impl Session {
    /// The answer to the create call, spelled.
    pub(crate) fn created(&self, base_url: &str, id_field: IdField, spelling: AnswerSpelling) -> Value {
        let url = self.url(base_url);
        let id_name = match id_field {
            IdField::Id => "id",
            IdField::IdvId => "idv_id",
        };
        let links = match spelling {
            AnswerSpelling::Snake => json!([]),
            AnswerSpelling::Camel => json!([{ "url": url, "type": "session" }]),
        };
        let mut answer = Map::new();
        answer.insert(id_name.to_owned(), json!(self.id));
        answer.insert("session_url".to_owned(), json!(url));
        if let Some(external_id) = &self.external_id {
            answer.insert("externalId".to_owned(), json!(external_id));
        }
        answer.insert("links".to_owned(), links);
        spelling.apply(Value::Object(answer))
    }

    /// The hosted page; the redirect URL goes along as an encoded query parameter.
    pub(crate) fn url(&self, base_url: &str) -> String {
        let page = format!("{base_url}/l/{}", self.id);
        let Some(redirect) = &self.redirect_url else { return page };
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("redirect_url", redirect)
            .finish();
        format!("{page}?{query}")
    }

    /// `session_record`, in snake case.
    pub(crate) fn record(&self) -> Value {
        let mut record = json!({
            "id": self.id,
            "organization_id": self.organization_id,
            "user_id": self.user_id,
            "sender_user_id": self.sender_user_id,
            "status": self.status,
            "type": if self.workflow_id.is_some() { "session" } else { "verification" },
            "session_progress": self.progress,
            "location": { "country": "CA" },
            "created_at": iso(self.created_at),
            "updated_at": iso(self.updated_at),
        });
        if let Some(external_id) = &self.external_id {
            record["external_id"] = json!(external_id);
        }
        if let Some(workflow_id) = &self.workflow_id {
            record["workflow_id"] = json!(workflow_id);
            record["workflow_steps"] = json!(["ID_VERIFICATION"]);
        }
        if let Some(submitted_at) = self.submitted_at {
            record["submitted_at"] = json!(iso(submitted_at));
            record["uploads"] = json!({ "id_front": true, "selfie": true });
            record["analysis_data"] = self.analysis(submitted_at);
        }
        record
    }

    /// Personal data that nobody asked for, as the vendor sends it: a client must be able to leave it alone.
    fn analysis(&self, created_at: i64) -> Value {
        let line = |kind: &str, value: &str| json!({ "type": kind, "value": value, "confidence": 99.1 });
        json!({
            "created_at": iso(created_at),
            "id_matches_selfie": self.status != "REJECTED",
            "faceliveness_score": 98.7,
            "id_analysis_data": {
                "detect_face_data": [],
                "id_extracted_text": [
                    line("FIRST_NAME", &self.first_name),
                    line("LAST_NAME", &self.last_name),
                    line("DATE_OF_BIRTH", "1990-01-02"),
                    line("DOCUMENT_NUMBER", "SIM000112222"),
                ],
                "expiry_date_pass": true,
                "valid_state_pass": true,
                "age_restriction_pass": true,
            },
        })
    }

    /// The answer to a read, in snake case.
    pub(crate) fn retrieved(&self, base_url: &str) -> Value {
        let mut answer = json!({
            "session_record": self.record(),
            "user": {
                "id": self.user_id,
                "first_name": self.first_name,
                "last_name": self.last_name,
                "email": self.email,
                "phone": self.phone,
            },
            "sender_user": { "id": self.sender_user_id, "email": "operator@example.test" },
        });
        if self.submitted_at.is_some() {
            let link = |name: &str| format!("{base_url}/r/{}/{name}?signature=simulated", self.id);
            answer["resource_links"] = json!({ "id_front": link("id_front"), "selfie": link("selfie") });
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_reaches_every_key_and_no_value() {
        let snake = json!({ "session_record": { "id": "a_b", "list_of": [{ "next_token": null }] }, "externalId": 1 });
        let camel =
            json!({ "sessionRecord": { "id": "a_b", "listOf": [{ "nextToken": null }] }, "externalId": 1 });
        assert_eq!(AnswerSpelling::Camel.apply(snake.clone()), camel);
        assert_eq!(AnswerSpelling::Snake.apply(snake.clone()), snake);
    }
}
