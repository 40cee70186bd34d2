//! The lines of the demonstration.

use idv::{Error, RedirectOutcome, Verification, VerificationStatus, WebhookEvent};
use serde_json::{Value, json};

use crate::output::text::view;

/// A word of the vendor on one surface, and what an application sees of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) flow: &'static str,
    pub(crate) surface: &'static str,
    pub(crate) word: String,
    pub(crate) status: Option<VerificationStatus>,
    pub(crate) reason: String,
    pub(crate) action: String,
}

impl Row {
    pub(crate) fn of_check(flow: &'static str, verification: &Verification) -> Self {
        Self {
            flow,
            surface: "check",
            word: verification.provider_status.to_string(),
            status: Some(verification.status),
            reason: view::reasons(&verification.reasons),
            action: view::action(&verification.next_action),
        }
    }

    /// A check that the vendor refuses, such as one with a credential that has expired.
    pub(crate) fn of_refusal(flow: &'static str, error: &Error) -> Self {
        Self {
            flow,
            surface: "check",
            word: error.http_status().map(|status| format!("HTTP {status}")).unwrap_or_default(),
            status: None,
            reason: error.kind().to_string(),
            action: String::new(),
        }
    }

    pub(crate) fn of_webhook(flow: &'static str, event: &WebhookEvent) -> Self {
        Self {
            flow,
            surface: "webhook",
            word: event.provider_status().unwrap_or(&event.provider_event_type).to_string(),
            status: event.status(),
            reason: view::reasons(event.reasons()),
            action: view::action(&event.next_action),
        }
    }

    pub(crate) fn of_redirect(flow: &'static str, outcome: &RedirectOutcome) -> Self {
        let word = match &outcome.provider_reason {
            Some(reason) => format!("{} ({reason})", outcome.provider_status),
            None => outcome.provider_status.to_string(),
        };
        Self {
            flow,
            surface: "redirect",
            word,
            status: Some(outcome.status()),
            reason: outcome.reason.map(|reason| reason.to_string()).unwrap_or_default(),
            action: view::action(&outcome.next_action()),
        }
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "flow": self.flow, "surface": self.surface, "provider_status": self.word, "status": self.status,
            "reason": self.reason, "next_action": self.action,
        })
    }
}
