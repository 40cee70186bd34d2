//! Every documented error code, and the wait that nxos asks for.

use std::time::Duration;

use idv_core::{
    CheckRequest, CredentialOwner, Error, ImportRequest, Operation, RefreshRequest, StartRequest,
    VerificationProvider,
};
use idv_sandbox::{CannedAnswer, LoaState, OrganizationType};
use idv_tests::{BadServer, Step};

use crate::support::{axes, provider, provider_at, reference, sandbox};

/// Status, code, kind, and the retry verdicts of a call that may be repeated and of an import.
const CODES: &[(u16, &str, &str, &str, &str)] = &[
    (401, "missing_api_key", "unauthenticated", "never", "never"),
    (401, "invalid_api_key", "unauthenticated", "never", "never"),
    (401, "authentication_failed", "unavailable", "allowed", "allowed"),
    (401, "a_new_code", "unauthenticated", "never", "never"),
    (403, "forbidden", "forbidden", "never", "never"),
    (403, "authorization_required", "forbidden", "never", "never"),
    (404, "not_found", "not_found", "never", "never"),
    (404, "organization_not_found", "not_found", "never", "never"),
    (404, "account_not_found", "not_found", "never", "never"),
    (404, "quote_not_found", "not_found", "never", "never"),
    (404, "beneficiary_not_found", "not_found", "never", "never"),
    (404, "transaction_not_found", "not_found", "never", "never"),
    (404, "funding_method_not_found", "not_found", "never", "never"),
    (404, "authorization_not_found", "not_found", "never", "never"),
    (404, "nxosnet_handle_not_found", "not_found", "never", "never"),
    (409, "quote_expired", "conflict", "never", "never"),
    (409, "quote_already_used", "conflict", "never", "never"),
    (409, "beneficiary_already_archived", "conflict", "never", "never"),
    (409, "beneficiary_not_archived", "conflict", "never", "never"),
    (409, "beneficiary_blocked", "conflict", "never", "never"),
    (409, "nxosnet_not_enabled", "conflict", "never", "never"),
    (409, "nxosnet_handle_taken", "conflict", "never", "never"),
    (409, "chain_send_failed", "conflict", "never", "never"),
    (409, "idempotency_key_in_use", "conflict", "never", "never"),
    (409, "idempotency_request_in_flight", "conflict", "allowed", "allowed"),
    (400, "invalid_request", "invalid_request", "never", "never"),
    (400, "validation_error", "invalid_request", "never", "never"),
    (400, "insufficient_funds", "invalid_request", "never", "never"),
    (400, "share_token_invalid", "invalid_request", "never", "never"),
    (400, "verification_import_unsupported", "invalid_request", "never", "never"),
    (422, "a_new_code", "invalid_request", "never", "never"),
    (429, "rate_limited", "rate_limited", "allowed", "allowed"),
    (500, "internal_error", "unavailable", "allowed", "never"),
    (503, "webhooks_unavailable", "unavailable", "allowed", "never"),
    (502, "a_new_code", "unavailable", "allowed", "never"),
];

const TEXT: &str = "canary: no such luck for Ada";

/// Asks once, in each of the ways there are.
async fn fail(provider: &dyn VerificationProvider, operation: Operation) -> Error {
    match operation {
        Operation::Start => provider.start(&StartRequest::new("case-7")).await.unwrap_err(),
        Operation::Refresh => provider.refresh(&RefreshRequest::new(reference("self"))).await.unwrap_err(),
        Operation::Check => provider.check(&CheckRequest::new(reference("self"))).await.unwrap_err(),
        _ => provider.import(&ImportRequest::new("share-token")).await.unwrap_err(),
    }
}

const OPERATIONS: [Operation; 4] =
    [Operation::Start, Operation::Refresh, Operation::Check, Operation::Import];

#[tokio::test]
async fn every_documented_code() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let id = format!("req_{}", "a1b2".repeat(8));
    for (status, code, kind, retry, import_retry) in CODES {
        for operation in OPERATIONS {
            let body = format!(r#"{{"error":{{"code":"{code}","message":"{TEXT}","requestId":"{id}"}}}}"#);
            nxos.answer_next(CannedAnswer::json(*status, body));
            let error = fail(&*provider, operation).await;
            let verdict = if operation == Operation::Import { import_retry } else { retry };
            assert_eq!(axes(&error), (*kind, "answered", *verdict), "{status} {code} {operation}");
            assert_eq!(error.http_status(), Some(*status));
            assert_eq!(error.code().unwrap(), *code);
            assert_eq!(error.request_id().unwrap(), id.as_str());
            assert_eq!(error.operation(), Some(operation));
            let owner = (*kind == "unauthenticated").then_some(CredentialOwner::Application);
            assert_eq!(error.credential(), owner, "{code}");
            assert_eq!(error.vendor_text().unwrap().expose(), TEXT);
            let line = format!("primary: {operation}: ");
            let end = format!(" [{kind}, HTTP {status}, code {code}, request {id}]");
            let text = error.to_string();
            assert!(text.starts_with(&line) && text.ends_with(&end), "{text}");
            assert!(!format!("{text} {error:?}").contains("canary"), "{error:?}");
        }
    }
    assert_eq!(nxos.requests().len(), CODES.len() * OPERATIONS.len(), "one attempt each");
}

