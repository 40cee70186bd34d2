//! Cancellations and erasures.

use idv_core::{
    CancelRequest, EraseRequest, ErasureState, ErrorKind, VerificationReason as Reason,
    VerificationStatus as Status,
};
use serde_json::{Value, json};

use crate::support::{ID, Stripe, ok, reference, refused, session};

const PATH: &str = "/v1/identity/verification_sessions/vs_1SimA";

/// A Stripe that reads one session, and answers changes with another one.
async fn stripe(before: Value, after: Value) -> Stripe {
    Stripe::start(move |target| ok(if target.starts_with("GET") { before.clone() } else { after.clone() }))
        .await
}

fn cancelled() -> Value {
    session(json!({"status": "canceled", "url": null, "client_secret": null}))
}

/// Stripe forgets why the last try failed as soon as a session is cancelled.
#[tokio::test]
async fn a_cancellation_keeps_the_reason_that_it_destroys() {
    let failed = session(json!({"last_error": {"code": "selfie_face_mismatch", "reason": "canary"}}));
    let stripe = stripe(failed, cancelled()).await;
    let found = stripe.provider().cancel(&CancelRequest::new(reference(ID))).await.unwrap();
    assert_eq!((found.status, found.reasons[0].reason), (Status::Cancelled, Reason::FaceMismatch));
    assert_eq!(stripe.targets(), [format!("GET {PATH}"), format!("POST {PATH}/cancel")]);
    assert_eq!(stripe.seen()[1].body, "");
}

#[tokio::test]
async fn a_session_that_is_cancelled_is_not_cancelled_again_and_a_verified_one_never() {
    let stripe = stripe(cancelled(), cancelled()).await;
    let found = stripe.provider().cancel(&CancelRequest::new(reference(ID))).await.unwrap();
    assert_eq!((found.status, stripe.targets().len()), (Status::Cancelled, 1));
    let verified = session(json!({"status": "verified", "url": null}));
    let stripe = self::stripe(verified.clone(), verified).await;
    let error = stripe.provider().cancel(&CancelRequest::new(reference(ID))).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery().as_str()), (ErrorKind::Conflict, "answered"));
    assert_eq!(stripe.targets().len(), 1);
}

/// The checks may end between the read and the cancellation.
#[tokio::test]
async fn a_refused_cancellation_is_no_success() {
    let stripe = Stripe::start(|target| match target.starts_with("GET") {
        true => ok(session(json!({"status": "processing", "url": null}))),
        false => refused(400, json!({"type": "invalid_request_error", "message": "canary"})),
    })
    .await;
    let error = stripe.provider().cancel(&CancelRequest::new(reference(ID))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let unchanged = self::stripe(session(json!({})), session(json!({}))).await;
    let error = unchanged.provider().cancel(&CancelRequest::new(reference(ID))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn an_erasure_is_asked_for_once_and_done_days_later() {
    let redaction = |status: &str| session(json!({"status": "verified", "redaction": {"status": status}}));
    let kept = session(json!({"status": "verified"}));
    for (before, after, state, requests) in [
        (kept.clone(), redaction("processing"), ErasureState::Accepted, 2),
        (kept.clone(), redaction("redacted"), ErasureState::Done, 2),
        (redaction("validated"), kept.clone(), ErasureState::Accepted, 1),
        (redaction("processing"), kept.clone(), ErasureState::Accepted, 1),
        (redaction("of_tomorrow"), kept.clone(), ErasureState::Accepted, 1),
        (redaction("redacted"), kept.clone(), ErasureState::Done, 1),
    ] {
        let stripe = stripe(before, after).await;
        let erasure = stripe.provider().erase(&EraseRequest::new(reference(ID))).await.unwrap();
        assert_eq!((erasure.state, stripe.targets().len()), (state, requests));
        assert_eq!(erasure.reference, reference(ID));
        if requests == 2 {
            assert_eq!(stripe.targets()[1], format!("POST {PATH}/redact"));
        }
    }
    let stripe = self::stripe(kept.clone(), kept).await;
    let error = stripe.provider().erase(&EraseRequest::new(reference(ID))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

/// A key of another account or mode does not know the session: that is no deletion.
#[tokio::test]
async fn a_session_that_the_key_does_not_know_is_not_gone() {
    let stripe =
        Stripe::start(|_| refused(404, json!({"type": "invalid_request_error", "code": "resource_missing"})))
            .await;
    let error = stripe.provider().erase(&EraseRequest::new(reference(ID))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
