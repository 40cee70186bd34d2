//! The calls and events of Stripe Identity by hand: forms, a pinned version, a key for each start.

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Deserialize;

use crate::by_hand::{ByHand, secret, typed};

/// A secret key of test mode.
pub const KEY: &str = "sk_test_51HSxYzAbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
/// A session of the vendor.
pub const SESSION: &str = "vs_1NuN4zLkdIwHu7ixleE6HvkI";
/// The secret of a webhook endpoint.
pub const WEBHOOK_SECRET: &str = "whsec_5f4dcc3b5aa765d61d8327deb882cf99";

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const VERSION: HeaderValue = HeaderValue::from_static("2026-06-24.dahlia");

/// The session that the vendor gives: with its link to a start and a read alike.
pub(crate) const ANSWER: &str = r#"{"id":"vs_1NuN4zLkdIwHu7ixleE6HvkI","object":"identity.verification_session","client_reference_id":"case-7781","client_secret":"vs_1NuN4zLkdIwHu7ixleE6HvkI_secret_test_YWNjdF8xSFN4","created":1782896400,"last_error":null,"last_verification_report":null,"livemode":false,"metadata":{},"options":{"document":{}},"provided_details":null,"redaction":null,"related_customer":null,"related_customer_account":null,"related_person":null,"status":"requires_input","type":"document","url":"https://verify.stripe.com/start/test_YWNjdF8xSFN4WXpBYkNk","verification_flow":null}"#;

/// An event about a failed check.
pub(crate) const EVENT: &str = r#"{"id":"evt_1NuN4zLkdIwHu7ixleE6HvkI","object":"event","api_version":"2026-06-24.dahlia","created":1782896400,"livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"type":"identity.verification_session.requires_input","data":{"object":{"id":"vs_1NuN4zLkdIwHu7ixleE6HvkI","object":"identity.verification_session","client_reference_id":"case-7781","client_secret":null,"created":1782896400,"last_error":{"code":"document_expired","reason":"The document is expired."},"last_verification_report":"vr_1NuN4zLkdIwHu7ixleE6HvkJ","livemode":false,"metadata":{},"options":{"document":{}},"provided_details":null,"redaction":null,"status":"requires_input","type":"document","url":null}}}"#;

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct StripeSession {
    pub(crate) id: String,
    pub(crate) client_reference_id: Option<String>,
    pub(crate) status: String,
    pub(crate) last_error: Option<StripeError>,
    pub(crate) url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads it")]
pub(crate) struct StripeError {
    pub(crate) code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct StripeEvent {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    pub(crate) created: i64,
    pub(crate) livemode: bool,
    pub(crate) data: StripeData,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads it")]
pub(crate) struct StripeData {
    pub(crate) object: StripeSession,
}

impl ByHand {
    pub(crate) async fn stripe_start(&self, user: &str) -> reqwest::Result<StripeSession> {
        let fields = [("type", "document"), ("client_reference_id", user)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}/v1/identity/verification_sessions", self.base_url));
        let request = request
            .header(AUTHORIZATION, secret(&format!("Bearer {KEY}")))
            .header("stripe-version", VERSION)
            .header("idempotency-key", uuid::Uuid::new_v4().to_string())
            .header(CONTENT_TYPE, FORM);
        typed(request.body(body)).await
    }

    pub(crate) async fn stripe_check(&self, id: &str) -> reqwest::Result<StripeSession> {
        let request = self.http.get(format!("{}/v1/identity/verification_sessions/{id}", self.base_url));
        let request = request.header(AUTHORIZATION, secret(&format!("Bearer {KEY}")));
        typed(request.header("stripe-version", VERSION)).await
    }
}
