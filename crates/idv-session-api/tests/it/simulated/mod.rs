//! The built-in descriptions against the simulated vendors, which were written from the vendors' pages alone.

use std::time::{Duration, UNIX_EPOCH};

use idv_core::{ReportedReason, Result, SessionRef, StartRequest, WebhookOutcome, WebhookRequest};
use idv_sandbox::{Sandbox, SignedWebhook};
use serde_json::{Value, json};

use crate::support::{Provider, build, headers, now, over};

mod didit;
mod idenfy;
mod persona;
mod plaid;
mod shufti;

/// A sandbox whose time stands where the adapters believe it to be.
async fn sandbox() -> Sandbox {
    let at = UNIX_EPOCH + Duration::from_secs(u64::try_from(now().unix_seconds()).unwrap());
    Sandbox::builder().seed(7).frozen_at(at).start().await.unwrap()
}

fn provider(preset: &str, options: Value, more: Value) -> Provider {
    build(&over(over(json!({ "preset": preset }), options), more)).unwrap()
}

fn ada(reference: &str) -> StartRequest {
    StartRequest::new(reference)
        .first_name("Ada")
        .last_name("Sample")
        .redirect_url("https://app.example/back?a=b")
}

async fn started(provider: &Provider, reference: &str) -> SessionRef {
    provider.start(&ada(reference)).await.unwrap().reference
}

/// What the adapter makes of a webhook that arrives now.
fn received(provider: &Provider, webhook: &SignedWebhook) -> Result<WebhookOutcome> {
    let pairs: Vec<_> = webhook.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers = headers(&pairs);
    provider.verify_webhook(&WebhookRequest::new(&headers, &webhook.body, now()))
}

/// The status of an event, its next action, and the key of its session.
fn event(provider: &Provider, webhook: &SignedWebhook) -> (Option<String>, String, Option<String>) {
    let read = received(provider, webhook).unwrap();
    let WebhookOutcome::Event(event) = read else { panic!("{read:?}") };
    let status = event.status().map(|status| status.to_string());
    (status, event.next_action.as_str().to_owned(), event.reference.map(|one| one.key().to_owned()))
}

/// The reasons with the vendor's codes for them.
fn reasons(reported: &[ReportedReason]) -> Vec<String> {
    let code = |one: &ReportedReason| one.provider_code.as_ref().map(|code| format!(" ({code})"));
    reported.iter().map(|one| format!("{}{}", one.reason, code(one).unwrap_or_default())).collect()
}

fn set_header(webhook: &mut SignedWebhook, name: &str, value: &str) {
    let header = webhook.headers.iter_mut().find(|(known, _)| known == name).unwrap();
    value.clone_into(&mut header.1);
}
