//! Return URLs of deepidv.

use idv_core::{ErrorKind, Redirect, VendorWord, VerificationReason as Reason};

use crate::support::{ID, deepidv, session};

const BASE: &str = "http://127.0.0.1:9";

/// deepidv, "Create session": the values of `reason`.
const REASONS: &[(&str, Reason)] = &[
    ("document_unreadable", Reason::DocumentUnreadable),
    ("face_mismatch", Reason::FaceMismatch),
    ("session_expired", Reason::SessionExpired),
    ("internal_error", Reason::ProviderError),
    ("user_cancelled", Reason::ApplicantCancelled),
    ("unknown", Reason::Unspecified),
    ("Face_Mismatch", Reason::FaceMismatch),
    ("approved", Reason::Other),
    ("weather", Reason::Other),
];

const STATUSES: &[(&str, &str)] = &[
    ("success", "in_review"),
    ("failed", "failed"),
    ("abandoned", "abandoned"),
    ("SUCCESS", "in_review"),
    ("approved", "unrecognized"),
    ("VERIFIED", "unrecognized"),
    ("rejected", "unrecognized"),
    ("SUBMITTED", "unrecognized"),
];

#[test]
fn every_status_with_every_reason() {
    let provider = deepidv(BASE);
    for (word, status) in STATUSES {
        for (why, reason) in REASONS.iter().map(|(why, reason)| (*why, Some(*reason))).chain([("", None)]) {
            for name in ["session_id", "sessionId"] {
                let uri = format!("https://app.example/back?a=1&{name}={ID}&status={word}&reason={why}#top");
                let expected = session(ID);
                let read = provider.parse_redirect(&Redirect::new(&expected, &uri)).unwrap();
                let status = match (*word, why) {
                    ("failed", "session_expired") => "expired",
                    _ => status,
                };
                assert_eq!(read.status().as_str(), status, "{uri}");
                assert_eq!((read.reason, read.provider_status.as_str()), (reason, *word), "{uri}");
                assert_eq!(
                    read.provider_reason.as_ref().map(VendorWord::as_str).unwrap_or_default(),
                    why,
                    "{uri}"
                );
                assert_eq!((&read.reference, read.next_action().as_str()), (&session(ID), "check"));
            }
        }
    }
}

#[test]
fn malformed_and_foreign_urls_are_rejected() {
    let provider = deepidv(BASE);
    for query in [
        "".to_owned(),
        "status=success".to_owned(),
        format!("session_id={ID}"),
        format!("session_id={ID}&status="),
        "session_id=&status=success".to_owned(),
        "session_id=another&status=success".to_owned(),
        format!("session_id={ID}&session_id={ID}&status=success"),
        format!("session_id={ID}&sessionId={ID}&status=success"),
        format!("session_id={ID}&status=success&status=failed"),
        format!("session_id={ID}&status=failed&reason=a&reason=b"),
    ] {
        let uri = format!("/back?{query}");
        let error = provider.parse_redirect(&Redirect::new(&session(ID), &uri)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RedirectRejected, "{uri}");
        assert_eq!(error.provider().unwrap().as_str(), "sessions");
        assert!(!error.to_string().contains("another"));
    }
    let other = format!("other:{ID}").parse().unwrap();
    let uri = format!("/back?session_id={ID}&status=success");
    let error = provider.parse_redirect(&Redirect::new(&other, &uri)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}
