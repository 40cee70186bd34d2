use std::time::Duration;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, from_value, json, to_value};

use crate::{
    Correlation, NextAction, ReportedReason, SubjectKind, Timestamp, VendorWord, Verification,
    VerificationReason, VerificationStatus, VerifiedIdentity, WebhookEvent,
};

fn word() -> impl Strategy<Value = VendorWord> {
    "\\PC{0,20}|.{0,200}".prop_map(|text| VendorWord::new(&text))
}

fn status() -> impl Strategy<Value = VerificationStatus> {
    select(VerificationStatus::ALL)
}

fn reasons() -> impl Strategy<Value = Vec<ReportedReason>> {
    let reason = (select(VerificationReason::ALL), option::of(word()))
        .prop_map(|(reason, provider_code)| ReportedReason::new(reason, provider_code));
    prop::collection::vec(reason, 0..4)
}

fn whole() -> impl Strategy<Value = Duration> {
    any::<u64>().prop_map(Duration::from_secs)
}

fn action() -> impl Strategy<Value = NextAction> {
    let via = option::of("[A-Za-z0-9_-]{1,64}".prop_map(|id| id.parse().unwrap()));
    prop_oneof![
        Just(NextAction::StartSession),
        Just(NextAction::ContinueSession),
        whole().prop_map(|poll_after| NextAction::Wait { poll_after }),
        Just(NextAction::ResumeSession),
        (option::of(whole()), via)
            .prop_map(|(cooldown, via)| NextAction::RetryWithNewSession { cooldown, via }),
        Just(NextAction::ContactSupport),
        Just(NextAction::Check),
        option::of(whole()).prop_map(|recheck_after| NextAction::Done { recheck_after }),
    ]
}

fn correlation() -> impl Strategy<Value = Correlation> {
    let ids = prop::collection::vec(("user_id|session_id|[a-z_]{0,9}|.{0,9}", ".{0,150}"), 0..5);
    ids.prop_map(|ids| ids.iter().fold(Correlation::new(), |all, (name, id)| all.with(name, Some(id))))
}

fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    option::of(any::<i64>().prop_map(Timestamp::from_unix_millis))
}

prop_compose! {
    fn verification()(
        key in "[^\\p{Cc}.]{1,60}", status in status(), said in word(), reasons in reasons(), next in action(),
        subject_kind in option::of(select(SubjectKind::ALL)), updated_at in moment(), correlation in correlation(),
    ) -> Verification {
        let reference = format!("eu-1:{key}").parse().unwrap();
        let mut verification = Verification::new(reference, status, said, next);
        (verification.reasons, verification.subject_kind) = (reasons, subject_kind);
        (verification.updated_at, verification.correlation) = (updated_at, correlation);
        verification
    }
}

prop_compose! {
    fn event()(
        is_signed: bool, ids in (word(), word()), reference in option::of("[^\\p{Cc}.]{1,60}"), said in option::of((status(), word())),
        reasons in reasons(), next in action(), occurred_at in moment(), correlation in correlation(),
    ) -> WebhookEvent {
        let provider = "eu-1".parse().unwrap();
        let mut event = match is_signed {
            true => WebhookEvent::signed(provider, ids.0, ids.1),
            false => WebhookEvent::shared_secret(provider, ids.0, ids.1),
        };
        event.reference = reference.map(|key| format!("eu-1:{key}").parse().unwrap());
        (event.occurred_at, event.correlation) = (occurred_at, correlation);
        match said {
            Some((status, word)) => event.with_status(status, word, reasons, next),
            None => event,
        }
    }
}

