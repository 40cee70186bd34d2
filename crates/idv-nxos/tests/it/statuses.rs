//! Every status word on both of nxos's surfaces, and what a check reads besides.

use std::time::Duration;

use idv_core::{
    Assurance, CheckRequest, Correlation, NextAction, SubjectKind, Timestamp, VerificationStatus as Status,
    WebhookOutcome, WebhookRequest,
};
use idv_sandbox::{CannedAnswer, NxosEventData, OrganizationType};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::{NOW, VERIFICATION, assert_sent, axes, provider, reference, sandbox, sent};
use crate::webhooks::headers;

const APPLICANT: NextAction = NextAction::Wait { poll_after: Duration::from_secs(15) };
const VENDOR: NextAction = NextAction::Wait { poll_after: Duration::from_secs(60) };

const WORDS: &[(&str, Status, NextAction)] = &[
    ("NOT_STARTED", Status::NotStarted, NextAction::StartSession),
    ("PENDING", Status::InProgress, APPLICANT),
    ("ON_HOLD", Status::OnHold, VENDOR),
    ("RESUBMISSION_REQUIRED", Status::ResubmissionRequired, NextAction::ResumeSession),
    ("APPROVED", Status::Approved, NextAction::Done { recheck_after: None }),
    ("REJECTED", Status::Rejected, NextAction::ContactSupport),
    ("approved", Status::Approved, NextAction::Done { recheck_after: None }),
    ("On_Hold", Status::OnHold, VENDOR),
];

const UNKNOWN: &[&str] = &[
    "APPROVED_LATER",
    "VERIFIED",
    "COMPLETED",
    "DECLINED",
    "approved ",
    " APPROVED",
    "APPROVED\n",
    "A PPROVED",
    "\u{391}PPROVED",
    "APPROVED\u{0}",
    "0",
    "null",
    "pending_review",
];

#[tokio::test]
async fn every_word_of_a_check() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let organization = nxos.add_organization(OrganizationType::Business);
    let provider = provider(nxos, "");
    for (word, status, action) in WORDS {
        nxos.set_status(&organization, word).unwrap();
        let read = provider.check(&CheckRequest::new(reference(&organization))).await.unwrap();
        assert_eq!((read.status, &read.next_action), (*status, action), "{word}");
        assert_eq!(read.provider_status, *word, "the vendor's own word is kept");
        assert_eq!(read.reference, reference(&organization));
        assert_eq!(read.reasons, []);
        let on_behalf_of = format!("nxos-on-behalf-of: {organization}");
        assert_sent(&sent(nxos), nxos, &format!("GET {VERIFICATION}"), &[&on_behalf_of], "");
    }
}

#[tokio::test]
async fn every_word_of_a_webhook() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let organization = nxos.add_organization(OrganizationType::Business);
    let provider = provider(nxos, "");
    for (word, status, _) in WORDS {
        nxos.set_status(&organization, word).unwrap();
        let sent = nxos.webhook(&organization, NxosEventData::Full);
        let map = headers(&sent);
        let outcome = provider.verify_webhook(&WebhookRequest::new(&map, &sent.body, sandbox.now())).unwrap();
        let WebhookOutcome::Event(event) = outcome else { panic!("{outcome:?}") };
        assert_eq!((event.status(), event.next_action.as_str()), (Some(*status), "check"), "{word}");
        assert_eq!(event.provider_status().unwrap(), *word);
        assert_eq!((event.assurance(), event.reference), (Assurance::Signed, Some(reference(&organization))));
    }
}

#[tokio::test]
async fn an_unknown_word_is_no_failure_and_no_verdict() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let organization = nxos.add_organization(OrganizationType::Individual);
    let provider = provider(nxos, "");
    for word in UNKNOWN.iter().copied().chain(["", &"X".repeat(500)]) {
        nxos.set_status(&organization, word).unwrap();
        let read = provider.check(&CheckRequest::new(reference(&organization))).await.unwrap();
        assert_eq!((read.status, read.next_action), (Status::Unrecognized, VENDOR), "{word:?}");
        let kept = read.provider_status.as_str();
        assert!(kept.len() <= 128 && !kept.chars().any(char::is_control), "{kept:?}");
        let sent = nxos.webhook(&organization, NxosEventData::Full);
        let map = headers(&sent);
        let outcome = provider.verify_webhook(&WebhookRequest::new(&map, &sent.body, sandbox.now())).unwrap();
        let WebhookOutcome::Event(event) = outcome else { panic!("{outcome:?}") };
        assert_eq!(event.status(), Some(Status::Unrecognized), "{word:?}");
    }
}

#[tokio::test]
async fn no_other_word_at_all_becomes_a_verdict() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..200 {
        let word = "\\PC{0,40}|[A-Z_]{1,24}".new_tree(&mut runner).unwrap().current();
        let known = WORDS.iter().any(|(name, ..)| name.eq_ignore_ascii_case(&word));
        nxos.set_status(nxos.own_organization(), &word).unwrap();
        let read = provider.check(&CheckRequest::new(reference("self"))).await.unwrap();
        assert_eq!(read.status == Status::Unrecognized, !known, "{word:?}");
    }
}

