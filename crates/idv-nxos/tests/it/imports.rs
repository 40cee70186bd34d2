//! Reusable KYC.

use idv_core::{ImportRequest, NextAction, SubjectKind, VerificationStatus as Status};
use idv_sandbox::{LoaState, Nxos, OrganizationType};

use crate::support::{IMPORT, assert_sent, axes, complaints, provider, reference, sandbox, sent};

async fn refused(nxos: &Nxos, organization: &str, token: &str) -> (String, &'static str) {
    let request = ImportRequest::new(token).organization(organization);
    let error = provider(nxos, "").import(&request).await.unwrap_err();
    assert_eq!(axes(&error).1, "answered");
    (error.code().unwrap().to_string(), error.retry().as_str())
}

#[tokio::test]
async fn an_import_sends_the_token_and_never_answers_approved() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    let token = nxos.issue_share_token();
    let request = ImportRequest::new(token.as_str()).organization(&person);
    let read = provider(nxos, "").import(&request).await.unwrap();
    let body = format!(r#"{{"shareToken":"{token}"}}"#);
    let (on_behalf_of, length) =
        (format!("nxos-on-behalf-of: {person}"), format!("content-length: {}", body.len()));
    let headers = ["content-type: application/json", &length, &on_behalf_of];
    assert_sent(&sent(nxos), nxos, &format!("POST {IMPORT}"), &headers, &body);
    assert_eq!((read.reference, read.status), (reference(&person), Status::InProgress));
    assert_eq!((read.provider_status.as_str(), read.subject_kind), ("PENDING", Some(SubjectKind::Person)));
    assert!(matches!(read.next_action, NextAction::Wait { .. }));
}

#[tokio::test]
async fn whom_an_import_is_about() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let configured = nxos.add_organization(OrganizationType::Individual);
    let given = nxos.add_organization(OrganizationType::Individual);
    let provider = provider(nxos, &format!(r#","on_behalf_of":"{configured}""#));
    let about = |organization: &str| ImportRequest::new(nxos.issue_share_token()).organization(organization);
    let read = provider.import(&ImportRequest::new(nxos.issue_share_token())).await.unwrap();
    assert_eq!(read.reference, reference(&configured));
    assert_eq!(sent(nxos).header("nxos-on-behalf-of"), Some(configured.as_str()));
    assert_eq!(provider.import(&about(&given)).await.unwrap().reference, reference(&given));
    assert_eq!(sent(nxos).header("nxos-on-behalf-of"), Some(given.as_str()));
    provider.import(&about("self")).await.unwrap_err();
    assert_eq!(sent(nxos).header("nxos-on-behalf-of"), None);
}

#[tokio::test]
async fn the_rules_of_an_import() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    let business = nxos.add_organization(OrganizationType::Business);
    let token = nxos.issue_share_token();
    assert_eq!(
        refused(nxos, &business, &token).await,
        ("verification_import_unsupported".to_owned(), "never")
    );
    for loa in [LoaState::Pending, LoaState::Revoked] {
        nxos.set_loa(&person, loa).unwrap();
        assert_eq!(refused(nxos, &person, &token).await, ("authorization_required".to_owned(), "never"));
    }
    nxos.set_loa(&person, LoaState::Active).unwrap();
    provider(nxos, "").import(&ImportRequest::new(token.as_str()).organization(&person)).await.unwrap();
    assert_eq!(refused(nxos, &person, &token).await, ("share_token_invalid".to_owned(), "never"));
    assert_eq!(refused(nxos, &person, "unknown-token").await, ("share_token_invalid".to_owned(), "never"));
    assert_eq!(refused(nxos, "org_nobody", &token).await, ("organization_not_found".to_owned(), "never"));
}

#[tokio::test]
async fn a_settled_record_keeps_its_status() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    for (word, status) in [("APPROVED", Status::Approved), ("ON_HOLD", Status::OnHold)] {
        nxos.set_status(&person, word).unwrap();
        let request = ImportRequest::new(nxos.issue_share_token()).organization(&person);
        assert_eq!(provider(nxos, "").import(&request).await.unwrap().status, status);
    }
}

#[tokio::test]
async fn bad_imports_send_nothing_and_are_complained_about_together() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    for token in ["", "two words", "canary\ntoken", "canäry"] {
        let request = ImportRequest::new(token).organization("no organization!");
        let error = provider(nxos, "").import(&request).await.unwrap_err();
        assert_eq!(axes(&error), ("invalid_request", "not_sent", "never"));
        assert_eq!(complaints(&error), ["share_token invalid", "organization invalid"]);
        assert!(!format!("{error:?}").contains("canary"));
    }
    assert_eq!(nxos.requests(), []);
}
