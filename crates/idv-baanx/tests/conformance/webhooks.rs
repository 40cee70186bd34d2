//! The webhooks of both flows (docs.baanx.com, guides "Webhooks: security" and "Webhooks: KYC events").

use idv_conformance::{Event, Webhooks};
use serde_json::{Map, Value, json};

pub(crate) struct Guide;

impl Webhooks for Guide {
    fn secrets(&self) -> [&'static str; 3] {
        ["whk_canary_number_one", "whk_canary_number_two", "whk_canary_number_three"]
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let mut object = Map::new();
        object.extend(event.status.map(|status| ("status".to_owned(), status.into())));
        object.extend(event.reason.map(|code| ("failure_code".to_owned(), code.into())));
        json!({
            "api_version": "v1", "event_id": event.id, "event_category": "kyc",
            "event_type": event.event_type.unwrap_or("kyc.status.changed"),
            "user_id": event.session, "event_object_id": event.session, "event_object": object,
            "occurred_at": event.at.to_string(),
        })
    }

    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let time = event.at.unix_seconds().to_string();
        let signature = idv_tests::sign_hmac_hex(secret, &time, body);
        vec![("x-timestamp", time), ("x-signature", signature)]
    }

    /// The guide's example tells the status in three places: in the object, beside it, and as the last change. The page "Start
    /// User Verification" has a member of its own.
    fn contradictions(&self, event: &Event<'_>, other: &str) -> Vec<Value> {
        let places = [
            ("event_object_status", json!(other)),
            ("event_object_changes", json!({"status": ["pending", other]})),
            ("verificationState", json!(other)),
        ];
        let with = |(name, told): (&str, Value)| {
            let mut said = self.event(event);
            said[name] = told;
            said
        };
        places.map(with).into()
    }
}
