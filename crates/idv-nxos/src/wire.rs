//! nxos's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::lenient::{self, Lenient, Text};

/// "VerificationSession" (docs.nxos.io, "Start verification").
#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) url: String,
    #[serde(rename = "accessToken")]
    pub(crate) access_token: Option<String>,
}

/// "OrganizationVerification" (docs.nxos.io, "Get verification"). Only the status has to have its documented form: what
/// stands beside it must not hide it.
#[derive(Deserialize)]
pub(crate) struct OrganizationVerification {
    pub(crate) status: String,
    #[serde(rename = "type")]
    pub(crate) subject: Option<Value>,
    #[serde(rename = "updatedAt")]
    pub(crate) updated_at: Option<Value>,
}

/// The body of an import (docs.nxos.io, "Import verification").
#[derive(Serialize)]
pub(crate) struct Import<'a> {
    #[serde(rename = "shareToken")]
    pub(crate) share_token: &'a str,
}

/// A webhook (docs.nxos.io, "Webhooks").
#[derive(Deserialize)]
pub(crate) struct Event<'a> {
    #[serde(rename = "type", borrow)]
    pub(crate) event_type: Cow<'a, str>,
    #[serde(default, borrow)]
    pub(crate) timestamp: Text<'a>,
    #[serde(default, borrow)]
    pub(crate) data: Data<'a>,
}

impl<'a> Event<'a> {
    /// JSON is UTF-8; serde_json by itself does not look at the texts that no field takes.
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        // A list would be taken as well, for the fields in their order.
        let is_object = text.trim_ascii_start().starts_with('{');
        is_object.then(|| serde_json::from_str(text).ok())?
    }
}

/// `data` of a webhook. Its fields are not documented, so it stays open, and of a name that is repeated the last counts.
#[derive(Default)]
pub(crate) struct Data<'a> {
    pub(crate) organization: Text<'a>,
    pub(crate) status: Text<'a>,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Field {
    #[serde(rename = "organizationId")]
    Organization,
    #[serde(rename = "status")]
    Status,
    #[serde(other)]
    Other,
}

impl<'de> Lenient<'de> for Data<'de> {
    fn object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut data = Self::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Organization => data.organization = map.next_value()?,
                Field::Status => data.status = map.next_value()?,
                Field::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(data)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::read(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use idv_tests::json_texts;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    /// A webhook by way of a tree.
    #[derive(Deserialize)]
    struct Tree {
        #[serde(rename = "type")]
        event_type: String,
        timestamp: Option<Value>,
        data: Option<Value>,
    }

    impl Tree {
        fn parse(text: &str) -> Option<Self> {
            let whole = serde_json::from_str::<Value>(text).ok()?;
            // Not from the tree, in which names stand once.
            whole.is_object().then(|| serde_json::from_str(text).ok())?
        }
    }

    const NAMES: &[&str] = &[
        r#""type""#,
        r#""data""#,
        r#""d\u0061ta""#,
        r#""timestamp""#,
        r#""status""#,
        r#""organizationId""#,
        r#""organization\u0049d""#,
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn a_webhook_says_what_a_tree_says(text in json_texts(NAMES), is_event: bool) {
            let text = if is_event { format!(r#"{{"type":"x","data":{text}}}"#) } else { text };
            let (event, tree) = (Event::parse(text.as_bytes()), Tree::parse(&text));
            prop_assert_eq!(event.is_some(), tree.is_some(), "{}", text);
            let (Some(event), Some(tree)) = (event, tree) else { return Ok(()) };
            prop_assert_eq!(event.event_type, tree.event_type);
            prop_assert_eq!(event.timestamp.0.as_deref(), tree.timestamp.as_ref().and_then(Value::as_str));
            let of_data = |name| tree.data.as_ref().and_then(|data: &Value| data.get(name)?.as_str());
            prop_assert_eq!(event.data.organization.0.as_deref(), of_data("organizationId"), "{}", text);
            prop_assert_eq!(event.data.status.0.as_deref(), of_data("status"), "{}", text);
        }
    }

    #[test]
    fn a_list_is_no_webhook() {
        for body in [r#"["x"]"#, r#" ["x","2026-07-01T09:12:44Z",{"status":"APPROVED"}]"#] {
            assert!(Event::parse(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[test]
    fn depth_does_not_overflow_the_stack() {
        let deep = "[".repeat(500_000) + &"]".repeat(500_000);
        let body = format!(r#"{{"type":"x","data":{{"a":{deep},"status":"y"}}}}"#);
        assert_eq!(Event::parse(body.as_bytes()).unwrap().data.status.0.unwrap(), "y");
    }
}
