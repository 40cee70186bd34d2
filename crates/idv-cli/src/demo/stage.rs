//! The means that every flow of the demonstration needs: the registry, a progress bar, and rows to fill.

use http::{HeaderMap, HeaderName, HeaderValue};
use idv::config::ConfigDocument;
use idv::{
    ProviderId, Redirect, Registry, Result, SessionRef, Verification, VerificationStatus, WebhookOutcome,
    WebhookRequest,
};
use idv_sandbox::{Sandbox, SignedWebhook};
use serde_json::{Value, json};

use super::config;
use crate::failure::broken;
use crate::output::Progress;
use crate::output::text::view;

/// One line of the comparison.
pub(crate) struct Row {
    pub(crate) flow: &'static str,
    pub(crate) surface: &'static str,
    pub(crate) word: String,
    pub(crate) status: Option<VerificationStatus>,
    pub(crate) reason: String,
    pub(crate) action: String,
}

impl Row {
    pub(crate) fn document(&self) -> Value {
        json!({
            "flow": self.flow, "surface": self.surface, "provider_status": self.word, "status": self.status,
            "reason": self.reason, "next_action": self.action,
        })
    }
}

pub(crate) struct Stage<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) registry: Registry,
    /// The text that the registry was built from.
    pub(crate) config: String,
    progress: Progress,
}

impl<'a> Stage<'a> {
    /// Builds the registry from the text of a configuration. No file is written, so none can be left behind.
    pub(crate) fn set(sandbox: &'a Sandbox) -> Result<Self> {
        let config = config::with_env(sandbox);
        let registry = config::registry(sandbox, &ConfigDocument::from_toml_str(&config)?)?;
        Ok(Self { sandbox, registry, config, progress: Progress::begin() })
    }

    /// Ends the progress bar.
    pub(crate) fn curtain(&self) {
        self.progress.end();
    }

    /// Shows the current step on a terminal.
    fn step(&self, flow: &str, word: &str) {
        self.progress.step(&format!("{flow}: {word}"));
    }

    pub(crate) fn row_of_check(&self, flow: &'static str, verification: &Verification) -> Row {
        self.step(flow, verification.provider_status.as_str());
        Row {
            flow,
            surface: "check",
            word: verification.provider_status.to_string(),
            status: Some(verification.status),
            reason: view::reasons(&verification.reasons),
            action: view::action(&verification.next_action),
        }
    }

    pub(crate) fn row_of_webhook(
        &self,
        flow: &'static str,
        id: &str,
        webhook: &SignedWebhook,
    ) -> Result<Row> {
        let provider: ProviderId = id.parse().map_err(broken)?;
        let mut headers = HeaderMap::new();
        for (name, value) in &webhook.headers {
            let name = HeaderName::try_from(name.as_str()).map_err(broken)?;
            headers.append(name, HeaderValue::try_from(value.as_str()).map_err(broken)?);
        }
        let request = WebhookRequest::new(&headers, &webhook.body, self.sandbox.now());
        let WebhookOutcome::Event(event) = self.registry.verify_webhook(&provider, &request)? else {
            return Err(broken("a webhook of another type came"));
        };
        let word = event.provider_status().unwrap_or(&event.provider_event_type).to_string();
        self.step(flow, &word);
        Ok(Row {
            flow,
            surface: "webhook",
            word,
            status: event.status(),
            reason: view::reasons(event.reasons()),
            action: view::action(&event.next_action),
        })
    }

    pub(crate) fn row_of_redirect(&self, flow: &'static str, session: &SessionRef, url: &str) -> Result<Row> {
        let outcome = self.registry.parse_redirect(&Redirect::new(session, url))?;
        let word = match &outcome.provider_reason {
            Some(reason) => format!("{} ({reason})", outcome.provider_status),
            None => outcome.provider_status.to_string(),
        };
        self.step(flow, &word);
        Ok(Row {
            flow,
            surface: "redirect",
            word,
            status: Some(outcome.status()),
            reason: outcome.reason.map(|reason| reason.to_string()).unwrap_or_default(),
            action: view::action(&outcome.next_action()),
        })
    }
}
