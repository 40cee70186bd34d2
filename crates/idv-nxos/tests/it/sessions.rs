//! Starting and refreshing: what is sent, and what comes back.

use std::collections::BTreeSet;
use std::time::Duration;

use idv_core::{
    Certainty, ErrorKind, Input, Invites, RefreshRequest, StartRequest, Timestamp, VerificationStatus,
};
use idv_sandbox::{CannedAnswer, OrganizationType};
use uuid::Uuid;

use crate::support::{NOW, VERIFICATION, assert_sent, axes, provider, reference, sandbox, sent};

const IN_HALF_AN_HOUR: i64 = NOW + 1800;

fn is_uuid_v4(key: &str) -> bool {
    key.len() == 36 && Uuid::parse_str(key).is_ok_and(|id| id.get_version_num() == 4)
}

#[tokio::test]
async fn a_start_sends_no_body_and_no_content_type() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let organization = nxos.add_organization(OrganizationType::Business);
    let request = StartRequest::new("case-7").organization(&organization).idempotency_key("case-7/1");
    let session = provider(nxos, "").start(&request).await.unwrap();

    let on_behalf_of = format!("nxos-on-behalf-of: {organization}");
    let headers = ["content-length: 0", "idempotency-key: case-7/1", &on_behalf_of];
    assert_sent(&sent(nxos), nxos, &format!("POST {VERIFICATION}"), &headers, "");

    assert_eq!(session.reference, reference(&organization));
    assert_eq!(session.status, VerificationStatus::InProgress);
    assert!(session.url().unwrap().expose().starts_with(nxos.base_url()));
    assert!(nxos.access_token_is_live(session.access_token().unwrap().expose()));
    let expiry = session.expires_at.unwrap();
    assert_eq!(
        (expiry.at, expiry.certainty),
        (Timestamp::from_unix_seconds(IN_HALF_AN_HOUR), Certainty::Estimated)
    );
    assert!(!session.single_use && session.links.is_empty());
    assert_eq!(session.unused_inputs, []);
    assert_eq!(nxos.status(&organization).as_deref(), Some("PENDING"));
}

#[tokio::test]
async fn whom_a_start_is_about() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let configured = nxos.add_organization(OrganizationType::Business);
    let given = nxos.add_organization(OrganizationType::Individual);
    let option = format!(r#","on_behalf_of":"{configured}""#);
    for (options, organization, header, key) in [
        ("", None, None, "self"),
        ("", Some("self"), None, "self"),
        ("", Some(given.as_str()), Some(given.as_str()), given.as_str()),
        (&option, None, Some(&configured), &configured),
        (&option, Some(&given), Some(&given), &given),
        (&option, Some("self"), None, "self"),
    ] {
        let mut request = StartRequest::new("case-7");
        request.organization = organization.map(str::to_owned);
        let session = provider(nxos, options).start(&request).await.unwrap();
        assert_eq!(session.reference, reference(key));
        assert_eq!(sent(nxos).header("nxos-on-behalf-of"), header, "{options} {organization:?}");
    }
}

#[tokio::test]
async fn a_refresh_is_about_its_reference_alone() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let configured = nxos.add_organization(OrganizationType::Business);
    let other = nxos.add_organization(OrganizationType::Business);
    let provider = provider(nxos, &format!(r#","on_behalf_of":"{configured}""#));
    for (key, header) in [("self", None), (other.as_str(), Some(other.as_str()))] {
        let request = RefreshRequest::new(reference(key)).idempotency_key("k");
        let session = provider.refresh(&request).await.unwrap();
        assert_eq!(session.reference, reference(key));
        let on_behalf_of = header.map(|id| format!("nxos-on-behalf-of: {id}"));
        let mut headers = vec!["content-length: 0", "idempotency-key: k"];
        headers.extend(on_behalf_of.as_deref());
        assert_sent(&sent(nxos), nxos, &format!("POST {VERIFICATION}"), &headers, "");
    }
}

#[tokio::test]
async fn without_a_key_one_is_minted_and_every_refresh_has_its_own() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let first = provider.start(&StartRequest::new("case-7")).await.unwrap();
    let mut tokens = BTreeSet::from([first.access_token().unwrap().expose().to_owned()]);
    for _ in 0..3 {
        let session = provider.refresh(&RefreshRequest::new(reference("self"))).await.unwrap();
        assert!(session.expires_at.is_some(), "a fresh token, not a replay");
        tokens.insert(session.access_token().unwrap().expose().to_owned());
    }
    assert_eq!(tokens.len(), 4, "every token is another one");
    let requests = nxos.requests();
    let keys: BTreeSet<&str> = requests.iter().filter_map(|one| one.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 4, "{keys:?}");
    assert!(keys.iter().all(|key| is_uuid_v4(key)), "{keys:?}");
}

#[tokio::test]
async fn a_replayed_answer_has_no_expiry() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let request = StartRequest::new("case-7").idempotency_key("k-1");
    let first = provider.start(&request).await.unwrap();
    let replayed = provider.start(&request).await.unwrap();
    assert!(first.expires_at.is_some());
    assert_eq!(replayed.expires_at, None);
    assert_eq!(replayed.url().unwrap().expose(), first.url().unwrap().expose());
    let refresh = RefreshRequest::new(reference("self")).idempotency_key("k-1");
    assert_eq!(provider.refresh(&refresh).await.unwrap().expires_at, None);
}

