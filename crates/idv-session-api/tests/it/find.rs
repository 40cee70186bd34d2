//! Looking for sessions by the caller's reference at deepidv.

use std::time::Duration;

use idv_core::{ErrorKind, FindRequest, ImportRequest, RefreshRequest, Retry};
use serde_json::{Value, json};
use wiremock::matchers::{query_param, query_param_is_missing};
use wiremock::{Mock, MockServer};

use crate::support::{ID, answering, deepidv, ok, sent, session};

fn record(id: &str, reference: &str, created_at: &str) -> Value {
    json!({"id": id, "external_id": reference, "status": "PENDING", "created_at": created_at})
}

#[tokio::test]
async fn pages_are_followed_and_sorted_and_only_the_reference_itself_counts() {
    let server = MockServer::start().await;
    let first = json!({"sessions": [
        record("s-2", "case 7&x", "2026-07-02T00:00:00Z"), record("s-9", "case 7&X", "2026-07-09T00:00:00Z"),
        record("../s", "another", "2026-07-09T00:00:00Z"),
    ], "next_token": "t/1 +"});
    let second = json!({"sessions": [
        record("s-2", "case 7&x", "2026-07-02T00:00:00Z"), record("s-3", "case 7&x", "2026-07-03T00:00:00Z"),
        json!({"id": "s-1", "externalId": "case 7&x", "status": "REJECTED", "updatedAt": "2026-07-01T00:00:00Z"}),
        json!({"id": "s-0", "externalId": "case 7&x", "status": "VOIDED"}),
    ], "nextToken": null});
    Mock::given(query_param_is_missing("next_token")).respond_with(ok(first)).mount(&server).await;
    Mock::given(query_param("next_token", "t/1 +")).respond_with(ok(second)).mount(&server).await;
    let found = deepidv(&server.uri()).find(&FindRequest::new("case 7&x")).await.unwrap();
    let found: Vec<_> = found.iter().map(|one| (one.reference.key(), one.status.as_str())).collect();
    assert_eq!(
        found,
        [("s-3", "in_progress"), ("s-2", "in_progress"), ("s-1", "rejected"), ("s-0", "cancelled")]
    );
    let sent = sent(&server).await;
    assert_eq!(sent[0].line(), "GET /v1/sessions?external_id=case%207%26x&limit=5");
    assert_eq!(sent[1].line(), "GET /v1/sessions?external_id=case%207%26x&limit=5&next_token=t%2F1%20%2B");
    assert_eq!(sent[1].header_names(), ["x-api-key"]);
}

#[tokio::test]
async fn nothing_found_is_an_empty_list() {
    let server = answering(ok(json!({"sessions": [], "next_token": null}))).await;
    assert!(deepidv(&server.uri()).find(&FindRequest::new("case-7")).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_list_without_end_is_an_error_and_never_cut_short() {
    let body = json!({"sessions": [record("s-1", "case-7", "2026-07-01T00:00:00Z")], "next_token": "again"});
    let server = answering(ok(body)).await;
    let error = deepidv(&server.uri()).find(&FindRequest::new("case-7")).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidResponse, Retry::Never));
    assert!(error.message().contains("20 pages"), "{error}");
    assert_eq!(sent(&server).await.len(), 20);
}

