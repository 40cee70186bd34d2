//! Samples of a description, read as an application would see them. Nothing is sent.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use idv_core::signature::WebhookVerifier;
use idv_core::{
    Correlation, Error, ErrorKind, IdentityField, Redirect, ReportedReason, Result, SessionRef, Timestamp,
    Verification, VerificationSession, VerifiedIdentity, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use idv_http::json::Node;
use idv_http::{ErrorAnswer, ErrorRules, ReplaySafety, invalid_response};
use secrecy::SecretString;

use crate::description::{AnswerTo, Sample, Sees};
use crate::exchange::{self, Parts};
use crate::{return_url, webhook};

static ERROR_RULES: ErrorRules = ErrorRules::new();

/// The facts that an application sees of a sample, and the error that it gets instead of a result.
pub(crate) fn seen(parts: &Parts, sample: &Sample, now: Timestamp) -> (Sees, Option<Error>) {
    let seen = match (&sample.answer_to, &sample.webhook, &sample.return_url) {
        (Some(call), ..) => answer(parts, *call, sample, now),
        (_, Some(body), _) => event(parts, sample, body, now),
        (.., Some(url)) => back(parts, sample, url),
        (None, None, None) => Err(invalid_response("the sample shows nothing")),
    };
    match seen {
        Ok(seen) => (seen, None),
        Err(error) => (failure(&error), Some(error)),
    }
}

fn answer(parts: &Parts, call: AnswerTo, sample: &Sample, now: Timestamp) -> Result<Sees> {
    let body = sample.body.as_deref().unwrap_or_default();
    let safety = match call {
        AnswerTo::Start => parts.spec.start.safety,
        _ => ReplaySafety::Idempotent,
    };
    let status = StatusCode::from_u16(sample.http_status.unwrap_or(200)).unwrap_or(StatusCode::OK);
    if !status.is_success() {
        let headers = headers(sample)?;
        let answer = ErrorAnswer::new(status, &headers, body.as_bytes(), now);
        return Err(ERROR_RULES.classify_with(&parts.spec.errors.places, &answer, safety));
    }
    let read = parts.read(body, safety, |node| match call {
        AnswerTo::Start => exchange::read_started(parts, node, now).map(session),
        AnswerTo::Check | AnswerTo::Cancel => {
            let of_cancel = parts.spec.cancel.as_ref().filter(|_| call == AnswerTo::Cancel);
            let vocabulary = of_cancel.map_or(&parts.spec.vocabulary, |cancel| &cancel.vocabulary);
            let asked = asked(parts, sample, node)?;
            exchange::read_state(parts, vocabulary, &asked, node).map(|read| state(&read))
        }
        AnswerTo::Refresh => {
            let asked = asked(parts, sample, node)?;
            let spec = parts.spec.refresh.as_ref();
            let spec = spec.ok_or_else(|| invalid_response("no `[refresh]` is described"))?;
            exchange::read_refreshed(parts, spec, &asked, node, now).map(session)
        }
        AnswerTo::Identity => {
            let asked = asked(parts, sample, node)?;
            let spec = parts.spec.identity.as_ref();
            let spec = spec.ok_or_else(|| invalid_response("no `[identity]` is described"))?;
            exchange::read_identity(parts, spec, &asked, node).map(|found| person(&asked, &found))
        }
        AnswerTo::Find => {
            let reference = sample.reference.as_deref().unwrap_or_default();
            exchange::read_list(parts, reference, node).map(|list| Sees {
                sessions: Some(
                    list.iter().map(|one| format!("{} {}", one.reference.key(), one.status)).collect(),
                ),
                ..Sees::default()
            })
        }
    });
    // The client adds the advice to an answer that cannot be used.
    read.map_err(|error| match error.kind() {
        ErrorKind::InvalidResponse => error.with_retry(safety.verdict_on_useless_success()),
        _ => error,
    })
}

/// The session that is asked about: the one of the answer unless the sample names another one.
fn asked(parts: &Parts, sample: &Sample, answer: &Node<'_>) -> Result<SessionRef> {
    let id = match &sample.session {
        Some(id) => id.clone(),
        None => {
            let places = &parts.spec.record;
            let of_record = places.read(answer).ok().and_then(|record| record.id.given());
            let of_refresh = || parts.spec.refresh.as_ref()?.id.id(answer).given();
            let id = of_record.or_else(of_refresh);
            id.ok_or_else(|| places.id.missing())?.into_owned()
        }
    };
    SessionRef::new(parts.id.clone(), &id)
        .map_err(|_| invalid_response("the session id in the vendor's answer cannot be used"))
}

fn event(parts: &Parts, sample: &Sample, body: &str, now: Timestamp) -> Result<Sees> {
    let Some(spec) = &parts.spec.webhook else {
        return Err(Error::new(ErrorKind::Unsupported, "no `[webhook]` is described"));
    };
    let secrets: Vec<SecretString> = sample.secret.iter().map(|secret| secret.as_str().into()).collect();
    let verifier: Box<dyn WebhookVerifier> =
        spec.scheme.verifier(&secrets).map_err(|error| Error::new(ErrorKind::Config, error.to_string()))?;
    let at = sample.at.map_or(now, |at| at.0);
    let headers = headers(sample)?;
    let request = WebhookRequest::new(&headers, body.as_bytes(), at);
    match webhook::read(&parts.id, spec, &*verifier, &parts.profile, &request)? {
        WebhookOutcome::Event(event) => Ok(event_facts(&event)),
        outcome => Ok(Sees {
            ignored: Some(true),
            event_type: Some(outcome.provider_event_type().as_str().to_owned()),
            ..Sees::default()
        }),
    }
}

fn headers(sample: &Sample) -> Result<HeaderMap> {
    let header = |(name, value): (&String, &String)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
    };
    let headers: Option<HeaderMap> = sample.headers.iter().map(header).collect();
    headers.ok_or_else(|| Error::new(ErrorKind::Config, "a header of the sample cannot be written"))
}

