//! Searches by the caller's reference, which is that of one applicant at most.

use idv_core::{ErrorKind, FindRequest, VerificationStatus as Status};
use serde_json::{Value, json};

use crate::support::{APPLICANT, Sumsub};

fn applicant() -> Value {
    json!({
        "id": APPLICANT, "externalUserId": "user-7", "type": "individual",
        "review": {"levelName": "kyc", "reviewStatus": "completed", "reviewResult": {"reviewAnswer": "GREEN"}},
    })
}

async fn found(answer: Value) -> Result<Vec<(String, Status)>, ErrorKind> {
    let sumsub = Sumsub::start(move |_| (200, answer.clone())).await;
    let found = sumsub.provider().find(&FindRequest::new("user-7")).await;
    assert_eq!(sumsub.targets(), ["GET /resources/applicants/-/byExternalUserId/user-7"]);
    let found = found.map_err(|error| error.kind())?;
    Ok(found.into_iter().map(|one| (one.reference.to_string(), one.status)).collect())
}

#[tokio::test]
async fn one_applicant_is_found_or_none() {
    let one = ("direct:id:user-7".to_owned(), Status::Approved);
    assert_eq!(found(json!({"exists": true, "applicant": applicant()})).await, Ok(vec![one]));
    assert_eq!(found(json!({"exists": false})).await, Ok(vec![]));
    assert_eq!(found(json!({"exists": false, "applicant": null})).await, Ok(vec![]));
}

#[tokio::test]
async fn an_answer_that_does_not_say_is_not_taken_for_no() {
    for odd in [
        // An applicant at the top level is another call's answer.
        applicant(),
        json!({}),
        json!({"exists": true}),
        json!({"exists": null, "applicant": applicant()}),
        json!({"exists": false, "applicant": applicant()}),
        json!({"exists": "perhaps"}),
        json!({"exists": true, "applicant": {"id": APPLICANT}}),
    ] {
        assert_eq!(found(odd.clone()).await, Err(ErrorKind::InvalidResponse), "{odd}");
    }
    let mut other = applicant();
    other["externalUserId"] = "user-8".into();
    assert_eq!(found(json!({"exists": true, "applicant": other})).await, Err(ErrorKind::Conflict));
}
