//! Calls: what is sent and signed, and how each answer is read.

use idv_core::{
    CheckRequest, Correlation, EraseRequest, ErasureState, ErrorKind, Retry, StartRequest,
    VerificationReason, VerificationStatus as Status,
};
use serde_json::{Value, json};

use crate::support::{Answer, ID, OLD_SECRET, Veriff};

fn created(id: &str) -> Value {
    json!({"status": "success", "verification": {
        "id": id, "url": "https://alchemy.veriff.com/v/canary-token", "vendorData": "user-7",
        "host": "https://alchemy.veriff.com", "status": "created", "sessionToken": "canary-token",
    }})
}

fn decided(status: &str, more: Value) -> Value {
    let mut verification = json!({
        "id": ID, "attemptId": "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a", "vendorData": "user-7", "endUserId": null,
        "status": status, "code": 9102, "reason": null, "reasonCode": null,
        "acceptanceTime": "2026-07-01T09:00:10.000Z", "decisionTime": "2026-07-01T09:03:44.476108Z", "person": null,
    });
    verification.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"status": "success", "verification": verification})
}

fn attempts(of: &[(&str, &str)]) -> Value {
    let attempt = |(status, at): &(&str, &str)| json!({"id": "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a", "status": status, "createdTime": at});
    json!({"status": "success", "verifications": of.iter().map(attempt).collect::<Vec<_>>()})
}

fn check() -> CheckRequest {
    CheckRequest::new(format!("people:{ID}").parse().unwrap())
}

#[tokio::test]
async fn a_start_sends_what_it_knows_and_the_link_lives_seven_days() {
    let veriff = Veriff::start(|_| Answer { status: 201, ..Answer::ok(created(ID)) }).await;
    let request = StartRequest::new("user-7")
        .first_name("Ada")
        .last_name("Lovelace")
        .email("ada@example.test")
        .phone("+15192223333")
        .date_of_birth("1815-12-10")
        .country("gb")
        .redirect_url("https://app.example/back")
        .attribute("endUserId", "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a")
        .workflow("kyc");
    let session = veriff.provider().start(&request).await.unwrap();
    assert_eq!(session.reference.to_string(), format!("people:{ID}"));
    assert_eq!(session.url().unwrap().expose(), "https://alchemy.veriff.com/v/canary-token");
    assert_eq!(session.expires_at.unwrap().at.to_string(), "2026-07-08T09:00:00Z");
    assert_eq!(session.unused_inputs.iter().map(ToString::to_string).collect::<Vec<_>>(), ["workflow"]);
    let seen = veriff.seen.lock().unwrap();
    let [(target, _, body)] = &seen[..] else { panic!("one request") };
    assert_eq!(target, "POST /v1/sessions");
    assert_eq!(
        *body,
        json!({"verification": {
            "callback": "https://app.example/back",
            "person": {
                "firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.test", "phoneNumber": "+15192223333",
                "dateOfBirth": "1815-12-10",
            },
            "document": {"country": "GB"},
            "vendorData": "user-7",
            "endUserId": "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a",
        }})
    );
}

#[tokio::test]
async fn a_start_that_gets_no_answer_is_not_to_be_repeated() {
    for (answer, retry) in [
        (Answer { status: 503, ..Answer::ok(json!({})) }, Retry::AfterCheck),
        (Answer::ok(created("no-uuid")), Retry::AfterCheck),
        (Answer::ok(json!({"status": "success", "verification": null})), Retry::AfterCheck),
        (Answer { status: 429, ..Answer::ok(json!({})) }, Retry::Allowed { after: None }),
    ] {
        let body = answer.body.clone();
        let veriff = Veriff::start(move |_| answer.clone()).await;
        let error = veriff.provider().start(&StartRequest::new("user-7")).await.unwrap_err();
        assert_eq!(error.retry(), retry, "{body}");
        assert_eq!(veriff.targets().len(), 1);
    }
}

