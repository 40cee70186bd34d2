//! JSON: the documents of `--json`. Fields may be added, never renamed; absent facts are `null`.

use idv::config::ParsedConfig;
use idv::health::Finding;
use idv::profile::ProviderProfile;
use idv::registry::Changes;
use idv::routing::{Decision, RouteRequest};
use idv::{
    AccessToken, ConfigProblem, Erasure, Error, ErrorKind, RedirectOutcome, Registry, Result, SessionRef,
    SessionUrl, Verification, VerificationProvider, VerificationSession, WebhookEvent, WebhookOutcome,
};
use serde_json::{Value, json};

use super::available::available;
use super::document::{Document, Format, Notice, Printed};
use super::hint::whole_seconds;
use super::identity;
#[cfg(feature = "tracker")]
use super::tracked;
use crate::failure::Failure;

/// One document on a line.
pub(super) struct Json;

impl Format for Json {
    fn document(&self, document: &Document<'_>) -> Printed {
        let value = match document {
            Document::Session(registry, session) => self::session(registry, session),
            Document::Verification(registry, state) | Document::Change { registry, state, .. } => {
                json!({"verification": verification(registry, state)})
            }
            Document::Identified(registry, state) => identified(registry, state),
            Document::Verifications(registry, found) => verifications(registry, found),
            Document::Erasure(erasure) => self::erasure(erasure),
            Document::Redirect(outcome) => redirect(outcome),
            Document::Webhook(outcome) => webhook(outcome),
            Document::Route { registry, request, decision } => route(registry, request, decision),
            Document::Providers(registry) => providers(registry),
            Document::Config { outline, warnings, .. } => config(outline, warnings),
            Document::Schema(schema) => Value::clone(schema),
            Document::Health(findings) => health(findings),
            #[cfg(feature = "tracker")]
            Document::Started(registry, started) => self::started(registry, started),
            #[cfg(feature = "tracker")]
            Document::Received(outcome, receipt) => received(outcome, receipt),
            #[cfg(feature = "tracker")]
            Document::Stored(stored) => tracked::facts::of(stored),
            Document::Report { facts, .. } => Value::clone(facts),
            Document::QrCode(code) => return Printed::Stderr((*code).to_owned()),
            // The last change has said it.
            Document::WatchEnd { .. } => return Printed::Nothing,
        };
        Printed::Stdout(value.to_string())
    }

    fn notice(&self, notice: &Notice<'_>) -> String {
        match notice {
            Notice::Failure(failure) => failed(failure).to_string(),
            Notice::Usage { explanation, error } => format!("{explanation}\n{}", self::error(error, None)),
            Notice::FailedStart(error) => json!({"failed_start": facts_of(error, None)}).to_string(),
            Notice::Reload(outcome) => reload(outcome).to_string(),
            Notice::Warning(message) => json!({"warning": {"message": message}}).to_string(),
        }
    }
}

/// The kind of the provider that a reference names.
fn kind(registry: &Registry, reference: &SessionRef) -> Option<String> {
    registry.provider(reference.provider()).ok().map(|provider| provider.profile().kind.to_string())
}

/// A session. This is the one document with secrets in it: the caller asked for the hand-off.
fn session(registry: &Registry, session: &VerificationSession) -> Value {
    json!({"session": handed_over(session, kind(registry, &session.reference))})
}

fn handed_over(session: &VerificationSession, kind: Option<String>) -> Value {
    let links: Vec<Value> =
        session.links.iter().map(|link| json!({"url": link.url.expose(), "type": link.kind})).collect();
    json!({
        "reference": session.reference,
        "provider": session.reference.provider(),
        "kind": kind,
        "status": session.status,
        "url": session.url().map(SessionUrl::expose),
        "access_token": session.access_token().map(AccessToken::expose),
        "links": links,
        "expires_at": session.expires_at.map(|expiry| expiry.at),
        "expires_at_estimated": session.expires_at.map(|expiry| expiry.certainty == idv::Certainty::Estimated),
        "single_use": session.single_use,
        "unused_inputs": session.unused_inputs,
    })
}

