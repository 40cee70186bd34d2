//! From a document to the [`ApiSpec`] that the provider works from. What its parts allow each by itself, and not together, is
//! refused here.

mod auth;
mod calls;
mod common;
mod errors;
mod find;
mod identity;
mod start;
mod webhook;
mod words;

use std::time::Duration;

use idv_core::{HumanDuration, OptionsValidator, RedirectNames};

use self::common::{name, places, query};
use super::document::{Document, ReturnUrlTable, SessionTable};
use super::facts::Facts;
use super::names::NameList;
use super::spec::{ApiSpec, Policy, ReturnUrl};
use super::words::StatusWord;
use crate::mapping::Vocabulary;
use crate::record::RecordPlaces;

/// An applicant takes minutes, and vendors allow many calls a second.
const POLL_APPLICANT: Duration = Duration::from_secs(10);
const POLL_VENDOR: Duration = Duration::from_secs(30);

/// The described vendor. `None` where it cannot be made; the reasons are noted in the validator.
pub(crate) fn spec(document: &Document, validator: &mut OptionsValidator<'_>) -> Option<ApiSpec> {
    let auth = auth::auth(&document.auth, validator);
    let headers = auth::constants(document, validator);
    let record = record(&document.session);
    let vocabulary = words::vocabulary(document, &record, validator);
    let webhook = match &document.webhook {
        Some(table) => webhook::webhook(table, document, &record, &vocabulary, validator).map(Some),
        None => Some(None),
    };
    let start = start::start(&document.start, validator);
    let check = calls::check(&document.check, validator);
    let find = find::find(document, validator);
    let refresh = document.refresh.as_ref().map(|table| calls::refresh(table, &document.start, validator));
    let cancel = document.cancel.as_ref().map(|table| calls::cancel(table, document, &vocabulary, validator));
    let erase = document.erase.as_ref().map(|table| calls::erase(table, document, validator));
    let identity = document.identity.as_ref().map(|table| identity::identity(table, validator));
    let redirect = document.return_url.as_ref().map(|table| return_url(table, &vocabulary, validator));
    let errors = errors::errors(&document.errors, validator);
    let policy = policy(document, validator);
    samples(document, validator);
    Some(ApiSpec {
        vendor: document.vendor.clone().unwrap_or_else(|| "session API".to_owned()),
        base_url: document.base_url.clone(),
        auth: auth?,
        headers: headers?,
        query: query(&document.query),
        start: start?,
        check: check?,
        find: find?,
        refresh: refresh.map_or(Some(None), |made| made.map(Some))?,
        cancel: cancel.map_or(Some(None), |made| made.map(Some))?,
        erase: erase.map_or(Some(None), |made| made.map(Some))?,
        identity: identity.map_or(Some(None), |made| made.map(Some))?,
        record,
        vocabulary,
        redirect,
        webhook: webhook?,
        errors: errors?,
        policy,
        facts: Facts::from(&document.facts),
    })
}

fn record(table: &SessionTable) -> RecordPlaces {
    RecordPlaces {
        record: places(table.at.as_ref(), &[""]),
        id: places(table.id.as_ref(), &["/id"]),
        status: places(table.status.as_ref(), &["/status"]),
        detail: places(table.detail.as_ref(), &[]),
        reason: table.reason.clone().unwrap_or_default(),
        reference: places(table.reference.as_ref(), &["/external_id", "/externalId"]),
        created_at: places(table.created_at.as_ref(), &["/created_at", "/createdAt"]),
        updated_at: places(table.updated_at.as_ref(), &["/updated_at", "/updatedAt"]),
    }
}

fn return_url(
    table: &ReturnUrlTable,
    vocabulary: &Vocabulary,
    validator: &mut OptionsValidator<'_>,
) -> ReturnUrl {
    let usual = || vec!["session_id".to_owned(), "sessionId".to_owned()];
    let session = table.session.as_ref().map_or_else(usual, |NameList(names)| names.clone());
    let status = name(validator, "return_url.status", table.status.as_deref(), "status");
    let reason = name(validator, "return_url.reason", table.reason.as_deref(), "reason");
    let names = RedirectNames::new(session, status, reason);
    if names.status == names.reason || names.session.iter().any(|s| *s == names.status || *s == names.reason)
    {
        let message = "the session id, the status and the reason need names of their own";
        validator.add_error("return_url.session", message);
    }
    if table.words.is_empty() {
        let message = "must name a word of the status: where the vendor adds none, leave `[return_url]` out";
        validator.add_error("return_url.words", message);
    }
    let claims = table.words.iter().map(|(word, claim)| (word, claim.0));
    let claims = words::table(validator, "return_url.words", claims);
    let reasons = match &table.reasons {
        None => vocabulary.reasons.clone(),
        Some(table) => {
            let rows = table.iter().map(|(word, reason)| (word, reason.0));
            words::table(validator, "return_url.reasons", rows)
        }
    };
    ReturnUrl { names, claims, reasons }
}

fn policy(document: &Document, validator: &mut OptionsValidator<'_>) -> Policy {
    use idv_core::{PolicyAction, VerificationStatus};
    let mut next_actions = Vec::new();
    for (word, action) in &document.policy.next_actions {
        let key = format!("policy.next_actions.{word}");
        let Some(StatusWord(status)) = StatusWord::parse(word) else {
            let known: Vec<&str> = StatusWord::known().map(|(word, _)| word).collect();
            validator.add_error(&key, format!("is no status: expected one of {}", known.join(", ")));
            continue;
        };
        if status == VerificationStatus::Approved {
            validator.add_error(&key, "cannot be chosen: after an approval there is nothing to do");
        }
        if *action == PolicyAction::ResumeSession && document.refresh.is_none() {
            validator.add_error(
                &key,
                "`resume_session` needs a `[refresh]`, or an application that follows it always fails",
            );
        }
        next_actions.push((status, *action));
    }
    let pace = |given: Option<HumanDuration>, usual| given.map_or(usual, HumanDuration::get);
    Policy {
        next_actions,
        poll_applicant: pace(document.policy.poll_applicant, POLL_APPLICANT),
        poll_vendor: pace(document.policy.poll_vendor, POLL_VENDOR),
    }
}

/// Each sample shows one thing, and says by known words what is to be seen of it.
fn samples(document: &Document, validator: &mut OptionsValidator<'_>) {
    for (index, sample) in document.samples.iter().enumerate() {
        let kinds = [sample.answer_to.is_some(), sample.webhook.is_some(), sample.return_url.is_some()];
        if kinds.into_iter().filter(|given| *given).count() != 1 {
            let message = "shows one thing: `answer_to`, `webhook` or `return_url`";
            validator.add_error(&format!("samples.{index}"), message);
        }
        for (key, message) in sample.sees.misspelt() {
            validator.add_error(&format!("samples.{index}.sees.{key}"), message);
        }
    }
}
