//! Calls of made-up vendors that no built-in description has: lists by page and offset, errors with status 200, further secrets, notices
//! that nothing signs.

use idv_core::{
    Assurance, Delivery, ErrorKind, FindRequest, Retry, StartRequest, Timestamp, VerificationProviderExt,
    WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use wiremock::matchers::{any, query_param};
use wiremock::{Mock, MockServer};

use crate::config::described;
use crate::support::{Provider, answering, build, headers, ok, over, sent, session};

fn vendor(base: &str, more: Value) -> Provider {
    build(&over(over(described(), json!({"base_url": base})), more)).unwrap()
}

fn with_list(base: &str, find: Value) -> Provider {
    let find = over(json!({"path": "/v1/sessions"}), find);
    vendor(base, json!({"find": find, "start": {"fields": {"reference": "external_id"}}}))
}

fn record(id: &str) -> Value {
    json!({"id": id, "external_id": "case-7", "status": "done"})
}

async fn pages(parameter: &str, pages: &[(&str, Value)]) -> MockServer {
    let server = MockServer::start().await;
    for (number, sessions) in pages {
        let page = Mock::given(any()).and(query_param(parameter, *number));
        page.respond_with(ok(json!({"sessions": sessions}))).mount(&server).await;
    }
    server
}

async fn found(provider: &Provider) -> Result<Vec<String>, ErrorKind> {
    let found = provider.find(&FindRequest::new("case-7")).await.map_err(|error| error.kind())?;
    Ok(found.iter().map(|one| one.reference.key().to_owned()).collect())
}

#[tokio::test]
async fn a_numbered_list_ends_with_an_empty_page() {
    let numbered = [("1", json!([record("a"), record("b")])), ("2", json!([record("c")])), ("3", json!([]))];
    let server = pages("page", &numbered).await;
    let provider = with_list(&server.uri(), json!({"next_page": "page", "query": {"sort": "new"}}));
    assert_eq!(found(&provider).await.unwrap(), ["a", "b", "c"]);
    let asked: Vec<String> = sent(&server).await.iter().map(crate::support::Sent::line).collect();
    assert_eq!(asked[0], "GET /v1/sessions?external_id=case-7&sort=new&page=1");
    assert_eq!(asked.len(), 3);
    let offsets = [("0", json!([record("a"), record("b")])), ("2", json!([record("c")])), ("3", json!([]))];
    let server = pages("skip", &offsets).await;
    assert_eq!(
        found(&with_list(&server.uri(), json!({"next_offset": "skip"}))).await.unwrap(),
        ["a", "b", "c"]
    );
    // A page that is missing is no end.
    let server = pages("page", &numbered[..1]).await;
    assert!(found(&with_list(&server.uri(), json!({"next_page": "page"}))).await.is_err());
    let endless = answering(ok(json!({"sessions": [record("a")]}))).await;
    let provider = with_list(&endless.uri(), json!({"next_page": "page"}));
    assert_eq!(found(&provider).await.unwrap_err(), ErrorKind::InvalidResponse);
    assert_eq!(sent(&endless).await.len(), 20);
}

#[tokio::test]
async fn a_list_that_is_said_to_be_whole_and_goes_on_is_an_error() {
    for (more, whole) in [
        (json!({}), true),
        (json!({"page": {"rest": 0}}), true),
        (json!({"page": {"rest": null}}), true),
        (json!({"page": {"rest": 3}}), false),
        (json!({"page": {"rest": {"href": "x"}}}), false),
        (json!({"has_more": true}), false),
        (json!({"total": 2}), false),
    ] {
        let server = answering(ok(over(json!({"sessions": [record("a")]}), more.clone()))).await;
        let provider = with_list(&server.uri(), json!({"whole": true, "more": "/page/rest"}));
        assert_eq!(found(&provider).await.is_ok(), whole, "{more}");
    }
}

/// As Shufti does: the event of the answer is its status, and some events are errors.
#[tokio::test]
async fn a_word_can_make_a_success_an_error() {
    let words = json!({
        "start": {"path": "/", "id": "/reference", "url": "/verification_url"},
        "check": {"path": "/status", "id_field": "reference"}, "session": {"id": "/reference", "status": "/event"},
        "status_words": {"done": null, "verification.accepted": "approved"},
        "errors": {"words": {"request.invalid": "invalid_request", "request.unauthorized": "unauthenticated", "busy": "unavailable"},
            "code": "/error/key", "message": "/error/message", "kinds": {"402": "invalid_request"}},
    });
    for (event, kind, retry) in [
        ("request.invalid", ErrorKind::InvalidRequest, Retry::Never),
        ("Request.Unauthorized", ErrorKind::Unauthenticated, Retry::Never),
        ("busy", ErrorKind::Unavailable, Retry::AfterCheck),
    ] {
        let answer = json!({"reference": "case-7", "event": event, "verification_url": "https://a.example/",
            "error": {"key": "some_key", "message": "canary"}});
        let server = answering(ok(answer)).await;
        let error =
            vendor(&server.uri(), words.clone()).start(&StartRequest::new("case-7")).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.retry(), error.delivery()),
            (kind, retry, Delivery::Answered),
            "{event}"
        );
        assert_eq!(
            (error.http_status(), error.code().map(|code| code.as_str().to_owned())),
            (Some(200), Some("some_key".into()))
        );
        assert!(!error.to_string().contains("canary"), "{error}");
        assert_eq!(sent(&server).await[0].line(), "POST /");
    }
    let server = answering(ok(json!({"reference": "case-7", "event": "verification.accepted"}))).await;
    let read = vendor(&server.uri(), words.clone()).check_session(&session("case-7")).await.unwrap();
    assert_eq!(read.status.as_str(), "approved");
    assert_eq!(sent(&server).await[0].json(), json!({"reference": "case-7"}));
    let refused =
        wiremock::ResponseTemplate::new(402).set_body_json(json!({"error": {"key": "country_invalid"}}));
    let server = answering(refused).await;
    let error = vendor(&server.uri(), words).start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "402 is not about money here");
}

