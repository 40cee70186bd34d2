//! Starts, refreshes, checks and searches.

use idv_core::{
    CheckRequest, ErrorKind, FindRequest, NextAction, RefreshRequest, StartRequest, Timestamp,
    VerificationReason as Reason, VerificationStatus as Status,
};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{ID, KEY, NOW, Stripe, ok, reference, session};

const SESSIONS: &str = "/v1/identity/verification_sessions";

fn fields(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn a_start_is_a_nested_form_under_a_pinned_version_and_a_key() {
    let stripe = Stripe::with(session(json!({"client_reference_id": "user 7/é"}))).await;
    let document = json!({"require_matching_selfie": true, "allowed_types": ["passport", "id_card"]});
    let provider = stripe.provider_with(json!({"document": document}));
    let start =
        StartRequest::new("user 7/é").redirect_url("https://app.example/back?ref=7").email("ada@example.com");
    let started = provider.start(&start.first_name("Ada")).await.unwrap();
    let seen = stripe.seen().remove(0);
    assert_eq!(seen.target, format!("POST {SESSIONS}"));
    assert_eq!(seen.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(seen.header("authorization"), Some(&*format!("Bearer {KEY}")));
    assert_eq!(seen.header("stripe-version"), Some("2026-06-24.dahlia"));
    assert!(seen.header("idempotency-key").is_some_and(|key| key.len() == 36));
    let expected = [
        ("client_reference_id", "user 7/é"),
        ("options[document][allowed_types][0]", "passport"),
        ("options[document][allowed_types][1]", "id_card"),
        ("options[document][require_matching_selfie]", "true"),
        ("provided_details[email]", "ada@example.com"),
        ("return_url", "https://app.example/back?ref=7"),
        ("type", "document"),
    ];
    assert_eq!(seen.fields(), fields(&expected));
    assert_eq!(started.unused_inputs, [idv_core::Input::FIRST_NAME]);
}

/// The body that Stripe's pages show, but for metadata, which this adapter has no use for: the way in which lists are numbered is
/// the only difference.
#[tokio::test]
async fn the_golden_body_is_sent() {
    const BODY: &str = "type=document&client_reference_id=user+7%2F%C3%A9&metadata%5Buser_id%5D=user-7&return_url=https%3A%2F%2Fapp.example%2Fback%3Fref%3D7&options%5Bdocument%5D%5Brequire_matching_selfie%5D=true&options%5Bdocument%5D%5Ballowed_types%5D%5B%5D=passport&options%5Bdocument%5D%5Ballowed_types%5D%5B%5D=id_card";
    let stripe = Stripe::with(session(json!({"client_reference_id": null}))).await;
    let document = json!({"require_matching_selfie": true, "allowed_types": ["passport", "id_card"]});
    let start = StartRequest::new("user 7/é").redirect_url("https://app.example/back?ref=7");
    stripe.provider_with(json!({"document": document})).start(&start).await.unwrap();
    let unnumbered = |name: &str| name.replace("[0]", "[]").replace("[1]", "[]");
    let sent = stripe.seen().remove(0).fields();
    let mut sent: Vec<_> = sent.into_iter().map(|(name, value)| (unnumbered(&name), value)).collect();
    sent.sort();
    let golden = url::form_urlencoded::parse(BODY.as_bytes()).into_owned();
    let mut golden: Vec<_> = golden.filter(|(name, _)| !name.starts_with("metadata")).collect();
    golden.sort();
    assert_eq!(sent, golden);
}

#[tokio::test]
async fn a_flow_takes_the_place_of_a_check_and_its_options() {
    let stripe = Stripe::with(session(json!({}))).await;
    let configured = stripe.provider_with(json!({"workflow_id": "vf_configured"}));
    configured.start(&StartRequest::new("case-7")).await.unwrap();
    let provider = stripe.provider_with(json!({"document": {"require_live_capture": true}}));
    provider.start(&StartRequest::new("case-7").workflow("vf_asked")).await.unwrap();
    let number = stripe.provider_with(json!({"verification_type": "id_number"}));
    number.start(&StartRequest::new("case-7")).await.unwrap();
    let sent: Vec<_> = stripe.seen().iter().map(crate::support::Seen::fields).collect();
    let reference = ("client_reference_id", "case-7");
    assert_eq!(sent[0], fields(&[reference, ("verification_flow", "vf_configured")]));
    assert_eq!(sent[1], fields(&[reference, ("verification_flow", "vf_asked")]));
    assert_eq!(sent[2], fields(&[reference, ("type", "id_number")]));
}

#[tokio::test]
async fn the_hand_off_is_a_link_for_two_days_or_with_a_client_secret_for_one() {
    let stripe = Stripe::with(session(json!({}))).await;
    for (embed, hours) in [(false, 48), (true, 24)] {
        let provider = stripe.provider_with(json!({"embed": embed}));
        let started = provider.start(&StartRequest::new("case-7")).await.unwrap();
        let refreshed = provider.refresh(&RefreshRequest::new(reference(ID))).await.unwrap();
        for session in [started, refreshed] {
            assert_eq!(session.url().unwrap().expose(), "https://verify.stripe.com/start/canary");
            let token = session.access_token().map(idv_core::AccessToken::expose);
            assert_eq!(token, embed.then_some("vs_1SimA_secret_canary"));
            let ends = Timestamp::from_unix_seconds(NOW + hours * 3600);
            assert_eq!((session.expires_at.map(|expiry| expiry.at), session.single_use), (Some(ends), true));
            assert!(!format!("{session:?}").contains("canary"));
        }
    }
}

/// The link of an answer that was given before may have been opened, or have died.
#[tokio::test]
async fn a_replayed_start_promises_no_expiry_and_a_refresh_is_a_read_without_a_key() {
    let stripe = Stripe::start(|target| {
        let is_start = target.starts_with("POST");
        let answer = ok(session(json!({})));
        if is_start { answer.insert_header("idempotent-replayed", "true") } else { answer }
    })
    .await;
    let provider = stripe.provider();
    let start = StartRequest::new("case-7").idempotency_key("start-of-case-7");
    for _ in 0..2 {
        assert_eq!(provider.start(&start).await.unwrap().expires_at, None);
    }
    let refresh = RefreshRequest::new(reference(ID)).idempotency_key("start-of-case-7");
    assert!(provider.refresh(&refresh).await.unwrap().expires_at.is_some());
    let seen = stripe.seen();
    let keys: Vec<_> = seen.iter().map(|seen| seen.header("idempotency-key")).collect();
    assert_eq!(keys, [Some("start-of-case-7"), Some("start-of-case-7"), None]);
    assert_eq!((seen[2].target.as_str(), seen[2].body.as_str()), (&*format!("GET {SESSIONS}/{ID}"), ""));
}

/// Two starts of one applicant are two intentions, unless the application says otherwise.
#[tokio::test]
async fn each_start_without_a_key_gets_one_of_its_own() {
    let stripe = Stripe::with(session(json!({}))).await;
    let provider = stripe.provider();
    for _ in 0..2 {
        provider.start(&StartRequest::new("case-7")).await.unwrap();
    }
    let seen = stripe.seen();
    assert_ne!(seen[0].header("idempotency-key"), seen[1].header("idempotency-key"));
}

#[tokio::test]
async fn a_link_is_given_for_as_long_as_input_is_required() {
    for (status, is_open) in
        [("requires_input", true), ("processing", false), ("verified", false), ("canceled", false)]
    {
        let gone =
            if is_open { json!({}) } else { json!({"status": status, "url": null, "client_secret": null}) };
        let stripe = Stripe::with(session(gone)).await;
        let refreshed = stripe.provider().refresh(&RefreshRequest::new(reference(ID))).await;
        let kind = refreshed.as_ref().err().map(|error| (error.kind(), error.delivery().as_str()));
        assert_eq!(kind, (!is_open).then_some((ErrorKind::Conflict, "answered")), "{status}");
    }
}

/// An integrator once took `requires_input` for a final failure.
#[tokio::test]
async fn a_failed_check_goes_on_with_the_same_session() {
    for (error, status, reason, action) in [
        (json!(null), Status::InProgress, None, "wait"),
        (
            json!({"code": "document_expired", "reason": "canary"}),
            Status::ResubmissionRequired,
            Some(Reason::DocumentExpired),
            "resume_session",
        ),
        (
            json!({"code": "document_type_not_allowed"}),
            Status::ResubmissionRequired,
            Some(Reason::DocumentUnsupported),
            "resume_session",
        ),
        (json!({"code": "of_tomorrow"}), Status::ResubmissionRequired, Some(Reason::Other), "resume_session"),
        (json!({"code": "abandoned"}), Status::Abandoned, Some(Reason::ApplicantCancelled), "resume_session"),
        (json!({"code": 7}), Status::ResubmissionRequired, None, "resume_session"),
    ] {
        let stripe = Stripe::with(session(json!({"last_error": error}))).await;
        let found = stripe.provider().check(&CheckRequest::new(reference(ID))).await.unwrap();
        let reasons: Vec<_> = found.reasons.iter().map(|reported| reported.reason).collect();
        assert_eq!((found.status, reasons), (status, reason.into_iter().collect()), "{error}");
        assert_eq!((found.next_action.as_str(), found.provider_status.as_str()), (action, "requires_input"));
        assert!(!format!("{found:?}").contains("canary"), "the vendor's sentence is not kept");
    }
}

/// No session expires and none is declined: that is for the application to decide.
#[tokio::test]
async fn a_session_of_last_year_still_waits_for_the_applicant() {
    let stripe = Stripe::with(session(json!({"created": NOW - 400 * 86_400}))).await;
    let provider = stripe.provider();
    let found = provider.check(&CheckRequest::new(reference(ID))).await.unwrap();
    assert_eq!(found.status, Status::InProgress);
    assert!(matches!(found.next_action, NextAction::Wait { .. }));
    let never = |row: &idv_core::MappingRow| !matches!(row.status, Some(Status::Rejected | Status::Expired));
    assert!(provider.profile().mapping.iter().all(never));
}

#[tokio::test]
async fn an_answer_of_the_other_mode_is_no_state() {
    let stripe = Stripe::with(session(json!({"status": "verified", "livemode": false}))).await;
    let error = stripe.provider().check(&CheckRequest::new(reference(ID))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.message().contains("the other mode"), "{error}");
    let error = stripe.provider().start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn a_search_reads_all_pages_and_keeps_to_the_reference() {
    let page = |ids: &[&str], has_more: bool| {
        let data: Vec<_> =
            ids.iter().map(|id| session(json!({"id": id, "client_reference_id": "user 7&x"}))).collect();
        json!({"object": "list", "data": data, "has_more": has_more})
    };
    let pages = [page(&["vs_3", "vs_2"], true), page(&["vs_1"], false)];
    let stripe =
        Stripe::start(move |target| ok(pages[usize::from(target.contains("starting_after=vs_2"))].clone()))
            .await;
    let found = stripe.provider().find(&FindRequest::new("user 7&x")).await.unwrap();
    let keys: Vec<_> = found.iter().map(|found| found.reference.key()).collect();
    assert_eq!(keys, ["vs_3", "vs_2", "vs_1"]);
    let first = format!("GET {SESSIONS}?client_reference_id=user%207%26x&limit=100");
    assert_eq!(stripe.targets(), [first.clone(), format!("{first}&starting_after=vs_2")]);
}

#[tokio::test]
async fn a_list_without_an_end_is_an_error() {
    for (data, requests) in [(json!([session(json!({}))]), 2), (json!([]), 1)] {
        let stripe = Stripe::with(json!({"object": "list", "data": data, "has_more": true})).await;
        let error = stripe.provider().find(&FindRequest::new("case-7")).await.unwrap_err();
        assert_eq!((error.kind(), stripe.targets().len()), (ErrorKind::InvalidResponse, requests));
        assert!(error.to_string().starts_with("stripe: find: "), "{error}");
    }
}

#[tokio::test]
async fn ids_of_another_form_are_refused_before_anything_is_sent() {
    let stripe = Stripe::start(|_| ResponseTemplate::new(500)).await;
    for key in ["vr_1SimA", "vs_", "case-7", "vs_a;b"] {
        let error = stripe.provider().check(&CheckRequest::new(reference(key))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{key}");
    }
    assert!(stripe.targets().is_empty());
}
