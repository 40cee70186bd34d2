//! Calls: what is sent and signed, and how each answer is read.

use idv_core::{
    CancelRequest, CheckRequest, Correlation, Delivery, ErrorKind, Handoff, Input, RefreshRequest,
    StartRequest, SubjectKind, VerificationReason as Reason, VerificationStatus as Status,
};
use serde_json::{Value, json};

use crate::support::{APPLICANT, Sumsub};

const REFERENCE: &str = "user 7/é;a=b";
/// Everything but letters, digits and `-._~` is encoded.
const ENCODED: &str = "user%207%2F%C3%A9%3Ba%3Db";

fn link() -> Value {
    json!({"url": "https://in.sumsub.com/websdk/p/canary-link"})
}

fn applicant(review: Value) -> Value {
    json!({
        "id": APPLICANT, "createdAt": "2026-07-01 09:00:00", "externalUserId": REFERENCE, "inspectionId": "66f0a1b2c3d4e5f601234568",
        "review": review, "lang": "en", "type": "individual", "fixedInfo": {"firstName": "Ada"},
    })
}

fn review(status: &str, result: Value) -> Value {
    let mut review = json!({
        "reviewId": "rvA", "attemptId": "atA", "attemptCnt": 1, "levelName": "kyc + aml", "reviewStatus": status,
        "createDate": "2026-07-01 09:00:00+0000", "reviewDate": "2026-07-01 09:03:00+0000",
    });
    if !result.is_null() {
        review["reviewResult"] = result;
    }
    review
}

fn session() -> idv_core::SessionRef {
    format!("direct:id:{REFERENCE}").parse().unwrap()
}

#[tokio::test]
async fn a_start_asks_for_a_link_with_a_lifetime_of_its_own() {
    let sumsub = Sumsub::start(|_| (200, link())).await;
    let request = StartRequest::new(REFERENCE)
        .email("ada@example.test")
        .organization("org_7")
        .language("pt-BR")
        .redirect_url("https://app.example/back");
    let session = sumsub.provider().start(&request).await.unwrap();
    assert_eq!(session.reference.to_string(), format!("direct:id:{REFERENCE}"));
    assert_eq!(session.url().unwrap().expose(), "https://in.sumsub.com/websdk/p/canary-link");
    assert_eq!(session.expires_at.unwrap().at.unix_seconds(), crate::support::NOW + 1800);
    assert_eq!(session.unused_inputs, [Input::ORGANIZATION]);
    assert_eq!(
        *sumsub.seen.lock().unwrap(),
        [(
            "POST /resources/sdkIntegrations/levels/-/websdkLink?lang=pt-BR".to_owned(),
            json!({
                "userId": REFERENCE, "levelName": "basic-kyc", "ttlInSecs": 1800,
                "applicantIdentifiers": {"email": "ada@example.test"},
                "redirect": {"successUrl": "https://app.example/back", "rejectUrl": "https://app.example/back"},
            })
        )]
    );
}

