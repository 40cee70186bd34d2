//! Starts: an applicant, then a run.

use idv_core::{
    AccessToken, CheckRequest, Delivery, Error, ErrorKind, Input, Retry, StartRequest, Timestamp,
    VerificationStatus as Status,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::{APPLICANT, NOW, Onfido, RUN, TOKEN, ada, applicant, ok, reference, refused, run};

const APPLICANTS: &str = "POST /v3.6/applicants";
const RUNS: &str = "POST /v3.6/workflow_runs";

#[tokio::test]
async fn an_applicant_is_made_and_then_a_run_that_has_the_reference_twice() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    let start = ada()
        .email("ada@example.com")
        .phone("+442079460000")
        .date_of_birth("1815-12-10")
        .redirect_url("https://app.example/back?case=7")
        .language("de-AT")
        .country("GB");
    let started = onfido.provider().start(&start).await.unwrap();
    let seen = onfido.seen();
    assert_eq!(onfido.targets(), [APPLICANTS, RUNS]);
    assert_eq!(seen[0].authorization.as_deref(), Some(&*format!("Token token={TOKEN}")));
    assert_eq!(
        seen[0].body,
        json!({"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "dob": "1815-12-10",
            "phone_number": "+442079460000"})
    );
    let back = "https://app.example/back?case=7";
    assert_eq!(
        seen[1].body,
        json!({"workflow_id": "workflow-7", "applicant_id": APPLICANT, "customer_user_id": "case-7", "tags": ["case-7"],
            "link": {"completed_redirect_url": back, "expired_redirect_url": back, "language": "de_DE"}})
    );
    assert_eq!((started.reference, started.unused_inputs), (reference(RUN), vec![Input::COUNTRY]));
}

#[tokio::test]
async fn a_session_has_the_link_and_the_token_for_the_component() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    let session = onfido.provider().start(&ada()).await.unwrap();
    assert_eq!(session.url().unwrap().expose(), "https://eu.onfido.app/l/canary");
    assert_eq!(session.access_token().map(AccessToken::expose), Some("eyJcanary"));
    assert_eq!((session.status, session.expires_at), (Status::InProgress, None));
    assert!(!format!("{session:?}").contains("canary"));
    // The link has to be asked for nothing.
    assert_eq!(onfido.seen()[1].body["link"], Value::Null);
}

/// A workflow without a task for the applicant can be over in the answer to the start. A verdict is given by checks and events alone.
#[tokio::test]
async fn a_run_that_is_over_at_once_is_a_session_without_a_token() {
    let answer = run(json!({"status": "approved", "sdk_token": null}));
    let onfido = Onfido::with(ok(answer)).await;
    let session = onfido.provider().start(&ada()).await.unwrap();
    assert_eq!((session.status, session.access_token().is_none()), (Status::InProgress, true));
    let found = onfido.provider().check(&CheckRequest::new(session.reference)).await.unwrap();
    assert_eq!((found.status, found.provider_status.as_str()), (Status::Approved, "approved"));
}

#[tokio::test]
async fn the_end_of_a_link_is_asked_for_and_taken_from_the_answer() {
    let mut answer = run(json!({}));
    answer["link"]["expires_at"] = "2026-07-01T10:00:00.000Z".into();
    let onfido = Onfido::with(ok(answer)).await;
    let session = onfido.provider_with(json!({"link_lifetime": "2h"})).start(&ada()).await.unwrap();
    assert_eq!(onfido.seen()[1].body["link"], json!({"expires_at": "2026-07-01T11:00:00Z"}));
    let told = session.expires_at.map(|expiry| expiry.at);
    assert_eq!(told, Some(Timestamp::from_unix_seconds(NOW + 3600)));
}

#[tokio::test]
async fn an_applicant_of_an_earlier_run_is_used_again() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    let session = onfido.provider().start(&ada().attribute("applicant_id", APPLICANT)).await.unwrap();
    assert_eq!(onfido.targets(), [RUNS]);
    assert_eq!(onfido.seen()[0].body["applicant_id"], APPLICANT);
    assert_eq!(session.unused_inputs, [Input::FIRST_NAME, Input::LAST_NAME]);
    let must = ada().attribute("applicant_id", APPLICANT).must(Input::LAST_NAME);
    let error = onfido.provider().start(&must).await.unwrap_err();
    assert_eq!((error.kind(), onfido.targets().len()), (ErrorKind::InvalidRequest, 1));
}

