//! Refreshes, checks and erasures.

use idv_core::{
    CancelRequest, CheckRequest, Correlation, EraseRequest, ErasureState, ErrorKind, RefreshRequest,
    VerificationReason as Reason, VerificationStatus as Status,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::{APPLICANT, Onfido, RUN, ok, reference, refused, run};

async fn check(answer: Value) -> idv_core::Verification {
    Onfido::with(ok(answer)).await.provider().check(&CheckRequest::new(reference(RUN))).await.unwrap()
}

#[tokio::test]
async fn a_check_reads_the_run_and_names_its_applicant() {
    let onfido = Onfido::with(ok(run(json!({"status": "processing"})))).await;
    let found = onfido.provider().check(&CheckRequest::new(reference(RUN))).await.unwrap();
    assert_eq!(onfido.targets(), [format!("GET /v3.6/workflow_runs/{RUN}")]);
    assert_eq!(found.status, Status::InReview);
    assert_eq!(found.updated_at, Some("2026-07-01T09:05:00Z".parse().unwrap()));
    let ids: Vec<_> = found.correlation.iter().collect();
    let expected =
        [("applicant_id", APPLICANT), (Correlation::EXTERNAL_ID, "case-7"), (Correlation::SESSION_ID, RUN)];
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn reasons_are_the_texts_of_the_workflow_s_author() {
    let found =
        check(run(json!({"status": "declined", "reasons": ["Document expired", "", "No match", 7]}))).await;
    assert_eq!((found.status, found.next_action.as_str()), (Status::Rejected, "retry_with_new_session"));
    let told: Vec<_> = found
        .reasons
        .iter()
        .map(|reported| (reported.reason, reported.provider_code.as_ref().map(|code| code.as_str())))
        .collect();
    assert_eq!(told, [(Reason::Other, Some("Document expired")), (Reason::Other, Some("No match"))]);
}

/// The output is what the author of the workflow made of it: no verdict, and no identity.
#[tokio::test]
async fn the_output_of_a_workflow_says_nothing() {
    let output = json!({"status": "approved", "result": "clear", "first_name": "Canary"});
    let answer = run(json!({"status": "review", "output": output}));
    let onfido = Onfido::with(ok(answer)).await;
    let found = onfido.provider().check(&CheckRequest::new(reference(RUN)).with_identity()).await.unwrap();
    assert_eq!((found.status, found.identity()), (Status::OnHold, None));
    assert!(!format!("{found:?}").contains("Canary"));
}

#[tokio::test]
async fn a_technical_end_has_its_type_and_not_its_message() {
    let error = json!({"type": "task_failed", "message": "canary"});
    let found = check(run(json!({"status": "error", "error": error}))).await;
    assert_eq!((found.status, found.next_action.as_str()), (Status::Failed, "start_session"));
    let reported = &found.reasons[0];
    assert_eq!(reported.reason, Reason::ProviderError);
    assert_eq!(reported.provider_code.as_ref().map(|code| code.as_str()), Some("task_failed"));
    assert!(!format!("{found:?}").contains("canary"));
}

/// A run that is approved has no error: an envelope around an old state is none.
#[tokio::test]
async fn an_error_beside_a_verdict_is_no_verdict() {
    let answer = run(json!({"status": "approved", "error": {"type": "rate_limit", "message": "canary"}}));
    let onfido = Onfido::with(ok(answer)).await;
    let error = onfido.provider().check(&CheckRequest::new(reference(RUN))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn a_refresh_reads_the_same_link_while_the_applicant_has_something_to_do() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    let fresh = onfido.provider().refresh(&RefreshRequest::new(reference(RUN))).await.unwrap();
    assert_eq!(onfido.targets(), [format!("GET /v3.6/workflow_runs/{RUN}")]);
    assert_eq!(fresh.url().unwrap().expose(), "https://eu.onfido.app/l/canary");
    for status in
        ["processing", "review", "approved", "declined", "abandoned", "error", "awaiting_client_input"]
    {
        let onfido = Onfido::with(ok(run(json!({"status": status})))).await;
        let error = onfido.provider().refresh(&RefreshRequest::new(reference(RUN))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{status}");
        let is_the_server_s = error.message().contains("application's server");
        assert_eq!(is_the_server_s, status == "awaiting_client_input", "{error}");
    }
}

#[tokio::test]
async fn an_erasure_deletes_the_applicant_of_the_run() {
    let erase = async |deleted: ResponseTemplate| {
        let onfido = Onfido::start(move |target| match target.starts_with("DELETE") {
            true => deleted.clone(),
            false => ok(run(json!({"status": "approved"}))),
        })
        .await;
        let erased = onfido.provider().erase(&EraseRequest::new(reference(RUN))).await;
        let targets =
            [format!("GET /v3.6/workflow_runs/{RUN}"), format!("DELETE /v3.6/applicants/{APPLICANT}")];
        assert_eq!(onfido.targets(), targets);
        erased.map(|erasure| erasure.state).map_err(|error| error.kind())
    };
    assert_eq!(erase(ResponseTemplate::new(204)).await, Ok(ErasureState::Accepted));
    assert_eq!(erase(refused(404, "resource_not_found")).await, Ok(ErasureState::AlreadyGone));
    let wrong_address = ResponseTemplate::new(404).set_body_string("no such page");
    assert_eq!(erase(wrong_address).await, Err(ErrorKind::NotFound));
    assert_eq!(erase(ok(json!({"ok": true}))).await, Err(ErrorKind::InvalidResponse));
}

/// A run that the token does not know may be one of another region.
#[tokio::test]
async fn a_run_that_is_not_known_is_not_taken_for_erased() {
    for (answer, kind) in [
        (refused(404, "resource_not_found"), ErrorKind::NotFound),
        (ok(run(json!({"applicant_id": null}))), ErrorKind::InvalidResponse),
        (ok(run(json!({"applicant_id": "../canary"}))), ErrorKind::InvalidResponse),
        (ok(run(json!({"id": APPLICANT}))), ErrorKind::Conflict),
    ] {
        let onfido = Onfido::with(answer).await;
        let error = onfido.provider().erase(&EraseRequest::new(reference(RUN))).await.unwrap_err();
        assert_eq!((error.kind(), onfido.targets().len()), (kind, 1));
    }
}

#[tokio::test]
async fn a_cancellation_says_what_to_do_instead() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    let error = onfido.provider().cancel(&CancelRequest::new(reference(RUN))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("`erase`") && onfido.targets().is_empty());
}

#[tokio::test]
async fn ids_of_another_form_are_refused_before_anything_is_sent() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    for key in ["case-7", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d;x", "0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d"] {
        let error = onfido.provider().check(&CheckRequest::new(reference(key))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{key}");
    }
    assert!(onfido.targets().is_empty());
}