#[tokio::test]
async fn an_embedded_start_asks_for_a_token_of_the_same_user() {
    let sumsub = Sumsub::start(|_| (200, json!({"token": "_act-canary", "userId": REFERENCE}))).await;
    let session = sumsub.with(json!({"embed": true, "link_lifetime": "10m"}));
    let session = session.start(&StartRequest::new(REFERENCE).workflow("kyb")).await.unwrap();
    assert!(matches!(&session.handoff, Handoff::Embedded { token, .. } if token.expose() == "_act-canary"));
    assert_eq!(
        *sumsub.seen.lock().unwrap(),
        [(
            "POST /resources/accessTokens/sdk".to_owned(),
            json!({"userId": REFERENCE, "levelName": "kyb", "ttlInSecs": 600})
        )]
    );
    let other = Sumsub::start(|_| (200, json!({"token": "_act-canary", "userId": APPLICANT}))).await;
    let error = other.with(json!({"embed": true})).start(&StartRequest::new(REFERENCE)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn without_a_level_a_start_needs_a_workflow() {
    let sumsub = Sumsub::start(|_| (200, link())).await;
    let provider = sumsub.with(json!({"level": null}));
    let error = provider.start(&StartRequest::new("user-7")).await.unwrap_err();
    assert_eq!(error.input_problems()[0].input, Input::WORKFLOW);
    assert!(provider.start(&StartRequest::new("user-7").workflow("kyb")).await.is_ok());
}

#[tokio::test]
async fn a_state_is_a_verdict_only_when_the_review_is_completed() {
    let green = || json!({"reviewAnswer": "GREEN"});
    let red = |kind: &str| json!({"reviewAnswer": "RED", "reviewRejectType": kind, "rejectLabels": ["SCREENSHOTS"]});
    for (status, result, expected, action) in [
        ("init", Value::Null, Status::InProgress, "wait"),
        ("init", green(), Status::InProgress, "wait"),
        ("pending", green(), Status::InReview, "wait"),
        ("onHold", green(), Status::OnHold, "wait"),
        ("completed", green(), Status::Approved, "none"),
        ("completed", red("FINAL"), Status::Rejected, "contact_support"),
        ("completed", red("RETRY"), Status::ResubmissionRequired, "resume_session"),
        ("completed", json!({"reviewAnswer": "RED"}), Status::Unrecognized, "wait"),
        ("completed", Value::Null, Status::Unrecognized, "wait"),
        ("paused", green(), Status::Unrecognized, "wait"),
    ] {
        let body = applicant(review(status, result.clone()));
        let sumsub = Sumsub::start(move |_| (200, body.clone())).await;
        let found = sumsub.provider().check(&CheckRequest::new(session())).await.unwrap();
        assert_eq!((found.status, found.next_action.as_str()), (expected, action), "{status} {result}");
        assert_eq!(found.provider_status.as_str(), status);
        let reasons: Vec<_> = found.reasons.iter().map(|reason| reason.reason).collect();
        let told = status == "completed" && result["rejectLabels"].is_array();
        assert_eq!(reasons, if told { vec![Reason::DocumentTampered] } else { vec![] }, "{status} {result}");
        assert_eq!(found.subject_kind, Some(SubjectKind::Person));
        assert_eq!(found.updated_at.unwrap().to_string(), "2026-07-01T09:03:00Z");
        assert_eq!(found.correlation.get(Correlation::USER_ID), Some(APPLICANT));
        assert_eq!(sumsub.targets(), [format!("GET /resources/applicants/-;externalUserId={ENCODED}/one")]);
    }
}

#[tokio::test]
async fn an_answer_about_another_applicant_is_a_conflict() {
    let mut body = applicant(review("completed", json!({"reviewAnswer": "GREEN"})));
    body["externalUserId"] = "user-8".into();
    let sumsub = Sumsub::start(move |_| (200, body.clone())).await;
    let error = sumsub.provider().check(&CheckRequest::new(session())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

/// The level of a refresh and the id of a cancellation come from an answer, which is what an error is about.
#[tokio::test]
async fn an_applicant_without_what_the_next_call_needs_is_an_answer_that_cannot_be_used() {
    let mut bare = applicant(json!({"reviewStatus": "init"}));
    bare.as_object_mut().unwrap().remove("id");
    let sumsub = Sumsub::start(move |_| (200, bare.clone())).await;
    let provider = sumsub.provider();
    let refused = provider.refresh(&RefreshRequest::new(session())).await.unwrap_err();
    let kept = provider.cancel(&CancelRequest::new(session())).await.unwrap_err();
    for error in [refused, kept] {
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::InvalidResponse, Delivery::Answered),
            "{error:?}"
        );
        assert_eq!(error.provider().map(ToString::to_string).as_deref(), Some("direct"));
    }
    assert_eq!(sumsub.seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_refresh_keeps_the_level_of_the_applicant() {
    let sumsub = Sumsub::start(|asked| match asked.starts_with("GET") {
        true => {
            (200, applicant(review("completed", json!({"reviewAnswer": "RED", "reviewRejectType": "RETRY"}))))
        }
        false => (200, link()),
    })
    .await;
    let fresh = sumsub.provider().refresh(&RefreshRequest::new(session())).await.unwrap();
    assert_eq!(fresh.reference, session());
    let seen = sumsub.seen.lock().unwrap();
    assert_eq!(seen[1].1, json!({"userId": REFERENCE, "levelName": "kyc + aml", "ttlInSecs": 1800}));
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn a_cancellation_deactivates_and_one_that_was_made_is_a_success() {
    let deactivated = || {
        let mut body = applicant(review("init", Value::Null));
        body["deleted"] = true.into();
        body
    };
    for (first, calls) in [(applicant(review("init", Value::Null)), 2), (deactivated(), 1)] {
        let sumsub = Sumsub::start(move |asked| match asked.starts_with("GET") {
            true => (200, first.clone()),
            false => (200, deactivated()),
        })
        .await;
        let found = sumsub.provider().cancel(&CancelRequest::new(session())).await.unwrap();
        assert_eq!(found.status, Status::Cancelled);
        assert_eq!(sumsub.targets().len(), calls);
        if calls == 2 {
            assert_eq!(
                sumsub.targets()[1],
                format!("PATCH /resources/applicants/{APPLICANT}/presence/deactivated")
            );
        }
    }
}

#[tokio::test]
async fn a_refused_signature_is_the_applications_fault() {
    let sumsub = Sumsub::start(|_| (200, link())).await;
    let error = sumsub
        .with(json!({"secret_key": "another-secret-key"}))
        .start(&StartRequest::new("u"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(error.credential(), Some(idv_core::CredentialOwner::Application));
}

#[tokio::test]
async fn a_reference_of_another_form_is_refused_before_anything_is_sent() {
    let sumsub = Sumsub::start(|_| (200, link())).await;
    for key in ["user-7", "id:", "ID:user-7"] {
        let request = CheckRequest::new(format!("direct:{key}").parse().unwrap());
        assert_eq!(
            sumsub.provider().check(&request).await.unwrap_err().kind(),
            ErrorKind::InvalidRequest,
            "{key}"
        );
    }
    assert!(sumsub.targets().is_empty());
}