#[tokio::test]
async fn a_wrong_key_is_the_application_s_and_a_failure_of_theirs_is_not() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let stranger = provider_at(nxos.base_url());
    let error = fail(&*stranger, Operation::Start).await;
    assert_eq!(
        (axes(&error), error.code().unwrap().as_str()),
        (("unauthenticated", "answered", "never"), "invalid_api_key")
    );
    assert_eq!(error.credential(), Some(CredentialOwner::Application));
    assert!(error.request_id().unwrap().as_str().starts_with("req_"));

    let provider = provider(nxos, "");
    nxos.fail_authentication(1);
    let error = fail(&*provider, Operation::Start).await;
    assert_eq!((axes(&error), error.credential()), (("unavailable", "answered", "allowed"), None));
    provider.start(&StartRequest::new("case-7")).await.unwrap();
}

#[tokio::test]
async fn organizations_that_are_not_there_or_not_ours() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let organization = nxos.add_organization(OrganizationType::Business);
    nxos.set_loa(&organization, LoaState::Revoked).unwrap();
    for (id, kind, code) in [
        ("org_nobody", "not_found", "organization_not_found"),
        (organization.as_str(), "forbidden", "authorization_required"),
    ] {
        let started = provider.start(&StartRequest::new("case-7").organization(id)).await.unwrap_err();
        let checked = provider.check(&CheckRequest::new(reference(id))).await.unwrap_err();
        for error in [started, checked] {
            assert_eq!((axes(&error), error.code().unwrap().as_str()), ((kind, "answered", "never"), code));
        }
    }
    nxos.set_loa(&organization, LoaState::Pending).unwrap();
    provider.start(&StartRequest::new("case-7").organization(&organization)).await.unwrap();
}

#[tokio::test]
async fn the_wait_is_read_from_message_and_header_and_the_longer_one_holds() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let body = r#"{"error":{"code":"rate_limited","message":"Rate limit exceeded: 1000 requests per minute. Retry in 23 seconds.","requestId":"req_1"}}"#;
    for operation in OPERATIONS {
        nxos.answer_next(CannedAnswer::json(429, body));
        let error = fail(&*provider, operation).await;
        assert_eq!(error.retry_after(), Some(Duration::from_secs(23)), "{operation}");
        for (header, wait) in [("7", 23), ("70", 70)] {
            nxos.answer_next(CannedAnswer::json(429, body).header("retry-after", header));
            let error = fail(&*provider, operation).await;
            assert_eq!(error.retry_after(), Some(Duration::from_secs(wait)), "{operation}");
        }
    }
}

#[tokio::test]
async fn the_limit_itself() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    nxos.set_rate_limit(Some(1));
    provider.check(&CheckRequest::new(reference("self"))).await.unwrap();
    sandbox.advance(Duration::from_secs(37));
    let error = fail(&*provider, Operation::Check).await;
    assert_eq!(
        (axes(&error), error.retry_after()),
        (("rate_limited", "answered", "allowed"), Some(Duration::from_secs(23)))
    );
    sandbox.advance(Duration::from_secs(23));
    provider.check(&CheckRequest::new(reference("self"))).await.unwrap();
}

#[tokio::test]
async fn a_request_in_flight_may_be_asked_for_again() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let request = StartRequest::new("case-7").idempotency_key("k-1");
    nxos.hold();
    let first = tokio::spawn({
        let (provider, request) = (provider.clone(), request.clone());
        async move { provider.start(&request).await }
    });
    while nxos.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let error = provider.start(&request).await.unwrap_err();
    assert_eq!(axes(&error), ("conflict", "answered", "allowed"));
    assert_eq!(error.code().unwrap(), "idempotency_request_in_flight");
    nxos.release();
    let opened = first.await.unwrap().unwrap();
    let replayed = provider.start(&request).await.unwrap();
    assert_eq!(opened.url().unwrap().expose(), replayed.url().unwrap().expose(), "one session, not two");
}

#[tokio::test]
async fn a_lost_answer_may_be_asked_for_again_but_for_an_import() {
    for script in [
        vec![Step::Read, Step::Close],
        vec![Step::Read, Step::head(200, &["Content-Length: 99"], "{"), Step::Close],
    ] {
        for (operation, verdict) in
            OPERATIONS.into_iter().zip(["allowed", "allowed", "allowed", "after_check"])
        {
            let server = BadServer::always(script.clone()).await;
            let error = fail(&*provider_at(server.base_url()), operation).await;
            assert_eq!(axes(&error), ("connection", "unknown", verdict), "{operation}");
            assert_eq!(server.connections().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_deadline_ends_the_wait_for_an_answer() {
    for left in [Duration::from_millis(80), Duration::ZERO] {
        let server = BadServer::always([Step::Read, Step::Stall]).await;
        let provider = provider_at(server.base_url());
        let started = provider.start(&StartRequest::new("case-7").deadline(left)).await.unwrap_err();
        let refreshed =
            provider.refresh(&RefreshRequest::new(reference("self")).deadline(left)).await.unwrap_err();
        let checked = provider.check(&CheckRequest::new(reference("self")).deadline(left)).await.unwrap_err();
        let expected = match left.is_zero() {
            true => ("timeout", "not_sent", "never"),
            false => ("timeout", "unknown", "allowed"),
        };
        for error in [started, refreshed, checked] {
            assert_eq!(axes(&error), expected, "{error}");
        }
        assert_eq!(server.connections().is_empty(), left.is_zero());
    }
}