/// A session with its place in the store. Links are not stored, so a session of an earlier start has none.
#[cfg(feature = "tracker")]
fn started(registry: &Registry, started: &idv_tracker::Started) -> Value {
    let mut session = match &started.session {
        Some(session) => handed_over(session, kind(registry, &session.reference)),
        None => {
            let known = started.verification.session.as_ref();
            tracked::facts::without_link(started, known.and_then(|session| kind(registry, session)))
        }
    };
    session["tracked"] = tracked::facts::of_start(started);
    json!({"session": session})
}

/// An event with its place in the store.
#[cfg(feature = "tracker")]
fn received(outcome: &WebhookOutcome, receipt: &idv_tracker::Receipt) -> Value {
    let mut document = webhook(outcome);
    if matches!(outcome, WebhookOutcome::Event(_)) {
        document["event"]["tracked"] = tracked::facts::of_receipt(receipt);
    }
    document
}

fn verification(registry: &Registry, verification: &Verification) -> Value {
    let mut document = json!(verification);
    document["provider"] = json!(verification.reference.provider());
    document["kind"] = json!(kind(registry, &verification.reference));
    document
}

fn identified(registry: &Registry, state: &Verification) -> Value {
    let mut document = verification(registry, state);
    document["identity"] = json!(state.identity().map(identity::document));
    json!({"verification": document})
}

fn verifications(registry: &Registry, found: &[Verification]) -> Value {
    json!({"verifications": found.iter().map(|one| verification(registry, one)).collect::<Vec<_>>()})
}

fn erasure(erasure: &Erasure) -> Value {
    json!({"erasure": {
        "reference": erasure.reference,
        "provider": erasure.reference.provider(),
        "state": erasure.state,
    }})
}

fn route(registry: &Registry, request: &RouteRequest, decision: &Decision) -> Value {
    let provider = decision.provider.as_ref().and_then(|id| registry.provider(id).ok());
    json!({"route": {
        "reference": request.reference,
        "provider": decision.provider,
        "kind": provider.map(|provider| provider.profile().kind.to_string()),
        "decided_by": decision.decided_by,
        "rule": decision.rule,
        "failover": decision.failover,
        "passed_over": decision.passed_over,
    }})
}

fn redirect(outcome: &RedirectOutcome) -> Value {
    json!({"redirect": {
        "reference": outcome.reference,
        "status": outcome.status(),
        "provider_status": outcome.provider_status,
        "reason": outcome.reason,
        "provider_reason": outcome.provider_reason,
        "trusted": false,
        "next_action": outcome.next_action().as_str(),
    }})
}

fn webhook(outcome: &WebhookOutcome) -> Value {
    match outcome {
        WebhookOutcome::Event(event) => json!({"event": self::event(event)}),
        WebhookOutcome::Ignored { provider, provider_event_type } => {
            json!({"ignored": {"provider": provider, "provider_event_type": provider_event_type}})
        }
        _ => Value::Null,
    }
}

fn event(event: &WebhookEvent) -> Value {
    let mut document = json!(event);
    if let Some(fields) = document.as_object_mut() {
        // The document of an event names its next action by the word alone.
        for carried in ["poll_after_seconds", "cooldown_seconds", "via", "recheck_after_seconds"] {
            fields.remove(carried);
        }
    }
    document
}

/// The result of reading the configuration again.
fn reload(outcome: &Result<Changes>) -> Value {
    let error = outcome.as_ref().err().map(|error| facts_of(error, None));
    json!({"reload": {"changes": outcome.as_ref().ok().map(changes), "error": error}})
}

fn changes(changes: &Changes) -> Value {
    json!({
        "active": changes.active.as_ref().map(|moved| json!({"from": moved.from, "to": moved.to})),
        "routing": changes.routing,
        "added": changes.added,
        "removed": changes.removed,
        "kind_changed": changes.kind_changed,
        "rebuilt": changes.rebuilt,
        "retired": changes.retired,
        "reinstated": changes.reinstated,
    })
}

fn failed(failure: &Failure) -> Value {
    failure.error().map_or(Value::Null, |error| self::error(error, failure.untold()))
}

/// The error of the command, with the reference of anything created that could not be printed.
fn error(error: &Error, untold: Option<&SessionRef>) -> Value {
    json!({"error": facts_of(error, untold)})
}

