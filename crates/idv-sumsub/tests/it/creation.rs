//! Starts of two calls: the applicant with what is known of a person, then the link or the token.

use std::sync::atomic::{AtomicUsize, Ordering};

use idv_core::{Delivery, ErrorKind, Input, Retry, StartRequest};
use serde_json::{Value, json};

use crate::support::{APPLICANT, Sumsub};

const CREATE: &str = "POST /resources/applicants?levelName=kyc%20%2B%20aml";
const SEARCH: &str = "GET /resources/applicants/-/byExternalUserId/user%207%2F%C3%A9%3Ba";
const LINK: &str = "POST /resources/sdkIntegrations/levels/-/websdkLink";
const TOKEN: &str = "POST /resources/accessTokens/sdk";
const REFERENCE: &str = "user 7/é;a";

fn ada() -> StartRequest {
    StartRequest::new(REFERENCE)
        .workflow("kyc + aml")
        .first_name("Ada")
        .last_name("King")
        .date_of_birth("1815-12-10")
        .country("gb")
        .email("ada@example.test")
}

fn applicant(fixed_info: Value) -> Value {
    json!({
        "id": APPLICANT, "externalUserId": REFERENCE, "type": "individual", "fixedInfo": fixed_info,
        "review": {"levelName": "kyc + aml", "reviewStatus": "init"},
    })
}

fn opened() -> Value {
    json!({"url": "https://in.sumsub.com/websdk/p/canary-link", "token": "_act-canary", "userId": REFERENCE})
}

/// The conflict has no code, and the id of the applicant in a sentence (docs.sumsub.com, "Error codes").
fn taken() -> (u16, Value) {
    let text = format!("Applicant with external user id '{REFERENCE}' already exists: {APPLICANT}");
    (409, json!({"description": text, "code": 409, "correlationId": "c-1"}))
}

#[tokio::test]
async fn what_is_known_of_a_person_is_stated_before_the_link_is_made() {
    let sumsub = Sumsub::start(|asked| match asked == CREATE {
        true => (201, applicant(json!({}))),
        false => (200, opened()),
    })
    .await;
    let session = sumsub.provider().start(&ada().organization("org_7")).await.unwrap();
    assert_eq!(session.unused_inputs, [Input::ORGANIZATION]);
    assert!(session.url().is_some());
    let stated = json!({"firstName": "Ada", "lastName": "King", "dob": "1815-12-10", "country": "GBR"});
    assert_eq!(
        *sumsub.seen.lock().unwrap(),
        [
            (
                CREATE.to_owned(),
                json!({"externalUserId": REFERENCE, "type": "individual", "fixedInfo": stated})
            ),
            (
                LINK.to_owned(),
                json!({
                    "userId": REFERENCE, "levelName": "kyc + aml", "ttlInSecs": 1800,
                    "applicantIdentifiers": {"email": "ada@example.test"},
                })
            ),
        ]
    );
}

#[tokio::test]
async fn a_start_is_one_call_where_nothing_is_known_that_only_the_first_one_takes() {
    let request = StartRequest::new(REFERENCE).email("ada@example.test").phone("+15192223333").language("en");
    for (options, request, calls) in [
        (json!({}), request.clone(), vec![format!("{LINK}?lang=en")]),
        (json!({"embed": true}), request.clone(), vec![TOKEN.to_owned()]),
        (
            json!({"applicant_type": "company"}),
            request.first_name("Ada").country("GB"),
            vec![format!("{LINK}?lang=en")],
        ),
        (json!({"embed": true}), ada(), vec![CREATE.to_owned(), TOKEN.to_owned()]),
    ] {
        let sumsub = Sumsub::start(|_| (200, opened())).await;
        let session = sumsub.with(options.clone()).start(&request).await.unwrap();
        assert_eq!(sumsub.targets(), calls, "{options}");
        let is_company = options["applicant_type"] == "company";
        let names = session.unused_inputs.contains(&Input::FIRST_NAME);
        assert_eq!(names, is_company, "{:?}", session.unused_inputs);
    }
}

