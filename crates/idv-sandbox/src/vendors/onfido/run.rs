//! Workflow runs (OpenAPI specification of Onfido, `workflow_run` and `workflow_run_builder`).

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::Url;

use crate::clock::iso_seconds;
use crate::front::Front;
use crate::history::History;
use crate::vendors::onfido::fields::Fields;

const FIELDS: [&str; 6] = ["workflow_id", "applicant_id", "tags", "customer_user_id", "link", "custom_data"];
const LINK: [&str; 4] = ["completed_redirect_url", "expired_redirect_url", "expires_at", "language"];
const LANGUAGES: [&str; 7] = ["en_US", "de_DE", "es_ES", "fr_FR", "it_IT", "pt_PT", "nl_NL"];
const MOST_TAGS: usize = 30;
const LONGEST_TAG: usize = 128;
const LONGEST_USER_ID: usize = 256;

/// The status of a run whose applicant has something to do.
pub(crate) const AWAITING_INPUT: &str = "awaiting_input";

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) wanted: Wanted,
    pub(crate) status: String,
    pub(crate) reasons: Vec<String>,
    pub(crate) sdk_token: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) history: History,
    pub(crate) no_webhook: bool,
}

/// A valid create call.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) workflow_id: String,
    pub(crate) applicant_id: String,
    pub(crate) customer_user_id: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) link: Link,
}

/// The configuration of a link.
#[derive(Debug, Default)]
pub(crate) struct Link {
    pub(crate) completed_redirect_url: Option<String>,
    pub(crate) expired_redirect_url: Option<String>,
    pub(crate) expires_at: Option<i64>,
    language: Option<String>,
}

impl Wanted {
    /// Reads the body of a create call. What the account has is for the caller to look up.
    pub(crate) fn parse(fields: &mut Fields, now: i64) -> Self {
        let too_long = "is too long";
        let link = Link::parse(fields, now);
        Self {
            workflow_id: id(fields, "workflow_id"),
            applicant_id: id(fields, "applicant_id"),
            customer_user_id: fields.checked(
                "customer_user_id",
                |id| id.chars().count() <= LONGEST_USER_ID,
                too_long,
            ),
            tags: tags(fields),
            link,
        }
    }

    pub(crate) fn fields(body: Map<String, Value>) -> Fields {
        Fields::of(body, &FIELDS)
    }
}

/// A UUID that must be there.
fn id(fields: &mut Fields, name: &str) -> String {
    let id = fields.required(name);
    if !id.is_empty() && uuid::Uuid::try_parse(&id).is_err() {
        fields.refuse(name, "is not a valid uuid");
    }
    id
}

fn tags(fields: &mut Fields) -> Option<Vec<String>> {
    let tags: Result<Vec<String>, _> = serde_json::from_value(fields.value("tags")?);
    let fits = |tag: &String| (1..=LONGEST_TAG).contains(&tag.chars().count());
    match tags {
        Ok(tags) if tags.len() <= MOST_TAGS && tags.iter().all(fits) => Some(tags),
        _ => {
            fields.refuse("tags", "is not a list of up to 30 tags with 1 to 128 characters");
            None
        }
    }
}

impl Link {
    fn parse(fields: &mut Fields, now: i64) -> Self {
        let mut inner = Fields::of(fields.object("link"), &LINK);
        let expires_at = inner.text("expires_at").and_then(|time| {
            let at = time.parse::<Timestamp>().ok().map(Timestamp::as_millisecond).filter(|at| *at > now);
            if at.is_none() {
                inner.refuse("expires_at", "is not a time in the future");
            }
            at
        });
        let link = Self {
            completed_redirect_url: inner.checked("completed_redirect_url", is_url, "is not a url"),
            expired_redirect_url: inner.checked("expired_redirect_url", is_url, "is not a url"),
            expires_at,
            language: inner.checked(
                "language",
                |language| LANGUAGES.contains(&language),
                "is not a supported language",
            ),
        };
        fields.join("link", inner);
        link
    }
}

impl Run {
    /// Whether the applicant has something to do.
    pub(crate) fn awaits_input(&self) -> bool {
        self.status == AWAITING_INPUT
    }

    pub(crate) fn printed(&self, front: &Front) -> Value {
        let is_error = self.status == "error";
        json!({
            "id": self.id,
            "applicant_id": self.wanted.applicant_id,
            "workflow_id": self.wanted.workflow_id,
            "workflow_version_id": 1,
            "status": self.status,
            "dashboard_url": format!("{}/dashboard/results/{}", front.base_url, self.id),
            "output": {},
            "reasons": self.reasons,
            "error": is_error.then(|| json!({
                "type": "workflow_execution_error", "message": "A task of the workflow could not be carried out",
            })),
            "sdk_token": self.sdk_token.as_ref().filter(|_| self.awaits_input()),
            "customer_user_id": self.wanted.customer_user_id,
            "tags": self.wanted.tags,
            "link": self.link(front),
            "created_at": iso_seconds(self.created_at),
            "updated_at": iso_seconds(self.updated_at),
        })
    }

    pub(crate) fn link(&self, front: &Front) -> Value {
        let link = &self.wanted.link;
        json!({
            "url": front.page_url(&self.id),
            "completed_redirect_url": link.completed_redirect_url,
            "expired_redirect_url": link.expired_redirect_url,
            "expires_at": link.expires_at.map(iso_seconds),
            "language": link.language,
        })
    }
}

fn is_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKFLOW: &str = "2c3d4e5f-0000-4000-8000-000000000002";

    fn parse(more: Value) -> Result<Wanted, String> {
        let mut body = json!({ "workflow_id": WORKFLOW, "applicant_id": WORKFLOW });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let Value::Object(body) = body else { panic!("an object") };
        let mut fields = Wanted::fields(body);
        let wanted = Wanted::parse(&mut fields, 0);
        fields.finish().map(|()| wanted).map_err(|refusal| format!("{refusal:?}"))
    }

    #[test]
    fn a_whole_body_is_read() {
        let link = json!({"completed_redirect_url": "https://app.example/back", "expires_at": "2026-07-01T10:00:00Z", "language": "de_DE"});
        let wanted = parse(json!({"customer_user_id": "case-7", "tags": ["case-7"], "link": link})).unwrap();
        assert_eq!(wanted.customer_user_id.as_deref(), Some("case-7"));
        assert_eq!(wanted.tags, Some(vec!["case-7".to_owned()]));
        assert_eq!(wanted.link.expires_at, Some(1_782_900_000_000));
        assert!(parse(json!({"link": null, "tags": null})).is_ok());
    }

    #[test]
    fn what_the_specification_does_not_allow_is_refused_by_name() {
        for (more, name) in [
            (json!({"workflow_id": null}), "workflow_id"),
            (json!({"applicant_id": "7"}), "applicant_id"),
            (json!({"tags": "case-7"}), "tags"),
            (json!({"tags": [""]}), "tags"),
            (json!({"tags": ["x".repeat(129)]}), "tags"),
            (json!({"tags": vec!["x"; 31]}), "tags"),
            (json!({"customer_user_id": "x".repeat(257)}), "customer_user_id"),
            (json!({"link": {"language": "de"}}), "language"),
            (json!({"link": {"expires_at": "tomorrow"}}), "expires_at"),
            (json!({"link": {"completed_redirect_url": "back"}}), "completed_redirect_url"),
            (json!({"link": {"url": "https://app.example"}}), "url"),
            (json!({"reference": "case-7"}), "reference"),
        ] {
            assert!(parse(more).unwrap_err().contains(&format!("\"{name}\"")), "{name}");
        }
    }
}
