//! Searches by the reference: a list without an end mark, and of tags that others may use too.

use idv_core::{ErrorKind, FindRequest, VerificationStatus as Status};
use serde_json::{Value, json};

use crate::support::{Onfido, ok, run};

/// A run of the reference, by number.
fn numbered(number: usize) -> Value {
    run(json!({"id": format!("0a1b2c3d-4e5f-4a6b-8c7d-{number:012}"), "status": "processing"}))
}

/// An Onfido with pages of some length, which lists nothing after the last one.
async fn with_pages(runs: Vec<Value>, length: usize) -> Onfido {
    Onfido::start(move |target| {
        let page: usize = target.rsplit_once("page=").unwrap().1.parse().unwrap();
        let page: Vec<&Value> = runs.iter().skip((page - 1) * length).take(length).collect();
        ok(json!(page))
    })
    .await
}

async fn found(onfido: &Onfido) -> Vec<String> {
    let found = onfido.provider().find(&FindRequest::new("case-7")).await.unwrap();
    found.iter().map(|found| found.reference.key().to_owned()).collect()
}

/// How long a page is stands nowhere: a short page need not be the last one.
#[tokio::test]
async fn a_list_is_read_until_a_page_has_nothing_new() {
    for (count, length, requests) in [(0, 20, 1), (1, 20, 2), (20, 20, 2), (21, 20, 3), (7, 3, 4)] {
        let onfido = with_pages((0..count).map(numbered).collect(), length).await;
        assert_eq!(
            (found(&onfido).await.len(), onfido.targets().len()),
            (count, requests),
            "{count} of {length}"
        );
    }
    let onfido = with_pages(vec![numbered(1)], 20).await;
    let session = onfido.provider().find(&FindRequest::new("case-7")).await.unwrap().remove(0);
    assert_eq!(session.status, Status::InReview);
    let first = "GET /v3.6/workflow_runs?tags=case-7&page=";
    assert_eq!(onfido.targets(), [format!("{first}1"), format!("{first}2")]);
}

/// While pages are read, a new run pushes others onto the next page.
#[tokio::test]
async fn a_run_that_slides_onto_the_next_page_is_one_run() {
    let onfido = with_pages(vec![numbered(1), numbered(2), numbered(2), numbered(3)], 2).await;
    assert_eq!(found(&onfido).await, [1, 2, 3].map(|number| format!("0a1b2c3d-4e5f-4a6b-8c7d-{number:012}")));
}

#[tokio::test]
async fn runs_of_others_with_the_same_tag_are_left_out() {
    let other = run(json!({"customer_user_id": "case-8"}));
    let onfido = with_pages(vec![other, numbered(2)], 1).await;
    assert_eq!(found(&onfido).await, ["0a1b2c3d-4e5f-4a6b-8c7d-000000000002"]);
}

#[tokio::test]
async fn a_list_without_an_end_and_one_with_an_unknown_run_are_errors() {
    let endless = with_pages((0..1000).map(numbered).collect(), 2).await;
    let nameless = with_pages(vec![numbered(1), run(json!({"customer_user_id": null}))], 2).await;
    let no_list = Onfido::start(|_| ok(json!({"workflow_runs": []}))).await;
    for (onfido, requests) in [(endless, 20), (nameless, 1), (no_list, 1)] {
        let error = onfido.provider().find(&FindRequest::new("case-7")).await.unwrap_err();
        assert_eq!((error.kind(), onfido.targets().len()), (ErrorKind::InvalidResponse, requests));
        assert!(error.to_string().starts_with("onfido: find: "), "{error}");
    }
}