#[tokio::test]
async fn a_check_tells_whom_when_and_what_kind() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    sandbox.advance(Duration::from_millis(1500));
    nxos.set_status(&person, "PENDING").unwrap();
    let provider = provider(nxos, "");
    let read = provider.check(&CheckRequest::new(reference(&person))).await.unwrap();
    assert_eq!(read.subject_kind, Some(SubjectKind::Person));
    assert_eq!(read.updated_at, Some(Timestamp::from_unix_millis(NOW * 1000 + 1500)));
    assert_eq!(read.correlation, Correlation::new().with("organization_id", Some(&person)));
    let own = provider.check(&CheckRequest::new(reference("self"))).await.unwrap();
    assert_eq!(own.subject_kind, Some(SubjectKind::Business));
    assert!(own.correlation.is_empty(), "nxos does not tell the id of the key's own organization");
}

#[tokio::test]
async fn a_check_is_about_its_reference_alone() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let configured = nxos.add_organization(OrganizationType::Business);
    let provider = provider(nxos, &format!(r#","on_behalf_of":"{configured}""#));
    provider.check(&CheckRequest::new(reference("self"))).await.unwrap();
    assert_sent(&sent(nxos), nxos, &format!("GET {VERIFICATION}"), &[], "");
}

#[tokio::test]
async fn a_check_can_insist_on_the_subject() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let organization = nxos.add_organization(OrganizationType::Business);
    let provider = provider(nxos, "");
    let request = || CheckRequest::new(reference(&organization));
    provider.check(&request().expect("organization_id", &organization)).await.unwrap();
    for (name, id) in [("organization_id", "org_other"), ("user_id", &organization)] {
        let error = provider.check(&request().expect(name, id)).await.unwrap_err();
        assert_eq!(axes(&error), ("conflict", "answered", "never"));
    }
}

#[tokio::test]
async fn an_answer_with_less_or_more_than_documented() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    let request = CheckRequest::new(reference("self"));
    for body in [
        r#"{"status":"ON_HOLD"}"#,
        r#"{"status":"ON_HOLD","type":"TRUST","updatedAt":"yesterday","object":"other","more":{}}"#,
        r#"{"status":"ON_HOLD","type":null,"updatedAt":null}"#,
        r#"{"status":"ON_HOLD","type":["BUSINESS"],"updatedAt":1767225600000}"#,
    ] {
        nxos.answer_next(CannedAnswer::json(200, body));
        let read = provider.check(&request).await.unwrap();
        assert_eq!((read.status, read.subject_kind, read.updated_at), (Status::OnHold, None, None), "{body}");
    }
    for body in
        ["{}", r#"{"status":null}"#, r#"{"status":5}"#, r#"{"status":["APPROVED"]}"#, "[]", "", "oops"]
    {
        nxos.answer_next(CannedAnswer::json(200, body));
        let error = provider.check(&request).await.unwrap_err();
        assert_eq!(axes(&error), ("invalid_response", "answered", "never"), "{body}");
    }
}

#[tokio::test]
async fn an_error_envelope_with_http_200_is_no_state() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    for body in [
        r#"{"status":"REJECTED","error":"quota"}"#,
        r#"{"status":"APPROVED","error":{"code":"internal_error","message":"x","requestId":"req_1"}}"#,
        r#"{"object":"error","status":"REJECTED"}"#,
    ] {
        nxos.answer_next(CannedAnswer::json(200, body));
        let error = provider.check(&CheckRequest::new(reference("self"))).await.unwrap_err();
        assert_eq!(axes(&error), ("invalid_response", "answered", "never"), "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_says_where_it_is_wrong() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    for (body, place) in [
        (r#"{"status":null}"#, "`status` is null where a text is expected"),
        (r#"{"status":["canary"]}"#, "`status` is a list where a text is expected"),
        (r#"{"status":"APPROVED","status":"PENDING"}"#, "`status` is given twice"),
        (r#"{"status":"PENDING","status":"APPROVED"}"#, "`status` is given twice"),
        (r#"{"canary":1}"#, "`status` is missing"),
        (r#"["canary"]"#, "a list where an object is expected"),
        ("canary", "not JSON at line 1, column 1"),
    ] {
        nxos.answer_next(CannedAnswer::json(200, body));
        let error = provider.check(&CheckRequest::new(reference("self"))).await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(said.contains(place) && !said.contains("canary"), "{said}");
    }
}

#[tokio::test]
async fn what_is_not_read_spoils_nothing_and_a_byte_order_mark_is_passed_over() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    let provider = provider(nxos, "");
    for body in
        [r#"{"more":"\ud83d","status":"APPROVED","\ud83d":1e999}"#, "\u{feff}{\"status\":\"APPROVED\"}"]
    {
        nxos.answer_next(CannedAnswer::json(200, body));
        let read = provider.check(&CheckRequest::new(reference("self"))).await.unwrap();
        assert_eq!(read.status, Status::Approved, "{body}");
    }
}

#[tokio::test]
async fn an_approval_is_looked_at_again_where_that_is_configured() {
    let sandbox = sandbox().await;
    let nxos = sandbox.nxos();
    nxos.set_status(nxos.own_organization(), "APPROVED").unwrap();
    let provider = provider(nxos, r#","recheck_after":"90d""#);
    let read = provider.check(&CheckRequest::new(reference("self"))).await.unwrap();
    let in_90_days = Duration::from_secs(90 * 24 * 3600);
    assert_eq!(read.next_action, NextAction::Done { recheck_after: Some(in_90_days) });
}
