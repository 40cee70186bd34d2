//! What a verification state means, and what is not kept of the answer.

use std::time::Duration;

use idv_core::{ErrorKind, NextAction, Verification, VerificationStatus as Status};
use serde_json::json;

use crate::support::{CLIENT_KEY, Flow, Vendor, check, options};

const DAY: Duration = Duration::from_secs(24 * 3600);
const FIVE_SECONDS: Duration = Duration::from_secs(5);

async fn read(flow: Flow, state: &str) -> Verification {
    let vendor = Vendor::json(200, &json!({"id": "user-1", "verificationState": state}).to_string()).await;
    flow.at(&vendor.url()).check(&check(flow)).await.unwrap()
}

#[tokio::test]
async fn every_state_is_read_in_any_case() {
    for flow in Flow::BOTH {
        let retry = match flow {
            Flow::User => NextAction::RetryWithNewSession { cooldown: Some(DAY), via: None },
            Flow::Registration => NextAction::RetryWithNewSession { cooldown: None, via: None },
        };
        for (word, status, next) in [
            ("UNVERIFIED", Status::NotStarted, NextAction::ContinueSession),
            ("PENDING", Status::InReview, NextAction::Wait { poll_after: FIVE_SECONDS }),
            ("VERIFIED", Status::Approved, NextAction::Done { recheck_after: None }),
            ("REJECTED", Status::Rejected, retry),
        ] {
            for word in [
                word.to_owned(),
                word.to_ascii_lowercase(),
                format!("{}{}", &word[..1], word[1..].to_lowercase()),
            ] {
                let read = read(flow, &word).await;
                assert_eq!((read.status, read.next_action), (status, next.clone()), "{flow:?} {word}");
                assert_eq!(read.provider_status.as_str(), word, "the vendor's own word is kept");
                assert!(read.reasons.is_empty(), "the REST answers give none");
                assert_eq!((read.subject_kind, read.updated_at), (None, None));
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_state_is_kept_and_decides_nothing() {
    for flow in Flow::BOTH {
        for word in
            ["", "APPROVED", "COMPLETED", "completed", "failed", "VERIFIED ", "not verified", "VERIFIÉD"]
        {
            let read = read(flow, word).await;
            assert_eq!(read.status, Status::Unrecognized, "{word}");
            assert_eq!(read.provider_status, word);
            assert_eq!(read.next_action, NextAction::Wait { poll_after: FIVE_SECONDS });
        }
        assert_eq!(read(flow, "a\u{1b}b").await.provider_status, "a\\u{1b}b");
    }
}

#[tokio::test]
async fn a_registration_is_retried_at_its_successor() {
    let vendor = Vendor::json(200, r#"{"id":"user-1","verificationState":"REJECTED"}"#).await;
    let mut options = options(&vendor.url());
    options["successor"] = json!("cards");
    let provider = Flow::Registration.build(&options).unwrap();
    let read = provider.check(&check(Flow::Registration)).await.unwrap();
    let via = Some("cards".parse().unwrap());
    assert_eq!(read.next_action, NextAction::RetryWithNewSession { cooldown: None, via });
}

#[tokio::test]
async fn an_approval_is_looked_at_again_where_that_is_configured() {
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, r#"{"verificationState":"VERIFIED"}"#).await;
        let mut options = options(&vendor.url());
        options["recheck_after"] = json!("365d");
        let read = flow.build(&options).unwrap().check(&check(flow)).await.unwrap();
        assert_eq!(read.next_action, NextAction::Done { recheck_after: Some(365 * DAY) });
        assert!(
            read.correlation.is_empty(),
            "an answer without id says whom it is about by the credential only"
        );
    }
}

#[tokio::test]
async fn an_answer_for_somebody_else_is_a_conflict() {
    for flow in Flow::BOTH {
        for (body, good) in [
            (r#"{"id":"user-1","verificationState":"VERIFIED"}"#, true),
            (r#"{"id":"user-2-canary","verificationState":"VERIFIED"}"#, false),
            (r#"{"id":null,"verificationState":"VERIFIED"}"#, false),
            (r#"{"verificationState":"VERIFIED"}"#, false),
            (r#"{"id":["user-1"],"verificationState":"VERIFIED"}"#, false),
        ] {
            let vendor = Vendor::json(200, body).await;
            let request = check(flow).expect("user_id", "user-1");
            match flow.at(&vendor.url()).check(&request).await {
                Ok(read) => assert!(good && read.status == Status::Approved, "{body}"),
                Err(error) => {
                    assert!(!good, "{body}");
                    assert_eq!(error.kind(), ErrorKind::Conflict);
                    assert!(!format!("{error} {error:?}").contains("canary"));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_state_is_read_whatever_stands_beside_it() {
    for id in ["null", "{}", "\"\"", "\"\\ud83d\""] {
        let vendor =
            Vendor::json(200, &format!(r#"{{"id":{id},"verificationState":"PENDING","email":7}}"#)).await;
        let read = Flow::User.at(&vendor.url()).check(&check(Flow::User)).await.unwrap();
        assert_eq!(read.status, Status::InReview);
        assert!(read.correlation.is_empty(), "{id}");
    }
}

#[tokio::test]
async fn an_id_that_is_a_number_is_its_text() {
    for flow in Flow::BOTH {
        for (asked, good) in [("7", true), ("8", false)] {
            let vendor = Vendor::json(200, r#"{"id":7,"verificationState":"VERIFIED"}"#).await;
            let outcome = flow.at(&vendor.url()).check(&check(flow).expect("user_id", asked)).await;
            assert_eq!(outcome.is_ok(), good, "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_no_state_is_told_with_its_place() {
    for flow in Flow::BOTH {
        for (body, place) in [
            (r#"{"id":"user-1","verificationState":"REJECTED","error":"quota"}"#, "error envelope"),
            (r#"{"verificationState":"VERIFIED","errors":[{"canary":1}]}"#, "error envelope"),
            (
                r#"{"verificationState":"VERIFIED","verificationState":"PENDING"}"#,
                "`verificationState` is given twice",
            ),
            (
                r#"{"verificationState":"PENDING","verificationState":"VERIFIED"}"#,
                "`verificationState` is given twice",
            ),
            (r#"{"verificationState":null}"#, "`verificationState` is null"),
            (r#"{"verificationState":{"canary":1}}"#, "`verificationState` is an object"),
            (r#"{"canary":1}"#, "`verificationState` is missing"),
        ] {
            let vendor = Vendor::json(200, body).await;
            let error = flow.at(&vendor.url()).check(&check(flow)).await.unwrap_err();
            let said = format!("{error} {error:?}");
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert!(said.contains(place) && !said.contains("canary"), "{said}");
        }
    }
}

#[tokio::test]
async fn personal_data_of_the_answer_is_not_kept() {
    let profile = json!({
        "id": "user-1", "verificationState": "PENDING", "firstName": "canary-first", "lastName": "canary-last",
        "dateOfBirth": "canary-birth", "email": "canary@example.test", "phoneNumber": "canary-phone",
        "addressLine1": "canary-street", "city": "canary-city", "zip": "canary-zip", "usState": "canary-state",
        "ssn": "canary-ssn", "countryOfResidence": "canary-country", "unheardOf": {"deep": ["canary"]},
    });
    for flow in Flow::BOTH {
        let vendor = Vendor::json(200, &profile.to_string()).await;
        let provider = flow.at(&vendor.url());
        let read = provider.check(&check(flow)).await.unwrap();
        let shown = format!("{read:?} {provider:?}");
        assert!(!shown.contains("canary") && !shown.contains(CLIENT_KEY), "{shown}");
        assert_eq!(read.correlation.iter().collect::<Vec<_>>(), [("user_id", "user-1")]);
    }
}
