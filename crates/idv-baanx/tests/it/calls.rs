//! What is sent, byte for byte, and what is made of the answer.

use std::time::Duration;

use idv_core::{Certainty, Input, Operation, VerificationStatus};
use wiremock::Request;

use crate::support::{
    CLIENT_KEY, Flow, ONBOARDING, SESSION, TOKEN, Vendor, assert_no_secret, check, header, now, refresh,
    start,
};

const USER: &str = r#"{"id":"user-1","verificationState":"PENDING"}"#;

/// What every call has and has not.
fn assert_common(flow: Flow, request: &Request) {
    assert_eq!(header(request, "x-client-key"), Some(CLIENT_KEY));
    assert_eq!(header(request, "accept"), Some("application/json"));
    let bearer = format!("Bearer {TOKEN}");
    let authorization = (flow == Flow::User).then_some(bearer.as_str());
    assert_eq!(header(request, "authorization"), authorization, "{flow:?}");
    for absent in ["x-us-env", "idempotency-key", "x-secret-key", "cookie", "referer"] {
        assert_eq!(header(request, absent), None, "{absent}");
    }
}

fn assert_mints(flow: Flow, request: &Request) {
    assert_common(flow, request);
    assert_eq!(request.url.query(), None);
    let (method, path, body, content_type) = match flow {
        Flow::User => ("GET", "/v1/user/verification", String::new(), None),
        Flow::Registration => (
            "POST",
            "/v1/auth/register/verification",
            format!(r#"{{"onboardingId":"{ONBOARDING}"}}"#),
            Some("application/json"),
        ),
    };
    assert_eq!((request.method.as_str(), request.url.path()), (method, path));
    assert_eq!(String::from_utf8_lossy(&request.body), body);
    assert_eq!(header(request, "content-type"), content_type);
}

#[tokio::test]
async fn start_opens_a_session() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, SESSION).await;
        let session = flow.at(&vendor.url()).start(&start()).await.unwrap();
        assert_mints(flow, &vendor.request().await);
        assert_eq!(session.reference, flow.reference());
        assert_eq!(session.status, VerificationStatus::InProgress);
        assert_eq!(session.url().unwrap().expose(), "https://magic.veriff.example/v/link-canary");
        assert!(session.access_token().is_none() && session.links.is_empty());
        assert_no_secret(&format!("{session:?}"));
    }
}

#[tokio::test]
async fn refresh_mints_another_link_under_the_same_reference() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, SESSION).await;
        let session = flow.at(&vendor.url()).refresh(&refresh(flow)).await.unwrap();
        assert_mints(flow, &vendor.request().await);
        assert_eq!(session.reference, flow.reference());
        assert_eq!(session.url().unwrap().expose(), "https://magic.veriff.example/v/link-canary");
    }
}

#[tokio::test]
async fn each_flow_has_its_own_link() {
    for (flow, hours, single_use) in [(Flow::User, 24, true), (Flow::Registration, 7 * 24, false)] {
        let vendor = Vendor::json(200, SESSION).await;
        let provider = flow.at(&vendor.url());
        for session in
            [provider.start(&start()).await.unwrap(), provider.refresh(&refresh(flow)).await.unwrap()]
        {
            let expiry = session.expires_at.unwrap();
            assert_eq!(expiry.at, now().saturating_add(Duration::from_secs(hours * 3600)));
            assert_eq!(expiry.certainty, Certainty::Estimated);
            assert_eq!(session.single_use, single_use);
        }
    }
}

#[tokio::test]
async fn check_reads_the_state() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, USER).await;
        let verification = flow.at(&vendor.url()).check(&check(flow)).await.unwrap();
        let request = vendor.request().await;
        assert_common(flow, &request);
        let (path, query) = match flow {
            Flow::User => ("/v1/user", None),
            Flow::Registration => {
                ("/v1/auth/register", Some("onboardingId=US_onboarding-canary%26x%3D1%23%2B%252F"))
            }
        };
        assert_eq!((request.method.as_str(), request.url.path(), request.url.query()), ("GET", path, query));
        assert!(request.body.is_empty());
        assert_eq!(header(&request, "content-type"), None);
        assert_eq!(verification.reference, flow.reference());
        assert_eq!(verification.correlation.get("user_id"), Some("user-1"));
    }
}

#[tokio::test]
async fn the_us_environment_is_asked_for_in_a_header() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, SESSION).await;
        let provider = flow.in_the_us(&vendor.url());
        provider.start(&start()).await.unwrap();
        provider.refresh(&refresh(flow)).await.unwrap();
        provider.check(&check(flow)).await.unwrap_err();
        let requests = vendor.requests().await;
        assert_eq!(requests.len(), 3);
        for request in requests {
            assert_eq!(header(&request, "x-us-env"), Some("true"));
        }
    }
}

#[tokio::test]
async fn a_base_path_is_kept() {
    let vendor = Vendor::json(200, SESSION).await;
    Flow::User.at(&format!("{}/gateway/", vendor.url())).start(&start()).await.unwrap();
    assert_eq!(vendor.request().await.url.path(), "/gateway/v1/user/verification");
}

#[tokio::test]
async fn a_link_on_loopback_is_taken_from_a_vendor_on_loopback() {
    for url in ["http://127.0.0.1:7/l/1", "http://localhost/l/1", "http://[::1]:7/l/1"] {
        let vendor = Vendor::json(200, &format!(r#"{{"sessionUrl":"{url}"}}"#)).await;
        let session = Flow::User.at(&vendor.url()).start(&start()).await.unwrap();
        assert_eq!(session.url().unwrap().expose(), url);
    }
}

#[test]
fn what_cannot_be_done_is_said_so() {
    for flow in Flow::BOTH {
        let provider = flow.offline();
        let capabilities = provider.profile().capabilities;
        assert!(capabilities.refresh && !capabilities.find && !capabilities.import);
        assert!(!capabilities.redirect && !capabilities.embed && !capabilities.idempotent_start);
    }
}

#[tokio::test]
async fn find_import_and_redirect_are_unsupported() {
    use idv_core::{ErrorKind, FindRequest, ImportRequest, Redirect};
    for flow in Flow::BOTH {
        let provider = flow.offline();
        let reference = flow.reference();
        let back = "https://app.example/back?status=success";
        let errors = [
            (Operation::Find, provider.find(&FindRequest::new("case-7")).await.unwrap_err()),
            (Operation::Import, provider.import(&ImportRequest::new("share-canary")).await.unwrap_err()),
            (Operation::Redirect, provider.parse_redirect(&Redirect::new(&reference, back)).unwrap_err()),
        ];
        for (operation, error) in errors {
            assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, Some(operation)));
            assert_eq!(error.provider(), Some(provider.id()));
            assert!(error.message().contains("use `"), "it says what to do instead: {error}");
            assert_no_secret(&format!("{error} {error:?}"));
        }
    }
}

#[test]
fn inputs_are_declared() {
    for flow in Flow::BOTH {
        let provider = flow.offline();
        let inputs = &provider.profile().inputs;
        for operation in [Operation::Start, Operation::Refresh, Operation::Check] {
            let needed: Vec<_> =
                inputs.required(operation).filter(|input| **input != Input::REFERENCE).collect();
            assert_eq!(needed, [&flow.credential()], "{flow:?} {operation}");
        }
    }
}
