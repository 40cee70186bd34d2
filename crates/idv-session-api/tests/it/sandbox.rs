//! deepidv's whole story against the simulated vendor.

use idv_core::{
    Error, ErrorKind, FindRequest, Redirect, VerificationProviderExt, WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{AnswerSpelling, CannedAnswer, IdField, RateLimits, Sandbox, SessionApi};
use serde_json::json;

use crate::support::{Provider, applicant, build, headers, now, session};

fn provider(api: &SessionApi, key: &str) -> Provider {
    build(&json!({
        "preset": "deepidv", "base_url": api.base_url(), "api_key": key, "webhook_secrets": [api.webhook_secret()],
    }))
    .unwrap()
}

#[tokio::test]
async fn from_start_to_every_outcome_in_both_spellings() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    api.set_rate_limits(None);
    let provider = provider(api, api.api_key());
    for (spelling, id_field) in [
        (AnswerSpelling::Snake, IdField::Id),
        (AnswerSpelling::Snake, IdField::IdvId),
        (AnswerSpelling::Camel, IdField::Id),
        (AnswerSpelling::Camel, IdField::IdvId),
    ] {
        api.spelling(spelling);
        api.id_field(id_field);
        let request = applicant().redirect_url("https://app.example/back?a=b");
        let opened = provider.start(&request).await.unwrap();
        let id = opened.reference.key();
        let invites = api.invites(id).unwrap();
        assert!(!invites.email && !invites.phone, "nobody asked for invitations");
        assert_eq!(opened.links.len(), usize::from(spelling == AnswerSpelling::Camel));
        let state = || async { provider.check_session(&opened.reference).await.unwrap().status.to_string() };
        assert_eq!(state().await, "not_started");
        api.set_progress(id, "STARTED").unwrap();
        assert_eq!(state().await, "in_progress");
        for (word, status) in [
            ("SUBMITTED", "in_review"),
            ("VERIFIED", "approved"),
            ("REJECTED", "rejected"),
            ("VOIDED", "cancelled"),
            ("EXPIRED", "expired"),
            ("FAILED", "failed"),
            ("ESCALATED", "unrecognized"),
        ] {
            api.set_status(id, word).unwrap();
            assert_eq!(state().await, status, "{word}");
            event(&provider, api, id, "session.status.changed");
        }
        let uri = api.redirect_url(id, "abandoned", Some("user_cancelled")).unwrap();
        let back = provider.parse_redirect(&Redirect::new(&opened.reference, &uri)).unwrap();
        assert_eq!(back.status().as_str(), "abandoned");
    }
}

fn event(provider: &Provider, api: &SessionApi, id: &str, event_type: &str) {
    let webhook = api.webhook(id, event_type);
    let pairs: Vec<_> = webhook.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers = headers(&pairs);
    let read = provider.verify_webhook(&WebhookRequest::new(&headers, &webhook.body, now())).unwrap();
    let WebhookOutcome::Event(event) = read else { panic!("{read:?}") };
    assert_eq!(
        (event.reference.clone(), event.correlation.get("external_id")),
        (Some(session(id)), Some("case-7"))
    );
    assert_eq!(event.status(), None);
}

#[tokio::test]
async fn all_sessions_of_a_reference_are_found_newest_first() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    api.set_rate_limits(None);
    let provider = provider(api, api.api_key());
    let mut opened = Vec::new();
    for _ in 0..53 {
        opened.push(provider.start(&applicant()).await.unwrap().reference);
        sandbox.advance(std::time::Duration::from_secs(1));
    }
    let mut other = applicant();
    other.reference = "case-77".to_owned();
    provider.start(&other).await.unwrap();
    api.clear_requests();
    let found = provider.find(&FindRequest::new("case-7")).await.unwrap();
    opened.reverse();
    assert_eq!(found.into_iter().map(|one| one.reference).collect::<Vec<_>>(), opened);
    assert_eq!(api.requests().len(), 11, "five sessions a page, whose analysis can be large");
    assert!(provider.find(&FindRequest::new("case-8")).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_vendor_s_refusals_are_read() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = sandbox.session_api();
    let live = provider(api, api.api_key());
    let kind = |error: Error| error.kind();
    let opened = live.start(&applicant()).await.unwrap().reference;
    let foreign = session(&api.add_foreign_session());
    let unknown = session("6b1d2f34-90ab-4cde-8f01-23456789abcd");
    assert_eq!(kind(live.check_session(&foreign).await.unwrap_err()), ErrorKind::Forbidden);
    assert_eq!(kind(live.check_session(&unknown).await.unwrap_err()), ErrorKind::NotFound);
    assert_eq!(kind(live.check_session(&session("x")).await.unwrap_err()), ErrorKind::InvalidRequest);
    let workflow = applicant().workflow("wf_none");
    assert_eq!(kind(live.start(&workflow).await.unwrap_err()), ErrorKind::NotFound);
    assert!(live.start(&applicant().workflow(api.add_workflow())).await.is_ok());
    let wrong = provider(api, "sk_live_wrong");
    assert_eq!(kind(wrong.check_session(&opened).await.unwrap_err()), ErrorKind::Unauthenticated);
    let read_only = provider(api, api.sandbox_key());
    assert_eq!(kind(read_only.start(&applicant()).await.unwrap_err()), ErrorKind::Forbidden);
    api.set_balance(0);
    assert_eq!(kind(live.start(&applicant()).await.unwrap_err()), ErrorKind::PaymentRequired);
    api.answer_next(CannedAnswer::text(500, "oops"));
    assert_eq!(kind(live.start(&applicant()).await.unwrap_err()), ErrorKind::Unavailable);
    api.set_rate_limits(Some(RateLimits { per_second: 1, burst: 0, per_day: 1 }));
    let error = live.check_session(&opened).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after().is_some()), (ErrorKind::RateLimited, true));
}