#[tokio::test]
async fn a_session_of_another_reference_is_not_handed_over() {
    let veriff = Veriff::start(|_| Answer::ok(created(ID))).await;
    let error = veriff.provider().start(&StartRequest::new("somebody-else")).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidResponse, Retry::AfterCheck));
}

#[tokio::test]
async fn a_state_is_read_by_its_word_and_never_by_its_number() {
    for (word, status) in [
        ("approved", Status::Approved),
        ("declined", Status::Rejected),
        ("expired", Status::Expired),
        ("abandoned", Status::Abandoned),
        ("review", Status::InReview),
        ("Approved", Status::Approved),
        ("sanctioned", Status::Unrecognized),
    ] {
        // 9121 is "review" on one page and "abandoned" on another one; 9001 is an approval.
        for code in [json!(9121), json!(9104), json!(9001), json!("9102"), Value::Null] {
            let body = decided(word, json!({"code": code}));
            let veriff = Veriff::start(move |_| Answer::ok(body.clone())).await;
            let found = veriff.provider().check(&check()).await.unwrap();
            assert_eq!((found.status, found.provider_status.as_str()), (status, word), "{code}");
            assert_eq!(found.correlation.get(Correlation::EXTERNAL_ID), Some("user-7"));
            assert_eq!(veriff.targets(), [format!("GET /v1/sessions/{ID}/decision")]);
        }
    }
}

#[tokio::test]
async fn a_refusal_needs_a_new_session() {
    let veriff = Veriff::start(move |_| Answer::ok(decided("declined", json!({})))).await;
    let found = veriff.provider().check(&check()).await.unwrap();
    assert_eq!(found.next_action.as_str(), "retry_with_new_session");
}

/// A decision that asks for a resubmission stays until the next decision, also while the applicant tries again.
#[tokio::test]
async fn after_a_resubmission_the_attempts_say_how_far_the_applicant_is() {
    let (old, new) = ("3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a", "4c6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a");
    let asked = (Status::ResubmissionRequired, "continue_session");
    for (id, word, expected) in [
        (old, "resubmission_requested", asked),
        (old, "submitted", asked),
        (new, "created", asked),
        (new, "started", (Status::InProgress, "wait")),
        (new, "submitted", (Status::InReview, "wait")),
        // A decision is not believed without its reasons, which the next check has.
        (new, "approved", asked),
        (new, "sanctioned", asked),
    ] {
        let veriff = Veriff::start(move |target| match target.ends_with("/decision") {
            true => Answer::ok(decided("resubmission_requested", json!({"reasonCode": 204}))),
            false => Answer::ok(json!({"status": "success", "verifications": [
                {"id": id, "status": word, "createdTime": "2026-07-01T10:00:00Z"},
                {"id": old, "status": "resubmission_requested", "createdTime": "2026-07-01T09:00:00Z"},
            ]})),
        })
        .await;
        let found = veriff.provider().check(&check()).await.unwrap();
        assert_eq!((found.status, found.next_action.as_str()), expected, "{id} {word}");
        assert_eq!(found.reasons.len(), usize::from(expected == asked), "{id} {word}");
    }
}

#[tokio::test]
async fn a_reason_is_a_number_or_a_text() {
    for code in [json!(102), json!("102")] {
        let body = decided("declined", json!({"reasonCode": code}));
        let veriff = Veriff::start(move |_| Answer::ok(body.clone())).await;
        let found = veriff.provider().check(&check()).await.unwrap();
        let [reason] = &found.reasons[..] else { panic!("{:?}", found.reasons) };
        assert_eq!(reason.reason, VerificationReason::DocumentTampered);
        assert_eq!(reason.provider_code.as_ref().unwrap().as_str(), "102");
    }
}

