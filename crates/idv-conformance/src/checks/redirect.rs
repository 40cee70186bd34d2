//! Return URLs: untrusted, read strictly, and never more than a hint.

use idv_core::{
    ErrorKind, NextAction, Operation, Redirect, RedirectOutcome, Result, SessionRef, Surface,
    VerificationReason, VerificationStatus,
};
use url::Url;

use crate::cases::Cases;
use crate::condition::Condition;
use crate::registration::register;
use crate::trial::{Trial, condition, word};

register! {
    redirect {
        documented_words_mean_what_they_say if RETURNS_A_URL;
        claims_are_hints if RETURNS_A_URL;
        malformed_urls_are_refused if RETURNS_A_URL;
        urls_of_other_sessions_are_refused if RETURNS_A_URL;
        other_parameters_are_ignored if RETURNS_A_URL;
    }
}

const RETURNS_A_URL: Condition = Condition::new(
    |facts| facts.subject.redirect("x", "y", None).is_some() || facts.can(Operation::Redirect),
    "the vendor's return URL has no parameters",
);

/// A session, and the parameters with which the vendor sends its browser back.
async fn session(trial: &Trial<'_>, cases: &mut Cases) -> Option<SessionRef> {
    let documented = trial.subject.redirect("x", "y", None).is_some();
    let promised = trial.provider.profile().capabilities.redirect;
    if promised != documented {
        cases.equal("redirect", promised, documented);
        return None;
    }
    cases.some("start", trial.begun(1).await)
}

fn read(trial: &Trial<'_>, session: &SessionRef, uri: &str) -> Result<RedirectOutcome> {
    trial.provider.parse_redirect(&Redirect::new(session, uri))
}

/// Every documented status and reason means what the documentation says, in any case of its letters.
pub async fn documented_words_mean_what_they_say(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(session) = session(trial, cases).await else { return };
    for row in trial.rows(Surface::RedirectStatus) {
        let (status, reason) = (word(&row), condition(&row));
        for status in [status.to_owned(), status.to_uppercase()] {
            let Some(uri) = trial.subject.redirect(session.key(), &status, reason) else { continue };
            let name = format!("{status} {}", reason.unwrap_or_default());
            let Some(found) = cases.some(name.clone(), read(trial, &session, &uri)) else { continue };
            cases.equal(format!("{name} status"), Some(found.status()), row.status);
            cases.equal(format!("{name} kept"), found.provider_status.as_str(), &status);
            cases.equal(format!("{name} reference"), &found.reference, &session);
        }
    }
    let documented =
        trial.rows(Surface::RedirectReason).into_iter().map(|row| (row.word.to_string(), row.reason));
    let invented = [("conformance".to_owned(), Some(VerificationReason::Other))];
    for (word, wanted) in documented.chain(invented) {
        let Some(uri) = trial.subject.redirect(session.key(), "failed", Some(&word)) else { continue };
        let Some(found) = cases.some(word.clone(), read(trial, &session, &uri)) else { continue };
        cases.equal(format!("{word} reason"), found.reason, wanted);
        cases.equal(
            format!("{word} kept"),
            found.provider_reason.as_ref().map(|kept| kept.as_str()),
            Some(&*word),
        );
    }
}

/// No return URL is a decision, whatever it says, and each asks for a check.
pub async fn claims_are_hints(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(session) = session(trial, cases).await else { return };
    let mut words: Vec<String> =
        ["approved", "verified", "VERIFIED", "rejected", "completed", "conformance", "1"]
            .map(str::to_owned)
            .into();
    let plain = trial.subject.words().into_iter().filter(|row| !row.word.contains(' '));
    words.extend(plain.map(|row| row.word.to_string()));
    for word in words {
        let Some(uri) = trial.subject.redirect(session.key(), &word, None) else { continue };
        let Some(found) = cases.some(word.clone(), read(trial, &session, &uri)) else { continue };
        cases.that(format!("{word} decides"), !found.status().is_decision(), || found.status().to_string());
        cases.equal(format!("{word} action"), &found.next_action(), &NextAction::Check);
        let documented = trial.rows(Surface::RedirectStatus);
        let known = documented.iter().any(|row| row.word.eq_ignore_ascii_case(&word));
        let unrecognized = found.status() == VerificationStatus::Unrecognized;
        cases.equal(format!("{word} is known"), !unrecognized, known);
    }
}