#[tokio::test]
async fn a_language_that_onfido_has_not_is_left_out_unless_it_must_be_used() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    let session = onfido.provider().start(&ada().language("ja")).await.unwrap();
    assert_eq!(
        (session.unused_inputs, &onfido.seen()[1].body["link"]),
        (vec![Input::LANGUAGE], &Value::Null)
    );
    let error = onfido.provider().start(&ada().language("ja").must(Input::LANGUAGE)).await.unwrap_err();
    let [problem] = error.input_problems() else { panic!("{error}") };
    assert!(problem.message.contains("must be one of en, de"), "{error}");
    assert_eq!(onfido.targets().len(), 2);
}

#[tokio::test]
async fn what_onfido_would_refuse_is_refused_before_anything_is_sent() {
    let onfido = Onfido::with(ok(run(json!({})))).await;
    let start = async |request: StartRequest| onfido.provider().start(&request).await.unwrap_err();
    let problems = |error: &Error| -> Vec<String> {
        error
            .input_problems()
            .iter()
            .map(|problem| format!("{} {}", problem.input, problem.message))
            .collect()
    };
    let names = start(StartRequest::new("case-7").first_name("R{canary}").last_name("#1")).await;
    let told = "must have none of the characters ! # $ % * = < > ; { } \"";
    assert_eq!(problems(&names), [format!("first_name {told}"), format!("last_name {told}")]);
    let missing = start(StartRequest::new("case-7").last_name("Lovelace")).await;
    assert_eq!(problems(&missing), ["first_name is required"]);
    let applicant = start(ada().attribute("applicant_id", "canary")).await;
    assert_eq!(problems(&applicant), ["applicant_id must be the id of an applicant of Onfido, a UUID"]);
    for error in [names, missing, applicant] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    assert!(onfido.targets().is_empty());
}

/// A tag has no comma and at most 128 characters, so others are searched by their digest.
#[tokio::test]
async fn a_reference_that_cannot_be_a_tag_is_in_the_run_as_it_is() {
    let odd = "case-7,8";
    let onfido = Onfido::with(ok(run(json!({"customer_user_id": odd})))).await;
    let start = StartRequest::new(odd).first_name("Ada").last_name("Lovelace");
    onfido.provider().start(&start).await.unwrap();
    let body = &onfido.seen()[1].body;
    assert_eq!(body["customer_user_id"], odd);
    let tag = body["tags"][0].as_str().unwrap().to_owned();
    assert!(tag.len() == 64 && !tag.contains(','), "{tag}");
    let listing = Onfido::start(move |_| ok(json!([]))).await;
    listing.provider().find(&idv_core::FindRequest::new(odd)).await.unwrap();
    assert_eq!(listing.targets(), [format!("GET /v3.6/workflow_runs?tags={tag}&page=1")]);
}

/// Onfido knows no idempotency keys: a run that may exist is looked for, and an applicant without a run is no session.
#[tokio::test]
async fn only_the_second_call_makes_a_session_that_has_to_be_looked_for() {
    let verdict = async |applicants: ResponseTemplate, runs: ResponseTemplate| {
        let onfido = Onfido::start(move |target| match target {
            APPLICANTS => applicants.clone(),
            _ => runs.clone(),
        })
        .await;
        let error = onfido.provider().start(&ada()).await.unwrap_err();
        (onfido.targets().len(), error.delivery(), error.retry())
    };
    let made = || ResponseTemplate::new(201).set_body_json(applicant());
    let again = Retry::Allowed { after: None };
    let down = || ResponseTemplate::new(503);
    assert_eq!(verdict(down(), down()).await, (1, Delivery::Answered, again));
    assert_eq!(verdict(made(), down()).await, (2, Delivery::Answered, Retry::AfterCheck));
    assert_eq!(verdict(made(), ok(json!({"id": RUN}))).await, (2, Delivery::Answered, Retry::AfterCheck));
    assert_eq!(verdict(made(), refused(429, "rate_limit")).await, (2, Delivery::Answered, again));
    assert_eq!(
        verdict(made(), refused(422, "validation_error")).await,
        (2, Delivery::Answered, Retry::Never)
    );
}

#[tokio::test]
async fn an_answer_about_somebody_else_opens_no_session() {
    for answer in [
        run(json!({"customer_user_id": "case-8"})),
        run(json!({"id": "run-7"})),
        run(json!({"link": {"url": "http://eu.onfido.app/l/canary"}})),
        run(json!({"link": null})),
        run(json!({"error": {"type": "canary"}})),
    ] {
        let error = Onfido::with(ok(answer)).await.provider().start(&ada()).await.unwrap_err();
        assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidResponse, Retry::AfterCheck), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    for made in [json!({"id": "../canary"}), json!({}), json!({"error": {"type": "canary"}})] {
        let onfido = Onfido::start(move |_| ok(made.clone())).await;
        let error = onfido.provider().start(&ada()).await.unwrap_err();
        assert_eq!((error.kind(), onfido.targets().len()), (ErrorKind::InvalidResponse, 1), "{error}");
    }
}