#[tokio::test]
async fn a_key_of_255_characters_is_sent_as_it_is() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    for key in ["k".repeat(255), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".to_owned()] {
        provider.start(&StartRequest::new("case-7").idempotency_key(&key)).await.unwrap();
        assert_eq!(sent(nxos).header("idempotency-key"), Some(key.as_str()));
    }
    for key in ["k".repeat(256), String::new(), "two words".to_owned(), "é".to_owned(), "a\nb".to_owned()] {
        let started = provider.start(&StartRequest::new("case-7").idempotency_key(&key)).await;
        let refreshed = provider.refresh(&RefreshRequest::new(reference("self")).idempotency_key(&key)).await;
        for error in [started.unwrap_err(), refreshed.unwrap_err()] {
            assert_eq!(axes(&error), ("invalid_request", "not_sent", "never"), "{key:?}");
            assert_eq!(error.input_problems()[0].input, Input::IDEMPOTENCY_KEY);
        }
    }
    assert_eq!(nxos.requests(), []);
}

#[tokio::test]
async fn what_nxos_has_no_place_for_is_listed_and_not_sent() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let request = StartRequest::new("case-7")
        .first_name("Ada")
        .last_name("Lovelace")
        .email("ada@example.com")
        .phone("+15192223333")
        .onboarding_id("onboarding-1")
        .user_token("token-1")
        .redirect_url("https://app.example/back")
        .workflow("wf_1")
        .invites(Invites { email: true, sms: true })
        .attribute("colour", "blue")
        .idempotency_key("k");
    let session = provider(nxos, "").start(&request).await.unwrap();
    let unused: BTreeSet<&str> = session.unused_inputs.iter().map(Input::as_str).collect();
    let expected = [
        "first_name",
        "last_name",
        "email",
        "phone",
        "onboarding_id",
        "user_token",
        "redirect_url",
        "workflow",
        "invites",
        "colour",
    ];
    assert_eq!(unused, BTreeSet::from(expected));
    assert_eq!(session.unused_inputs.len(), expected.len());
    let headers = ["content-length: 0", "idempotency-key: k"];
    assert_sent(&sent(nxos), nxos, &format!("POST {VERIFICATION}"), &headers, "");
}

#[tokio::test]
async fn a_resubmission_is_resumed_by_a_refresh() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let organization = nxos.add_organization(OrganizationType::Business);
    let provider = provider(nxos, "");
    let first = provider.start(&StartRequest::new("case-7").organization(&organization)).await.unwrap();
    let applicant = nxos.applicant(&organization);
    nxos.set_status(&organization, "RESUBMISSION_REQUIRED").unwrap();
    sandbox.advance(Duration::from_secs(3600));
    let again = provider.refresh(&RefreshRequest::new(first.reference.clone())).await.unwrap();
    assert_eq!(nxos.applicant(&organization), applicant, "the same applicant");
    assert!(!nxos.access_token_is_live(first.access_token().unwrap().expose()));
    assert!(nxos.access_token_is_live(again.access_token().unwrap().expose()));
    assert_eq!(nxos.status(&organization).as_deref(), Some("PENDING"));
}

#[tokio::test]
async fn an_answer_with_less_or_more_than_documented() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let request = StartRequest::new("case-7");
    for body in [
        r#"{"url":"https://in.sumsub.com/l/#/x"}"#,
        r#"{"url":"https://in.sumsub.com/l/#/x","accessToken":null,"object":7,"more":[1]}"#,
    ] {
        nxos.answer_next(CannedAnswer::json(200, body));
        let session = provider.start(&request).await.unwrap();
        assert_eq!(session.url().unwrap().expose(), "https://in.sumsub.com/l/#/x");
        assert!(session.access_token().is_none());
    }
    for body in [
        r#"{"accessToken":"canary-token"}"#,
        r#"{"url":7,"accessToken":"canary-token"}"#,
        r#"{"url":"http://canary.example/l","accessToken":"canary-token"}"#,
        r#"{"url":"javascript:canary","accessToken":"canary-token"}"#,
        r#"["canary-token"]"#,
        "canary",
        "",
    ] {
        nxos.answer_next(CannedAnswer::json(200, body));
        let error = provider.start(&request).await.unwrap_err();
        assert_eq!(axes(&error), ("invalid_response", "answered", "never"), "{body}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn what_nxos_cannot_do_is_unsupported_and_asks_nothing() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let found = provider.find(&idv_core::FindRequest::new("case-7")).await.unwrap_err();
    let uri = "https://app.example/back?status=success&session_id=1";
    let redirected = provider.parse_redirect(&idv_core::Redirect::new(&reference("self"), uri)).unwrap_err();
    for error in [found, redirected] {
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.provider().map(ToString::to_string).as_deref(), Some("primary"));
    }
    assert_eq!(nxos.requests(), []);
}