proptest! {
    #[test]
    fn what_is_stored_is_read_again(verification in verification(), event in event(), action in action()) {
        let text = serde_json::to_string(&verification).unwrap();
        prop_assert_eq!(serde_json::from_str::<Verification>(&text).unwrap(), verification);
        let text = serde_json::to_string(&event).unwrap();
        prop_assert_eq!(serde_json::from_str::<WebhookEvent>(&text).unwrap(), event);
        prop_assert_eq!(from_value::<NextAction>(to_value(&action).unwrap()).unwrap(), action);
    }

    /// Whatever was written into the store, the text that is read is safe to keep and to print.
    #[test]
    fn words_are_cut_and_escaped_when_they_are_read(text in ".{0,300}") {
        let document = json!({
            "reference": "eu-1:k", "status": "approved", "provider_status": text, "next_action": "none",
            "reasons": [{"reason": "other", "provider_code": text}], "correlation": {"user_id": text},
        });
        let read: Verification = from_value(document).unwrap();
        let kept = VendorWord::new(&text);
        prop_assert_eq!(&read.provider_status, &kept);
        prop_assert_eq!(read.reasons[0].provider_code.as_ref(), Some(&kept));
        prop_assert_eq!(read.correlation.get("user_id").unwrap_or_default(), kept.as_str());
    }
}

#[test]
fn a_verification_is_stored_in_the_words_of_the_command() {
    let next = NextAction::RetryWithNewSession {
        cooldown: Some(Duration::from_secs(86_400)),
        via: Some("cards".parse().unwrap()),
    };
    let mut verification = Verification::new(
        "signup:case-7".parse().unwrap(),
        VerificationStatus::Rejected,
        VendorWord::new("REJECTED"),
        next,
    );
    verification.reasons =
        vec![ReportedReason::new(VerificationReason::FaceMismatch, Some(VendorWord::new("103")))];
    verification.correlation = Correlation::new().with(Correlation::USER_ID, Some("u-1"));
    let text = r#"{"reference":"signup:case-7","status":"rejected","provider_status":"REJECTED","reasons":[{"reason":"face_mismatch","provider_code":"103"}],"next_action":"retry_with_new_session","poll_after_seconds":null,"cooldown_seconds":86400,"via":"cards","recheck_after_seconds":null,"subject_kind":null,"updated_at":null,"correlation":{"user_id":"u-1"}}"#;
    assert_eq!(serde_json::to_string(&verification).unwrap(), text);
}

#[test]
fn an_event_is_stored_in_the_words_of_the_command() {
    let event = WebhookEvent::signed(
        "primary".parse().unwrap(),
        VendorWord::new("msg_1"),
        VendorWord::new("organization.verification.updated"),
    );
    let event = event.with_status(
        VerificationStatus::InReview,
        VendorWord::new("PENDING"),
        Vec::new(),
        NextAction::Check,
    );
    let stored = json!({
        "provider": "primary", "reference": null, "id": "msg_1", "assurance": "signed",
        "provider_event_type": "organization.verification.updated", "status": "in_review", "provider_status": "PENDING",
        "reasons": [], "occurred_at": null, "correlation": {}, "next_action": "check", "poll_after_seconds": null,
        "cooldown_seconds": null, "via": null, "recheck_after_seconds": null,
    });
    assert_eq!(to_value(&event).unwrap(), stored);
}

#[test]
fn facts_may_be_missing_and_others_may_be_there() {
    let least =
        json!({"reference": "eu:k", "status": "in_review", "provider_status": "X", "next_action": "check"});
    let expected = Verification::new(
        "eu:k".parse().unwrap(),
        VerificationStatus::InReview,
        VendorWord::new("X"),
        NextAction::Check,
    );
    assert_eq!(from_value::<Verification>(least.clone()).unwrap(), expected);
    let mut more = least;
    for absent in ["reasons", "subject_kind", "updated_at", "correlation", "via", "poll_after_seconds"] {
        more[absent] = Value::Null;
    }
    (more["provider"], more["kind"], more["of_next_year"]) = (json!("eu"), json!("nxos"), json!([{"a": 1}]));
    assert_eq!(from_value::<Verification>(more).unwrap(), expected);

    let least = json!({"provider": "eu", "id": "e", "provider_event_type": "t", "assurance": "shared_secret", "next_action": "check"});
    let notice =
        WebhookEvent::shared_secret("eu".parse().unwrap(), VendorWord::new("e"), VendorWord::new("t"));
    assert_eq!(from_value::<WebhookEvent>(least).unwrap(), notice);
}

