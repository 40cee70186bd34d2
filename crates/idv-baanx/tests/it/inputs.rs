//! What is wrong with a request is said at once, before anything is sent.

use idv_core::{
    CheckRequest, Delivery, Error, ErrorKind, Input, Invites, Problem, RefreshRequest, Retry, StartRequest,
};

use crate::support::{Flow, SESSION, TOKEN, Vendor, assert_no_secret, check, refresh, start};

fn problems(error: &Error) -> Vec<(&str, Problem)> {
    error.input_problems().iter().map(|found| (found.input.as_str(), found.problem)).collect()
}

#[track_caller]
fn assert_refused(flow: Flow, error: &Error) {
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!((error.retry(), error.delivery()), (Retry::Never, Delivery::NotSent));
    assert_eq!(error.provider().unwrap().as_str(), flow.id());
    assert_no_secret(&format!("{error} {error:?}"));
}

#[tokio::test]
async fn missing_inputs_are_reported_together_and_nothing_is_sent() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, SESSION).await;
        let provider = flow.at(&vendor.url());
        let credential = flow.credential();
        let request = StartRequest::new("").must(Input::REDIRECT_URL);
        let error = provider.start(&request).await.unwrap_err();
        assert_refused(flow, &error);
        assert_eq!(
            problems(&error),
            [
                (credential.as_str(), Problem::Missing),
                ("reference", Problem::Invalid),
                ("redirect_url", Problem::Unsupported),
            ]
        );
        let elsewhere = "elsewhere:case-7".parse().unwrap();
        let expected = [("session", Problem::Invalid), (credential.as_str(), Problem::Missing)];
        let error = provider.refresh(&RefreshRequest::new(elsewhere)).await.unwrap_err();
        assert_refused(flow, &error);
        assert_eq!(problems(&error), expected);
        let elsewhere = "elsewhere:case-7".parse().unwrap();
        let error = provider.check(&CheckRequest::new(elsewhere)).await.unwrap_err();
        assert_refused(flow, &error);
        assert_eq!(problems(&error), expected);
        assert!(vendor.requests().await.is_empty());
    }
}

#[tokio::test]
async fn a_credential_that_cannot_be_sent_is_refused() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, SESSION).await;
        let provider = flow.at(&vendor.url());
        for bad in ["", " ", "canary canary", "canary\n", "canary\r\nx-evil: 1", "canäry", "Bearer canary"] {
            let expected = [(flow.credential(), Problem::Invalid)];
            let expected: Vec<_> =
                expected.iter().map(|(input, problem)| (input.as_str(), *problem)).collect();
            let started = provider.start(&start().user_token(bad).onboarding_id(bad)).await.unwrap_err();
            let refreshed =
                provider.refresh(&refresh(flow).user_token(bad).onboarding_id(bad)).await.unwrap_err();
            let checked = provider.check(&check(flow).user_token(bad).onboarding_id(bad)).await.unwrap_err();
            for error in [started, refreshed, checked] {
                assert_refused(flow, &error);
                assert_eq!(problems(&error), expected, "{bad:?}");
            }
        }
        assert!(vendor.requests().await.is_empty());
    }
}

#[tokio::test]
async fn the_credential_is_no_reference() {
    let vendor = Vendor::json(200, SESSION).await;
    for flow in Flow::BOTH {
        let provider = flow.at(&vendor.url());
        let request = StartRequest::new("canary-1").user_token("canary-1").onboarding_id("canary-1");
        let error = provider.start(&request).await.unwrap_err();
        assert_refused(flow, &error);
        assert_eq!(problems(&error), [("reference", Problem::Invalid)]);
        let error = provider.refresh(&refresh(flow).user_token("case-7").onboarding_id("case-7")).await;
        assert_eq!(problems(&error.unwrap_err()), [("session", Problem::Invalid)]);
        let error = provider.check(&check(flow).user_token("case-7").onboarding_id("case-7")).await;
        assert_eq!(problems(&error.unwrap_err()), [("session", Problem::Invalid)]);
    }
    assert!(vendor.requests().await.is_empty());
}

#[tokio::test]
async fn what_baanx_has_no_place_for_is_listed() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, SESSION).await;
        let request = start()
            .first_name("Ada")
            .last_name("Example")
            .email("no address")
            .phone("no number")
            .organization("org_1")
            .redirect_url("https://app.example/back")
            .workflow("wf_1")
            .idempotency_key("key-1")
            .invites(Invites { email: true, sms: false })
            .attribute("locale", "de");
        let session = flow.at(&vendor.url()).start(&request).await.unwrap();
        let other = match flow {
            Flow::User => "onboarding_id",
            Flow::Registration => "user_token",
        };
        let mut unused: Vec<_> = session.unused_inputs.iter().map(Input::as_str).collect();
        unused.sort_unstable();
        let mut expected = [
            "email",
            "first_name",
            "idempotency_key",
            "invites",
            "last_name",
            "locale",
            "organization",
            "phone",
            "redirect_url",
            "workflow",
            other,
        ];
        expected.sort_unstable();
        assert_eq!(unused, expected);
    }
}

#[tokio::test]
async fn a_registration_never_sends_the_token_that_it_was_given() {
    let vendor = Vendor::json(200, SESSION).await;
    let provider = Flow::Registration.at(&vendor.url());
    let session = provider.start(&start()).await.unwrap();
    assert_eq!(session.unused_inputs, [Input::USER_TOKEN]);
    provider.refresh(&refresh(Flow::Registration)).await.unwrap();
    provider.check(&check(Flow::Registration)).await.unwrap_err();
    for request in vendor.requests().await {
        assert!(!format!("{request:?}").contains(TOKEN));
        assert!(!request.headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn nothing_is_sent_after_the_deadline() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, SESSION).await;
        let provider = flow.at(&vendor.url());
        let none = std::time::Duration::ZERO;
        for error in [
            provider.start(&start().deadline(none)).await.unwrap_err(),
            provider.refresh(&refresh(flow).deadline(none)).await.unwrap_err(),
            provider.check(&check(flow).deadline(none)).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::NotSent));
        }
        assert!(vendor.requests().await.is_empty());
    }
}