#[tokio::test]
async fn without_a_decision_the_latest_attempt_says_how_far_the_applicant_is() {
    let none = json!({"status": "success", "verification": null});
    for (list, status, word) in [
        (attempts(&[]), Status::NotStarted, "created"),
        (attempts(&[("created", "2026-07-01T09:00:00Z")]), Status::NotStarted, "created"),
        (attempts(&[("started", "2026-07-01T09:00:00Z")]), Status::InProgress, "started"),
        (
            attempts(&[("submitted", "2026-07-01T10:00:00Z"), ("started", "2026-07-01T09:00:00Z")]),
            Status::InReview,
            "submitted",
        ),
        // A decision is not believed without its reasons, which the next check has.
        (attempts(&[("approved", "2026-07-01T09:00:00Z")]), Status::InReview, "approved"),
    ] {
        let none = none.clone();
        let veriff = Veriff::start(move |target| match target.ends_with("/decision") {
            true => Answer::ok(none.clone()),
            false => Answer::ok(list.clone()),
        })
        .await;
        let found = veriff.provider().check(&check()).await.unwrap();
        assert_eq!((found.status, found.provider_status.as_str()), (status, word));
        let [decision, attempts] =
            ["decision", "attempts"].map(|part| format!("GET /v1/sessions/{ID}/{part}"));
        assert_eq!(veriff.targets(), [decision, attempts]);
    }
}

#[tokio::test]
async fn an_answer_about_another_session_is_a_conflict() {
    let other = "9f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10";
    let veriff = Veriff::start(move |_| Answer::ok(decided("approved", json!({"id": other})))).await;
    let error = veriff.provider().check(&check()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn an_answer_has_to_be_signed_under_a_known_secret() {
    for (secret, is_good) in [
        (Some(crate::support::SECRET), true),
        (Some(OLD_SECRET), true),
        (Some("another-secret"), false),
        (None, false),
    ] {
        let answer = Answer { secret, ..Answer::ok(decided("approved", json!({}))) };
        let veriff = Veriff::start(move |_| answer.clone()).await;
        match veriff.provider().check(&check()).await {
            Ok(found) => assert!(is_good && found.status == Status::Approved, "{secret:?}"),
            Err(error) => {
                assert!(!is_good && error.kind() == ErrorKind::InvalidResponse, "{secret:?} {error}")
            }
        }
    }
}

#[tokio::test]
async fn an_error_envelope_is_no_state() {
    for body in [
        json!({"status": "fail", "verification": {"id": ID, "status": "approved"}}),
        json!({"status": "success"}),
    ] {
        let veriff = Veriff::start(move |target| match target.ends_with("/decision") {
            true => Answer::ok(body.clone()),
            false => Answer::ok(json!({"status": "fail", "code": "1104"})),
        })
        .await;
        let error = veriff.provider().check(&check()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    }
}

#[tokio::test]
async fn an_erasure_is_accepted_and_what_is_gone_is_gone() {
    for (status, body, state) in [
        (200, json!({"status": "success", "verification": {"id": ID}}), ErasureState::Accepted),
        (404, json!({"status": "fail", "code": "1104"}), ErasureState::AlreadyGone),
    ] {
        let answer = Answer { status, ..Answer::ok(body) };
        let veriff = Veriff::start(move |_| answer.clone()).await;
        let request = EraseRequest::new(format!("people:{ID}").parse().unwrap());
        assert_eq!(veriff.provider().erase(&request).await.unwrap().state, state);
        assert_eq!(veriff.targets(), [format!("DELETE /v1/sessions/{ID}")]);
    }
}

#[tokio::test]
async fn a_reference_that_is_no_uuid_is_refused_before_anything_is_sent() {
    let veriff = Veriff::start(|_| Answer::ok(json!({}))).await;
    for key in ["user-7", "8f0f6a3e6f3e4a439b7c2d4c1f0e9a10", "..%2f"] {
        let request = CheckRequest::new(format!("people:{key}").parse().unwrap());
        let error = veriff.provider().check(&request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{key}");
    }
    assert!(veriff.targets().is_empty());
}
