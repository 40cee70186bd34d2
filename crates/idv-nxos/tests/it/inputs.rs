//! What is refused before anything is sent.

use idv_core::{CheckRequest, Input, RefreshRequest, SessionRef, StartRequest};
use idv_sandbox::OrganizationType;

use crate::support::{axes, complaints, provider, sandbox};

#[tokio::test]
async fn everything_wrong_with_a_start_is_said_at_once() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let request = StartRequest::new("..")
        .organization("canary/organization")
        .idempotency_key("canary key")
        .must(Input::REDIRECT_URL)
        .must(Input::INVITES);
    let error = provider(nxos, "").start(&request).await.unwrap_err();
    assert_eq!(axes(&error), ("invalid_request", "not_sent", "never"));
    let mut found = complaints(&error);
    found.sort();
    assert_eq!(
        found,
        [
            "idempotency_key invalid",
            "invites unsupported",
            "organization invalid",
            "redirect_url unsupported",
            "reference invalid",
        ]
    );
    let line = error.to_string();
    assert!(line.starts_with("primary: start: nothing was sent: "), "{line}");
    for input in ["idempotency_key", "invites", "organization", "redirect_url", "reference"] {
        assert!(line.contains(input), "{line}");
    }
    assert!(!format!("{line} {error:?}").contains("canary"), "{error:?}");
    assert_eq!(nxos.requests(), []);
}

#[tokio::test]
async fn an_organization_has_the_shape_of_an_id() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    for bad in ["", " ", "a b", "a/b", "..", "a\nb", "é", "a:b", "org_1\u{0}", &"o".repeat(129)] {
        let error = provider.start(&StartRequest::new("case-7").organization(bad)).await.unwrap_err();
        assert_eq!(axes(&error), ("invalid_request", "not_sent", "never"), "{bad:?}");
        assert_eq!(complaints(&error), ["organization invalid"], "{bad:?}");
    }
    assert_eq!(nxos.requests(), []);
    let longest = "o".repeat(128);
    nxos.add_organization_with_id(&longest, OrganizationType::Business);
    for good in [longest.as_str(), "self"] {
        provider.start(&StartRequest::new("case-7").organization(good)).await.unwrap();
    }
}

#[tokio::test]
async fn a_reference_of_another_provider_or_shape_sends_nothing() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let long = format!("primary:{}", "o".repeat(129));
    for text in
        ["other:org_1", "Primary:org_1", "primary:a/b", "primary:a b", "primary:é", "primary:a:b", &long]
    {
        let session: SessionRef = text.parse().unwrap();
        let checked = provider.check(&CheckRequest::new(session.clone())).await.unwrap_err();
        let refreshed = provider.refresh(&RefreshRequest::new(session)).await.unwrap_err();
        for error in [checked, refreshed] {
            assert_eq!(axes(&error), ("invalid_request", "not_sent", "never"), "{text}");
            assert_eq!(complaints(&error), ["session invalid"], "{text}");
        }
    }
    assert_eq!(nxos.requests(), []);
}

#[tokio::test]
async fn everything_wrong_with_a_refresh_is_said_at_once() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let request = RefreshRequest::new("other:a b".parse().unwrap()).idempotency_key("k".repeat(256));
    let error = provider(nxos, "").refresh(&request).await.unwrap_err();
    let mut found = complaints(&error);
    found.sort();
    assert_eq!(found, ["idempotency_key invalid", "session invalid"]);
    assert_eq!(nxos.requests(), []);
}