#[tokio::test]
async fn all_pages_share_one_deadline() {
    let page = json!({"sessions": [record("s-1", "case-7", "2026-07-01T00:00:00Z")], "next_token": "again"});
    let server = answering(ok(page).set_delay(Duration::from_millis(60))).await;
    let request = FindRequest::new("case-7").deadline(Duration::from_millis(150));
    let error = deepidv(&server.uri()).find(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(sent(&server).await.len() <= 3, "60 ms each, in 150 ms");
}

#[tokio::test]
async fn an_unusable_list_is_no_empty_list() {
    for body in [
        json!({}),
        json!([]),
        json!({"sessions": null}),
        json!({"sessions": {"id": ID}}),
        json!({"sessions": [{"id": "../x", "external_id": "case-7", "status": "PENDING"}]}),
        json!({"sessions": [{"external_id": "case-7", "status": "PENDING"}]}),
        json!({"sessions": [{"id": ID, "external_id": "case-7"}]}),
        // A record that does not say whose it is, and elements that are no records.
        json!({"sessions": [{"id": ID, "status": "VERIFIED"}]}),
        json!({"sessions": [{"id": ID, "status": "VERIFIED", "external_id": null}]}),
        json!({"sessions": [{"id": ID, "status": "VERIFIED", "external_id": ["case-7"]}]}),
        json!({"sessions": ["noise"]}),
        json!({"sessions": [7]}),
        json!({"sessions": [null]}),
        json!({"sessions": [[]]}),
        // A list that goes on in a way that nobody described.
        json!({"sessions": [], "count": 41, "next": "https://api.deepidv.com/v1/sessions?page=2"}),
        json!({"sessions": [], "has_more": true}),
        json!({"sessions": [], "next_token": null, "hasMore": true}),
        json!({"sessions": [], "paging": {"next_cursor": "x"}}),
        json!({"sessions": [], "_links": {"next": {"href": "x"}}, "links": {"next": {"href": "x"}}}),
        json!({"sessions": [], "total": 1}),
        json!({"sessions": [record("s-1", "another", "2026-07-09T00:00:00Z")], "meta": {"total_count": 2}}),
    ] {
        let server = answering(ok(body.clone())).await;
        let error = deepidv(&server.uri()).find(&FindRequest::new("case-7")).await.unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::InvalidResponse, Some(200)), "{body}");
    }
}

#[tokio::test]
async fn a_list_that_says_that_it_is_whole_is_whole() {
    let one = record("s-1", "case-7", "2026-07-01T00:00:00Z");
    for more in [
        json!({"has_more": false, "next": null, "next_page": "", "total": 1}),
        json!({"paging": {"next": {}, "hasNextPage": false}, "links": {"self": "x", "next": null}, "count": 1}),
        json!({"meta": {"next_offset": 0, "total_count": 0}, "nextcursor": []}),
    ] {
        let mut body = more.clone();
        body["sessions"] = json!([one.clone()]);
        let server = answering(ok(body)).await;
        let found = deepidv(&server.uri()).find(&FindRequest::new("case-7")).await.unwrap();
        assert_eq!(found.len(), 1, "{more}");
    }
}

#[tokio::test]
async fn a_session_whose_link_was_lost_is_started_anew() {
    let found = |status: &str, progress: &str| {
        let mut one = record("s-1", "case-7", "2026-07-01T00:00:00Z");
        (one["status"], one["session_progress"]) = (json!(status), json!(progress));
        json!({"sessions": [one]})
    };
    for (status, progress, action) in [
        ("PENDING", "PENDING", "start_session"),
        ("PENDING", "STARTED", "wait"),
        ("VERIFIED", "COMPLETED", "none"),
    ] {
        let server = answering(ok(found(status, progress))).await;
        let found = deepidv(&server.uri()).find(&FindRequest::new("case-7")).await.unwrap();
        assert_eq!(found[0].next_action.as_str(), action, "{status} {progress}");
    }
}

#[tokio::test]
async fn what_the_vendor_cannot_do_says_so_without_a_request() {
    let server = answering(ok(json!({}))).await;
    let provider = deepidv(&server.uri());
    let refresh = provider.refresh(&RefreshRequest::new(session(ID))).await.unwrap_err();
    assert!(refresh.message().contains("reopen"), "{refresh}");
    let import = provider.import(&ImportRequest::new("token")).await.unwrap_err();
    assert_eq!((refresh.kind(), import.kind()), (ErrorKind::Unsupported, ErrorKind::Unsupported));
    let empty = provider.find(&FindRequest::new("")).await.unwrap_err();
    assert_eq!(empty.input_problems()[0].input.as_str(), "reference");
    assert!(sent(&server).await.is_empty());
    let can = provider.profile().capabilities;
    assert!(!can.refresh && !can.import && can.find && can.redirect && can.webhooks.is_some());
    assert!(!can.embed && !can.idempotent_start);
}