fn facts_of(error: &Error, untold: Option<&SessionRef>) -> Value {
    let is_config = error.kind() == ErrorKind::Config;
    json!({
        "kind": error.kind(),
        "provider": error.provider(),
        "operation": error.operation(),
        "http_status": error.http_status(),
        "code": error.code(),
        "request_id": error.request_id(),
        "credential": error.credential(),
        "retry": error.retry().as_str(),
        "retry_after_seconds": error.retry_after().map(whole_seconds),
        "delivery": error.delivery(),
        "idempotency_key": error.idempotency_key(),
        "reference": untold,
        "message": if is_config { error.message().to_owned() } else { error.to_string() },
        "inputs": error.input_problems(),
        "config": error.config_problems(),
    })
}

fn providers(registry: &Registry) -> Value {
    let available = available().into_iter().map(|one| json!({"kind": one.kind, "preset": one.preset}));
    json!({
        "providers": registry.providers().map(|one| provider(registry, &*one)).collect::<Vec<_>>(),
        "available": available.collect::<Vec<_>>(),
    })
}

pub(crate) fn provider(registry: &Registry, provider: &dyn VerificationProvider) -> Value {
    let profile = provider.profile();
    json!({
        "provider": provider.id(),
        "kind": profile.kind,
        "vendor": profile.vendor,
        "active": *provider.id() == registry.active(),
        "retired": registry.is_retired(provider.id()),
        "capabilities": profile.capabilities,
        "identity_fields": profile.identity_fields,
        "inputs": profile.inputs,
        "lifetimes": lifetimes(profile),
        "cadence": {
            "applicant_busy_seconds": profile.actions.cadence.applicant_busy.as_secs(),
            "vendor_busy_seconds": profile.actions.cadence.vendor_busy.as_secs(),
        },
        "limits": limits(profile),
        "decision_times": facts(&profile.decision_times),
        "documents": facts(&profile.documents),
        "mapping": mapping(profile),
    })
}

fn health(findings: &[Finding]) -> Value {
    json!({"doctor": findings.iter().map(finding).collect::<Vec<_>>()})
}

/// A health check and its result.
fn finding(finding: &Finding) -> Value {
    json!({
        "provider": finding.provider,
        "check": finding.check.as_str(),
        "outcome": finding.outcome.as_str(),
        "message": finding.message,
        "advice": finding.advice,
    })
}

fn lifetimes(profile: &ProviderProfile) -> Vec<Value> {
    let lifetime = |lifetime: &idv::profile::Lifetime| {
        json!({
            "what": lifetime.what, "seconds": lifetime.duration.as_secs(), "certainty": lifetime.certainty,
            "source": lifetime.source,
        })
    };
    profile.lifetimes.iter().map(lifetime).collect()
}

fn limits(profile: &ProviderProfile) -> Vec<Value> {
    let limit = |limit: &idv::profile::Limit| {
        json!({
            "what": limit.scope, "count": limit.count, "per_seconds": limit.per.map(|per| per.as_secs()),
            "source": limit.source,
        })
    };
    profile.limits.iter().map(limit).collect()
}

fn facts(facts: &[idv::profile::Note]) -> Vec<Value> {
    facts.iter().map(|fact| json!({"text": fact.text, "source": fact.source})).collect()
}

fn mapping(profile: &ProviderProfile) -> Vec<Value> {
    let row = |row: &idv::profile::MappingRow| json!({"surface": row.surface, "word": row.word, "status": row.status, "reason": row.reason});
    profile.mapping.iter().map(row).collect()
}

fn config(outline: &ParsedConfig, warnings: &[ConfigProblem]) -> Value {
    let provider = |entry: &idv::config::ProviderEntry| json!({"provider": entry.id, "kind": entry.kind});
    json!({"config": {
        "active": outline.active,
        "providers": outline.providers.iter().map(provider).collect::<Vec<_>>(),
        "warnings": warnings,
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_handed_over_by_token_alone_has_no_url() {
        let session = VerificationSession::new("direct:id1".parse().unwrap(), AccessToken::new("token-1"));
        let told = handed_over(&session, Some("sumsub".to_owned()));
        assert_eq!((&told["url"], &told["access_token"]), (&Value::Null, &json!("token-1")));
        assert_eq!((&told["reference"], &told["kind"]), (&json!("direct:id1"), &json!("sumsub")));
    }
}