/// Parameters that are missing, empty or repeated make the URL invalid.
pub async fn malformed_urls_are_refused(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(session) = session(trial, cases).await else { return };
    let uri = trial.subject.redirect(session.key(), "success", None).unwrap_or_default();
    let Some(url) = cases.some("url", Url::parse(&uri)) else { return };
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    cases.that("parameters", pairs.len() == 2, || "there are others than session and status".to_owned());
    for index in 0..pairs.len() {
        let mut missing = pairs.clone();
        let (name, value) = missing.remove(index);
        let changed = |value: &str| [missing.as_slice(), &[(name.clone(), value.to_owned())]].concat();
        let doubled = [pairs.as_slice(), &[(name.clone(), value.clone())]].concat();
        for (what, pairs) in [("missing", missing.clone()), ("empty", changed("")), ("repeated", doubled)] {
            refused(trial, cases, &session, format!("{name} {what}"), &with(&url, &pairs));
        }
    }
    let failed = trial.subject.redirect(session.key(), "failed", Some("conformance")).unwrap_or_default();
    if let Ok(failed) = Url::parse(&failed) {
        let mut pairs: Vec<(String, String)> = failed.query_pairs().into_owned().collect();
        let reason = pairs.iter().position(|(_, value)| value == "conformance");
        cases.that("reason", reason.is_some(), || "the subject's URL does not hold the reason".to_owned());
        pairs.extend(reason.and_then(|index| pairs.get(index).cloned()));
        refused(trial, cases, &session, "reason repeated".to_owned(), &with(&failed, &pairs));
    }
    for uri in ["", "?", "not a url", "https://app.example.com/back"] {
        refused(trial, cases, &session, format!("{uri:?}"), uri);
    }
}

/// A return URL of another session is refused.
pub async fn urls_of_other_sessions_are_refused(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(session) = session(trial, cases).await else { return };
    for key in [format!("{}0", session.key()), session.key().to_uppercase(), "other".to_owned()] {
        if key == session.key() {
            continue;
        }
        let uri = trial.subject.redirect(&key, "success", None).unwrap_or_default();
        refused(trial, cases, &session, key, &uri);
    }
    let foreign = "another-provider".parse().ok().and_then(|id| SessionRef::new(id, session.key()).ok());
    let uri = trial.subject.redirect(session.key(), "success", None).unwrap_or_default();
    let outcome = foreign.map(|foreign| read(trial, &foreign, &uri));
    let held = outcome.is_some_and(|outcome| outcome.is_err());
    cases.that("another provider", held, || "it was read".to_owned());
}

/// Parameters of the application's own change nothing.
pub async fn other_parameters_are_ignored(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(session) = session(trial, cases).await else { return };
    let uri = trial.subject.redirect(session.key(), "success", None).unwrap_or_default();
    let Some(plain) = cases.some("plain", read(trial, &session, &uri)) else { return };
    let Some(url) = cases.some("url", Url::parse(&uri)) else { return };
    let mut pairs: Vec<(String, String)> = vec![("case".to_owned(), "7".to_owned())];
    pairs.extend(url.query_pairs().into_owned());
    pairs.extend([("case".to_owned(), "8".to_owned()), ("error".to_owned(), "none".to_owned())]);
    if let Some(found) = cases.some("others", read(trial, &session, &with(&url, &pairs))) {
        cases.equal("same outcome", found, plain);
    }
}

fn with(url: &Url, pairs: &[(String, String)]) -> String {
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.into()
}

fn refused(trial: &Trial<'_>, cases: &mut Cases, session: &SessionRef, name: String, uri: &str) {
    let error = read(trial, session, uri).err();
    let provider = error.as_ref().and_then(|error| error.provider());
    cases.equal(format!("{name} provider"), provider, Some(trial.id()));
    cases.equal(name, error.map(|error| error.kind()), Some(ErrorKind::RedirectRejected));
}
