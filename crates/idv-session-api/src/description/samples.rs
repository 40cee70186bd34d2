//! Samples: what the vendor sends, and what an application has to see of it.

use std::collections::BTreeMap;

use idv_core::{ErrorKind, Timestamp, VerificationStatus};
use serde::{Deserialize, Deserializer, de};

/// A sample: an answer (`answer_to`), a webhook (`webhook`) or a return URL (`return_url`), and what an application sees of it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Sample {
    /// The case that the sample shows, in a few words.
    pub(crate) name: String,
    /// The operation that this is the answer to: `start`, `refresh`, `check`, `find` or `cancel`, or `identity` for the answer that a
    /// verified identity is read from.
    pub(crate) answer_to: Option<AnswerTo>,
    /// The HTTP status of the answer; default: 200.
    pub(crate) http_status: Option<u16>,
    /// The body of the answer, as the vendor writes it.
    pub(crate) body: Option<String>,
    /// The body of a webhook, as the vendor writes it.
    pub(crate) webhook: Option<String>,
    /// The headers of the webhook.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// The invented secret under which the webhook is signed.
    pub(crate) secret: Option<String>,
    /// When the webhook arrives, as RFC 3339; default: 2026-07-01T09:00:00Z.
    pub(crate) at: Option<SampleTime>,
    /// A return URL.
    pub(crate) return_url: Option<String>,
    /// The session that is asked about, or expected back; default: the one of the answer, or none.
    pub(crate) session: Option<String>,
    /// The reference that is looked for.
    pub(crate) reference: Option<String>,
    /// The facts that an application sees. Those that are not named are not compared.
    pub(crate) sees: Sees,
}

/// An operation whose answer a sample shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum AnswerTo {
    /// A start.
    Start,
    /// A refresh.
    Refresh,
    /// A check.
    Check,
    /// A find.
    Find,
    /// A cancellation.
    Cancel,
    /// A check that asks for the identity.
    Identity,
}

/// The facts that an application sees of a sample, in the words of the command's JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sees {
    /// The key of the reference: the session id.
    pub(crate) session: Option<String>,
    /// The status; `none` where there is none.
    pub(crate) status: Option<String>,
    /// The vendor's own word.
    pub(crate) provider_status: Option<String>,
    /// The next action.
    pub(crate) next_action: Option<String>,
    /// The reasons, each as `reason` or `reason/code of the vendor`.
    pub(crate) reasons: Option<Vec<String>>,
    /// The caller's own reference.
    pub(crate) external_id: Option<String>,
    /// When the link ends.
    pub(crate) expires_at: Option<String>,
    /// Whether the link can be opened once only.
    pub(crate) single_use: Option<bool>,
    /// When the session was changed, or the event happened.
    pub(crate) at: Option<String>,
    /// The sessions of a list, newest first, each as `id status`.
    pub(crate) sessions: Option<Vec<String>>,
    /// The facts of a verified identity, each as `name: fact`.
    pub(crate) identity: Option<Vec<String>>,
    /// The id of an event.
    pub(crate) event_id: Option<String>,
    /// The type of an event.
    pub(crate) event_type: Option<String>,
    /// Whether the event is ignored, because it is not about sessions.
    pub(crate) ignored: Option<bool>,
    /// The kind of an error.
    pub(crate) error: Option<String>,
    /// The vendor's code of an error.
    pub(crate) code: Option<String>,
    /// The advice of the error: `never`, `allowed` or `after_check`.
    pub(crate) retry: Option<String>,
}

impl Sees {
    /// Every fact with its name, in the order of the document.
    pub(crate) fn facts(&self) -> [(&'static str, Option<String>); 17] {
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        let list = |list: &Option<Vec<String>>| list.as_ref().map(|list| list.join(", "));
        [
            ("session", self.session.clone()),
            ("status", self.status.clone()),
            ("provider_status", self.provider_status.clone()),
            ("next_action", self.next_action.clone()),
            ("reasons", list(&self.reasons)),
            ("external_id", self.external_id.clone()),
            ("expires_at", self.expires_at.clone()),
            ("single_use", flag(self.single_use)),
            ("at", self.at.clone()),
            ("sessions", list(&self.sessions)),
            ("identity", list(&self.identity)),
            ("event_id", self.event_id.clone()),
            ("event_type", self.event_type.clone()),
            ("ignored", flag(self.ignored)),
            ("error", self.error.clone()),
            ("code", self.code.clone()),
            ("retry", self.retry.clone()),
        ]
    }

    /// The facts that a document has and that are words of idv's, with the words that there are, so that none is misspelt.
    pub(crate) fn misspelt(&self) -> Vec<(&'static str, String)> {
        let statuses = VerificationStatus::ALL.iter().map(|status| status.as_str()).chain(["none"]);
        let actions =
            ["start_session", "continue_session", "wait", "resume_session", "retry_with_new_session"]
                .into_iter()
                .chain(["contact_support", "check", "none"]);
        let kinds = ErrorKind::ALL.iter().map(|kind| kind.as_str());
        let retries = ["never", "allowed", "after_check"].into_iter();
        let mut wrong = Vec::new();
        let mut look = |key: &'static str, word: Option<&String>, known: Vec<&str>| {
            if word.is_some_and(|word| !known.contains(&word.as_str())) {
                wrong.push((key, format!("expected one of {}", known.join(", "))));
            }
        };
        look("status", self.status.as_ref(), statuses.collect());
        look("next_action", self.next_action.as_ref(), actions.collect());
        look("error", self.error.as_ref(), kinds.collect());
        look("retry", self.retry.as_ref(), retries.collect());
        wrong
    }
}

/// A time, as RFC 3339 writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SampleTime(pub(crate) Timestamp);

impl<'de> Deserialize<'de> for SampleTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map(Self)
            .map_err(|_| de::Error::custom("expected a time such as \"2026-07-01T09:00:00Z\""))
    }
}
