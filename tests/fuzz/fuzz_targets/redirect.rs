//! Return URLs of deepidv.
#![no_main]

use std::sync::{Arc, LazyLock};

use idv::{
    ErrorKind, NextAction, Redirect, RedirectClaim as Claim, RedirectOutcome, SessionRef,
    VerificationProvider, VerificationStatus as Status,
};
use idv_fuzz::properties;
use idv_fuzz::providers::{SESSION, provider};
use libfuzzer_sys::fuzz_target;
use url::form_urlencoded::{Serializer, parse};

static PROVIDER: LazyLock<Arc<dyn VerificationProvider>> = LazyLock::new(|| provider("deepidv"));

/// `status` and `reason` in the return URL (deepidv, "Create session").
const CLAIMS: &[(&str, Claim, Status)] = &[
    ("success", Claim::Submitted, Status::InReview),
    ("failed", Claim::Failed, Status::Failed),
    ("abandoned", Claim::Abandoned, Status::Abandoned),
];

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    as_it_came(text);
    let (status, reason) = text.split_once('\n').unwrap_or((text, ""));
    with_words(status, reason);
});

fn expected() -> SessionRef {
    SessionRef::new(PROVIDER.id().clone(), SESSION).expect("a session id")
}

/// A URL as it came counts only if it names the session, once.
fn as_it_came(uri: &str) {
    match PROVIDER.parse_redirect(&Redirect::new(&expected(), uri)) {
        Ok(outcome) => {
            hint(&outcome);
            let query =
                uri.split('#').next().and_then(|uri| uri.split_once('?')).map_or("", |(_, query)| query);
            let named = |name: &str| ["session_id", "sessionId"].contains(&name);
            let ids: Vec<_> = parse(query.as_bytes()).filter(|(name, _)| named(name)).collect();
            assert!(matches!(ids.as_slice(), [(_, id)] if id == SESSION), "{ids:?}");
        }
        Err(error) => {
            properties::error(&error);
            assert_eq!(error.kind(), ErrorKind::RedirectRejected);
        }
    }
}

/// Any words in a URL of the right form, so that what is behind its checks is reached.
fn with_words(status: &str, reason: &str) {
    let back = |id: &str| {
        let mut query = Serializer::new(String::new());
        query.append_pair("session_id", id).append_pair("status", status);
        if !reason.is_empty() {
            query.append_pair("reason", reason);
        }
        format!("https://app.example/back?{}", query.finish())
    };
    let expected = expected();
    for other in ["", "6b1d2f34-90ab-4cde-8f01-23456789abce"] {
        let outcome = PROVIDER.parse_redirect(&Redirect::new(&expected, &back(other)));
        assert_eq!(outcome.expect_err("it names another session").kind(), ErrorKind::RedirectRejected);
    }
    let outcome = PROVIDER.parse_redirect(&Redirect::new(&expected, &back(SESSION)));
    assert_eq!(outcome.is_err(), status.is_empty());
    let Ok(outcome) = outcome else { return };
    hint(&outcome);
    let known = CLAIMS.iter().find(|(word, ..)| word.eq_ignore_ascii_case(status));
    let (mut claim, mut meaning) =
        known.map_or((Claim::Unrecognized, Status::Unrecognized), |(_, claim, meaning)| (*claim, *meaning));
    if claim == Claim::Failed && reason.eq_ignore_ascii_case("session_expired") {
        (claim, meaning) = (Claim::Expired, Status::Expired);
    }
    assert_eq!((outcome.claim, outcome.status()), (claim, meaning));
    assert_eq!(outcome.reason.is_some(), !reason.is_empty());
}

/// No URL decides anything.
fn hint(outcome: &RedirectOutcome) {
    assert!(![Status::Approved, Status::Rejected].contains(&outcome.status()), "{outcome:?}");
    assert_eq!(outcome.next_action(), NextAction::Check);
    assert_eq!(outcome.reference, expected());
    properties::word(outcome.provider_status.as_str());
    outcome.provider_reason.iter().for_each(|word| properties::word(word.as_str()));
}
