//! Sessions as the session API prints them.

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::vendors::session_api::spelling::{AnswerSpelling, IdField};
use crate::vendors::session_api::state::Session;

impl Session {
    /// The answer to the create call, in the configured spelling.
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

    /// The hosted page; the redirect URL is an encoded query parameter of it.
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

    /// Personal data that a client did not ask for, as the vendor sends it: a client must be able to ignore it.
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
