//! The verified identity: what was read from documents first, nothing that does not fit, and nothing unasked.

use idv_core::{CheckRequest, DocumentKind, ErrorKind, Pii, VerifiedIdentity};
use serde_json::{Value, json};

use crate::support::{APPLICANT, Sumsub};

fn applicant(answer: &str, more: Value) -> Value {
    let mut body = json!({
        "id": APPLICANT, "externalUserId": "case-7", "type": "individual", "email": "ada@example.test",
        "review": {
            "levelName": "basic-kyc", "reviewStatus": "completed",
            "reviewResult": {"reviewAnswer": answer, "reviewRejectType": "FINAL"},
        },
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn read() -> Value {
    json!({
        "fixedInfo": {"firstName": "Augusta", "lastName": "Byron", "dob": "1815-12-11", "nationality": "GBR"},
        "info": {
            "firstName": "Ada", "dob": "1815-12-10", "country": "GBR",
            "addresses": [{"street": "Main Street 1"}, {"formattedAddress": "1 Main Street,\nLondon"}],
            "idDocs": [
                {"idDocType": "UTILITY_BILL", "number": "7"},
                {"idDocType": "PASSPORT", "country": "GBR", "number": "X123", "validUntil": "2031-05-06", "firstName": "Ada"},
                {"idDocType": "ID_CARD", "number": "Y9"},
            ],
        },
    })
}

async fn checked(body: Value, asked: bool) -> Option<VerifiedIdentity> {
    let sumsub = Sumsub::start(move |_| (200, body.clone())).await;
    let mut request = CheckRequest::new("direct:id:case-7".parse().unwrap());
    request.identity = asked;
    sumsub.provider().check(&request).await.unwrap().identity().cloned()
}

fn shown(fact: &Option<Pii>) -> Option<&str> {
    fact.as_ref().map(Pii::expose)
}

#[tokio::test]
async fn documents_come_before_statements_and_names_of_two_sources_are_not_mixed() {
    let found = checked(applicant("GREEN", read()), true).await.unwrap();
    assert_eq!((shown(&found.first_name), shown(&found.last_name)), (Some("Ada"), None));
    assert_eq!((shown(&found.date_of_birth), shown(&found.nationality)), (Some("1815-12-10"), Some("GB")));
    assert_eq!((shown(&found.address), shown(&found.full_name)), (Some("1 Main Street, London"), None));
    assert_eq!((shown(&found.email), shown(&found.phone)), (Some("ada@example.test"), None));
    let document = found.document.unwrap();
    assert_eq!((document.kind, shown(&document.number)), (Some(DocumentKind::Passport), Some("X123")));
    assert_eq!(
        (shown(&document.issuing_country), shown(&document.expires_on)),
        (Some("GB"), Some("2031-05-06"))
    );
}

#[tokio::test]
async fn an_identity_is_given_of_approved_applicants_to_those_who_ask() {
    assert_eq!(checked(applicant("GREEN", read()), false).await, None);
    assert_eq!(checked(applicant("RED", read()), true).await, None);
    let mut deactivated = applicant("GREEN", read());
    deactivated["deleted"] = true.into();
    assert_eq!(checked(deactivated, true).await, None);
}

#[tokio::test]
async fn a_fact_that_does_not_fit_is_absent_and_the_state_is_read() {
    let odd = json!({
        "email": ["x"], "phone": "",
        "fixedInfo": "none",
        "info": {
            "firstName": 7, "lastName": "King", "dob": "10.12.1815", "nationality": "Britain", "addresses": {"formattedAddress": "x"},
            "idDocs": [7, {"idDocType": "SELFIE"}, {"idDocType": "DRIVERS", "number": 42, "country": "XXX", "validUntil": null}],
        },
    });
    let found = checked(applicant("GREEN", odd), true).await.unwrap();
    assert_eq!((shown(&found.first_name), shown(&found.last_name)), (None, Some("King")));
    assert_eq!(
        (found.date_of_birth, found.nationality, found.address, found.email, found.phone),
        (None, None, None, None, None)
    );
    let document = found.document.unwrap();
    assert_eq!((document.kind, shown(&document.number)), (Some(DocumentKind::DriversLicense), Some("42")));
    assert_eq!((document.issuing_country, document.expires_on), (None, None));
    assert_eq!(checked(applicant("GREEN", json!({"email": null})), true).await, None);
}

#[tokio::test]
async fn the_identity_of_another_applicant_is_a_conflict() {
    let mut body = applicant("GREEN", read());
    body["externalUserId"] = "case-8".into();
    let sumsub = Sumsub::start(move |_| (200, body.clone())).await;
    let request = CheckRequest::new("direct:id:case-7".parse().unwrap()).with_identity();
    let error = sumsub.provider().check(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(!format!("{error} {error:?}").contains("Ada"));
}