#[tokio::test]
async fn an_applicant_who_is_there_is_adopted_and_what_was_not_taken_is_told() {
    for (known, unused) in [
        (json!({"firstName": "Ada", "lastName": "King", "dob": "1815-12-10", "country": "GBR"}), vec![]),
        (
            json!({"firstName": "Ada", "lastName": "Byron"}),
            vec![Input::LAST_NAME, Input::DATE_OF_BIRTH, Input::COUNTRY],
        ),
    ] {
        let sumsub = Sumsub::start(move |asked| match asked {
            CREATE => taken(),
            SEARCH => (200, json!({"exists": true, "applicant": applicant(known.clone())})),
            _ => (200, opened()),
        })
        .await;
        let session = sumsub.provider().start(&ada()).await.unwrap();
        assert_eq!(session.unused_inputs, unused);
        assert_eq!(session.reference.to_string(), format!("direct:id:{REFERENCE}"));
        assert_eq!(sumsub.targets(), [CREATE, SEARCH, LINK]);
        let must = sumsub.provider().start(&ada().must(Input::LAST_NAME)).await;
        match unused.is_empty() {
            true => assert!(must.is_ok()),
            false => {
                let error = must.unwrap_err();
                assert_eq!((error.kind(), error.retry()), (ErrorKind::Conflict, Retry::Never));
                assert!(
                    error.to_string().contains("last_name") && !error.to_string().contains("King"),
                    "{error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn an_applicant_who_cannot_be_read_ends_in_a_clear_error() {
    for answer in
        [(200, json!({"exists": false})), (404, json!({"description": "Applicant not found", "code": 404}))]
    {
        let sumsub = Sumsub::start(move |asked| if asked == CREATE { taken() } else { answer.clone() }).await;
        let error = sumsub.provider().start(&ada()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.retry(), error.delivery()),
            (ErrorKind::Conflict, Retry::Never, Delivery::Answered)
        );
        assert!(error.to_string().contains("it was deleted or made by another token"), "{error}");
        assert_eq!(error.provider().map(ToString::to_string).as_deref(), Some("direct"));
        assert_eq!(sumsub.targets(), [CREATE, SEARCH]);
    }
}

#[tokio::test]
async fn a_conflict_with_a_code_is_another_one() {
    let sumsub = Sumsub::start(|_| {
        (409, json!({"description": "x", "code": 409, "errorCode": 1008, "errorName": "applicant-marked-as-deleted"}))
    })
    .await;
    let error = sumsub.provider().start(&ada()).await.unwrap_err();
    assert_eq!((error.kind(), sumsub.targets().len()), (ErrorKind::Conflict, 1));
    let other = Sumsub::start(|_| (201, json!({"externalUserId": "user-8"}))).await;
    let error = other.provider().start(&ada()).await.unwrap_err();
    assert_eq!((error.kind(), other.targets().len()), (ErrorKind::InvalidResponse, 1));
}

/// A vendor that makes the applicant and loses one of its answers: whichever it is, a repeated start ends with the same applicant.
#[tokio::test]
async fn a_repeated_start_goes_on_whatever_answer_was_lost() {
    for lost in 0..2 {
        let (made, received) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let sumsub = Sumsub::start(move |asked| {
            let stated =
                json!({"firstName": "Ada", "lastName": "King", "dob": "1815-12-10", "country": "GBR"});
            let answer = match asked {
                CREATE if made.fetch_add(1, Ordering::SeqCst) > 0 => taken(),
                CREATE => (201, applicant(stated)),
                SEARCH => (200, json!({"exists": true, "applicant": applicant(stated)})),
                _ => (200, opened()),
            };
            // What stands in front of the vendor answers for it.
            if received.fetch_add(1, Ordering::SeqCst) == lost { (503, json!({})) } else { answer }
        })
        .await;
        let provider = sumsub.provider();
        let error = provider.start(&ada()).await.unwrap_err();
        assert!(matches!(error.retry(), Retry::Allowed { .. }), "{error:?}");
        assert_eq!(error.delivery(), Delivery::Answered);
        let session = provider.start(&ada()).await.unwrap();
        assert!(session.unused_inputs.is_empty(), "{lost}: {:?}", session.unused_inputs);
        assert_eq!(sumsub.targets()[lost + 1..], [CREATE, SEARCH, LINK], "{lost}");
    }
}