/// As Plaid does: two secret headers, and webhooks that only a key of the vendor's would prove.
#[tokio::test]
async fn further_secrets_go_into_headers_and_are_shown_nowhere() {
    let options = json!({
        "auth": {"header": "plaid-secret", "secret_headers": {"plaid-client-id": "client_id"}},
        "headers": {"plaid-version": "2020-09-14"}, "secrets": {"client_id": "client-id-canary"},
    });
    let server = answering(ok(json!({"id": "a", "status": "done"}))).await;
    let provider = vendor(&server.uri(), options);
    provider.check_session(&session("a")).await.unwrap();
    let sent = &sent(&server).await[0];
    assert_eq!(sent.header_names(), ["plaid-client-id", "plaid-secret", "plaid-version"]);
    assert_eq!(sent.headers["plaid-client-id"], "client-id-canary");
    assert!(!format!("{provider:?}").contains("canary"));
}

#[test]
fn what_nothing_signs_is_a_notice_whatever_it_says() {
    let webhook = json!({"scheme": "unsigned", "event_type": "/webhook_code", "session": ""});
    let provider = vendor("http://127.0.0.1:9", json!({"webhook": webhook}));
    assert_eq!(provider.profile().capabilities.webhooks, Some(Assurance::Unsigned));
    let body = br#"{"webhook_code":"STATUS_UPDATED","id":"a","status":"done","external_id":"case-7"}"#;
    let headers = headers(&[]);
    let request = WebhookRequest::new(&headers, body, Timestamp::from_unix_seconds(0));
    let WebhookOutcome::Event(event) = provider.verify_webhook(&request).unwrap() else { panic!("no event") };
    assert_eq!(
        (event.assurance(), event.status(), event.next_action.as_str()),
        (Assurance::Unsigned, None, "check")
    );
    assert_eq!(event.reference, Some(session("a")));
    let stored = serde_json::to_value(&*event).unwrap();
    assert_eq!(stored["assurance"], "unsigned");
}

/// As Jumio and Ondato do: the key is exchanged for a token, which serves until it expires or is refused.
#[tokio::test]
async fn an_access_token_is_fetched_once_and_again_after_it_was_refused() {
    let server = MockServer::start().await;
    let token = json!({"access_token": "token-canary", "token_type": "bearer", "expires_in": "3600"});
    Mock::given(wiremock::matchers::path("/oauth2/token")).respond_with(ok(token)).mount(&server).await;
    let own = || Mock::given(wiremock::matchers::path("/v1/sessions/a"));
    own()
        .respond_with(wiremock::ResponseTemplate::new(401))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    own().respond_with(ok(json!({"id": "a", "status": "done"}))).mount(&server).await;
    let token_url = format!("{}/oauth2/token", server.uri());
    let oauth2 = json!({"token_url": token_url, "client_id": "client", "scope": "sessions"});
    let provider =
        vendor(&server.uri(), json!({"auth": {"oauth2": oauth2}, "secrets": {"client": "a client"}}));
    let error = provider.check_session(&session("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    for _ in 0..2 {
        provider.check_session(&session("a")).await.unwrap();
    }
    let sent = sent(&server).await;
    let lines: Vec<String> = sent.iter().map(crate::support::Sent::line).collect();
    let (token, check) = ("POST /oauth2/token", "GET /v1/sessions/a");
    assert_eq!(lines, [token, check, token, check, check]);
    assert_eq!(sent[0].body, b"grant_type=client_credentials&scope=sessions");
    // `a+client:sk_live_canary`: both are encoded as in a form.
    assert_eq!(sent[0].headers["authorization"], "Basic YStjbGllbnQ6c2tfbGl2ZV9jYW5hcnk=");
    assert!(sent[0].headers.get("x-api-key").is_none() && sent[1].headers.get("x-api-key").is_none());
    assert_eq!(sent[4].headers["authorization"], "Bearer token-canary");
    assert!(!format!("{provider:?}").contains("canary"), "{provider:?}");
}

#[tokio::test]
async fn without_an_access_token_nothing_is_sent() {
    for answer in [
        ok(json!({"access_token": "token-canary", "token_type": "mac"})),
        ok(json!({"access_token": "", "token_type": "Bearer"})),
        ok(json!({"token_type": "Bearer"})),
        ok(json!({"access_token": "token-canary", "token_type": "Bearer", "expires_in": "soon"})),
        wiremock::ResponseTemplate::new(401).set_body_json(json!({"error": "invalid_client"})),
        wiremock::ResponseTemplate::new(503),
    ] {
        let server = answering(answer).await;
        let token_url = format!("{}/oauth2/token", server.uri());
        let oauth2 = json!({"token_url": token_url, "client_id": "client"});
        let provider = vendor(&server.uri(), json!({"auth": {"oauth2": oauth2}, "secrets": {"client": "c"}}));
        let error = provider.start(&StartRequest::new("case-7")).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.operation()),
            (Delivery::NotSent, Some(idv_core::Operation::Start))
        );
        assert_eq!(sent(&server).await.len(), 1, "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}
