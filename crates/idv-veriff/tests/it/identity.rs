//! The verified identity of a decision: nothing that does not fit, and nothing unasked.

use idv_core::{CheckRequest, DocumentKind, ErrorKind, Pii, VerifiedIdentity};
use serde_json::{Value, json};

use crate::support::{Answer, ID, Veriff};

fn decision(status: &str, person: Value, document: Value) -> Value {
    json!({"status": "success", "verification": {
        "id": ID, "attemptId": "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a", "vendorData": "case-7", "status": status, "code": 9001,
        "person": person, "document": document,
    }})
}

fn ada() -> Value {
    json!({
        "firstName": "ADA", "lastName": "KING", "fullName": "ADA AUGUSTA KING", "dateOfBirth": "1815-12-10", "nationality": "GB",
        "gender": "F", "idNumber": null, "addresses": [{"fullAddress": null}, {"fullAddress": "1 Main Street, London"}],
    })
}

fn passport() -> Value {
    json!({"type": "PASSPORT", "number": "X123", "country": "NG", "state": null, "validFrom": "2021-05-06", "validUntil": "2031-05-06"})
}

async fn checked(body: Value, asked: bool) -> Option<VerifiedIdentity> {
    let veriff = Veriff::start(move |_| Answer::ok(body.clone())).await;
    let mut request = CheckRequest::new(format!("people:{ID}").parse().unwrap());
    request.identity = asked;
    veriff.provider().check(&request).await.unwrap().identity().cloned()
}

fn shown(fact: &Option<Pii>) -> Option<&str> {
    fact.as_ref().map(Pii::expose)
}

#[tokio::test]
async fn person_and_document_of_an_approval_are_read() {
    let found = checked(decision("approved", ada(), passport()), true).await.unwrap();
    assert_eq!((shown(&found.first_name), shown(&found.last_name)), (Some("ADA"), Some("KING")));
    assert_eq!(
        (shown(&found.full_name), shown(&found.date_of_birth)),
        (Some("ADA AUGUSTA KING"), Some("1815-12-10"))
    );
    assert_eq!(
        (shown(&found.nationality), shown(&found.address)),
        (Some("GB"), Some("1 Main Street, London"))
    );
    assert_eq!((found.email, found.phone), (None, None));
    let document = found.document.unwrap();
    assert_eq!((document.kind, shown(&document.number)), (Some(DocumentKind::Passport), Some("X123")));
    assert_eq!(
        (shown(&document.issuing_country), shown(&document.expires_on)),
        (Some("NG"), Some("2031-05-06"))
    );
}

#[tokio::test]
async fn an_identity_is_given_of_approved_applicants_to_those_who_ask() {
    assert_eq!(checked(decision("approved", ada(), passport()), false).await, None);
    assert_eq!(checked(decision("declined", ada(), passport()), true).await, None);
    assert_eq!(checked(decision("review", ada(), passport()), true).await, None);
}

#[tokio::test]
async fn a_fact_that_does_not_fit_is_absent_and_the_state_is_read() {
    let odd = json!({"firstName": {}, "lastName": "KING", "dateOfBirth": "1815", "nationality": "ZZ", "addresses": "x"});
    let found = checked(
        decision("approved", odd, json!({"type": "UNKNOWN_CARD", "number": 42, "country": ""})),
        true,
    )
    .await
    .unwrap();
    assert_eq!(
        (shown(&found.last_name), &found.first_name, &found.date_of_birth),
        (Some("KING"), &None, &None)
    );
    assert_eq!((found.nationality, found.address), (None, None));
    let document = found.document.unwrap();
    assert_eq!((document.kind, shown(&document.number), document.issuing_country), (None, Some("42"), None));
    for (person, document) in
        [(Value::Null, Value::Null), (json!([]), json!("PASSPORT")), (json!({}), json!({"state": null}))]
    {
        assert_eq!(checked(decision("approved", person, document), true).await, None);
    }
}

#[tokio::test]
async fn the_identity_of_another_session_is_a_conflict() {
    let body = decision("approved", ada(), passport());
    let veriff = Veriff::start(move |_| Answer::ok(body.clone())).await;
    let other = "people:8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a11".parse().unwrap();
    let error = veriff.provider().check(&CheckRequest::new(other).with_identity()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(!format!("{error} {error:?}").contains("ADA"));
}
