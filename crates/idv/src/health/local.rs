//! Local checks: findings without I/O.

use http::HeaderMap;
use idv_core::{ConfigProblem, ErrorKind, WebhookRequest};

use super::finding::{Findings, HealthCheck as Check, HealthOutcome as Outcome};
use crate::registry::{Instance, Snapshot};

pub(super) fn look(snapshot: &Snapshot, instance: &Instance, findings: &mut Findings<'_>) {
    configuration(snapshot, findings);
    secrets(instance, findings);
    webhooks(instance, findings);
}

fn configuration(snapshot: &Snapshot, findings: &mut Findings<'_>) {
    let path = ConfigProblem::join(["providers", findings.provider.as_str()]);
    let is_here = |warning: &&ConfigProblem| {
        warning.path.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let warnings: Vec<String> = snapshot.warnings.iter().filter(is_here).map(ToString::to_string).collect();
    if warnings.is_empty() {
        findings.add(Check::Configuration, Outcome::Fine, "there is nothing to warn of", None);
    }
    for warning in warnings {
        findings.add(Check::Configuration, Outcome::Doubtful, warning, "change the configuration file");
    }
}

fn secrets(instance: &Instance, findings: &mut Findings<'_>) {
    if instance.warnings.is_empty() {
        let message = match instance.secrets.len() {
            1 => "the one secret is there, and has no form that the vendor does not use".to_owned(),
            count => {
                format!("all {count} secrets are there, and none has a form that the vendor does not use")
            }
        };
        findings.add(Check::Secrets, Outcome::Fine, message, None);
    }
    for warning in &instance.warnings {
        let advice = "compare the secret with the vendor's console: it may be another one's, or cut short";
        findings.add(Check::Secrets, Outcome::Doubtful, warning.to_string(), advice);
    }
}

/// An unsigned webhook has to be refused, and the refusal says whether there is anything to verify one with.
fn webhooks(instance: &Instance, findings: &mut Findings<'_>) {
    let headers = HeaderMap::new();
    let unsigned = WebhookRequest::new(&headers, b"{}", instance.context.clock.now());
    let Err(refusal) = instance.bare.verify_webhook(&unsigned) else {
        let advice = "remove this provider's endpoint until the adapter verifies signatures";
        return findings.add(Check::Webhooks, Outcome::Broken, "an unsigned webhook is believed", advice);
    };
    match refusal.kind() {
        ErrorKind::WebhookRejected => {
            let message = "secrets are configured, and an unsigned webhook is refused";
            findings.add(Check::Webhooks, Outcome::Fine, message, None);
        }
        ErrorKind::Unsupported => {
            findings.add(Check::Webhooks, Outcome::NotChecked, refusal.message(), None);
        }
        _ => {
            let advice = "set `webhook_secrets`, or see to it that sessions are polled";
            findings.add(Check::Webhooks, Outcome::Doubtful, refusal.message(), advice);
        }
    }
}