fn back(parts: &Parts, sample: &Sample, url: &str) -> Result<Sees> {
    let id = sample.session.as_deref().unwrap_or_default();
    let expected = SessionRef::new(parts.id.clone(), id)
        .map_err(|_| Error::new(ErrorKind::Config, "the sample names no `session` that is expected back"))?;
    let read = return_url::read(parts, &Redirect::new(&expected, url))?;
    Ok(Sees {
        session: Some(id.to_owned()),
        status: Some(read.status().to_string()),
        provider_status: Some(read.provider_status.as_str().to_owned()),
        next_action: Some(read.next_action().as_str().to_owned()),
        reasons: Some(read.reason.iter().map(ToString::to_string).collect()),
        ..Sees::default()
    })
}

fn session(session: VerificationSession) -> Sees {
    Sees {
        session: Some(session.reference.key().to_owned()),
        status: Some(session.status.to_string()),
        expires_at: session.expires_at.map(|expiry| expiry.at.to_string()),
        single_use: Some(session.single_use),
        ..Sees::default()
    }
}

/// The person of a sample is invented.
fn person(session: &SessionRef, found: &VerifiedIdentity) -> Sees {
    let fact = |field: IdentityField| Some(format!("{field}: {}", found.expose(field)?));
    Sees {
        session: Some(session.key().to_owned()),
        identity: Some(found.fields().filter_map(fact).collect()),
        ..Sees::default()
    }
}

fn state(read: &Verification) -> Sees {
    Sees {
        session: Some(read.reference.key().to_owned()),
        status: Some(read.status.to_string()),
        provider_status: Some(read.provider_status.as_str().to_owned()),
        next_action: Some(read.next_action.as_str().to_owned()),
        reasons: Some(reasons(&read.reasons)),
        external_id: read.correlation.get(Correlation::EXTERNAL_ID).map(str::to_owned),
        at: read.updated_at.map(|at| at.to_string()),
        ..Sees::default()
    }
}

fn event_facts(event: &WebhookEvent) -> Sees {
    Sees {
        session: event.reference.as_ref().map(|reference| reference.key().to_owned()),
        status: Some(event.status().map_or_else(|| "none".to_owned(), |status| status.to_string())),
        provider_status: event.provider_status().map(|word| word.as_str().to_owned()),
        next_action: Some(event.next_action.as_str().to_owned()),
        reasons: Some(reasons(event.reasons())),
        external_id: event.correlation.get(Correlation::EXTERNAL_ID).map(str::to_owned),
        at: event.occurred_at.map(|at| at.to_string()),
        event_id: Some(event.id.as_str().to_owned()),
        event_type: Some(event.provider_event_type.as_str().to_owned()),
        ignored: Some(false),
        ..Sees::default()
    }
}

fn reasons(reasons: &[ReportedReason]) -> Vec<String> {
    let text = |one: &ReportedReason| match &one.provider_code {
        Some(code) => format!("{}/{}", one.reason, code.as_str()),
        None => one.reason.to_string(),
    };
    reasons.iter().map(text).collect()
}

fn failure(error: &Error) -> Sees {
    Sees {
        error: Some(error.kind().to_string()),
        code: error.code().map(|code| code.as_str().to_owned()),
        retry: Some(error.retry().as_str().to_owned()),
        ..Sees::default()
    }
}