#[test]
fn words_of_a_newer_version_are_no_verdict() {
    let document = json!({
        "reference": "eu:k", "status": "approved_with_conditions", "provider_status": "X",
        "reasons": [{"reason": "of_next_year"}], "next_action": "wait", "poll_after_seconds": 5,
    });
    let read: Verification = from_value(document).unwrap();
    assert_eq!(read.status, VerificationStatus::Unrecognized);
    assert_eq!(read.reasons[0].reason, VerificationReason::Other);
}

/// A document with one fact changed.
fn with(document: &Value, changes: &Value) -> Value {
    let mut changed = document.clone();
    for (name, fact) in changes.as_object().into_iter().flatten() {
        changed[name] = fact.clone();
    }
    changed
}

#[test]
fn nothing_is_made_up_where_a_document_contradicts_itself() {
    let verification =
        json!({"reference": "eu:k", "status": "approved", "provider_status": "X", "next_action": "none"});
    for changes in [
        json!({"next_action": "wait"}),
        json!({"next_action": "wait", "poll_after_seconds": null}),
        json!({"next_action": "of_next_year"}),
        json!({"next_action": null}),
        json!({"next_action": "none", "recheck_after_seconds": -1}),
        json!({"next_action": "retry_with_new_session", "via": "not an id"}),
        json!({"provider_status": null}),
        json!({"status": 7}),
        json!({"subject_kind": "robot"}),
        json!({"updated_at": "yesterday"}),
        json!({"reference": "canary without a colon"}),
    ] {
        let error =
            from_value::<Verification>(with(&verification, &changes)).expect_err(&changes.to_string());
        assert!(!error.to_string().contains("canary"), "{error}");
    }
    let event = json!({
        "provider": "eu", "id": "e", "provider_event_type": "t", "assurance": "signed", "next_action": "check",
        "status": "approved", "provider_status": "X",
    });
    from_value::<WebhookEvent>(event.clone()).unwrap();
    for changes in [
        json!({"assurance": "shared_secret"}),
        json!({"assurance": "shared_secret", "status": null, "provider_status": null, "reasons": [{"reason": "fraud_suspected"}]}),
        json!({"assurance": "of_next_year"}),
        json!({"assurance": null}),
        json!({"status": null}),
        json!({"provider_status": null}),
    ] {
        from_value::<WebhookEvent>(with(&event, &changes)).expect_err(&changes.to_string());
    }
}

#[test]
fn a_wait_is_never_stored_shorter_than_it_is() {
    for (millis, seconds) in [(0, 0), (1, 1), (1000, 1), (1001, 2)] {
        let wait = NextAction::Wait { poll_after: Duration::from_millis(millis) };
        assert_eq!(to_value(&wait).unwrap()["poll_after_seconds"], json!(seconds));
    }
    let longest = NextAction::Wait { poll_after: Duration::MAX };
    assert_eq!(to_value(&longest).unwrap()["poll_after_seconds"], json!(u64::MAX));
}

#[test]
fn an_identity_is_not_stored_and_is_not_read() {
    let next = NextAction::Done { recheck_after: None };
    let verification =
        |status| Verification::new("eu:k".parse().unwrap(), status, VendorWord::new("X"), next.clone());
    let mut identity = VerifiedIdentity::default();
    assert_eq!(verification(VerificationStatus::Approved).with_identity(identity.clone()).identity(), None);
    identity.first_name = Some("canary".into());
    let approved = verification(VerificationStatus::Approved).with_identity(identity.clone());
    assert_eq!(approved.identity(), Some(&identity));
    let text = serde_json::to_string(&approved).unwrap();
    assert!(!text.contains("canary") && !text.contains("identity"), "{text}");
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["identity"] = json!({"first_name": "canary"});
    assert_eq!(from_value::<Verification>(document).unwrap(), approved.without_identity());
    for status in VerificationStatus::ALL {
        let is_verified = verification(*status).with_identity(identity.clone()).identity().is_some();
        assert_eq!(is_verified, *status == VerificationStatus::Approved, "{status}");
    }
}
